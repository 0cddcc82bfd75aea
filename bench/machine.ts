import { cpus, release, totalmem } from 'node:os';
import { docker, run } from './commands.ts';

/** The machine and versions that the figures come from. */
export interface Host {
  readonly processor: string;
  readonly processors: number;
  readonly gigabytes: number;
  readonly kernel: string;
  /** The version of Node.js that runs the local server and `npm run batch`. */
  readonly node: string;
}

export interface Machine extends Host {
  readonly docker: string;
  readonly nodeInImage: string;
  readonly pythonInImage: string;
}

export function describeHost(): Host {
  const [cpu] = cpus();
  return {
    processor: cpu?.model ?? 'unknown',
    processors: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
  };
}

export async function describeMachine(): Promise<Machine> {
  const inImage = (image: string, program: string) =>
    run('docker', ['run', '--rm', '--entrypoint', program, image, '--version']).then(({ stdout }) => stdout);
  return {
    ...describeHost(),
    docker: await docker('version', '--format', '{{.Server.Version}}'),
    nodeInImage: await inImage('sepal-bench:sepal', 'node'),
    pythonInImage: await inImage('sepal-bench:python-sklearn', 'python'),
  };
}
