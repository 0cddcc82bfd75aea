/** What a pattern finds in a text, from its beginning to its end. */
export type Tokenize = (text: string) => readonly string[];

const word = '[\\p{L}\\p{N}_]';
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;

/** The same with less to look at: all characters of a word that follow each other have a boundary at both ends. */
const shorter: ReadonlyMap<string, string> = new Map([
  [`${boundary}${word}${word}+${boundary}`, `${word}{2,}`],
  [`${boundary}${word}+${boundary}`, `${word}+`],
]);

/**
 * As findall of Python's `re`: the matches, or what the pattern's only group is in each, which is empty where it took no part.
 * The pattern matches no empty text: Python and JavaScript go on otherwise behind one.
 */
export function createTokenizer(pattern: string): Tokenize {
  const expression = new RegExp(shorter.get(pattern) ?? pattern, 'gu');
  if (countGroups(pattern) === 0) return (text) => text.match(expression) ?? [];
  return (text) => Array.from(text.matchAll(expression), ([, group = '']) => group);
}

/** Groups that are kept. */
export function countGroups(pattern: string): number {
  return (new RegExp(`${pattern}|`, 'u').exec('') as RegExpExecArray).length - 1;
}
