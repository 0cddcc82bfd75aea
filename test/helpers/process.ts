import { type ChildProcess, spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Starts Node.js as `npm start` does, with a file and what stands behind it on the command line; `probe` is a module that is
 * loaded before and can be sent messages.
 */
export function startNode(
  command: string | readonly string[],
  environment: Environment = {},
  probe?: string,
): ChildProcess {
  const imports = ['tsx', ...(probe ? [probe] : [])].flatMap((module) => ['--import', module]);
  return spawn(process.execPath, ['--env-file=local/lambda.env', ...imports, ...[command].flat()], {
    env: { ...process.env, ...environment },
    stdio: probe ? ['pipe', 'pipe', 'pipe', 'ipc'] : 'pipe',
  });
}

/** What a process has written when it has ended. */
export async function ended(child: ChildProcess): Promise<Output> {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout(), stderr: stderr() };
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
