import type { Arrival } from './arrival.ts';

/**
 * How the local server imitates an AWS service that invokes the function for HTTP requests. The imitation checks no
 * permissions.
 */
export interface LocalDoor {
  /** The name of the service, as the server prints it. */
  readonly title: string;
  toEvent(request: Arrival, body: Buffer): Event;
  /** The member of an answer from which the service reads the headers. */
  readonly headers: 'headers' | 'multiValueHeaders';
  /** The most bytes of a request's body. */
  readonly requestBody: number;
  /** The most bytes of an answer as JSON. */
  readonly answer: number;
  /** The status that the service answers if the function fails, or its answer is too large. */
  readonly failed: number;
  /** The status that the service answers if Lambda throttles the invocation. */
  readonly throttled: number;
}

export interface Event {
  readonly body?: string | null;
  readonly requestContext: { readonly requestId?: string; readonly elb?: object };
}

export const megabyte = 1024 * 1024;

/** The most bytes of an event or an answer of a synchronous invocation, as JSON. */
export const invocation = 6 * megabyte;
