import { spawn } from 'node:child_process';
import { expect } from 'chai';

export interface Outcome {
  status: number | null;
  /** What stood on the terminal, without colours. */
  output: string;
}

export function expectSuccess({ status, output }: Outcome): void {
  expect(status, output).to.equal(0);
}

/** A prompt, as the terminal's last line shows it, and what is typed then. */
export type Answer = readonly [prompt: RegExp, typed: string];

/**
 * Runs a command on a pseudo-terminal and answers its prompts. A prompt that no answer fits leaves it waiting, and the
 * test's time runs out; `script` makes the terminal, as SAM asks "Deploy this changeset?" of nothing else.
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours begin with.
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]|\r/g, '');
}
