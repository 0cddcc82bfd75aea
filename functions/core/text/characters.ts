import { type CodePoints, toCodePoints } from './code-points.ts';
import { changed, unknown } from './unicode.ts';

/** Separates the terms of a text in the string that the model reads. */
export const separator = '\x1f';

/** No code point below this one is unknown. */
const firstUnknown = 0x378;
const capitalSigma = 'Σ';

/** Created by the first text, so that models without texts do not pay for it. */
let unknownCodes: CodePoints | undefined;

/**
 * Says why a text cannot be analysed as in training; undefined if it can. Each version of Python and Node.js knows the
 * characters of one version of Unicode. A character that the oldest of them does not know is refused, because a newer
 * one may count it as a letter. Never quotes the text.
 */
export function problemWithCharacters(text: string): string | undefined {
  const separated = text.indexOf(separator);
  if (separated >= 0) {
    return `expected a text, got the control character U+001F, which separates the terms of a text for the model, at character ${separated}`;
  }
  const strange = findUnknown(text);
  if (strange >= 0) {
    return `expected characters of Unicode 13.0, which all versions of Python and Node.js read alike, got another at character ${strange}; leave it out`;
  }
  return text.includes(capitalSigma) ? problemWithSigma(text) : undefined;
}

/** The position of the first unknown character; -1 if there is none. */
function findUnknown(text: string): number {
  unknownCodes ??= toCodePoints(unknown);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < firstUnknown) continue;
    // At the second half of a surrogate pair, codePointAt returns the surrogate itself, which is known.
    if (unknownCodes.has(text.codePointAt(at) as number)) return at;
  }
  return -1;
}

/**
 * Lower case turns a capital sigma into one of two small ones, depending on the characters around it. Versions of
 * Python disagree on which of the characters in `changed` count as letters.
 */
function problemWithSigma(text: string): string | undefined {
  const isChanged = changed.some((code) => text.includes(String.fromCodePoint(code)));
  if (!isChanged) return undefined;
  return 'expected no capital sigma in a text with U+0295, U+1734 or U+1171E: near these, versions of Python disagree on its lower case';
}
