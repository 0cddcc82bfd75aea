/**
 * Serves every package that training/zoo has exported, through the handler. Replays its rows, and compares the answers
 * with the original's and with those to the same rows alone. Writes docs/zoo.md. Ends with 1 if an answer differs, or if
 * there is no package.
 *
 *     node --env-file=local/lambda.env --import tsx test/zoo/main.ts dist/zoo docs/zoo.md
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { replay } from './replay.ts';
import type { Exported, Refused, Report, Visited } from './report.ts';
import { toDocument } from './table.ts';

const [folder = 'dist/zoo', document = 'docs/zoo.md'] = process.argv.slice(2);

const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .toSorted()
  .map((file): Report => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));

const refused = reports.filter((report): report is Refused => 'refused' in report);
const exported = reports.filter((report): report is Exported => !('refused' in report));

const visited: Visited[] = [];
for (const report of exported) visited.push(await replay(folder, report));

for (const { estimator, data, wrong } of visited.filter((entry) => entry.wrong.length > 0)) {
  console.log(`FAILED  ${estimator} (${data}): ${wrong.length} differences; ${wrong[0]}`);
}
const text = toDocument(visited, refused);
writeFileSync(document, text);
console.log(text);
process.exitCode = visited.some(({ wrong }) => wrong.length > 0) || visited.length === 0 ? 1 : 0;
