import type { LocalDoor } from './doors/door.ts';
import { doors } from './doors/doors.ts';
import { httpApi } from './doors/http-api.ts';
import { parseArguments } from './parse-arguments.ts';

const names = [...doors.keys()].join(', ');

export const usage = `Usage: npm start -- [--model <name or path>] [--door <door>] [--demo]

  --model <name>  the model to serve: a folder in models/ (default: the environment variable MODEL)
  --model <path>  the model to serve: any folder with a model.json; a path has a slash, such as ./wine
  --door <door>   the service to imitate between the caller and the function, with its events and limits, but without
                  its authentication (default: http-api):
                  ${names}
  --demo          send traffic to this server, so that the dashboard has something to show (npm run demo does the
                  same)
  --help          print this text`;

/** The parsed arguments of `npm start --`. `problem` is set if they are wrong, and says why. */
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
    if (!door) throw new Error(`--door must be one of ${names}, but is ${JSON.stringify(name)}`);
    return { ...others, door };
  } catch (error) {
    return { door: httpApi, problem: (error as Error).message };
  }
}
