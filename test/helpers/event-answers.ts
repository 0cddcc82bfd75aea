interface ExpectedAnswer {
  readonly status?: number;
  readonly labels?: readonly string[];
  /** The member `status` of an answer without predictions, such as `ok`. */
  readonly state?: string;
  /** The name of the error that the invocation fails with. */
  readonly error?: string;
}

const unsupported = { error: 'UnsupportedEvent' };

/** For each package, the expected answers to files of events/. An answer that is an HTTP response has a `status`. */
export const expectedAnswers: Readonly<Record<string, Readonly<Record<string, ExpectedAnswer>>>> = {
  iris: {
    'raw-array': { labels: ['versicolor'] },
    'raw-rows': { labels: ['setosa', 'versicolor'] },
    'raw-explanations': { labels: ['setosa'] },
    'http-explain': { status: 200, labels: ['setosa', 'virginica'] },
    'bare-base64-body': { status: 200, labels: ['setosa'] },
    'http-text': { status: 200, labels: ['setosa'] },
    'http-base64-form': { status: 200, labels: ['setosa'] },
    'http-named-record': { status: 200, labels: ['virginica'] },
    'http-instances': { status: 200, labels: ['setosa', 'versicolor', 'virginica'] },
    'http-model': { status: 200 },
    'http-health': { status: 200, state: 'ok' },
    'http-malformed-json': { status: 400 },
    'http-wrong-arity': { status: 422 },
    'http-unknown-route': { status: 404 },
    'http-stage': { status: 200, labels: ['setosa'] },
    'http-base-path': { status: 200, labels: ['setosa'] },
    'function-url': { status: 200, labels: ['setosa'] },
    'rest-api': { status: 200, labels: ['setosa'] },
    'rest-api-base-path': { status: 200, labels: ['setosa'] },
    'rest-api-wrong-arity': { status: 422 },
    'load-balancer': { status: 200, labels: ['setosa'] },
    'load-balancer-multi-value': { status: 200, labels: ['setosa'] },
    'load-balancer-health': { status: 200, state: 'ok' },
    'load-balancer-unknown-route': { status: 404 },
    'warm-up': { state: 'ok' },
    schedule: { state: 'ok' },
    'schedule-of-scheduler': { state: 'ok' },
    'other/sqs': unsupported,
    'other/sns': unsupported,
    'other/s3': unsupported,
    'other/kinesis': unsupported,
    'other/dynamodb': unsupported,
    'other/kafka': unsupported,
    'other/firehose': unsupported,
    'other/event-bridge': unsupported,
    'other/web-socket': unsupported,
    'other/cognito': unsupported,
    'other/cloudwatch-logs': unsupported,
  },
  churn: {
    'churn/raw-records': { labels: ['leaves', 'stays'] },
    'churn/http-named-records': { status: 200, labels: ['leaves', 'stays'] },
    'churn/http-ignored-column': { status: 200, labels: ['leaves'] },
    'churn/http-csv': { status: 200, labels: ['leaves', 'stays'] },
    'churn/http-unknown-category': { status: 422 },
  },
};

/** The result of an invocation: a document, a response whose body holds one, or Lambda's description of an error. */
interface Result {
  readonly errorType?: string;
  readonly statusCode?: number;
  readonly body?: string;
}

interface Document {
  readonly predictions?: readonly { readonly label: string }[];
  readonly explanations?: unknown;
  /** A string in an answer of the service, and a number in a problem document. */
  readonly status?: unknown;
}

/** Converts an invocation's result to the form of the table above. */
export function summarize(result: unknown): ExpectedAnswer {
  const { errorType, statusCode, body } = result as Result;
  if (errorType !== undefined) return { error: errorType };
  const { explanations, predictions, status } = (body === undefined ? result : JSON.parse(body)) as Document;
  // The document of GET /model also has a member `explanations`, but that is not an array.
  const rows = predictions ?? (Array.isArray(explanations) ? explanations : undefined);
  return {
    ...(statusCode !== undefined && { status: statusCode }),
    ...(rows && { labels: rows.map(({ label }) => label) }),
    ...(typeof status === 'string' && { state: status }),
  };
}

/** Converts an error to the description that Lambda returns for it. */
export function toFailure({ name, message }: Error) {
  return { errorType: name, errorMessage: message };
}
