import { type ChildProcess, spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Starts Node.js as `npm start` does; `probe` is a module that is loaded before and can be sent messages. */
export function startNode(file: string, environment: Environment = {}, probe?: string): ChildProcess {
  const arguments_ = ['--env-file=local/lambda.env', '--import', 'tsx', ...(probe ? ['--import', probe] : []), file];
  return spawn(process.execPath, arguments_, {
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
