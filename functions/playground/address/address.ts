import { element } from '../element.ts';
import { afterPause } from '../latest.ts';
import type { PublicManifest, Row } from '../model.ts';
import { fromHash, toHash } from './row-hash.ts';

const about = 'The link contains these inputs after its #. Browsers do not send that part to a server.';
const tooLong = 'These inputs are too long for a link.';
const ofAnother = 'The link was made for a model with other inputs, so an example is shown instead.';

export interface Address {
  readonly element: HTMLElement;
  /** The row that the page was opened with. */
  readonly row: Row | undefined;
  show(row: Row): void;
}

/**
 * Keeps the inputs in the page's address, so that a reload keeps them and a link shares them. The address has no hash
 * for the first example, and for inputs that are too long for a link.
 */
export function createAddress({ features }: PublicManifest, example: Row, onRow: (row: Row) => void): Address {
  const copy = element('button', { type: 'button' }, 'Copy link');
  const note = element('p', { class: 'aside' });
  const row = fromHash(location.hash, features);
  const isOfAnother = location.hash.length > 1 && !row;
  let hash: string | undefined;

  const write = () => {
    const isPlain = hash === undefined || hash === toHash(example);
    history.replaceState(null, '', isPlain ? location.pathname + location.search : `#${hash}`);
  };
  // Browsers refuse to change the address as often as a slider moves.
  const writeAfterPause = afterPause(300, write);
  copy.addEventListener('click', () => {
    write();
    void copyAddress(copy);
  });
  addEventListener('hashchange', () => {
    const pasted = fromHash(location.hash, features);
    if (pasted) onRow(pasted);
  });
  return {
    element: element('div', { class: 'share' }, copy, note),
    row,
    show(shown) {
      hash = toHash(shown);
      note.textContent = [isOfAnother && ofAnother, hash === undefined ? tooLong : about].filter(Boolean).join(' ');
      copy.disabled = hash === undefined;
      writeAfterPause(undefined);
    },
  };
}

async function copyAddress(button: HTMLButtonElement): Promise<void> {
  const copied = await navigator.clipboard.writeText(location.href).then(
    () => true,
    () => false,
  );
  button.textContent = copied ? 'Copied' : 'Copy it from the address bar';
  setTimeout(() => {
    button.textContent = 'Copy link';
  }, 1500);
}
