import { readFile, writeFile } from 'node:fs/promises';

/** Text between two comments of a document, by which a later run finds and replaces it. */
export function toMarked(name: string, text: string): string {
  return `<!-- ${name} -->\n${text}\n<!-- /${name} -->`;
}

/** What stands between a document's marks, with them. */
export async function readMarked(file: string, name: string): Promise<string> {
  return findMarked(await readFile(file, 'utf8'), file, name);
}

/** Replaces what stands between a document's marks. */
export async function writeMarked(file: string, name: string, text: string): Promise<void> {
  const document = await readFile(file, 'utf8');
  const marked = findMarked(document, file, name);
  await writeFile(
    file,
    document.replace(marked, () => toMarked(name, text)),
  );
}

function findMarked(document: string, file: string, name: string): string {
  const [marked] = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*<!-- /${name} -->`).exec(document) ?? [];
  if (marked) return marked;
  throw new Error(`${file} has no marks for ${name}`);
}
