import type { HttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import type { Fields } from './fields.ts';

/** A service that brings HTTP to the function: a pair of pure functions between its events and answers, and HTTP. */
export interface Door {
  toRequest(event: Fields): HttpRequest;
  toAnswer(response: HttpResponse): Answer;
  /** Bytes of an answer that it lets through; left out, as many as Lambda does. */
  readonly answerBytes?: number;
}

interface Answer {
  readonly statusCode: number;
}
