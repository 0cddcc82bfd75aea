import { toClass, toCodePoints } from './code-points.ts';
import { vanishing } from './unicode.ts';

export type Accents = 'ascii' | 'unicode';

const notAscii = /[^\0-\x7f]/;
const allNotAscii = /[^\0-\x7f]+/g;

/** Created by the first text that needs it. */
let allVanishing: RegExp | undefined;

/**
 * Does what scikit-learn's strip_accents_unicode and strip_accents_ascii do: takes the text's compatibility
 * decomposition (NFKD), and removes combining characters, or all that is not ASCII. Combining characters are also
 * removed before the decomposition, because NFKD sorts each run of them in time that grows with the square of its
 * length. This does not change the result.
 */
export function stripAccents(text: string, accents: Accents): string {
  if (!notAscii.test(text)) return text;
  allVanishing ??= new RegExp(`${toClass(toCodePoints(vanishing))}+`, 'gu');
  const decomposed = text.replace(allVanishing, '').normalize('NFKD');
  return decomposed.replace(accents === 'ascii' ? allNotAscii : allVanishing, '');
}
