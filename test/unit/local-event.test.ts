import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { toEvent } from '../../local/event.ts';
import type { TestRequest } from '../helpers/http-event.ts';

/** The event that is made of a real request. */
async function eventOf(request: TestRequest): Promise<ReturnType<typeof toEvent>> {
  let event: ReturnType<typeof toEvent> | undefined;
  const server = createServer(async (incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    event = toEvent(incoming, Buffer.concat(chunks));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { method = 'POST', path, headers = {}, body } = request;
  const { port } = server.address() as AddressInfo;
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers }).end(body);
  const [response] = await once(outgoing, 'response');
  response.resume();
  server.close();
  if (!event) throw new Error('no request arrived');
  return event;
}

describe('toEvent', () => {
  const types: [string | undefined, boolean][] = [
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/csv', true],
    ['application/xml', true],
    ['application/javascript', true],
    ['application/x-www-form-urlencoded', false],
    ['application/octet-stream', false],
    ['application/vnd.api+json', false],
    [undefined, false],
  ];
  for (const [type, isText] of types) {
    it(`passes ${type ?? 'no type'} as ${isText ? 'text' : 'base64'}`, async () => {
      const event = await eventOf({ path: '/', body: '[1]', headers: type ? { 'content-type': type } : {} });
      expect([event.body, event.isBase64Encoded]).to.deep.equal(isText ? ['[1]', false] : ['WzFd', true]);
    });
  }

  it('passes a compressed body as base64', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await eventOf({ path: '/', body: 'x', headers })).isBase64Encoded).to.equal(true);
  });

  it('has no body where none was sent', async () => {
    const event = await eventOf({ method: 'GET', path: '/' });
    expect(event).not.to.have.property('body');
    expect(event.isBase64Encoded).to.equal(false);
  });

  it('lowers header names, keeps the path as it was sent and splits the query', async () => {
    const event = await eventOf({ method: 'GET', path: '/a%20b?x=1&x=2&y=a%26b', headers: { 'X-Name': 'Value' } });
    expect(event.headers).to.include({ 'x-name': 'Value' });
    expect(event).to.include({ rawPath: '/a%20b', rawQueryString: 'x=1&x=2&y=a%26b' });
    expect(event.queryStringParameters).to.deep.equal({ x: '1,2', y: 'a&b' });
    expect(event.requestContext.time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.requestContext.http).to.include({ method: 'GET', path: '/a%20b', sourceIp: '127.0.0.1' });
  });

  it('joins the values of a header that comes twice, and keeps what follows the first question mark', async () => {
    const event = await eventOf({ method: 'GET', path: '/?a=b?c', headers: { 'x-a': ['1', '2'] as never } });
    expect(event.headers).to.include({ 'x-a': '1,2' });
    expect(event.rawQueryString).to.equal('a=b?c');
  });

  it('keeps cookies apart from the headers', async () => {
    const event = await eventOf({ method: 'GET', path: '/', headers: { cookie: 'a=1; b=2' } });
    expect(event).to.deep.include({ cookies: ['a=1', 'b=2'] });
    expect(event.headers).not.to.have.property('cookie');
  });

  it('takes the path of a request for a whole URL', async () => {
    const event = await eventOf({ method: 'GET', path: 'http://example.com/health?x=1' });
    expect(event).to.include({ rawPath: '/health', rawQueryString: 'x=1' });
  });
});
