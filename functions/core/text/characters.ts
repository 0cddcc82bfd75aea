import { type CodePoints, toCodePoints } from './code-points.ts';
import { changed, unknown } from './unicode.ts';

/** Stands between the terms of a text on their way to the model. */
export const separator = '\x1f';

/** None before it is unknown. */
const firstUnknown = 0x378;
const capitalSigma = 'Σ';

/** Made by the first text: a model without texts needs none. */
let unknownCodes: CodePoints | undefined;

/**
 * Why a text cannot be analysed as in training, or undefined where it can. Python and Node.js each know the characters of one
 * version of Unicode: what the oldest of them does not know is refused, as a later one may take it for a letter. Never quotes
 * the text.
 */
export function problemWithCharacters(text: string): string | undefined {
  const separated = text.indexOf(separator);
  if (separated >= 0) {
    return `expected a text, got the control character U+001F, which stands between terms on their way to the model, at character ${separated}`;
  }
  const strange = findUnknown(text);
  if (strange >= 0) {
    return `expected characters of Unicode 13.0, which all versions of Python and Node.js read alike, got another at character ${strange}; leave it out`;
  }
  return text.includes(capitalSigma) ? problemWithSigma(text) : undefined;
}

/** Where the first unknown character stands; -1 where there is none. */
function findUnknown(text: string): number {
  unknownCodes ??= toCodePoints(unknown);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < firstUnknown) continue;
    // The second half of a pair is a surrogate, which is known.
    if (unknownCodes.has(text.codePointAt(at) as number)) return at;
  }
  return -1;
}

/** Whether a small sigma is one of a word's end depends on what stands around it. */
function problemWithSigma(text: string): string | undefined {
  const isChanged = changed.some((code) => text.includes(String.fromCodePoint(code)));
  if (!isChanged) return undefined;
  return 'expected no capital sigma in a text that holds U+0295, U+1734 or U+1171E, around which versions of Python make it small in two ways';
}
