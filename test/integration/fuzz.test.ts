import { expect } from 'chai';
import fc from 'fast-check';
import { handler } from '../../functions/predict/app.ts';
import { createContext } from '../../local/context.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';

const clientErrors = ['MalformedBody', 'InvalidInput'];

/** Values of every kind at every depth, and numbers at the edges of what a float holds. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom(0, -0, 1e308, -1e308, 5e-324, Number.MAX_VALUE, 2 ** 53, '5.1', null, true, [], {}),
);
const names = fc.constantFrom(
  'sepal_length',
  'sepal_width',
  'petal_length',
  'petal_width',
  '__proto__',
  'constructor',
  '',
);
const row = fc.oneof(
  fc.array(value, { maxLength: 6 }),
  fc.array(fc.double(), { minLength: 4, maxLength: 4 }),
  fc.dictionary(fc.oneof(names, fc.string()), value),
);
const document = fc.oneof(value, row, fc.array(row, { maxLength: 4 }), fc.record({ instances: fc.array(row) }));
const body = fc.oneof(
  document.map((content) => JSON.stringify(content) ?? ''),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

const invoke = async (event: unknown) => (await captureOutput(() => handler(event, createContext('request-1')))).result;

/** A well-formed answer: below 500, JSON, and without a null, which is what NaN becomes in it. */
function expectAnswer(result: unknown): void {
  const { statusCode, headers, body: text } = result as { statusCode: number; headers: object; body: string };
  expect(statusCode).to.be.within(200, 499);
  expect(headers).to.have.property('content-type').that.matches(/json$/);
  const answer = JSON.parse(text);
  if (statusCode === 200) expect(text.includes('"unit":null') || !text.includes('null'), text).to.equal(true);
  else expect(answer).to.include({ status: statusCode });
}

describe('any input', () => {
  it('is answered below 500 over HTTP, whatever the body', async () => {
    const type = fc.constantFrom('application/json', 'text/plain', '');
    await fc.assert(
      fc.asyncProperty(body, type, async (content, contentType) => {
        const headers = { 'content-type': contentType };
        expectAnswer(await invoke(createHttpEvent({ path: '/predict', headers, body: content })));
      }),
      { numRuns: 3000 },
    );
  });

  it('is answered below 500 as a bare body', async () => {
    const text = fc.oneof(
      fc.base64String(),
      document.map((content) => JSON.stringify(content)),
      fc.anything(),
    );
    const encoded = fc.oneof(fc.constant(undefined), fc.boolean(), fc.anything());
    await fc.assert(
      fc.asyncProperty(text, encoded, async (content, isBase64Encoded) => {
        expectAnswer(await invoke({ body: content, isBase64Encoded }));
      }),
      { numRuns: 2000 },
    );
  });

  it('is answered below 500 whatever the shape of an HTTP event', async () => {
    const event = fc.record(
      {
        rawPath: fc.oneof(fc.constantFrom('/predict', '/model', '/health', '/'), fc.anything()),
        headers: fc.anything(),
        body: fc.oneof(fc.string(), fc.anything()),
        isBase64Encoded: fc.oneof(fc.boolean(), fc.anything()),
        requestContext: fc.record({
          http: fc.record({ method: fc.oneof(fc.constantFrom('GET', 'POST'), fc.anything()), path: fc.anything() }),
          requestId: fc.anything(),
        }),
      },
      { requiredKeys: ['requestContext'] },
    );
    await fc.assert(
      fc.asyncProperty(event, async (shape) => expectAnswer(await invoke(shape))),
      { numRuns: 3000 },
    );
  });

  it('is answered, or rejected with the name of an error of the client, as a raw payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(document, fc.anything()), async (payload) => {
        const result = await invoke(payload).catch((error: Error) => error);
        if (result instanceof Error) expect(result.name).to.be.oneOf(clientErrors);
        else expect(JSON.stringify(result)).not.to.include('null');
      }),
      { numRuns: 3000 },
    );
  });
});
