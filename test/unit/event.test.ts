import { expect } from 'chai';
import { toCall } from '../../functions/predict/event.ts';

const gatewayEvent = {
  rawPath: '/predict',
  headers: { 'Content-Type': 'application/json', 'x-count': 3 },
  requestContext: { http: { method: 'post', path: '/other' }, requestId: 'id-1' },
  body: '[1]',
  isBase64Encoded: false,
};

describe('toCall', () => {
  it('reads an API Gateway event, with header names in lower case', () => {
    expect(toCall(gatewayEvent)).to.deep.equal({
      kind: 'http',
      requestId: 'id-1',
      request: {
        method: 'POST',
        path: '/predict',
        headers: { 'content-type': 'application/json' },
        body: { content: '[1]', base64: false },
      },
    });
  });

  it('makes do with less, and with what is of another type', () => {
    const event = {
      requestContext: { http: { method: 'GET', path: '/model' }, requestId: 7 },
      isBase64Encoded: 'true',
    };
    expect(toCall(event)).to.deep.equal({
      kind: 'http',
      request: { method: 'GET', path: '/model', headers: {}, body: { content: '', base64: false } },
    });
    const nothing = toCall({ requestContext: { http: { method: 7 } }, rawPath: null, headers: [] });
    expect(nothing).to.have.property('request').that.includes({ method: '', path: '' });
  });

  it('reads the query as it was sent, or of its parameters', () => {
    const queryOf = (changes: object) => {
      const call = toCall({ ...gatewayEvent, ...changes });
      return call.kind === 'http' ? call.request.query : undefined;
    };
    expect(queryOf({ rawQueryString: 'ignore=a%20b&ignore=c', queryStringParameters: { ignore: 'x' } })).to.equal(
      'ignore=a%20b&ignore=c',
    );
    expect(queryOf({ queryStringParameters: { ignore: 'a b,c', other: 7 } })).to.equal('ignore=a+b%2Cc&other=');
    for (const changes of [{}, { rawQueryString: '' }, { rawQueryString: 7 }, { queryStringParameters: null }]) {
      expect(queryOf(changes), JSON.stringify(changes)).to.equal(undefined);
    }
  });

  it('leaves out the stage that a path begins with', () => {
    const pathOf = (rawPath: string, stage: string) => {
      const call = toCall({ rawPath, requestContext: { http: { method: 'GET' }, stage } });
      return call.kind === 'http' && call.request.path;
    };
    expect(pathOf('/prod/predict', 'prod')).to.equal('/predict');
    expect(pathOf('/prod', 'prod')).to.equal('/');
    expect(pathOf('/product', 'prod')).to.equal('/product');
    expect(pathOf('/predict', '$default')).to.equal('/predict');
    expect(pathOf('/$default/predict', '$default')).to.equal('/$default/predict');
  });

  it('reads a bare body as a POST to /predict', () => {
    const request = { method: 'POST', path: '/predict', headers: {} };
    expect(toCall({ body: 'WzFd' })).to.deep.equal({
      kind: 'http',
      request: { ...request, body: { content: 'WzFd', base64: undefined } },
    });
    expect(toCall({ body: '[1]', isBase64Encoded: false })).to.deep.equal({
      kind: 'http',
      request: { ...request, body: { content: '[1]', base64: false } },
    });
  });

  it('takes anything else as a raw payload', () => {
    const payloads = [
      null,
      undefined,
      7,
      'text',
      [1, 2],
      {},
      { a: 1 },
      { body: 1, colour: 2 },
      { requestContext: { http: 7 } },
    ];
    for (const payload of payloads) expect(toCall(payload)).to.deep.equal({ kind: 'direct', payload });
  });
});
