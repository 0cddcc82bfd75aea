import { type ChildProcess, spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Milliseconds for what must end by itself, or when it is told to. */
const patience = 50_000;

/** How to kill what runs. */
const kills = new Map<ChildProcess, () => void>();

function track(child: ChildProcess, kill: () => void): ChildProcess {
  kills.set(child, kill);
  return child.once('close', () => kills.delete(child));
}

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
  const child = spawn(process.execPath, ['--env-file=local/lambda.env', ...imports, ...[command].flat()], {
    env: { ...process.env, ...environment },
    stdio: probe ? ['pipe', 'pipe', 'pipe', 'ipc'] : 'pipe',
  });
  return track(child, () => child.kill('SIGKILL'));
}

/** Starts a line as a shell runs it, on a free port. It leads a group of processes, as npm starts others. */
export function startCommand(command: string): ChildProcess {
  const child = spawn('sh', ['-c', command], { env: { ...process.env, PORT: '0' }, detached: true });
  return track(child, () => killGroup(child, 'SIGKILL'));
}

export function killGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid && exitCode === null && signalCode === null) process.kill(-pid, signal);
}

/** What a process that ends by itself has written. */
export function runNode(command: string | readonly string[], environment: Environment = {}): Promise<Output> {
  const child = startNode(command, environment);
  killInTime(child);
  return ended(child);
}

/** What a process has written when it has ended. */
export async function ended(child: ChildProcess): Promise<Output> {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout(), stderr: stderr() };
}

/** A process that does not end would keep mocha waiting: it is killed after a while, and so has no exit code. */
export function killInTime(child: ChildProcess): NodeJS.Timeout {
  const timer = setTimeout(() => kills.get(child)?.(), patience);
  child.once('close', () => clearTimeout(timer));
  return timer;
}

/** For the end of all tests: one that failed may have left its server running. */
export function killAll(): void {
  for (const kill of kills.values()) kill();
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
