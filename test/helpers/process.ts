import { type ChildProcess, spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Starts Node.js as `npm start` does. */
export function startNode(file: string, environment: Environment = {}): ChildProcess {
  const arguments_ = ['--env-file=local/lambda.env', '--import', 'tsx', file];
  return spawn(process.execPath, arguments_, { env: { ...process.env, ...environment } });
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
