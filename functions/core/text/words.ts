/** What a pattern finds in a text, from its beginning to its end. */
export type Tokenize = (text: string) => readonly string[];

/**
 * As findall of Python's `re`: the matches, or what the pattern's only group is in each, which is empty where it took no part.
 * The pattern matches no empty text: Python and JavaScript go on otherwise behind one.
 */
export function createTokenizer(pattern: string): Tokenize {
  const expression = new RegExp(pattern, 'gu');
  if (countGroups(pattern) === 0) return (text) => text.match(expression) ?? [];
  return (text) => Array.from(text.matchAll(expression), ([, group = '']) => group);
}

/** Groups that are kept. */
export function countGroups(pattern: string): number {
  return (new RegExp(`${pattern}|`, 'u').exec('') as RegExpExecArray).length - 1;
}
