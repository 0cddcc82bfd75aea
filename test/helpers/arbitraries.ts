import fc from 'fast-check';
import { routes } from '../../functions/predict/routes.ts';
import { createHttpEvent } from './http-event.ts';

/** JSON values of every kind, nested up to 3 levels, and numbers of every size, also NaN and infinities. */
export const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom(0, -0, 1e308, -1e308, 5e-324, Number.MAX_VALUE, 2 ** 53, '5.1', null, true, [], {}),
);
const names = fc.constantFrom(
  'sepal_length',
  'sepal_width',
  'petal_length',
  'petal_width',
  '__proto__',
  'constructor',
  '',
);
const row = fc.oneof(
  fc.array(value, { maxLength: 6 }),
  fc.array(fc.double(), { minLength: 4, maxLength: 4 }),
  fc.dictionary(fc.oneof(names, fc.string()), value),
);
export const document = fc.oneof(value, row, fc.array(row, { maxLength: 4 }), fc.record({ instances: fc.array(row) }));
export const body = fc.oneof(
  document.map((content) => JSON.stringify(content) ?? ''),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

const paths = routes.map((route) => route.path.replace('{model}', 'iris').replace('{version}', '1.0.0'));
const posts = paths.filter((_, index) => routes[index]?.method === 'POST');
const target = fc.oneof(
  { weight: 6, arbitrary: fc.record({ method: fc.constant('POST'), path: fc.constantFrom(...posts) }) },
  {
    weight: 2,
    arbitrary: fc.record({ method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'PUT'), path: fc.constantFrom(...paths) }),
  },
  { weight: 1, arbitrary: fc.record({ method: fc.string(), path: fc.webPath() }) },
);
const types = [
  'application/json',
  'application/json',
  'text/csv',
  'text/plain',
  'application/octet-stream',
  '*/*',
  'text/*;q=0.1',
];
const mediaType = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, fc.string());
const headers = fc.record(
  {
    'content-type': mediaType,
    accept: mediaType,
    'accept-encoding': fc.oneof(fc.constant('gzip'), fc.string()),
    'content-encoding': fc.oneof(
      { weight: 9, arbitrary: fc.constant('identity') },
      fc.constantFrom('gzip', 'br'),
      fc.string(),
    ),
    'if-none-match': fc.oneof(fc.constant('*'), fc.string()),
    'inference-header-content-length': fc.oneof(fc.nat(200).map(String), fc.string()),
    origin: fc.webUrl(),
  },
  { requiredKeys: [] },
);

/** An HTTP event with any route, method, headers and body. Most are POST requests to an existing route. */
export const httpEvent = fc
  .record({ target, headers, body })
  .map(({ target: { method, path }, ...rest }) => createHttpEvent({ method, path, ...rest }));
