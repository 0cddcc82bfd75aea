import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { TestRequest } from '../helpers/http-event.ts';
import type { Answer, Kind } from './exchange.ts';
import { csv, json } from './valid-requests.ts';

type CheckBody = (document: Record<string, unknown>, status: number) => void;

function refuses(name: string, request: TestRequest, status: number, checkBody: CheckBody, weight = 5): Kind {
  const check = (answer: Answer) => {
    const body = answer.body.toString();
    expect(answer.status, body.slice(0, 500)).to.equal(status);
    // HEAD has no body.
    if (request.method !== 'HEAD') checkBody(JSON.parse(body), status);
  };
  return { name, weight, create: () => ({ request, check }) };
}

const problem: CheckBody = (document, status) => {
  expect(document).to.include({ status });
  expect(document).to.have.keys(
    ['type', 'title', 'status', 'detail', 'instance', 'errors'].filter((key) => key in document),
  );
  expect(document.instance).to.match(/^\S+$/);
};
const openInferenceError: CheckBody = (document) => {
  expect(document).to.have.keys(['error']);
  expect(document.error).to.match(/\S/);
};
const mlflowError: CheckBody = (document) => {
  expect(document).to.have.keys(['error_code', 'message']);
  expect(document.error_code).to.equal('BAD_REQUEST');
};
const gatewayError: CheckBody = (document) => {
  expect(document).to.deep.equal({ message: 'Request Entity Too Large' });
};

const predict = (body: TestRequest['body'], headers: TestRequest['headers'] = json): TestRequest => {
  return { path: '/predict', headers, ...(body !== undefined && { body }) };
};
const megabytes = 1024 * 1024;
const row = [5.1, 3.5, 1.4, 0.2];
const rows = (count: number) => JSON.stringify(Array.from({ length: count }, () => row));
const gzip = { ...json, 'content-encoding': 'gzip' };

const native: readonly Kind[] = [
  refuses('3 values', predict('[5.1,3.5,1.4]'), 422, problem),
  refuses('5 values', predict('[[5.1,3.5,1.4,0.2,1]]'), 422, problem),
  refuses('texts', predict('[["5.1",3.5,1.4,0.2]]'), 422, problem),
  refuses('null', predict('[5.1,3.5,null,0.2]'), 422, problem),
  refuses('rows in rows', predict('[[[5.1],3.5,1.4,0.2]]'), 422, problem),
  refuses('a missing and an unknown name', predict('{"sepal_length":5.1,"petals":3}'), 422, problem),
  refuses('1,000 problems', predict(JSON.stringify(Array(1000).fill(['a', 'b', 'c', 'd']))), 422, problem),
  refuses('no finite answer', predict('[1e308,-1e308,1e308,1e308]'), 422, problem),
  refuses('no rows', predict('[]'), 422, problem),
  refuses('a number', predict('42'), 422, problem),
  refuses('a name twice', predict('{"sepal_length":5.1,"sepal_length":5.1}'), 422, problem),
  refuses('17 levels', predict('['.repeat(17) + ']'.repeat(17)), 422, problem),
  refuses('200,000 levels', predict('['.repeat(200_000)), 422, problem, 1),
  refuses('malformed JSON', predict('[5.1,3.5'), 400, problem),
  refuses('NaN', predict('[NaN,3.5,1.4,0.2]'), 422, problem),
  refuses('no body', predict(undefined), 400, problem),
  refuses('base64 where JSON belongs', predict('WzUuMSwzLjUsMS40LDAuMl0='), 400, problem),
  refuses('bad base64', predict('W*UuMSwz$%', {}), 400, problem),
  refuses('bytes that are no UTF-8', predict(Buffer.from([0x5b, 0xff, 0xfe, 0x5d])), 400, problem),
  refuses('bytes that are no gzip', predict(Buffer.from([0x1f, 0x8b, 1, 2, 3]), gzip), 400, problem),
  refuses('gzip that ends early', predict(gzipSync(rows(50)).subarray(0, 30), gzip), 400, problem),
  refuses('gzip of 64 MB', predict(gzipSync(Buffer.alloc(64 * megabytes, ' ')), gzip), 413, problem, 1),
  refuses('100,001 rows', predict(rows(100_001)), 413, problem, 0.2),
  refuses('5 MB without a type', predict(Buffer.alloc(5 * megabytes, ' '), {}), 413, gatewayError, 0.2),
  refuses('11 MB', predict(Buffer.alloc(11 * megabytes, ' ')), 413, gatewayError, 0.2),
  refuses('XML', predict('<row/>', { 'content-type': 'application/xml' }), 415, problem),
  refuses('brotli', predict('[]', { ...json, 'content-encoding': 'br' }), 415, problem),
  refuses('UTF-16', predict('[]', { 'content-type': 'application/json; charset=utf-16' }), 415, problem),
  refuses('HTML back', predict(rows(1), { ...json, accept: 'text/html' }), 406, problem),
  refuses('CSV of 3 columns', predict('sepal_length,sepal_width,petal_length\n1,2,3\n', csv), 422, problem),
  refuses('CSV of texts', predict('1,2,3,4\na,b,c,d\n', csv), 422, problem),
  refuses('CSV with an open quote', predict('sepal_length,"sepal_width\n1,2', csv), 400, problem),
];

const routing: readonly Kind[] = [
  refuses('an unknown route', { method: 'GET', path: '/petals' }, 404, problem),
  refuses('an unknown route, POST', { path: '/predict/more', headers: json, body: rows(1) }, 404, problem),
  refuses('a path of bad percent-encoding', { method: 'GET', path: '/%E0%A4%A' }, 404, problem),
  refuses('GET /predict', { method: 'GET', path: '/predict' }, 405, problem),
  refuses('DELETE /model', { method: 'DELETE', path: '/model' }, 405, problem),
  refuses('PUT /predict', { method: 'PUT', path: '/predict', headers: json, body: rows(1) }, 405, problem),
  refuses('HEAD /predict', { method: 'HEAD', path: '/predict' }, 405, problem),
];

const infer = (document: unknown, path = '/v2/models/iris/infer'): TestRequest => {
  return { path, headers: json, body: typeof document === 'string' ? document : JSON.stringify(document) };
};
const tensor = { name: 'X', datatype: 'FP64', shape: [1, 4], data: row };
const withTensor = (changes: object) => infer({ inputs: [{ ...tensor, ...changes }] });
const binary = (parameters: object, length = '1000000'): TestRequest => ({
  path: '/v2/models/iris/infer',
  headers: { 'inference-header-content-length': length },
  body: JSON.stringify({ inputs: [{ name: 'X', datatype: 'FP64', shape: [1, 4], parameters }] }),
});

const openInference: readonly Kind[] = [
  refuses('OIP, malformed JSON', infer('{"inputs":['), 400, openInferenceError),
  refuses('OIP, no inputs', infer({}), 422, openInferenceError),
  refuses('OIP, another shape', withTensor({ shape: [2, 4] }), 422, openInferenceError),
  refuses('OIP, a huge shape', withTensor({ shape: [2 ** 40, 4] }), 413, openInferenceError),
  refuses('OIP, a negative shape', withTensor({ shape: [-1, 4] }), 422, openInferenceError),
  refuses('OIP, one column of four', withTensor({ name: 'sepal_length', shape: [4] }), 422, openInferenceError),
  refuses('OIP, an unknown datatype', withTensor({ datatype: 'FP65' }), 422, openInferenceError),
  refuses('OIP, texts', withTensor({ data: ['a', 'b', 'c', 'd'] }), 422, openInferenceError),
  refuses('OIP, an unknown output', infer({ inputs: [tensor], outputs: [{ name: 'Y' }] }), 422, openInferenceError),
  refuses('OIP, an unknown model', infer({ inputs: [tensor] }, '/v2/models/rose/infer'), 404, openInferenceError),
  refuses('OIP, an unknown version', { method: 'GET', path: '/v2/models/iris/versions/9' }, 404, openInferenceError),
  refuses('OIP, an unknown route', { method: 'GET', path: '/v2/petals' }, 404, openInferenceError),
  refuses('OIP, GET infer', { method: 'GET', path: '/v2/models/iris/infer' }, 405, openInferenceError),
  refuses('OIP, a binary header that is too long', binary({ binary_data_size: 32 }), 400, openInferenceError),
  refuses('OIP, a binary header of no number', binary({ binary_data_size: 32 }, 'x'), 400, openInferenceError),
];

const invoke = (document: unknown): TestRequest => ({
  path: '/invocations',
  headers: json,
  body: JSON.stringify(document),
});

const mlflow: readonly Kind[] = [
  refuses('MLflow, no layout', invoke({}), 422, mlflowError),
  refuses('MLflow, two layouts', invoke({ instances: [row], inputs: [row] }), 422, mlflowError),
  refuses('MLflow, 3 values', invoke({ instances: [[1, 2, 3]] }), 422, mlflowError),
  refuses('MLflow, uneven columns', invoke({ inputs: { sepal_length: [1, 2], sepal_width: [1] } }), 422, mlflowError),
  refuses('MLflow, unknown params', invoke({ instances: [row], params: { top_k: 3 } }), 422, mlflowError),
  refuses('MLflow, malformed JSON', { path: '/invocations', headers: json, body: '{' }, 400, mlflowError),
  refuses(
    'MLflow, XML',
    { path: '/invocations', headers: { 'content-type': 'text/xml' }, body: '<a/>' },
    415,
    mlflowError,
  ),
  refuses('MLflow, GET', { method: 'GET', path: '/invocations' }, 405, mlflowError),
];

export const badRequests: readonly Kind[] = [...native, ...routing, ...openInference, ...mlflow];
