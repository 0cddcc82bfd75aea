import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { toDigest } from '../../functions/core/model/digests.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { createSession } from '../../functions/core/model/onnx.ts';
import { withTerms } from '../../functions/core/model/term-inputs.ts';
import { report } from './rounds.ts';

/** Measures what a start does with the model's bytes, step by step: node start-steps.mjs folder */
const [, , folder = ''] = process.argv;
const manifest = parseManifest(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')));
const rows = manifest.examples.flatMap(({ instances }) => instances);

const [bytes, read] = await timed(() => readFileSync(join(folder, manifest.file)));
const [, digest] = await timed(() => toDigest(bytes));
const [session, prepare] = await timed(() => createSession(bytes, withTerms(manifest)));
const [, run] = await timed(() => session.run(toFeeds(fromRows(rows, String), manifest, defaultLimits)));
report({ size: bytes.length / 1e6, steps: { read, digest, prepare, run } });

/** Runs a step, and measures the CPU time of the process in milliseconds. */
async function timed<T>(step: () => T | Promise<T>): Promise<[result: T, milliseconds: number]> {
  const before = process.cpuUsage();
  const result = await step();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}
