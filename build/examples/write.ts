import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { withExamples } from './documents.ts';

/** `npm run examples`: writes the programs of examples/ into the documents that show them. */
const documents = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');
for (const document of documents) {
  const text = readFileSync(document, 'utf8');
  const written = withExamples(text);
  if (written !== text) writeFileSync(document, written);
}
