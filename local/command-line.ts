import { parseArgs } from 'node:util';

export const usage = `Usage: npm start -- [--model <name or path>] [--demo]

  --model <name>  the folder under models/ to serve; else the environment variable MODEL names it
  --model <path>  a folder with a model.json, wherever it lies: what holds a slash is a path
  --demo          sends traffic to itself, for the dashboard to show: npm run demo
  --help          this text`;

/** What stands behind `npm start --`; `problem` says what cannot be understood of it. */
interface CommandLine {
  readonly model?: string;
  readonly demo?: boolean;
  readonly help?: boolean;
  readonly problem?: string;
}

export function parseCommandLine(values: readonly string[]): CommandLine {
  const options = { model: { type: 'string' }, demo: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...values], options }).values;
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
