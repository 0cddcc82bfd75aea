import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { jsonContent, staticContent } from '../../functions/predict/http/content.ts';
import { toCorsHeaders } from '../../functions/predict/http/cors.ts';
import { toHttpResponse } from '../../functions/predict/http/response.ts';

const requestOf = (method: string, headers: Record<string, string> = {}) => {
  return { method, path: '/', headers, body: { content: '', base64: false } };
};
const packed = (content: Parameters<typeof toHttpResponse>[0], method = 'GET', headers: Record<string, string> = {}) =>
  toHttpResponse(content, requestOf(method, headers), 'id-1');

describe('toHttpResponse', () => {
  it('has the request id, and forbids caching the answer', () => {
    expect(packed(jsonContent([1]))).to.deep.equal({
      statusCode: 200,
      headers: {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': 'id-1',
        'content-type': 'application/json',
      },
      body: '[1]',
      isBase64Encoded: false,
    });
  });

  it('encodes bytes as base64', () => {
    expect(packed({ ...jsonContent(1), body: Buffer.from([255, 0]) })).to.include({
      body: '/wA=',
      isBase64Encoded: true,
    });
  });

  it('leaves out the body for HEAD', () => {
    const { body, statusCode, headers } = packed(jsonContent([1]), 'HEAD');
    expect([statusCode, body, headers['content-type']]).to.deep.equal([200, '', 'application/json']);
  });

  it('gives a static document an ETag, and answers 304 for it', () => {
    const document = staticContent('{"a":1}', 'application/json');
    const { headers } = packed(document);
    const etag = String(headers.etag);
    expect(etag).to.match(/^W\/"[\w-]{22}"$/);
    expect(headers['cache-control']).to.equal('no-cache');
    for (const tag of [etag, etag.slice(2), `"x", ${etag}`, '*']) {
      expect(packed(document, 'GET', { 'if-none-match': tag })).to.include({ statusCode: 304, body: '' });
    }
    expect(packed(document, 'GET', { 'if-none-match': '"x"' })).to.include({ statusCode: 200 });
    expect(packed(staticContent('{"a":2}', 'application/json')).headers.etag).not.to.equal(etag);
  });

  it('has vary: accept-encoding for a long answer, compressed or not', () => {
    const long = staticContent('x'.repeat(10_000), 'text/html');
    for (const accepted of ['gzip', 'a-gzip', 'gzip;q=0', '']) {
      const { headers } = packed(long, 'GET', { 'accept-encoding': accepted });
      expect(headers.vary).to.equal('accept-encoding');
      expect(headers['content-encoding']).to.equal(accepted === 'gzip' ? 'gzip' : undefined);
    }
  });

  it('compresses a long answer if the client accepts gzip', () => {
    const long = jsonContent('x'.repeat(10_000));
    for (const accept of ['gzip', 'deflate, GZIP;q=0.5', 'br, gzip']) {
      const { headers, body, isBase64Encoded } = packed(long, 'POST', { 'accept-encoding': accept });
      expect(headers).to.include({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(isBase64Encoded).to.equal(true);
      expect(gunzipSync(Buffer.from(body, 'base64')).toString()).to.equal(long.body);
    }
    for (const accept of ['', 'br', 'gzip;q=0', 'gzip; q=0.0, br', 'xgzip']) {
      expect(packed(long, 'POST', { 'accept-encoding': accept })).to.include({ isBase64Encoded: false });
    }
    const varied = { ...long, headers: { ...long.headers, vary: 'origin' } };
    expect(packed(varied, 'POST', { 'accept-encoding': 'gzip' }).headers.vary).to.equal('origin, accept-encoding');
    expect(packed(jsonContent('x'), 'POST', { 'accept-encoding': 'gzip' })).to.include({ isBase64Encoded: false });
  });
});

describe('toCorsHeaders', () => {
  const from = (origin: string, method = 'POST') =>
    requestOf(method, { origin, 'access-control-request-headers': 'x-a' });

  it('allows nothing unless origins are configured and the request has one of them', () => {
    expect(toCorsHeaders([], from('https://a.example'))).to.deep.equal({});
    expect(toCorsHeaders(['*'], requestOf('POST'))).to.deep.equal({});
    expect(toCorsHeaders(['https://a.example'], requestOf('POST'))).to.deep.equal({ vary: 'origin' });
    expect(toCorsHeaders(['https://a.example'], from('https://b.example'))).to.deep.equal({ vary: 'origin' });
  });

  it('lets a page of a configured origin read the answer', () => {
    expect(toCorsHeaders(['https://a.example'], from('https://a.example'))).to.deep.equal({
      'access-control-allow-origin': 'https://a.example',
      'access-control-expose-headers': 'x-request-id, inference-header-content-length',
      vary: 'origin',
    });
    expect(toCorsHeaders(['*'], from('https://a.example'))).to.include({ 'access-control-allow-origin': '*' });
  });

  it('answers a preflight', () => {
    expect(toCorsHeaders(['*'], from('https://a.example', 'OPTIONS'))).to.deep.equal({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'x-a',
      'access-control-max-age': '86400',
    });
  });
});
