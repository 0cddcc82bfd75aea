/** Characters of a text that is looked through: a longer one would take much longer to refuse than to read. */
const maxSearched = 65_536;

/** Where a text stops to be JSON, from what the parser says. The rest of what it says would quote the body. */
export function toPlace(json: string, cause: unknown): string {
  const position = toPosition(cause) ?? (json.length > maxSearched ? undefined : findEnd(json));
  return position === undefined ? '' : ` from character ${position} on`;
}

function toPosition(cause: unknown): number | undefined {
  const [, position] = / (?:in|after) JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(cause)) ?? [];
  return position === undefined ? undefined : Number(position);
}

/** V8 does not tell where a token stands that it did not expect. What stands before it could be the beginning of JSON. */
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
