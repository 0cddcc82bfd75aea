import { type ExecFileOptions, execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a command. Returns its trimmed output. Throws if the command fails. */
export async function run(command: string, parameters: readonly string[], options: ExecFileOptions = {}) {
  const { stdout, stderr } = await execute(command, parameters, { maxBuffer: 64 * 1024 * 1024, ...options });
  return { stdout: String(stdout).trim(), stderr: String(stderr).trim() };
}

export async function docker(...parameters: string[]): Promise<string> {
  return (await run('docker', parameters)).stdout;
}

export const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Reports progress on standard error. */
export function say(text: string): void {
  console.error(`bench: ${text}`);
}
