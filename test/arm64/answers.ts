import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { loadModel } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { readGolden } from '../helpers/files.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

/** The predictions that this machine's processor gives for the golden rows, by the path of the package. */
export type Answers = Readonly<Record<string, readonly Prediction[]>>;

const packages = execFileSync('git', ['ls-files', '*/golden.json'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map(dirname);

export async function answerGoldenRows(): Promise<Answers> {
  // One hour, because qemu is slow and this check does not test time limits.
  const context = { ...createContext('request-1'), getRemainingTimeInMillis: () => 3_600_000 };
  const answers: Record<string, readonly Prediction[]> = {};
  for (const path of packages) {
    const [directory, name] = [dirname(path), basename(path)];
    const handler = createService(await loadModel(directory, name));
    const { instances } = readGolden(name, directory);
    const { result } = await captureOutput(() => handler(instances, context));
    answers[path] = (result as { predictions: Prediction[] }).predictions;
  }
  return answers;
}

if (import.meta.filename === process.argv[1]) console.log(JSON.stringify(await answerGoldenRows()));
