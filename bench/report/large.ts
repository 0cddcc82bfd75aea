import type { Host } from '../machine.ts';
import { type LargeStart, type StartStep, small, startSteps } from '../measure/large.ts';
import { median, ratioOf } from '../statistics.ts';
import { writeMarked } from './marks.ts';
import { megabytes } from './units.ts';

/** The results of one run with large models: dist/bench-large.json. */
export interface LargeResults {
  readonly date: string;
  readonly commit: string;
  readonly host: Host;
  readonly starts: readonly LargeStart[];
}

/** Writes the results into docs/operations.md. */
export async function writeLargeDocument(results: LargeResults): Promise<void> {
  await writeMarked('docs/operations.md', 'bench: large', toSection(results));
}

export function toSection({ date, commit, host, starts }: LargeResults): string {
  const provenance = `Measured on ${date} at ${commit}: ${host.processors} × ${host.processor}, Node.js ${host.node}, ${starts[0]?.answers.length} starts of each package in turn. Times
are processor time of the process.`;
  return [provenance, toStarts(starts), toSteps(starts)].join('\n\n');
}

function toStarts(starts: readonly LargeStart[]): string {
  const header =
    '| package | model.onnx | first answer | as a multiple of iris | peak memory | more than iris | `MemorySize` |\n|---|--:|--:|--:|--:|--:|--:|';
  const base = starts.find(({ model }) => model === small);
  const basePeak = base ? peakOf(base) : 0;
  const baseTimes = base?.answers.map(({ milliseconds }) => milliseconds) ?? [];
  const rows = starts.map((start) => {
    const times = start.answers.map(({ milliseconds }) => milliseconds);
    const cells = [
      seconds(median(times)),
      ratioOf(times, baseTimes).median.toFixed(1),
      megabytes(peakOf(start)),
      megabytes(peakOf(start) - basePeak),
      start.memorySize.toLocaleString('en'),
    ];
    return `| ${[start.model, toSize(start.size), ...cells].join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
}

const peakOf = ({ answers }: LargeStart) => median(answers.map(({ peak }) => peak));

const stepNames: Readonly<Record<StartStep, string>> = {
  read: 'read the file',
  digest: 'SHA-256',
  prepare: 'ONNX Runtime prepares',
  run: 'first run',
};

function toSteps(starts: readonly LargeStart[]): string {
  const header = `| package | ${startSteps.map((step) => stepNames[step]).join(' | ')} |\n|---|${'--:|'.repeat(startSteps.length)}`;
  const rows = starts.map(({ model, steps }) => {
    const times = startSteps.map((name) => median(steps.map((step) => step[name])));
    const all = times.reduce((sum, time) => sum + time, 0);
    const cells = times.map((time) => `${seconds(time)} (${((time / all) * 100).toFixed(0)} %)`);
    return `| ${[model, ...cells].join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
}

const toSize = (size: number) => (size < 0.1 ? `${(size * 1000).toFixed(1)} kB` : megabytes(size));
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(3)} s`;
