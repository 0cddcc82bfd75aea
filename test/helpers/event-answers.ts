/** What each of events/ is answered with: the status of a response, if it is one, and the labels in it. */
export const expectedAnswers: Readonly<Record<string, { status?: number; labels?: string[] }>> = {
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
