import { element } from '../element.ts';

/** Creates a link that saves a file. */
export function createDownload(name: string, parts: readonly BlobPart[], type: string, label: string): HTMLElement {
  const link = element('a', { href: '', download: name }, label);
  // The URL is created on the click and revoked soon after, because it keeps the file in memory.
  link.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([...parts], { type }));
    link.href = url;
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return link;
}
