import { gzipSync } from 'node:zlib';
import { defaultLimits } from '../../functions/core/limits.ts';
import { createHttpEvent, type TestRequest } from './http-event.ts';

const { bodyBytes } = defaultLimits;

/** Repeats a piece between `begin` and `end` until the body has the largest size that the function accepts. */
function full(piece: string, begin = '', end = '', separator = ','): string {
  const each = Buffer.byteLength(piece + separator);
  const count = Math.floor((bodyBytes - Buffer.byteLength(begin + end)) / each);
  return begin + Array(count).fill(piece).join(separator) + end;
}

const many = (count: number, toPiece: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => toPiece(at));
const flower = '{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}';

/** JSON that takes much memory for its size. The function accepts some of these documents and refuses others. */
const documents: Readonly<Record<string, string>> = {
  'empty arrays': full('[]', '[', ']'),
  'arrays of one array': full('[[]]', '[', ']'),
  // At /invocations, the object around these arrays is the 16th level, and a document may have at most 16.
  'arrays of 15 levels': full('[[[[[[[[[[[[[[]]]]]]]]]]]]]]', '[', ']'),
  'an array that is too deep': '['.repeat(bodyBytes / 2) + ']'.repeat(bodyBytes / 2),
  'an array that never ends': '['.repeat(bodyBytes),
  'objects that are too deep': `${'{"a":'.repeat(900_000)}1${'}'.repeat(900_000)}`,
  'empty objects': full('{}', '[', ']'),
  'objects of one name': full('{"a":1}', '[', ']'),
  'objects that each have another name': `[${many(400_000, (index) => `{"${index}":1}`)}]`,
  'rows of one number': full('[1]', '[', ']'),
  'rows of fractions': full('[0.1,0.1,0.1,0.1]', '[', ']'),
  numbers: full('1', '[', ']'),
  fractions: full('1.5', '[', ']'),
  nulls: full('null', '[', ']'),
  'short strings': full('"a"', '[', ']'),
  'rows of short strings': full('["a"]', '[', ']'),
  'strings of colons': full('":"', '[', ']'),
  'names of colons': full('{":":1}', '[', ']'),
  escapes: full(String.raw`\u0041`, '["', '"]', ''),
  'a long string beyond Latin-1': full('漢', '["', '"]', ''),
  'one long name': full('a', '{"', '":1}', ''),
  'long names': `{${many(600, (index) => `"${'a'.repeat(9990)}${index}":1`)}}`,
  'many names': `{${many(500_000, (index) => `"n${index}":1`)}}`,
  'as many unknown names as a row may have': `[{${many(10_000, (index) => `"${'a'.repeat(600)}${index}":1`)}}]`,
  'names that repeat': full('{"a":1,"a":1}', '[', ']'),
  'rows of 10,000 columns': full(`[${Array(10_000).fill('1').join()}]`, '[', ']'),
  'rows of 10,001 columns': full(`[${Array(10_001).fill('1').join()}]`, '[', ']'),
  '100,000 rows that are wrong in every value': `[${Array(100_000).fill('["a",[],{},true]')}]`,
  '100,000 rows that are null': `[${Array(100_000).fill('null')}]`,
  '100,000 rows that lack names': `[${Array(100_000).fill('{"sepal_length":1}')}]`,
  'as many flowers by name as fit': full(flower, '[', ']'),
  'a document that is wrong at its end': full('[]', '[', '}'),
};

const json = { 'content-type': 'application/json' };
const csv = { 'content-type': 'text/csv' };

const tables: Readonly<Record<string, string>> = {
  'fields of one character': full('1'),
  'records of one character': full('1', '', '', '\n'),
  'empty fields': full('', '', '', ','),
  'empty lines': full('', '', '', '\n'),
  'quoted fields': full('"a"'),
  'quoted records': full('"a"', '', '', '\n'),
  'a quote that never ends': full('a', '"', '', ''),
  'quotes alone': full('""', '', '', ''),
  flowers: full('5.1,3.5,1.4,0.2', '', '', '\n'),
  'quoted flowers': full('"5","3","1","0"', '', '', '\n'),
  '100,000 records that are wrong in every field': full('a,b,c,d', '1,2,3,4\n', '', '\n').slice(0, 800_000),
  'a header of 10,000 long names': many(10_000, (index) => `${'a'.repeat(600)}${index}`).join(),
};

const inferWith = (input: object) => JSON.stringify({ inputs: [{ name: 'X', datatype: 'FP64', ...input }] });
/** A request with a tensor as binary data after the JSON. */
const binary = (datatype: string, rows: number, tail: Uint8Array): TestRequest => {
  const head = Buffer.from(inferWith({ datatype, shape: [rows, 4], parameters: { binary_data_size: tail.length } }));
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(head.length),
  };
  return { path: '/v2/models/iris/infer', headers, body: Buffer.concat([head, tail]) };
};

const tensors: Readonly<Record<string, TestRequest>> = {
  'a tensor of numbers': {
    path: '/v2/models/iris/infer',
    headers: json,
    body: full('1', `${inferWith({ shape: [100_000, 4] }).slice(0, -3)},"data":[`, ']}]}'),
  },
  'a tensor of rows': {
    path: '/v2/models/iris/infer',
    headers: json,
    body: full('[1,1,1,1]', `${inferWith({ shape: [100_000, 4] }).slice(0, -3)},"data":[`, ']}]}'),
  },
  'empty tensors': { path: '/v2/models/iris/infer', headers: json, body: full('{}', '{"inputs":[', ']}') },
  outputs: {
    path: '/v2/models/iris/infer',
    headers: json,
    body: full('{"name":"label"}', '{"inputs":[{}],"outputs":[', ']}'),
  },
  'binary bytes': binary('UINT8', 100_000, Buffer.alloc(400_000, 1)),
  'more rows of binary bytes than a request may have': binary('UINT8', 1_500_000, Buffer.alloc(6_000_000, 1)),
  'empty binary strings': binary('BYTES', 100_000, Buffer.alloc(1_600_000)),
  'binary numbers that are NaN': binary('FP64', 100_000, Buffer.alloc(3_200_000, 0xff)),
};

const ofMlflow: Readonly<Record<string, string>> = {
  rows: `{"instances":[${Array(100_000).fill('[5.1,3.5,1.4,0.2]')}]}`,
  records: full(flower, '{"dataframe_records":[', ']}'),
  columns: `{"inputs":{${['sepal_length', 'sepal_width', 'petal_length', 'petal_width'].map((name) => `"${name}":[${Array(100_000).fill('5')}]`)}}}`,
  'a frame': `{"dataframe_split":{"columns":["petal_width","sepal_length","sepal_width","petal_length"],"data":[${Array(100_000).fill('[5,3,1,0]')}]}}`,
  params: full('"a":{}', '{"instances":[[1]],"params":{', '}}'),
};

const gzipped = ({ headers, body = '', ...request }: TestRequest): TestRequest => {
  return { ...request, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
};

function* requests(): Generator<[string, TestRequest]> {
  for (const [name, body] of Object.entries(documents)) {
    yield [`/predict: ${name}`, { path: '/predict', headers: json, body }];
    yield [
      `/invocations: ${name}`,
      { path: '/invocations', headers: json, body: `{"instances":${body}}`.slice(0, bodyBytes) },
    ];
  }
  for (const [name, body] of Object.entries(tables))
    yield [`/predict, CSV: ${name}`, { path: '/predict', headers: csv, body }];
  for (const [name, request] of Object.entries(tensors)) yield [`/v2: ${name}`, request];
  for (const [name, body] of Object.entries(ofMlflow))
    yield [`/invocations: ${name}`, { path: '/invocations', headers: json, body }];
  const bomb = Buffer.alloc(200 * 1024 * 1024, ' ');
  yield ['200 MB of spaces', { path: '/predict', headers: json, body: bomb }];
}

/** Events of gzip requests that take much memory although they fit into an event that Lambda accepts. */
export function* worstEvents(): Generator<[name: string, event: string]> {
  for (const [name, request] of requests()) yield [name, JSON.stringify(createHttpEvent(gzipped(request)))];
}
