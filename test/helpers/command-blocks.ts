import { readFileSync } from 'node:fs';

/** A code block in a Markdown document that can be run. */
export interface CommandBlock {
  readonly file: string;
  /** The line of the block's first command. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The JSON or CSV block that follows directly: the answer that the document shows. */
  readonly answer?: Block;
}

interface Block {
  readonly language: string;
  readonly code: string;
}

const runnable = new Set(['sh', 'bash', 'python', 'js']);
const answers = new Set(['json', 'csv']);

/** The command blocks of a Markdown document, in order. */
export function readCommandBlocks(file: string): CommandBlock[] {
  const text = readFileSync(file, 'utf8');
  const blocks = Array.from(text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm), (match) => {
    const [whole, indent = '', language = '', code = ''] = match;
    const start = match.index;
    return {
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, start).split('\n').length + 1,
      start,
      end: start + whole.length,
    };
  });
  return blocks.flatMap((block, index) => {
    if (!runnable.has(block.language)) return [];
    const { line, language, code, end } = block;
    const next = blocks[index + 1];
    const follows = next && answers.has(next.language) && text.slice(end, next.start).trim() === '';
    return [{ file, line, language, code, ...(follows && { answer: { language: next.language, code: next.code } }) }];
  });
}
