import { RequestError } from '../errors.ts';
import { countSteps, type Method } from './method.ts';

/** After this many milliseconds, the time for all steps can be estimated from the steps done. */
const trial = 1000;

/**
 * Estimates from the steps done whether all rows can be explained in time. Call the returned function with the number
 * of steps whenever some are done. It throws PayloadTooLarge if the time is too short; the message says what would fit.
 */
export function createPace(
  rows: number,
  method: Method,
  features: number,
  msLeft: number,
  now: () => number,
): (steps: number) => void {
  const all = rows * countSteps(method, features);
  const begin = now();
  let done = 0;
  return (steps) => {
    done += steps;
    const ms = now() - begin;
    // A tenth of the time is kept for writing the answer. The suggestion keeps another for slower steps.
    if (done >= all || ms < trial || (all * ms) / done <= msLeft * 0.9) return;
    const fitting = (msLeft * 0.8 * done) / ms / all;
    throw new RequestError('PayloadTooLarge', describe(rows, method, fitting, Math.round(msLeft / 1000)));
  };
}

/** `fitting` is the share of all steps for which there is time. */
function describe(rows: number, method: Method, fitting: number, seconds: number): string {
  const [mostRows, budget] = [Math.floor(rows * fitting), Math.floor(method.rows * fitting)];
  const options = [
    ...(mostRows > 0 ? [`at most ${countRows(mostRows)}`] : []),
    ...(budget > 0 ? [`a budget of at most ${budget}`] : []),
  ];
  const expected = options.length > 0 ? `${options.join(', or ')}, to finish` : 'an explanation that finishes';
  const got = `${countRows(rows)}; to explain each row, the model must answer up to ${method.rows} rows`;
  return `Expected ${expected} in the ${seconds} seconds that are left; got ${got}`;
}

function countRows(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}
