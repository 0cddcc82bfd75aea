interface ExpectedAnswer {
  readonly status?: number;
  readonly labels?: readonly string[];
}

/** What each file of events/ is answered with by a package: the status of a response, if it is one, and its labels. */
export const expectedAnswers: Readonly<Record<string, Readonly<Record<string, ExpectedAnswer>>>> = {
  iris: {
    'raw-array': { labels: ['versicolor'] },
    'raw-rows': { labels: ['setosa', 'versicolor'] },
    'bare-base64-body': { status: 200, labels: ['setosa'] },
    'http-text': { status: 200, labels: ['setosa'] },
    'http-base64-form': { status: 200, labels: ['setosa'] },
    'http-named-record': { status: 200, labels: ['virginica'] },
    'http-instances': { status: 200, labels: ['setosa', 'versicolor', 'virginica'] },
    'http-model': { status: 200 },
    'http-health': { status: 200 },
    'http-malformed-json': { status: 400 },
    'http-wrong-arity': { status: 422 },
    'http-unknown-route': { status: 404 },
  },
  churn: {
    'churn/raw-records': { labels: ['leaves', 'stays'] },
    'churn/http-named-records': { status: 200, labels: ['leaves', 'stays'] },
    'churn/http-ignored-column': { status: 200, labels: ['leaves'] },
    'churn/http-csv': { status: 200, labels: ['leaves', 'stays'] },
    'churn/http-unknown-category': { status: 422 },
  },
};

interface Labelled {
  readonly predictions?: readonly { readonly label: string }[];
}

/** An invocation's result in the form of the table above. */
export function summarize(result: unknown): { status?: number; labels?: string[] } {
  const { statusCode, body } = result as { statusCode?: number; body?: string };
  const { predictions } = (body === undefined ? result : JSON.parse(body)) as Labelled;
  return {
    ...(statusCode !== undefined && { status: statusCode }),
    ...(predictions && { labels: predictions.map(({ label }) => label) }),
  };
}
