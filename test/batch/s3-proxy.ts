import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request to S3's API that the proxy received. */
export interface S3Made {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface S3Proxy {
  readonly endpoint: string;
  readonly made: S3Made[];
  /** Returns the error with which a request is answered, or undefined if the request is passed on. */
  refuse: (made: S3Made) => { readonly status: number; readonly code: string } | undefined;
  stop(): Promise<void>;
}

/** Starts a proxy that records requests, and passes them on to an S3 server or answers them with an error. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const made: S3Made[] = [];
  const server = createServer((request, response) => {
    const call = toMade(request);
    made.push(call);
    const refusal = proxy.refuse(call);
    if (refusal) refuseRequest(request, response, refusal);
    else passOn(target, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made,
    refuse: () => undefined,
    stop() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return proxy;
}

function toMade({ method = '', url = '', headers }: IncomingMessage): S3Made {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(pathname) ?? [];
  return { method, bucket, key: decodeURIComponent(key), query: searchParams, headers };
}

function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code }: { status: number; code: string },
) {
  request.resume();
  response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`);
}

function passOn(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const passed = send(new URL(url ?? '', target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
}
