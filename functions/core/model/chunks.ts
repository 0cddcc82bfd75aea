import { RequestError } from '../errors.ts';
import { joinSlices, sliceRows } from './row-slices.ts';
import type { Run, Tensors } from './tensor.ts';

/** Reduces the outputs of a run to what the answer needs. The number of rows stays the same. */
export type Keep = (fetches: Tensors) => Tensors;

/** Runs the model over all rows of a request. The first dimension of every tensor is the rows. */
export type RunRows = (feeds: Tensors, options?: RunOptions) => Promise<Tensors>;

export interface RunOptions {
  /**
   * Applied to the outputs of each chunk, so that large outputs are not held for all rows. Keeps everything if left
   * out.
   */
  readonly keep?: Keep | undefined;
  /** Milliseconds left for the request. */
  readonly msLeft?: number;
}

export const maxRowsPerRun = 2048;
const fewRows = 8;
const keepAll: Keep = (fetches) => fetches;
const forever = Number.POSITIVE_INFINITY;
/**
 * Milliseconds. A run shorter than `shortRun` doubles the rows of the next run, and a run longer than `longRun` halves
 * them. Rows are doubled only after less than 5 ms, so the next run takes about 10 ms at most. In that time, a fast
 * machine writes about 100 MB. That limits how much memory a run can fill.
 */
const [shortRun, longRun] = [5, 50];
/** After this many milliseconds, the time for all rows can be estimated from the rows done. */
const trial = 1000;

/**
 * Runs the model over chunks of rows and joins the outputs. A graph's memory per row is unknown: a forest holds a
 * number for each tree and class, a kernel model one for each training row, so that a thousand rows at once can exceed
 * the function's memory. But a short run cannot have filled much memory. So the first chunk has few rows, and chunks
 * grow as long as runs are short.
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
      // Lets a local server answer other requests between two chunks.
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

/** Rounds down to a power of two, at least 2. An odd number would make each run repeat a row (see inPairs). */
function toEven(rows: number): number {
  return 2 ** Math.max(1, Math.floor(Math.log2(rows)));
}

/** Throws PayloadTooLarge if all rows would take longer than the time left. The message says how many rows fit. */
function checkTime(done: number, rows: number, ms: number, msLeft: number): void {
  const perRow = ms / done;
  // Of the time left, a tenth is reserved for writing the answer. The suggested number keeps another tenth for slower
  // runs.
  if (done === rows || ms < trial || rows * perRow <= msLeft * 0.9) return;
  const fitting = Math.max(1, Math.floor((msLeft * 0.8) / perRow));
  const seconds = Math.round(msLeft / 1000);
  throw new RequestError(
    'PayloadTooLarge',
    `Expected at most ${fitting} rows, which this model answers in the ${seconds} seconds that are left, got ${rows}`,
  );
}
