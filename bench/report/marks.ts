import { readFile, writeFile } from 'node:fs/promises';

/** Wraps text in two comments, so that a later run can find and replace it in the document. */
export function toMarked(name: string, text: string): string {
  return `<!-- ${name} -->\n${text}\n<!-- /${name} -->`;
}

/** The text between a document's marks, including the marks. */
export async function readMarked(file: string, name: string): Promise<string> {
  return findMarked(await readFile(file, 'utf8'), file, name);
}

/** Replaces the text between a document's marks. */
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
