import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** A Markdown table of the props of an interface in src/, from their docstrings: name, first sentence, default. */
export function propsTable(file: string, interfaceName: string): string {
  const path = join(__dirname, '..', '..', 'src', file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName)!;
  const rows = found.members.map(member => {
    const doc = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)!;
    const byDefault = doc.tags?.find(tag => tag.tagName.text === 'default');
    return `| \`${member.name!.getText(source)}\` | ${firstSentence(text(doc.comment))} | ${code(text(byDefault?.comment))} |`;
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
  return byDefault.startsWith('- ') ? byDefault.slice(2) : byDefault.replace(/^('[^']*'|[\w.()]+)/, '`$&`');
}
