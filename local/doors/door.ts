import type { Arrival } from './arrival.ts';

/** A service that brings HTTP to the function, as the local server plays it: without its locks. */
export interface LocalDoor {
  /** What the server says it is behind. */
  readonly title: string;
  toEvent(request: Arrival, body: Buffer): Event;
  /** The member of an answer that it reads the headers from. */
  readonly headers: 'headers' | 'multiValueHeaders';
  /** Bytes that it takes of a request's body. */
  readonly requestBody: number;
  /** Bytes that it lets through of an answer, as JSON. */
  readonly answer: number;
  /** The status of its own answer where the function gave none that it lets through. */
  readonly failed: number;
}

export interface Event {
  readonly body?: string | null;
  readonly requestContext: { readonly requestId?: string; readonly elb?: object };
}

export const megabyte = 1024 * 1024;

/** Bytes of an event or an answer of a synchronous invocation, as JSON. */
export const invocation = 6 * megabyte;
