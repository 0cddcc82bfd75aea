import { type ParseArgsConfig, parseArgs } from 'node:util';

/** As `parseArgs`. The error for an option that does not exist names it, without Node's advice on names that begin with a dash. */
export const parseArguments: typeof parseArgs = <T extends ParseArgsConfig>(config?: T) => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error((error as Error).message.replace(/\. To specify a positional argument [\s\S]*/, ''), {
      cause: error,
    });
  }
};
