import { expect } from 'chai';
import { httpApi } from '../../functions/predict/doors/http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from '../../functions/predict/doors/load-balancer.ts';
import { restApi } from '../../functions/predict/doors/rest-api.ts';
import { readEvent } from '../helpers/files.ts';

type Event = Record<string, unknown> & { requestContext: Record<string, unknown> };
const read = (name: string) => readEvent(name) as Event;

const response = { statusCode: 422, headers: { allow: 'POST', vary: 'origin' }, body: '{}', isBase64Encoded: false };

describe('an HTTP API', () => {
  const event = read('http-text');

  it('passes on the request as it was sent, with header names in lower case', () => {
    const headers = { 'Content-Type': 'application/json', 'x-count': 3 };
    expect(httpApi.toRequest({ ...event, headers })).to.deep.equal({
      method: 'POST',
      path: '/predict',
      headers: { 'content-type': 'application/json' },
      body: { content: '[5.1,3.5,1.4,0.2]', base64: false },
    });
  });

  it('accepts events with few members, and members of wrong types', () => {
    const little = { requestContext: { http: { method: 'get', path: '/model' } }, isBase64Encoded: 'true' };
    const body = { content: '', base64: false };
    expect(httpApi.toRequest(little)).to.deep.equal({ method: 'GET', path: '/model', headers: {}, body });
    const none = { requestContext: { http: { method: 7 } }, rawPath: null, routeKey: 7, headers: [] };
    expect(httpApi.toRequest(none)).to.deep.equal({ method: '', path: '', headers: {}, body });
  });

  it('passes on the query as it was sent, or builds it from the parameters', () => {
    const queryOf = (changes: object) => httpApi.toRequest({ ...event, rawQueryString: undefined, ...changes }).query;
    const sent = 'ignore=a%20b&ignore=c';
    expect(queryOf({ rawQueryString: sent, queryStringParameters: { ignore: 'x' } })).to.equal(sent);
    expect(queryOf({ queryStringParameters: { ignore: 'a b,c', other: 7 } })).to.equal('ignore=a+b%2Cc&other=');
    for (const changes of [{}, { rawQueryString: '' }, { rawQueryString: 7 }, { queryStringParameters: null }]) {
      expect(queryOf(changes), JSON.stringify(changes)).to.equal(undefined);
    }
  });

  it('is answered in payload format 2.0', () => {
    expect(httpApi.toAnswer(response)).to.deep.equal(response);
  });
});

describe('a REST API', () => {
  it('passes on all values of a header and of a parameter, and encodes the query', () => {
    const { method, path, headers, query, body } = restApi.toRequest(read('rest-api'));
    expect({ method, path, query }).to.deep.equal({ method: 'POST', path: '/predict', query: 'ignore=a+b&ignore=id' });
    expect(headers).to.include({ 'content-type': 'application/json', cookie: 'session=1', 'x-tag': 'a, b' });
    expect(body).to.have.property('base64', false);
  });

  it('passes on a body in base64 if binaryMediaTypes has its type', () => {
    const { body } = restApi.toRequest(read('rest-api-base-path'));
    expect(body).to.deep.equal({ content: 'WzUuMSwzLjUsMS40LDAuMl0=', base64: true });
  });

  it('hides that its client accepts gzip, because it would pass on compressed answers as base64 text', () => {
    const event = {
      ...read('rest-api'),
      multiValueHeaders: null,
      headers: { 'Accept-Encoding': 'gzip', Accept: '*/*' },
    };
    expect(restApi.toRequest(event).headers).to.deep.equal({ accept: '*/*' });
  });

  it('accepts null for missing members, as the console of API Gateway sends it', () => {
    const nothing = { headers: null, multiValueHeaders: null, queryStringParameters: null, body: null };
    const event = { ...read('rest-api'), ...nothing, multiValueQueryStringParameters: null };
    const request = { method: 'POST', path: '/predict', headers: {}, body: { content: '', base64: false } };
    expect(restApi.toRequest(event)).to.deep.equal(request);
  });

  it('is answered in payload format 1.0', () => {
    expect(restApi.toAnswer(response)).to.deep.equal(response);
  });
});

describe('a load balancer', () => {
  it('passes on the query as it was sent, without decoding names and values', () => {
    const { query, headers } = loadBalancer.toRequest(read('load-balancer'));
    expect(query).to.equal('ignore=a%20b%2Cid');
    expect(headers).to.include({ 'content-type': 'application/json', cookie: 'session=1' });
  });

  it('passes on all values of a header and of a parameter if its target group has multi-value headers', () => {
    const { query, headers, body } = multiValueLoadBalancer.toRequest(read('load-balancer-multi-value'));
    expect(query).to.equal('ignore=a%20b&ignore=id');
    expect(headers).to.include({ 'x-tag': 'a, b', host: 'sepal-1234567890.us-east-1.elb.amazonaws.com' });
    expect(body).to.have.property('base64', true);
  });

  it('passes on its health check, which has few members', () => {
    expect(loadBalancer.toRequest(read('load-balancer-health'))).to.deep.equal({
      method: 'GET',
      path: '/health',
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
      body: { content: '', base64: false },
    });
  });

  it('is answered with a description of the status', () => {
    const statusDescription = '422 Unprocessable Entity';
    expect(loadBalancer.toAnswer(response)).to.deep.equal({ ...response, statusDescription });
  });

  it('is answered with only multi-value headers if its target group has them', () => {
    const { headers: _, ...rest } = response;
    expect(multiValueLoadBalancer.toAnswer(response)).to.deep.equal({
      ...rest,
      statusDescription: '422 Unprocessable Entity',
      multiValueHeaders: { allow: ['POST'], vary: ['origin'] },
    });
  });
});
