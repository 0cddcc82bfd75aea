/** The kinds of request errors, each with its status and title in the RFC 9457 problem document. */
const problemTypes = {
  MalformedBody: { status: 400, title: 'Malformed body' },
  RouteNotFound: { status: 404, title: 'Not found' },
  MethodNotAllowed: { status: 405, title: 'Method not allowed' },
  NotAcceptable: { status: 406, title: 'Not acceptable' },
  PayloadTooLarge: { status: 413, title: 'Too large' },
  UnsupportedMediaType: { status: 415, title: 'Unsupported media type' },
  UnsupportedEvent: { status: 422, title: 'Unsupported event' },
  InvalidInput: { status: 422, title: 'Invalid input' },
  InternalError: { status: 500, title: 'Internal error' },
} as const;

export type ProblemName = keyof typeof problemTypes;

/** One problem with the data: its place as a JSON pointer (RFC 6901) into the body, and what was expected there. */
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
 * An error whose message the client may read. Step Functions matches it by its name. Messages describe a value by its
 * kind and never quote it, so they can be logged.
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

/** The data errors of one request, up to the number that an answer lists. */
export interface DataErrors {
  /**
   * Adds an error. Throws InvalidInput when the list is full, because a search for all errors could take far longer
   * than a prediction.
   */
  add(pointer: string, detail: string): void;
  /** Throws InvalidInput if any error was added. */
  throwIfAny(): void;
}

const maxErrors = 100;

/** The messages say that the problems are with `data`. */
export function createDataErrors(data = 'the rows'): DataErrors {
  const errors: DataError[] = [];
  const refuse = (count: string) => {
    throw new RequestError('InvalidInput', `There ${count} with ${data}`, { errors });
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

/**
 * Cuts a pointer at a step's end if it is too long. Names can be as long as the body, and the answer must stay small.
 */
function shorten(pointer: string): string {
  return pointer.length > maxPointer ? pointer.slice(0, pointer.lastIndexOf('/', maxPointer)) : pointer;
}

/**
 * Turns whatever was thrown into an error that is safe to send. An unexpected error becomes an InternalError without
 * details.
 */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  return new RequestError('InternalError', 'The service failed; its log has the reason under the id of this request', {
    cause: thrown,
  });
}

/**
 * Creates the error that a direct invocation rejects with. Lambda sends and logs its name, message and stack. So the
 * message lists the first data errors, and the stack holds no code positions.
 */
export function toInvocationError(requestError: RequestError): Error {
  const { name } = requestError;
  const error = new Error(toErrorText(requestError, 'the payload'));
  error.name = name;
  error.stack = `${name}: ${error.message}`;
  return error;
}

const maxInText = 10;

/**
 * Formats an error and its first problems as one text, for protocols whose errors are texts. `whole` names the body in
 * place of an empty pointer.
 */
export function toErrorText({ message, errors }: RequestError, whole = 'the body'): string {
  const listed = errors.slice(0, maxInText).map(({ pointer, detail }) => `${pointer || whole}: ${detail}`);
  const more = errors.length > maxInText ? [`and ${errors.length - maxInText} more`] : [];
  return [message, ...listed, ...more].join('; ');
}

/** Formats an error as a problem document (RFC 9457). `instance` is the request id. */
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
