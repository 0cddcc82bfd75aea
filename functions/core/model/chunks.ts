import { RequestError } from '../errors.ts';
import { joinSlices, sliceRows } from './row-slices.ts';
import type { Run, Tensors } from './tensor.ts';

/** Leaves less of some answers, of as many rows. */
export type Keep = (fetches: Tensors) => Tensors;

/** Runs the model over the rows of a request. The first dimension of every tensor is the rows. */
export type RunRows = (feeds: Tensors, options?: RunOptions) => Promise<Tensors>;

export interface RunOptions {
  /** What is kept of the answers to a few rows; all where this is left out. */
  readonly keep?: Keep | undefined;
  /** Milliseconds that the request may take from here on. */
  readonly msLeft?: number;
}

export const maxRowsPerRun = 2048;
const fewRows = 8;
const keepAll: Keep = (fetches) => fetches;
const forever = Number.POSITIVE_INFINITY;
/** Milliseconds. In twice the shorter time a fast machine writes about 100 MB, which is then the most that a run holds. */
const [shortRun, longRun] = [5, 50];
/** Milliseconds after which the time of all rows can be told from that of the first. */
const trial = 1000;

/**
 * Runs the model over a few rows at a time, and joins its answers. What a graph holds of a row between its inputs and its
 * outputs is nowhere told: a forest holds a number for each tree and class, a kernel one for each row that it was fitted to,
 * and a thousand rows at once can be more than a function's memory. But it takes time to write so much. So a run has few
 * rows at first, and more as long as runs are short.
 */
export function inChunks(run: Run, now = () => performance.now()): RunRows {
  let rowsPerRun = fewRows;

  const runTimed = async (feeds: Tensors, rows: number) => {
    const begin = now();
    const fetches = await run(feeds);
    const ms = now() - begin;
    if (ms < shortRun && rows === rowsPerRun) rowsPerRun = Math.min(rows * 2, maxRowsPerRun);
    if (ms > longRun) rowsPerRun = toEven(rows / 2);
    return fetches;
  };

  const runChunks = async (feeds: Tensors, rows: number, { keep = keepAll, msLeft = forever }: RunOptions) => {
    const chunks: Tensors[] = [];
    const begin = now();
    for (let start = 0; start < rows; ) {
      const end = Math.min(start + rowsPerRun, rows);
      chunks.push(keep(await runTimed(sliceRows(feeds, start, end), end - start)));
      start = end;
      checkTime(start, rows, now() - begin, msLeft);
      // A server has other requests to answer in between.
      await new Promise(setImmediate);
    }
    return joinSlices(chunks);
  };

  return (feeds, options = {}) => {
    const [rows = 0] = Object.values(feeds)[0]?.dims ?? [];
    if (rows > rowsPerRun) return runChunks(feeds, rows, options);
    return options.keep ? run(feeds).then(options.keep) : run(feeds);
  };
}

/** A power of two, and 2 at least: of an odd number, each run would have to repeat a row (see inPairs). */
function toEven(rows: number): number {
  return 2 ** Math.max(1, Math.floor(Math.log2(rows)));
}

/** Throws PayloadTooLarge where all rows would take longer than there is time, and says how many would not. */
function checkTime(done: number, rows: number, ms: number, msLeft: number): void {
  const perRow = ms / done;
  // A tenth is for the answer, and another for runs that take longer than these.
  if (done === rows || ms < trial || rows * perRow <= msLeft * 0.9) return;
  const fitting = Math.max(1, Math.floor((msLeft * 0.8) / perRow));
  const seconds = Math.round(msLeft / 1000);
  throw new RequestError(
    'PayloadTooLarge',
    `Expected at most ${fitting} rows, which this model answers in the ${seconds} seconds that are left, got ${rows}`,
  );
}
