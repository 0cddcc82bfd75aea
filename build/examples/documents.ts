import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

const languages: Readonly<Record<string, string>> = { '.sh': 'sh', '.py': 'python', '.ts': 'ts' };

/** Matches a block of code in a document, below a comment with the path of the program that the block shows. */
const block = /^<!-- (examples\/[\w./-]+) -->\n```\w+\n[\s\S]*?^```$/gm;

/** Returns the document with the current text of each program. */
export function withExamples(document: string): string {
  return document.replace(block, (_, path: string) => {
    return `<!-- ${path} -->\n\`\`\`${languages[extname(path)]}\n${readFileSync(path, 'utf8')}\`\`\``;
  });
}

/** Returns the paths of the programs that a document shows. */
export function examplesIn(document: string): string[] {
  return Array.from(document.matchAll(block), ([, path = '']) => path);
}
