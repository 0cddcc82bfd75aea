import { expect } from 'chai';
import fc from 'fast-check';
import { handler } from '../../functions/predict/start/app.ts';
import { createContext } from '../../local/context.ts';
import { body, document, httpEvent } from '../helpers/arbitraries.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { runs } from '../helpers/runs.ts';
import { expectWellFormed } from '../helpers/well-formed.ts';

const clientErrors = ['MalformedBody', 'InvalidInput', 'PayloadTooLarge', 'UnsupportedEvent'];

const invoke = async (event: unknown) => (await captureOutput(() => handler(event, createContext('request-1')))).result;

describe('any input', () => {
  it('is answered below 500 over HTTP, whatever the body', async () => {
    const type = fc.constantFrom('application/json', 'text/plain', '');
    await fc.assert(
      fc.asyncProperty(body, type, async (content, contentType) => {
        const headers = { 'content-type': contentType };
        expectWellFormed(await invoke(createHttpEvent({ path: '/predict', headers, body: content })));
      }),
      runs(750),
    );
  });

  it('is answered below 500 over HTTP, whatever the route, the method and the headers', async () => {
    await fc.assert(
      fc.asyncProperty(httpEvent, async (event) => {
        expectWellFormed(await invoke(event));
      }),
      runs(1500),
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
        expectWellFormed(await invoke({ body: content, isBase64Encoded }));
      }),
      runs(500),
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
      fc.asyncProperty(event, async (shape) => {
        expectWellFormed(await invoke(shape));
      }),
      runs(750),
    );
  });

  it('is answered below 500 whatever the shape of an event of a REST API or a load balancer', async () => {
    const anything = fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))));
    const event = fc.record(
      {
        path: fc.oneof(fc.constantFrom('/predict', '/model', '/health', '/'), fc.anything()),
        httpMethod: fc.oneof(fc.constantFrom('GET', 'POST'), fc.string()),
        resource: fc.oneof(fc.constantFrom('/{proxy+}', '/', '/{', '{}{+}'), fc.anything()),
        pathParameters: anything,
        headers: anything,
        queryStringParameters: anything,
        multiValueQueryStringParameters: anything,
        body: fc.oneof(fc.string(), fc.anything()),
        isBase64Encoded: fc.oneof(fc.boolean(), fc.anything()),
        requestContext: fc.oneof(fc.record({ stage: fc.anything() }), fc.record({ elb: fc.object() })),
      },
      { requiredKeys: ['requestContext', 'httpMethod'] },
    );
    await fc.assert(
      fc.asyncProperty(event, fc.option(fc.object(), { nil: undefined }), async (shape, multiValueHeaders) => {
        const {
          headers,
          multiValueHeaders: lists = {},
          ...answer
        } = (await invoke({ ...shape, multiValueHeaders })) as {
          headers?: object;
          multiValueHeaders?: object;
        };
        const joined = Object.entries(lists).map(([name, values]) => [name, String(values)]);
        expectWellFormed({ ...answer, headers: headers ?? Object.fromEntries(joined) });
      }),
      runs(750),
    );
  });

  it('is answered, or rejected with a client error, as a raw payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(document, fc.anything()), async (payload) => {
        const result = await invoke(payload).catch((error: Error) => error);
        if (result instanceof Error) expect(result.name).to.be.oneOf(clientErrors);
        else expect(JSON.stringify(result)).not.to.include('null');
      }),
      runs(750),
    );
  });
});
