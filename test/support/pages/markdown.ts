import { readFileSync } from 'node:fs';

export interface CodeBlock {
  readonly code: string;
  /** The line on which the code begins. */
  readonly line: number;
}

/** The fenced code blocks of one language in a page, also those in lists. */
export function codeBlocks(page: string, language: string): CodeBlock[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'))].map(({ 1: indent, 2: code, index }) => ({
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), line: text.slice(0, index).split('\n').length + 1,
  }));
}

/** The cells of the table below a heading, row by row, without the table's own heading. */
export function tableBelow(page: string, heading: string): string[][] {
  const section = readFileSync(page, 'utf8').split(`\n${heading}\n`)[1].split('\n## ')[0];
  const rows = section.split('\n').filter(line => line.startsWith('| ')).map(line => line.slice(1, -1).split('|').map(cell => cell.trim()));
  return rows.slice(2);
}

/** What can follow `#` in a link to a page: its headings, as GitHub writes them. */
export function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'));
}

/** All fenced code blocks of a page, with their languages and without comments. */
export function codeWithoutComments(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) =>
    `${language}\n${language === 'text' ? code : code.replace(/\s*(?:^|\s)(?:\/\/|#)\s.*$/gm, '')}`);
}

/** Lines of a page that are neither heading, list, table nor sentence, or break their table: what a text from elsewhere would make of them. */
export function oddLines(page: string): string[] {
  const lines = page.replace(/^```[\s\S]*?^```$/gm, '').split('\n');
  const cells = (line: string) => line.match(/(?<!\\)(?:\\\\)*\|/g)?.length;
  return lines.filter((line, index) => line.startsWith('|')
    ? lines[index - 1].startsWith('|') && cells(line) !== cells(lines[index - 1])
    : !/^(#{1,3} .+|- \*\*.+|[A-Z].+|)$/.test(line));
}
