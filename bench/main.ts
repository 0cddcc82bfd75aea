import { mkdir, writeFile } from 'node:fs/promises';
import { bundleInside } from './bundle.ts';
import { run, say } from './commands.ts';
import { toCosts } from './cost.ts';
import { toFigures } from './figures.ts';
import { buildImages } from './images.ts';
import { describeMachine } from './machine.ts';
import { measureBatches } from './measure/batch.ts';
import { measureColdStarts } from './measure/cold-start.ts';
import { measureEmulated } from './measure/emulator.ts';
import { measureHttp } from './measure/http.ts';
import { measureSizes } from './measure/size.ts';
import { measureWarm } from './measure/warm.ts';
import { full, type Plan, quick } from './plan.ts';
import { findRegressions, writeExpected } from './regressions.ts';
import { writeDocuments } from './report/documents.ts';
import { toTable } from './report/table.ts';
import type { Results } from './results.ts';

/**
 * Measures Sepal beside what a user would otherwise run, and beside the floor of the platform:
 *
 *   npm run bench               everything; writes the README's table and docs/benchmarks.md
 *   npm run bench -- --quick    the main ratios, in two to three minutes; fails where one is far worse than it was
 *
 * Either writes dist/bench.json.
 */
const plan = process.argv.includes('--quick') ? quick : full;
const results = await measure(plan);
const figures = toFigures(results);
await writeFile('dist/bench.json', `${JSON.stringify({ ...results, figures }, null, 1)}\n`);
console.log(toTable(figures));
if (plan === full) {
  await writeDocuments(results, figures);
  await writeExpected(figures);
} else {
  const regressions = await findRegressions(figures);
  for (const regression of regressions) console.log(`FAILED  ${regression}`);
  process.exitCode = regressions.length > 0 ? 1 : 0;
}

async function measure(plan: Plan): Promise<Results> {
  const started = performance.now();
  await mkdir('dist/bench', { recursive: true });
  await buildImages();
  await bundleInside();
  const machine = await describeMachine();
  const batches = await measureBatches(plan);
  const coldStarts = await measureColdStarts(plan);
  const emulated = await measureEmulated(plan);
  const warm = await measureWarm(plan);
  const http = await measureHttp(plan);
  const sizes = await measureSizes();
  const costs = toCosts(coldStarts, emulated);
  const { stdout: commit } = await run('git', ['describe', '--always', '--dirty']);
  const date = new Date().toISOString().slice(0, 10);
  say(`measured in ${Math.round((performance.now() - started) / 1000)} s`);
  return { plan: plan.name, date, commit, machine, coldStarts, warm, emulated, http, batches, sizes, costs };
}
