/**
 * The longest text that is searched for its first error. In a longer one, the search would take much longer than
 * parsing.
 */
const maxSearched = 65_536;

/**
 * Says where a text stops being JSON, from the parser's message. The message itself must not be sent: it quotes the
 * body.
 */
export function toPlace(json: string, cause: unknown): string {
  const position = toPosition(cause) ?? (json.length > maxSearched ? undefined : findEnd(json));
  return position === undefined ? '' : ` from character ${position} on`;
}

function toPosition(cause: unknown): number | undefined {
  const [, position] = / (?:in|after) JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(cause)) ?? [];
  return position === undefined ? undefined : Number(position);
}

/**
 * For an unexpected token, V8's message has no position. This binary search finds it: the longest beginning of the text
 * that could still be continued to valid JSON.
 */
function findEnd(json: string): number {
  let [beginning, wrong] = [0, json.length + 1];
  while (wrong - beginning > 1) {
    const middle = Math.floor((beginning + wrong) / 2);
    if (couldGoOn(json.slice(0, middle))) beginning = middle;
    else wrong = middle;
  }
  return beginning;
}

function couldGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (cause) {
    return toPosition(cause) === text.length || String(cause).endsWith('Unexpected end of JSON input');
  }
}
