import { join } from 'node:path';
import { JobError } from '../functions/batch/job/job-error.ts';
import { isModelName } from '../functions/core/environment.ts';
import { readNamedPackage, readPackage } from '../functions/core/model/package.ts';
import { parseOptions, usage } from './batch/options.ts';
import { createRun, type Run, type Scored } from './batch/run.ts';
import { isPath, toFolder } from './package-folder.ts';

const status = { done: 0, defect: 1, wrong: 2, tooManyFailed: 3, interrupted: 130 } as const;
const { INIT_CWD: typedIn, MODELS_DIRECTORY: models = 'models', MODEL: standard = '' } = process.env;

let batch: Run | undefined;
// If nobody reads standard error, as with `2>&1 | head`, the table is still written.
process.stderr.on('error', () => undefined);

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) {
    batch = createRun(options, readModel(options.model ?? standard), typedIn);
    // `on`, not `once`: npm passes on a signal that the terminal has sent already. With `once`, the second signal would
    // end the process during the clean-up after the first.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    await batch.finish();
  } else console.log(usage);
} catch (error) {
  process.exitCode = fail(error as Error);
}

function interrupt(): never {
  batch?.stop();
  console.error('Interrupted');
  adviseResume();
  process.exit(status.interrupted);
}

/**
 * Reads the model's package. Throws InvalidJob or ModelPackageError. The worker processes load the model itself, and
 * check its answers to the examples.
 */
function readModel(model: string): Scored {
  if (isPath(model)) {
    const folder = toFolder(model, typedIn);
    return { folder, manifest: readPackage(folder).manifest };
  }
  if (!isModelName(model)) throw new JobError('InvalidJob', '--model must be the name of a model, or a path');
  return { folder: join(models, model), manifest: readNamedPackage(models, model).manifest };
}

/** Prints the error. Returns the exit status. */
function fail(error: Error): number {
  const isToldByName = error instanceof JobError || ['ConfigError', 'ModelPackageError'].includes(error.name);
  console.error(isToldByName ? `${error.name}: ${error.message}` : error);
  if (error.name === 'TooManyFailedRows') return status.tooManyFailed;
  if (error.name === 'Unavailable') {
    adviseResume();
    return status.interrupted;
  }
  return isToldByName ? status.wrong : status.defect;
}

function adviseResume(): void {
  if (batch?.isResumable()) console.error('To continue: `npm run batch -- … --resume`');
}
