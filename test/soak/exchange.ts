import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { TestRequest } from '../helpers/http-event.ts';
import type { Random } from './random.ts';

/** An answer, decompressed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request and the check of its answer. `check` throws if the answer is wrong. */
export interface Exchange {
  readonly request: TestRequest;
  readonly check: (answer: Answer) => void;
}

/** A kind of request. `weight` is how often it is drawn, relative to the others. */
export interface Kind {
  readonly name: string;
  readonly weight: number;
  readonly create: (random: Random) => Exchange;
}

const timeout = 30_000;

/** Sends a request. Rejects if there is no complete answer in time. */
export function send(url: string, agent: Agent, request: TestRequest): Promise<Answer> {
  const { method = 'POST', path, headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${url}${path}`, { method, headers, agent, timeout }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (!response.complete) reject(new Error('the answer ended early'));
        const content = Buffer.concat(chunks);
        const packed = response.headers['content-encoding'] === 'gzip' && content.length > 0;
        const unpacked = packed ? gunzipSync(content) : content;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: unpacked });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeout} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
