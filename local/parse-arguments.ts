import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * Like `parseArgs`, but the error for an unknown option only names it. Node.js adds advice on names that begin with a
 * dash.
 */
export const parseArguments: typeof parseArgs = <T extends ParseArgsConfig>(config?: T) => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error((error as Error).message.replace(/\. To specify a positional argument [\s\S]*/, ''), {
      cause: error,
    });
  }
};
