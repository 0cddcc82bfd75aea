import type { LocalDoor } from './doors/door.ts';
import { doors } from './doors/doors.ts';
import { httpApi } from './doors/http-api.ts';
import { parseArguments } from './parse-arguments.ts';

const names = [...doors.keys()].join(', ');

export const usage = `Usage: npm start -- [--model <name or path>] [--door <door>] [--demo]

  --model <name>  the folder under models/ to serve; else the environment variable MODEL names it
  --model <path>  a folder with a model.json, wherever it lies: what holds a slash is a path
  --door <door>   what the requests come through, with its events and limits, and without its locks: http-api, which is
                  played where none is named, ${names.replace('http-api, ', '')}
  --demo          sends traffic to itself, for the dashboard to show: npm run demo
  --help          this text`;

/** The arguments of `npm start --`. `problem` says why they cannot be understood. */
interface CommandLine {
  readonly model?: string;
  readonly door: LocalDoor;
  readonly demo?: boolean;
  readonly help?: boolean;
  readonly problem?: string;
}

export function parseCommandLine(values: readonly string[]): CommandLine {
  const options = {
    model: { type: 'string' },
    door: { type: 'string' },
    demo: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  try {
    const { door: name = 'http-api', ...others } = parseArguments({ args: [...values], options }).values;
    const door = doors.get(name);
    if (!door) throw new Error(`--door must be one of ${names}, and is ${JSON.stringify(name)}`);
    return { ...others, door };
  } catch (error) {
    return { door: httpApi, problem: (error as Error).message };
  }
}
