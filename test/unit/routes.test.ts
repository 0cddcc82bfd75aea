import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { allowedMethods, errorEncoderAt, matchRoute, routes } from '../../functions/predict/routes.ts';

describe('matchRoute', () => {
  it('finds every route, with and without a slash at the end of its path', () => {
    for (const route of routes) {
      const path = route.path.replaceAll('{', '').replaceAll('}', '');
      expect(matchRoute(route.method, path).route).to.equal(route);
      if (path !== '/') expect(matchRoute(route.method, `${path}/`).route).to.equal(route);
    }
  });

  it('finds the route of GET for HEAD', () => {
    expect(matchRoute('HEAD', '/model').route).to.include({ method: 'GET', path: '/model' });
  });

  it('refuses an unknown path and a wrong method', () => {
    for (const path of ['/petals', '/predict/x', '//predict', '/Predict']) {
      expect(() => matchRoute('GET', path))
        .to.throw(RequestError)
        .with.property('status', 404);
    }
    expect(() => matchRoute('POST', '/model'))
      .to.throw(RequestError)
      .that.deep.includes({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
    expect(allowedMethods('/predict')).to.equal('POST, OPTIONS');
  });

  it('decodes a name in the path, or leaves it unchanged if its percent-encoding is invalid', () => {
    const namesIn = (path: string) => Object.values(matchRoute('GET', path).parameters);
    expect(namesIn('/v2/models/my%20iris')).to.deep.equal(['my iris']);
    expect(namesIn('/v2/models/%E0%A4%A')).to.deep.equal(['%E0%A4%A']);
    expect(namesIn('/v2/models/100%')).to.deep.equal(['100%']);
  });
});

describe('errorEncoderAt', () => {
  it("writes errors in the form of the path's family, even if there is no route", () => {
    const error = new RequestError('RouteNotFound', 'Nothing');
    const typeAt = (path: string) => errorEncoderAt(path)(error, 'id').headers['content-type'];
    const bodyAt = (path: string) => Object.keys(JSON.parse(String(errorEncoderAt(path)(error, 'id').body)));
    expect(typeAt('/petals')).to.equal('application/problem+json');
    expect(bodyAt('/invocations/x')).to.deep.equal(['error_code', 'message']);
  });
});
