import { expect } from 'chai';
import { toApiPath } from '../../functions/predict/doors/api-path.ts';

const proxy = '/{proxy+}';

describe('toApiPath', () => {
  const cases: [string, string, string, Record<string, unknown>, string][] = [
    ['the path as it is', '/predict', proxy, { proxy: 'predict' }, '/predict'],
    ['a stage', '/prod/predict', proxy, { proxy: 'predict' }, '/predict'],
    ['a stage, and nothing after it', '/prod', '/', {}, '/'],
    ['a base path', '/flowers/predict', proxy, { proxy: 'predict' }, '/predict'],
    ['a base path, and nothing after it', '/flowers', '/', {}, '/'],
    ['a base path, and a stage after it', '/flowers/prod/predict', proxy, { proxy: 'predict' }, '/predict'],
    ['a base path, and a slash at the end', '/flowers/predict/', proxy, { proxy: 'predict' }, '/predict'],
    [
      'a base path with the name of a route',
      '/v2/v2/models/iris',
      proxy,
      { proxy: 'v2/models/iris' },
      '/v2/models/iris',
    ],
    ['a route without parameters', '/flowers/health', '/health', {}, '/health'],
    [
      'a route with a fixed beginning',
      '/flowers/v2/health/live',
      '/v2/health/{proxy+}',
      { proxy: 'live' },
      '/v2/health/live',
    ],
    [
      'a route with several parameters',
      '/a/v2/models/iris/infer',
      '/v2/models/{m}/{what}',
      { m: 'iris', what: 'infer' },
      '/v2/models/iris/infer',
    ],
    ['a value with a dollar sign', '/a/$&', proxy, { proxy: '$&' }, '/$&'],
  ];
  for (const [what, path, route, parameters, expected] of cases) {
    it(`finds the path within the API: ${what}`, () => {
      expect(toApiPath({ path, route, parameters, stage: 'prod' })).to.equal(expected);
    });
  }

  it('removes the stage if the path cannot be rebuilt from the route', () => {
    const within = (path: string, stage: string, route = '$default', parameters?: unknown) =>
      toApiPath({ path, route, parameters, stage });
    expect(within('/prod/predict', 'prod')).to.equal('/predict');
    expect(within('/prod', 'prod')).to.equal('/');
    expect(within('/product', 'prod')).to.equal('/product');
    expect(within('/predict', '$default')).to.equal('/predict');
    expect(within('/$default/predict', '$default')).to.equal('/$default/predict');
    expect(within('/prod/predict', 'prod', '')).to.equal('/predict');
    for (const parameters of [undefined, null, 7, {}, { proxy: 7 }, { proxy: '/predict' }]) {
      expect(within('/prod/predict', 'prod', proxy, parameters), JSON.stringify(parameters)).to.equal('/predict');
    }
    expect(within('/predict/', 'prod', proxy)).to.equal('/predict/');
    expect(within('/v2/$default', '$default')).to.equal('/v2/$default');
    expect(within('/predict', '', '/{proxy', { proxy: 'predict' })).to.equal('/predict');
  });
});
