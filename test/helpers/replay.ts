import { relative } from 'node:path';
import fc from 'fast-check';

const { FUZZ_FACTOR, FUZZ_SEED, FUZZ_PATH } = process.env;

/** The test that is running, and its file. */
let running: { readonly file: string; readonly title: string } | undefined;

export function noteTest(file: string | undefined, title: string): void {
  running = { file: relative('', file ?? ''), title };
}

/** Takes the seed of every property from FUZZ_SEED if it is set. Makes a failing property print how to replay it. */
export function configureProperties(): void {
  const chosen = {
    ...(FUZZ_SEED && { seed: Number(FUZZ_SEED) }),
    // A replay runs one test, which has one property, so the path can be set globally.
    ...(FUZZ_PATH && { path: FUZZ_PATH, endOnFailure: true }),
  };
  fc.configureGlobal(chosen);
  fc.installGlobalPlugin(() => ({ onAllRunsComplete: report }));
}

function report(run: fc.RunDetails<unknown>): void {
  if (run.failed)
    throw new Error(`${fc.defaultReportMessage(run)}\n\nReplay it: ${toCommand(run)}`, { cause: run.errorInstance });
}

function toCommand({ seed, counterexamplePath: path }: fc.RunDetails<unknown>): string {
  const variables = [
    ...(FUZZ_FACTOR ? [`FUZZ_FACTOR=${FUZZ_FACTOR}`] : []),
    `FUZZ_SEED=${seed}`,
    ...(path === null ? [] : [`FUZZ_PATH=${path}`]),
  ];
  const title = `'${running?.title.replaceAll("'", "'\\''")}'`;
  return `${variables.join(' ')} npx mocha ${running?.file} -f ${title}`;
}
