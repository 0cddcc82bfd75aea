/** What went wrong with a request, and its RFC 9457 problem document. */
const problemTypes = {
  MalformedBody: { status: 400, title: 'The body cannot be read' },
  RouteNotFound: { status: 404, title: 'There is no such route' },
  MethodNotAllowed: { status: 405, title: 'The route does not take this method' },
  NotAcceptable: { status: 406, title: 'The answer cannot be given as asked for' },
  PayloadTooLarge: { status: 413, title: 'The request is larger than it may be' },
  UnsupportedMediaType: { status: 415, title: 'The body is of a type that the route does not read' },
  UnsupportedEvent: { status: 422, title: 'The function takes no event of this kind' },
  InvalidInput: { status: 422, title: 'The input does not fit the model' },
  InternalError: { status: 500, title: 'The service failed' },
} as const;

export type ProblemName = keyof typeof problemTypes;

/** One problem with the data: where it is, as a JSON pointer (RFC 6901) into the body, and what was expected there. */
export interface DataError {
  readonly pointer: string;
  readonly detail: string;
}

interface RequestErrorOptions {
  readonly errors?: readonly DataError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An error that is answered to the client. Its name is what Step Functions can match. Details describe what came by its
 * kind and never quote a value, so they can stand in a log.
 */
export class RequestError extends Error {
  override readonly name: ProblemName;
  readonly status: number;
  readonly errors: readonly DataError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(name: ProblemName, detail: string, { errors = [], headers = {}, cause }: RequestErrorOptions = {}) {
    super(detail, { cause });
    this.name = name;
    this.status = problemTypes[name].status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** Errors of the data of one request, as many as an answer should list. */
export interface DataErrors {
  /** Throws InvalidInput where there are more than are listed: to look for all could take far longer than to answer. */
  add(pointer: string, detail: string): void;
  /** Throws InvalidInput where there are any. */
  throwIfAny(): void;
}

const maxErrors = 100;

export function createDataErrors(): DataErrors {
  const errors: DataError[] = [];
  const refuse = (count: string) => {
    throw new RequestError('InvalidInput', `There ${count} with the rows`, { errors });
  };
  return {
    add(pointer, detail) {
      if (errors.length === maxErrors) refuse(`are more than ${maxErrors} problems`);
      errors.push({ pointer: shorten(pointer), detail });
    },
    throwIfAny() {
      if (errors.length > 0) refuse(errors.length === 1 ? 'is 1 problem' : `are ${errors.length} problems`);
    },
  };
}

const maxPointer = 1000;

/** Names can be as long as the body; the pointer then leads to what holds them, so that an answer stays small. */
function shorten(pointer: string): string {
  return pointer.length > maxPointer ? pointer.slice(0, pointer.lastIndexOf('/', maxPointer)) : pointer;
}

/** Whatever was thrown as an error that is safe to answer: one that was not meant for the client becomes opaque. */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  return new RequestError('InternalError', 'Something failed here, and it is logged under this request id', {
    cause: thrown,
  });
}

/**
 * The error that a direct invocation rejects with. Lambda answers and logs its name, its message and its stack: the message
 * lists the first errors, and there is no trace of ours.
 */
export function toInvocationError(requestError: RequestError): Error {
  const { name } = requestError;
  const error = new Error(toErrorText(requestError, 'the payload'));
  error.name = name;
  error.stack = `${name}: ${error.message}`;
  return error;
}

const maxInText = 10;

/** The message of an error and the first of its problems, for bodies that hold a text. `whole` is what a pointer leads into. */
export function toErrorText({ message, errors }: RequestError, whole = 'the body'): string {
  const listed = errors.slice(0, maxInText).map(({ pointer, detail }) => `${pointer || whole}: ${detail}`);
  const more = errors.length > maxInText ? [`and ${errors.length - maxInText} more`] : [];
  return [message, ...listed, ...more].join('; ');
}

/** RFC 9457; `instance` is the id of the request. */
export function toProblemDocument(error: RequestError, instance: string): Readonly<Record<string, unknown>> {
  const { status, title } = problemTypes[error.name];
  return {
    type: `urn:sepal:problem:${error.name}`,
    title,
    status,
    detail: error.message,
    instance,
    ...(error.errors.length > 0 && { errors: error.errors }),
  };
}
