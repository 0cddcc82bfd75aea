import { expect } from 'chai';
import { RequestError } from '../../functions/predict/errors.ts';
import { matchRoute, routes } from '../../functions/predict/routes.ts';

const match = (method: string, path: string) =>
  matchRoute({ method, path, headers: {}, body: { content: '', base64: false } });

describe('matchRoute', () => {
  it('finds every route of the table', () => {
    const table = routes.map(({ method, path }) => `${method} ${path}`);
    expect(table).to.deep.equal(['POST /predict', 'GET /model', 'GET /health']);
    for (const route of routes) expect(match(route.method, route.path)).to.equal(route);
  });

  it('names the routes that there are for an unknown path', () => {
    expect(() => match('GET', '/predict/')).to.throw(RequestError, 'there are POST /predict, GET /model, GET /health');
  });

  it('says what a path allows for a wrong method', () => {
    expect(() => match('POST', '/model'))
      .to.throw(RequestError)
      .that.deep.includes({ status: 405, headers: { allow: 'GET' } });
  });
});
