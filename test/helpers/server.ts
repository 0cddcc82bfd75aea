import type { ChildProcess } from 'node:child_process';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Send, TestResponse } from './behaviour.ts';
import { ended, killGroup, killInTime, type Output, startCommand, startNode } from './process.ts';

export interface Server {
  readonly url: string;
  /** The text that the server printed when it was ready. */
  readonly announcement: string;
  readonly process: ChildProcess;
  /** Sends the signal, and waits until the server has ended. */
  stop(signal?: NodeJS.Signals): Promise<Output>;
}

/** Starts the local server on a free port, and waits until it prints its address. */
export function startServer(
  environment: Readonly<Record<string, string>> = {},
  ...options: readonly string[]
): Promise<Server> {
  const child = startNode(['local/server.ts', ...options], { PORT: '0', ...environment });
  return whenReady(child, (signal) => child.kill(signal));
}

/** Starts a server by a shell command, such as one in a document, and waits until it prints its address. */
export function serveCommand(command: string): Promise<Server> {
  const child = startCommand(command);
  return whenReady(child, (signal) => killGroup(child, signal));
}

async function whenReady(child: ChildProcess, kill: (signal: NodeJS.Signals) => void): Promise<Server> {
  const end = ended(child);
  const announcement = await readAnnouncement(child, end);
  const url = /http:\/\/[\d.:]+/.exec(announcement)?.[0] ?? '';
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    kill(signal);
    killInTime(child);
    return end;
  };
  return { url, announcement, process: child, stop };
}

/** Resolves to the announcement. Rejects with the output if the server ends without one. */
function readAnnouncement(child: ChildProcess, end: Promise<Output>): Promise<string> {
  const timer = killInTime(child);
  return new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('curl')) resolve(text);
    });
    void end.then(({ stderr }) => reject(new Error(`the server ended, or was not ready in time: ${text}${stderr}`)));
  }).finally(() => clearTimeout(timer));
}

/** Sends real HTTP requests with the given headers and no others. */
export function createSend(url: () => string): Send {
  return ({ method = 'POST', path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${url()}${path}`, { method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const status = response.statusCode ?? 0;
          resolve({ status, headers: flatten(response.headers), bytes, body: bytes.toString() });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
}

function flatten(headers: IncomingHttpHeaders): TestResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
