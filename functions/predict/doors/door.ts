import type { HttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import type { Fields } from './fields.ts';

/**
 * A service that invokes the function for HTTP requests, such as API Gateway. Two pure functions convert its events and
 * answers.
 */
export interface Door {
  toRequest(event: Fields): HttpRequest;
  toAnswer(response: HttpResponse): Answer;
  /** The most bytes of an answer that the service passes on. Lambda's limit if left out. */
  readonly answerBytes?: number;
}

interface Answer {
  readonly statusCode: number;
}
