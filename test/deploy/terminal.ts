import { spawn } from 'node:child_process';
import { expect } from 'chai';

export interface Outcome {
  status: number | null;
  /** The text that the command wrote, without the codes for colours. */
  output: string;
}

export function expectSuccess({ status, output }: Outcome): void {
  expect(status, output).to.equal(0);
}

/** A pattern for a prompt in the last line of the terminal, and the answer to type. */
export type Answer = readonly [prompt: RegExp, typed: string];

/**
 * Runs a command on a pseudo-terminal and answers its prompts. At a prompt that matches no answer, the command waits
 * until the test times out. `script` creates the terminal: without one, SAM would not ask "Deploy this changeset?".
 */
export function runOnTerminal(command: string, cwd: string, answers: readonly Answer[]): Promise<Outcome> {
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], { cwd });
  let output = '';
  let answered = 0;
  const read = (chunk: Buffer) => {
    output += plain(chunk.toString());
    const prompt = output.slice(answered).split('\n').at(-1) ?? '';
    const [, typed] = answers.find(([pattern]) => pattern.test(prompt)) ?? [];
    if (typed === undefined) return;
    answered = output.length;
    child.stdin.write(`${typed}\n`);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** Runs a command without a terminal. */
export function run(command: string, cwd: string): Promise<Outcome> {
  const child = spawn('bash', ['-c', command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += plain(chunk.toString())));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes for colours begin with this character.
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]|\r/g, '');
}
