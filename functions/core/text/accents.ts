import { toClass, toCodePoints } from './code-points.ts';
import { vanishing } from './unicode.ts';

export type Accents = 'ascii' | 'unicode';

const notAscii = /[^\0-\x7f]/;
const allNotAscii = /[^\0-\x7f]+/g;

/** Made by the first text that needs it. */
let allVanishing: RegExp | undefined;

/**
 * What scikit-learn's strip_accents_unicode and strip_accents_ascii make of a text: its compatibility decomposition without
 * combining characters, or without all that is not ASCII. Combining characters are left out before, too: the decomposition
 * puts them in an order, which takes time that grows with the square of how many follow each other, and changes nothing here.
 */
export function stripAccents(text: string, accents: Accents): string {
  if (!notAscii.test(text)) return text;
  allVanishing ??= new RegExp(`${toClass(toCodePoints(vanishing))}+`, 'gu');
  const decomposed = text.replace(allVanishing, '').normalize('NFKD');
  return decomposed.replace(accents === 'ascii' ? allNotAscii : allVanishing, '');
}
