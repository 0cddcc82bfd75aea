import { expect } from 'chai';
import { toCall, toText } from '../../functions/predict/event.ts';

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

describe('toText', () => {
  const text = (content: unknown, base64?: boolean) => toText({ content, base64 });

  it('passes text on and decodes base64, with or without padding and line breaks', () => {
    expect(text('[1]', false)).to.equal('[1]');
    expect(text('W8OkXQ==', true)).to.equal('[ä]');
    expect(text('W8OkXQ', true)).to.equal('[ä]');
    expect(text('W8Ok\nXQ==\n', true)).to.equal('[ä]');
  });

  it('tells base64 from JSON where the event does not say', () => {
    expect(text('WzFd')).to.equal('[1]');
    expect(text(' [1]')).to.equal(' [1]');
    expect(text('{"a":1}')).to.equal('{"a":1}');
  });

  it('refuses what is no base64, no UTF-8 and no string', () => {
    const wrong = ['W!Fd', '[1]', 'WzFd!', 'WzFd$', 'WzFdA', 'WzFd=', 'WzFd===', 'W8OkXQ=', 'Wz=Fd'];
    for (const content of wrong) expect(() => text(content, true)).to.throw('Expected the body to be base64');
    expect(() => text('Wzz/XQ==', true)).to.throw('Expected the body to be UTF-8');
    expect(() => text(7)).to.throw('Expected the event to carry its body as a string');
  });
});
