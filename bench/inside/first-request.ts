import { spawn } from 'node:child_process';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from './context.ts';
import { report } from './rounds.ts';

/**
 * Measures the first request of a process with the given start type: node first-request.mjs event on-demand|snap-start
 */
const [, , event = '', startType = ''] = process.argv;
process.env.AWS_LAMBDA_INITIALIZATION_TYPE = startType;
const parsed = JSON.parse(event);

const { handler } = (await import(`${process.cwd()}/app.mjs`)) as { handler: Handler };
// Milliseconds since the process began.
const ready = performance.now();
if (startType === 'snap-start') freeze();
const start = performance.now();
await handler(parsed, createContext(0));
report({ ready, first: performance.now() - start });

/** Stops this process with SIGSTOP. Returns when the shell continues it half a second later. */
function freeze(): void {
  spawn('sh', ['-c', `sleep 0.5; kill -CONT ${process.pid}`], { stdio: 'ignore' });
  process.kill(process.pid, 'SIGSTOP');
}
