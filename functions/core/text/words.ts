/** Returns the matches of a pattern in a text, in their order. */
export type Tokenize = (text: string) => readonly string[];

const word = '[\\p{L}\\p{N}_]';
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;

/** Faster forms of common patterns. A greedy run of word characters always has a boundary at both ends. */
const shorter: ReadonlyMap<string, string> = new Map([
  [`${boundary}${word}${word}+${boundary}`, `${word}{2,}`],
  [`${boundary}${word}+${boundary}`, `${word}+`],
]);

/**
 * Like `re.findall` in Python: returns the matches or, if the pattern has a group, what the group matched (empty if it
 * took no part). The pattern must not match an empty text: after an empty match, Python and JavaScript continue their
 * search at different positions.
 */
export function createTokenizer(pattern: string): Tokenize {
  const expression = new RegExp(shorter.get(pattern) ?? pattern, 'gu');
  if (countGroups(pattern) === 0) return (text) => text.match(expression) ?? [];
  return (text) => Array.from(text.matchAll(expression), ([, group = '']) => group);
}

/** The number of capturing groups. */
export function countGroups(pattern: string): number {
  return (new RegExp(`${pattern}|`, 'u').exec('') as RegExpExecArray).length - 1;
}
