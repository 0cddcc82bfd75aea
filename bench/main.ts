import { mkdir, writeFile } from 'node:fs/promises';
import { run, say } from './commands.ts';
import { explainFigures } from './figures/explain.ts';
import type { Figure } from './figures/figure.ts';
import { toFigures } from './figures/figures.ts';
import { describeRepeatability } from './figures/repeatability.ts';
import { restoreFigures } from './figures/restore.ts';
import { tableFigures } from './figures/tables.ts';
import { calibrate } from './gate/calibrate.ts';
import { judge, readCalibration } from './gate/regressions.ts';
import { describeHost, describeMachine } from './machine.ts';
import { measureBatches } from './measure/batch.ts';
import { measureColdStarts } from './measure/cold-start.ts';
import { measureEmulated } from './measure/emulator.ts';
import { measureExplanations } from './measure/explain.ts';
import { measureHttp } from './measure/http.ts';
import { measureLargeStarts } from './measure/large.ts';
import { measureRestores } from './measure/restore.ts';
import { measureSizes } from './measure/size.ts';
import { describePython, measureTables } from './measure/tables.ts';
import { measureWarm } from './measure/warm.ts';
import { calibrating, full, fullTables, type Plan, quick, quickTables, type TablePlan } from './plan.ts';
import { toCosts } from './prices/cost.ts';
import { toJobCosts } from './prices/job-cost.ts';
import { writeDocuments } from './report/documents.ts';
import { writeExplainDocument } from './report/explain.ts';
import { writeLargeDocument } from './report/large.ts';
import { toTable } from './report/table.ts';
import { writeTableDocuments } from './report/tables.ts';
import type { Results, TableResults } from './results.ts';
import { chooseSeed, createRounds } from './rounds.ts';
import { bundleInside, bundleServer } from './systems/bundle.ts';
import { buildImages } from './systems/images.ts';

/**
 * Compares Sepal with what a user would otherwise run, and with an empty Lambda function:
 *
 *   npm run bench                 measures everything except for the four options that follow; writes the README's
 *                                 table, docs/benchmarks.md and the prices of the doors (ways to call the function) in
 *                                 docs/operations.md
 *   npm run bench -- --tables     measures whole tables, without Docker; writes the figures of tables in docs/batch.md
 *                                 and docs/benchmarks.md
 *   npm run bench -- --large      measures starts of large models, without Docker; writes their figures in
 *                                 docs/operations.md
 *   npm run bench -- --explain    explains one row with Sepal and with shap, without Docker; writes the figures of
 *                                 explanations in docs/benchmarks.md
 *   npm run bench -- --restore    measures the first request of an environment that is restored from a snapshot, and
 *                                 prints the result
 *   npm run bench -- --quick      is a short run; fails if a repeatable ratio is far worse than in the calibrating runs,
 *                                 or if Sepal and pandas write different predictions for a table
 *   npm run bench -- --calibrate  makes ten short runs, half of them under load; writes the median and the range of
 *                                 each ratio to bench/gate/expected.json
 *
 * Each run except for --restore writes its results to a file dist/bench*.json. Each run prints a seed, which determines
 * the order of the contenders in each round: `--seed 7` repeats the orders of the run that printed 7. Only the starts
 * of large models and of snapshots have a fixed order.
 */
await mkdir('dist/bench', { recursive: true });
const seed = chooseSeed(process.argv);
const inRounds = createRounds(seed);
if (process.argv.includes('--tables')) await writeTables();
else if (process.argv.includes('--large')) await writeLarge();
else if (process.argv.includes('--explain')) await writeExplanations();
else if (process.argv.includes('--restore')) await printRestores();
else await measureAll();

async function measureAll(): Promise<void> {
  await buildImages();
  await bundleInside();
  await bundleServer();
  if (process.argv.includes('--calibrate')) await calibrate(async () => (await measure(calibrating)).figures);
  else if (process.argv.includes('--quick')) await runGate();
  else await writeAll();
}

async function printRestores(): Promise<void> {
  await buildImages(['sepal']);
  await bundleInside();
  console.log(toTable(restoreFigures(await measureRestores())));
}

async function writeTables(): Promise<void> {
  const results = await measureTableResults(fullTables);
  const figures = tableFigures(results.tables);
  await writeFile('dist/bench-tables.json', `${JSON.stringify({ ...results, figures }, null, 1)}\n`);
  console.log(toTable(figures));
  await writeTableDocuments(results, figures);
}

async function writeLarge(): Promise<void> {
  await bundleInside();
  const results = { ...(await describeRun()), host: describeHost(), starts: await measureLargeStarts() };
  await writeFile('dist/bench-large.json', `${JSON.stringify(results, null, 1)}\n`);
  await writeLargeDocument(results);
}

async function writeExplanations(): Promise<void> {
  await bundleInside();
  const explained = await measureExplanations(inRounds);
  const versionOfShap = 'from importlib.metadata import version; print(version("shap"))';
  const { stdout: shap } = await run('training/.venv/bin/python', ['-c', versionOfShap]);
  const results = { ...(await describeRun()), host: describeHost(), shap, explained };
  const figures = explainFigures(explained);
  await writeFile('dist/bench-explain.json', `${JSON.stringify({ ...results, figures }, null, 1)}\n`);
  console.log(toTable(figures));
  await writeExplainDocument(results, figures);
}

async function writeAll(): Promise<void> {
  const { results, figures } = await measure(full);
  await writeDocuments(results, figures);
}

async function runGate(): Promise<void> {
  const { figures } = await measure(quick);
  const { tables } = await measureTableResults(quickTables);
  const calibration = await readCalibration();
  const judgements = [...figures, ...tableFigures(tables)].map((figure) => judge(figure, calibration));
  for (const { text } of judgements) console.log(text);
  process.exitCode = judgements.some(({ failed }) => failed) ? 1 : 0;
}

async function measure(plan: Plan): Promise<{ results: Results; figures: readonly Figure[] }> {
  const started = performance.now();
  const machine = await describeMachine();
  const batches = await measureBatches(plan, inRounds);
  const coldStarts = await measureColdStarts(plan, inRounds);
  const emulated = await measureEmulated(plan, inRounds);
  const warm = await measureWarm(plan, inRounds);
  const http = await measureHttp(plan, inRounds);
  const sizes = await measureSizes(plan);
  const costs = toCosts(coldStarts, emulated);
  say(`measured in ${Math.round((performance.now() - started) / 1000)} s`);
  const measured = { machine, coldStarts, warm, emulated, http, batches, sizes, costs };
  const results = { plan: plan.name, seed, ...(await describeRun()), ...measured };
  const figures = toFigures(results);
  await writeFile('dist/bench.json', `${JSON.stringify({ ...results, figures }, null, 1)}\n`);
  console.log(toTable(figures));
  console.log(describeRepeatability(figures));
  return { results, figures };
}

async function measureTableResults(plan: TablePlan): Promise<TableResults> {
  const tables = await measureTables(plan, inRounds);
  const described = { ...(await describeRun()), host: describeHost(), python: await describePython() };
  return { ...described, tables, jobCosts: toJobCosts(tables) };
}

/**
 * The date and commit of a run. Changed documents do not make the commit dirty, because the run before may have written
 * into them.
 */
async function describeRun(): Promise<{ date: string; commit: string }> {
  const { stdout: commit } = await run('git', ['describe', '--always']);
  const { stdout: changed } = await run('git', ['status', '--porcelain', '--', ':!docs', ':!README.md']);
  return { date: new Date().toISOString().slice(0, 10), commit: changed ? `${commit}-dirty` : commit };
}
