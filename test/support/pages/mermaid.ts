/** Everything that a diagram may consist of, line by line; quotes end nothing, as no text may hold one. */
const TEXT = '"(?:[\\w ,.-]|#\\d+;|<br/>)+"';
const ID = '[a-z]\\w*';
const NODE = new RegExp(`^(?:subgraph )?(${ID})\\[${TEXT}\\]$`);
const EDGE = new RegExp(`^(${ID}) (?:-->|~~~|-\\.->\\|replicates\\|) (${ID})$`);

/** Expects the diagrams of a page to be flowcharts of Mermaid whose parts all exist once, and are all closed. */
export function expectDiagram(page: string): void {
  const diagrams = [...page.matchAll(/^```mermaid\n([^]*?)\n```$/gm)].map(([, diagram]) => diagram.split('\n').map(line => line.trim()));
  expect(diagrams.length).toBeGreaterThan(0);
  diagrams.forEach(([first, ...lines]) => {
    expect(first).toBe('graph LR');
    expect(lines.filter(line => line !== 'end' && !NODE.test(line) && !EDGE.test(line))).toEqual([]);
    const ids = lines.flatMap(line => NODE.exec(line)?.[1] ?? []);
    expect(ids).toEqual([...new Set(ids)]);
    expect(lines.flatMap(line => EDGE.exec(line)?.slice(1) ?? []).filter(id => !ids.includes(id))).toEqual([]);
    expect(lines.filter(line => line === 'end')).toHaveLength(lines.filter(line => line.startsWith('subgraph ')).length);
    expect(lines.filter(line => EDGE.test(line)).length).toBeLessThan(500); // Mermaid draws no more
  });
}
