import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** A page with the props that users look up most. */
export function propsPage(): string {
  return `# Props

Made from the docstrings in \`src/\` by \`npm run test:update\`. [API.md](../API.md) has every prop in full, with bounds and sources.

## RedisCluster and RedisClusterChart

\`RedisClusterChart\` also takes the props of a cdk8s chart, such as \`namespace\`.

${propsTable('RedisClusterProps')}

## initJob and ClusterInitJob

\`ClusterInitJob\` forms a cluster out of a StatefulSet that this library did not make. It also takes the StatefulSet and its shape.

${propsTable('ClusterInitJobOptions')}

## Users

${propsTable('RedisUser')}

## Backups and drills

\`RedisBackup\` and \`RedisRestoreDrill\` are told which cluster, when, and where the backups are.

${propsTable('BackupJobOptions')}

\`retention\` of a backup:

${propsTable('BackupRetention')}

\`BackupTarget.claim\` takes the name of a claim, \`BackupTarget.s3\` these:

${propsTable('S3Options')}

\`restoreFrom\` of a cluster:

${propsTable('RestoreSource')}

## Monitoring

\`RedisMonitoring.annotations\` and \`RedisMonitoring.podMonitor\` take these:

${propsTable('RedisMonitoringOptions')}

\`RedisMonitoring.podMonitor\` also takes these:

${propsTable('PodMonitorOptions')}

### Alerts

\`alerts\`:

${propsTable('RedisAlertOptions')}

\`alerts.backup\`:

${propsTable('BackupAlertOptions')}

### Dashboard

\`RedisDashboard\`:

${propsTable('RedisDashboardProps')}

## Redis settings

\`config\`, or \`RedisConfig\` for the ConfigMap alone.

${propsTable('RedisConfigSettings')}
`;
}

const SRC = join(__dirname, '..', '..', '..', 'src');

/** A Markdown table of the props of an interface, wherever in src/ it is, from their docstrings: name, first sentence, default. */
function propsTable(interfaceName: string): string {
  const file = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map(name => join(SRC, name))
    .find(name => name.endsWith('.ts') && readFileSync(name, 'utf8').includes(`export interface ${interfaceName} `))!;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName)!;
  const rows = found.members.map(member => {
    const doc = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)!;
    const byDefault = doc.tags?.find(tag => tag.tagName.text === 'default');
    return `| \`${member.name!.getText(source)}\` | ${cell(firstSentence(text(doc.comment)))} | ${byDefault ? cell(code(text(byDefault.comment))) : 'required'} |`;
  });
  return ['| prop | what it is | default |', '| --- | --- | --- |', ...rows].join('\n');
}

function text(comment: ts.JSDoc['comment']): string {
  return (ts.getTextOfJSDocComment(comment) ?? '').replace(/\s+/g, ' ').trim();
}

function firstSentence(paragraphs: string): string {
  return /^.*?(?=[.](\s|$))/.exec(paragraphs)![0];
}

/** A default is a value of TypeScript, or prose after a dash. */
function code(byDefault: string): string {
  return byDefault.startsWith('- ') ? byDefault.slice(2) : byDefault.replace(/^('[^']*'|\[[^\]]*\]|[\w.()]+)/, '`$&`');
}

function cell(markdown: string): string {
  return markdown.replaceAll('|', '\\|');
}
