import { readFileSync } from 'node:fs';

export interface CodeBlock {
  readonly code: string;
  /** The line on which the code begins. */
  readonly line: number;
}

/** The fenced code blocks of one language in a page. */
export function codeBlocks(page: string, language: string): CodeBlock[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(match => ({
    code: match[1], line: text.slice(0, match.index).split('\n').length + 1,
  }));
}
