import { type ChildProcess, spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** The milliseconds after which a process that should have ended is killed. */
const patience = 50_000;

/** For each running process, a function that kills it. */
const kills = new Map<ChildProcess, () => void>();

function track(child: ChildProcess, kill: () => void): ChildProcess {
  kills.set(child, kill);
  return child.once('close', () => kills.delete(child));
}

/**
 * Starts Node.js as `npm start` does, with a file and its arguments. `probe` is a module that is imported first. With
 * a probe, messages can be sent to the process.
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

/**
 * Starts a shell command with PORT=0, which makes a server choose a free port. The shell leads a process group, so that
 * `killGroup` also ends the processes that npm starts.
 */
export function startCommand(command: string): ChildProcess {
  const child = spawn('sh', ['-c', command], { env: { ...process.env, PORT: '0' }, detached: true });
  return track(child, () => killGroup(child, 'SIGKILL'));
}

export function killGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid && exitCode === null && signalCode === null) process.kill(-pid, signal);
}

/** Runs a process that ends by itself, and returns its output. */
export function runNode(command: string | readonly string[], environment: Environment = {}): Promise<Output> {
  const child = startNode(command, environment);
  killInTime(child);
  return ended(child);
}

/** Waits until a process has ended, and returns its output. */
export async function ended(child: ChildProcess): Promise<Output> {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Kills a process that does not end in time, because mocha would wait for it. Its exit code is then null. */
export function killInTime(child: ChildProcess): NodeJS.Timeout {
  const timer = setTimeout(() => kills.get(child)?.(), patience);
  child.once('close', () => clearTimeout(timer));
  return timer;
}

/** Kills all running processes. Called after all tests, because a failed test may have left its server running. */
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
