import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Event, LocalDoor } from '../../local/doors/door.ts';
import { functionUrl, toHttpApiEvent } from '../../local/doors/http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from '../../local/doors/load-balancer.ts';
import { restApi, toRestApiEvent } from '../../local/doors/rest-api.ts';
import { toRoute } from '../../local/doors/routes.ts';
import { readTemplate } from '../helpers/cloudformation.ts';
import { readEvent } from '../helpers/files.ts';
import type { TestRequest } from '../helpers/http-event.ts';

/** Sends a real HTTP request, and returns the event that `toEvent` makes of it. */
async function eventBy<E extends Event>(toEvent: (...of: Parameters<LocalDoor['toEvent']>) => E, request: TestRequest) {
  let event: E | undefined;
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

const eventOf = (request: TestRequest) => eventBy(toHttpApiEvent, request);

describe('the event of an HTTP API', () => {
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
      expect(event).to.include(
        isText ? { body: '[1]', isBase64Encoded: false } : { body: 'WzFd', isBase64Encoded: true },
      );
    });
  }

  it('passes a compressed body as base64', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await eventOf({ path: '/', body: 'x', headers })).isBase64Encoded).to.equal(true);
  });

  it('has no body if none was sent', async () => {
    const event = await eventOf({ method: 'GET', path: '/' });
    expect(event).not.to.have.property('body');
    expect(event.isBase64Encoded).to.equal(false);
  });

  it('writes header names in lower case, keeps the path as it was sent, and splits the query', async () => {
    const event = await eventOf({ method: 'GET', path: '/a%20b?x=1&x=2&y=a%26b', headers: { 'X-Name': 'Value' } });
    expect(event.headers).to.include({ 'x-name': 'Value' });
    expect(event).to.include({ rawPath: '/a%20b', rawQueryString: 'x=1&x=2&y=a%26b' });
    expect(event.queryStringParameters).to.deep.equal({ x: '1,2', y: 'a&b' });
    expect(event.requestContext.time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.requestContext.http).to.include({ method: 'GET', path: '/a%20b', sourceIp: '127.0.0.1' });
  });

  it('joins the values of a repeated header, and keeps all after the first question mark as the query', async () => {
    const event = await eventOf({ method: 'GET', path: '/?a=b?c', headers: { 'x-a': ['1', '2'] as never } });
    expect(event.headers).to.include({ 'x-a': '1,2' });
    expect(event.rawQueryString).to.equal('a=b?c');
  });

  it('keeps cookies apart from the headers', async () => {
    const event = await eventOf({ method: 'GET', path: '/', headers: { cookie: 'a=1; b=2' } });
    expect(event).to.deep.include({ cookies: ['a=1', 'b=2'] });
    expect(event.headers).not.to.have.property('cookie');
  });

  it('finds the path if the client sends a whole URL', async () => {
    const event = await eventOf({ method: 'GET', path: 'http://example.com/health?x=1' });
    expect(event).to.include({ rawPath: '/health', rawQueryString: 'x=1' });
  });

  it('adds the connection to the headers, after the entries of other proxies', async () => {
    const { headers } = await eventOf({ method: 'GET', path: '/', headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(headers).to.include({ 'x-forwarded-for': '192.0.2.1, 127.0.0.1', 'x-forwarded-proto': 'http' });
    expect(headers['x-forwarded-port']).to.equal(headers.host?.split(':')[1]);
  });

  it('has the members that the events of API Gateway have', async () => {
    const real = readEvent('http-text') as Record<string, object>;
    const headers = { accept: '*/*', 'content-type': 'application/json', 'user-agent': 'test' };
    const event: Record<string, unknown> = await eventOf({ path: '/predict', headers, body: '[5.1,3.5,1.4,0.2]' });
    delete (event.headers as Record<string, string>).connection;
    expect(Object.keys(event)).to.have.members(Object.keys(real));
    for (const member of ['headers', 'requestContext', 'pathParameters']) {
      expect(event[member], member).to.have.all.keys(real[member] ?? {});
    }
  });
});

/** The members of an event and of its objects, except headers and parameters. */
const membersOf = (event: object) =>
  Object.entries(event).flatMap(([name, value]) =>
    /headers|parameters/i.test(name) || typeof value !== 'object' || value === null
      ? [name]
      : Object.keys(value).map((member) => `${name}.${member}`),
  );

describe('the event of a service other than an HTTP API', () => {
  const headers = { 'content-type': 'application/json', 'user-agent': 'test', 'X-Tag': ['a', 'b'] as never };
  const request = { path: '/predict?ignore=a%20b&ignore=id', headers, body: '[5.1,3.5,1.4,0.2]' };

  const real: readonly (readonly [LocalDoor, string])[] = [
    [functionUrl, 'function-url'],
    [restApi, 'rest-api'],
    [loadBalancer, 'load-balancer'],
    [multiValueLoadBalancer, 'load-balancer-multi-value'],
  ];
  for (const [door, name] of real) {
    it(`has the members that events/${name}.json has`, async () => {
      const more = name === 'function-url' ? { path: '/predict', headers: { ...headers, cookie: 'session=1' } } : {};
      const event = await eventBy(door.toEvent, { ...request, ...more });
      expect(membersOf(event)).to.have.members(membersOf(readEvent(name) as object));
    });
  }

  it('has the route $default behind a function URL', async () => {
    const event = await eventBy(functionUrl.toEvent, request);
    expect(event).to.include({ routeKey: '$default' }).and.not.have.property('pathParameters');
  });

  it('has header names as they were written, all values of each name and a base64 body, behind a REST API', async () => {
    const event = await eventBy(toRestApiEvent as LocalDoor['toEvent'], request);
    expect(event).to.nested.include({ 'headers.X-Tag': 'b', body: 'WzUuMSwzLjUsMS40LDAuMl0=', isBase64Encoded: true });
    expect(event).to.deep.nested.include({
      'multiValueHeaders.X-Tag': ['a', 'b'],
      multiValueQueryStringParameters: { ignore: ['a b', 'id'] },
      queryStringParameters: { ignore: 'id' },
    });
  });

  it('has null for a body and parameters that were not sent to a REST API', async () => {
    const event = await eventBy(restApi.toEvent, { method: 'GET', path: '/' });
    expect(event).to.include({ body: null, isBase64Encoded: false, queryStringParameters: null, pathParameters: null });
  });

  it('has the undecoded query behind a load balancer, with the last or all of several values', async () => {
    expect(await eventBy(loadBalancer.toEvent, request)).to.deep.nested.include({
      'headers.x-tag': 'b',
      queryStringParameters: { ignore: 'id' },
      body: '[5.1,3.5,1.4,0.2]',
      isBase64Encoded: false,
    });
    expect(await eventBy(multiValueLoadBalancer.toEvent, request)).to.deep.nested.include({
      'multiValueHeaders.x-tag': ['a', 'b'],
      multiValueQueryStringParameters: { ignore: ['a%20b', 'id'] },
    });
  });

  it('keeps parameters called __proto__ and constructor', async () => {
    for (const [door] of real) {
      const event = await eventBy(door.toEvent, { path: '/predict?__proto__=1&constructor=2', body: '' });
      for (const member of [/"__proto__":(\["1"\]|"1")/, /"constructor":(\["2"\]|"2")/])
        expect(JSON.stringify(event), door.title).to.match(member);
    }
  });
});

describe('the route of an event', () => {
  const { DefinitionBody } = readTemplate().Resources.Api?.Properties ?? {};

  for (const path of Object.keys(DefinitionBody.paths)) {
    const key = `ANY ${path}`;
    it(`is the template's ${key}`, async () => {
      const event = await eventOf({ method: 'GET', path: path.replace('{proxy+}', 'a/b') });
      expect([event.routeKey, event.requestContext.routeKey]).to.deep.equal([key, key]);
      expect(event.pathParameters).to.deep.equal(path.includes('{proxy+}') ? { proxy: 'a/b' } : undefined);
    });
  }

  it('is the same as in the files of events/', () => {
    const files = readdirSync('events', { recursive: true, encoding: 'utf8' }).filter((path) =>
      /http-.*json/.test(path),
    );
    expect(files).not.to.have.length(0);
    for (const file of files) {
      const { routeKey, rawPath, requestContext } = readEvent(file.replace('.json', '')) as ReturnType<
        typeof toHttpApiEvent
      >;
      expect([routeKey, requestContext.routeKey], file).to.deep.equal(Array(2).fill(`ANY ${toRoute(rawPath)}`));
    }
  });
});
