import { cpus, release, totalmem } from 'node:os';
import { docker, run } from './commands.ts';

/** What the figures come from. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly gigabytes: number;
  readonly kernel: string;
  readonly docker: string;
  /** Of the local server, and of the function in its image. */
  readonly node: string;
  readonly nodeInImage: string;
  readonly pythonInImage: string;
}

export async function describeMachine(): Promise<Machine> {
  const [cpu] = cpus();
  const inImage = (image: string, program: string) =>
    run('docker', ['run', '--rm', '--entrypoint', program, image, '--version']).then(({ stdout }) => stdout);
  return {
    processor: cpu?.model ?? 'unknown',
    processors: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    docker: await docker('version', '--format', '{{.Server.Version}}'),
    node: process.version,
    nodeInImage: await inImage('sepal-bench:sepal', 'node'),
    pythonInImage: await inImage('sepal-bench:python-sklearn', 'python'),
  };
}
