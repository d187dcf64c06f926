import {
  BigValueColorMode, BigValueGraphMode, GraphDrawStyle, LineInterpolation, ReduceDataOptionsBuilder, StackingConfigBuilder, StackingMode,
  TableSortByFieldStateBuilder, VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, MappingType, Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Whatever Prometheus the reader chooses. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** What a panel says: in what unit, and what the reader is to make of it. */
interface Words {
  readonly title: string;
  readonly description: string;
  /** As Grafana names it. */
  readonly unit: string;
}

interface Stat extends Words {
  readonly query: string;
  /** From which value on it has which colour; below the first it is green. */
  readonly colours?: Record<number, string>;
  /** The colour below the first of `colours`. */
  readonly lowest?: string;
  /** Words for numbers. */
  readonly words?: Record<string, string>;
  /** Instead of a number that is not there. */
  readonly without?: string;
}

/** One number, as it is now, and coloured. */
export function stat({ title, description, unit, query, colours = {}, lowest = 'green', words = {}, without }: Stat): StatBuilder {
  const steps: Threshold[] = [{ value: null, color: lowest }, ...Object.entries(colours).map(([value, color]) => ({ value: Number(value), color }))];
  const texts = Object.entries(words).map(([value, text], index) => [value, { text, index }]);
  const panel = new StatBuilder().title(title).description(description).unit(unit).datasource(DATASOURCE).height(4).span(3)
    .withTarget(new DataqueryBuilder().refId('A').datasource(DATASOURCE).expr(query).instant())
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .mappings(texts.length > 0 ? [{ type: MappingType.ValueToText, options: Object.fromEntries(texts) }] : [])
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None);
  return without === undefined ? panel : panel.noValue(without);
}

interface Lines extends Words {
  /** Queries by what their lines are called, in Grafana's words for labels. */
  readonly queries: Record<string, string>;
  /** Up to where the axis goes at least: so that nothing looks like nothing. */
  readonly upTo?: number;
}

/** Lines over time, one for each pod or command. */
export function lines({ title, description, unit, queries, upTo }: Lines): TimeseriesBuilder {
  const panel = new TimeseriesBuilder().title(title).description(description).unit(unit).datasource(DATASOURCE).height(7).span(8)
    .min(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .drawStyle(GraphDrawStyle.Line)
    .showPoints(VisibilityMode.Never)
    .fillOpacity(5);
  Object.entries(queries).forEach(([legend, query], index) => panel.withTarget(
    new DataqueryBuilder().refId(String.fromCharCode(65 + index)).datasource(DATASOURCE).expr(query).legendFormat(legend).range()));
  return upTo === undefined ? panel : panel.axisSoftMax(upTo);
}

/** Bands on top of each other: who was there, and who took whose place. */
export function bands(words: Lines): TimeseriesBuilder {
  return lines(words).height(8).span(12)
    .lineInterpolation(LineInterpolation.StepAfter)
    .lineWidth(0)
    .fillOpacity(70)
    .decimals(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

interface Rows extends Words {
  readonly query: string;
  /** What labels are called, from left to right; the value comes last. The first one sorts the rows. */
  readonly columns: Record<string, string>;
}

/** The labels of what there is now, and its value. */
export function rows({ title, description, unit, query, columns }: Rows): TableBuilder {
  const [names, titles] = [Object.keys(columns), Object.values(columns)];
  return new TableBuilder().title(title).description(description).unit(unit).datasource(DATASOURCE).height(8).span(12)
    .withTarget(new DataqueryBuilder().refId('A').datasource(DATASOURCE).expr(query).format(PromQueryFormat.Table).instant())
    .sortBy([new TableSortByFieldStateBuilder().displayName(titles[0]).desc(false)])
    .withTransformation({
      id: 'organize',
      options: { excludeByName: { Time: true }, renameByName: columns, indexByName: Object.fromEntries(names.map((name, index) => [name, index])) },
    });
}
