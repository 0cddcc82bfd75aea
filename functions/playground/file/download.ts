import { element } from '../element.ts';

/** A link that saves a file. */
export function createDownload(name: string, parts: readonly BlobPart[], type: string, label: string): HTMLElement {
  const link = element('a', { href: '', download: name }, label);
  // Made when it is wanted: an address of an object keeps it in memory.
  link.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([...parts], { type }));
    link.href = url;
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return link;
}
