import { runModelCommand } from '../../local/model/command.ts';
import type { Output } from './process.ts';

/** Runs `npm run model` in this process, because starting another one takes longer than most commands. */
export async function runModel(
  values: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const lines = { log: [] as string[], error: [] as string[] };
  const code = await runModelCommand(
    values,
    { ...process.env, INIT_CWD: '.', ...environment },
    {
      log: (line: string) => void lines.log.push(`${line}\n`),
      error: (line: string) => void lines.error.push(`${line}\n`),
    },
  );
  return { code, stdout: lines.log.join(''), stderr: lines.error.join('') };
}
