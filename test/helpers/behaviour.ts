import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { readGolden, readPublished } from './files.ts';
import type { TestRequest } from './http-event.ts';
import { expectSamePredictions } from './predictions.ts';

export interface TestResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it was received; it may be compressed. */
  readonly bytes: Buffer;
}

export type Send = (request: TestRequest) => Promise<TestResponse>;

interface PredictionDocument {
  readonly model: { name: string; version: string };
  readonly predictions: Prediction[];
}

interface ProblemDocument {
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: { pointer: string; detail: string }[];
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** The differences between transports. */
interface Traits {
  /** Whether the function compresses long answers for this transport. */
  readonly compresses?: boolean;
  /** The size limit of an answer in bytes. */
  readonly answerBytes?: number;
}

/** Defines the tests of the API that every transport must pass. */
export function describeBehaviour(transport: string, send: Send, traits: Traits = {}): void {
  const { compresses = true, answerBytes = 6_291_456 } = traits;
  const predict = async (body: unknown): Promise<PredictionDocument> => {
    const response = await send({ path: '/predict', headers: json, body: JSON.stringify(body) });
    expect(response.status, response.body).to.equal(200);
    expect(response.headers['content-type']).to.equal('application/json');
    return JSON.parse(response.body);
  };
  const labels = async (body: unknown) =>
    (await predict(body)).predictions.map((entry) => 'label' in entry && entry.label);
  const refuse = async (request: TestRequest): Promise<ProblemDocument & { headers: TestResponse['headers'] }> => {
    const response = await send(request);
    expect(response.headers['content-type']).to.equal('application/problem+json');
    const problem: ProblemDocument = JSON.parse(response.body);
    expect(problem.status).to.equal(response.status);
    expect(problem.instance).to.be.a('string').that.is.not.empty;
    return { ...problem, headers: response.headers };
  };

  const unpack = ({ headers, bytes }: TestResponse) => {
    expect(headers['content-encoding']).to.equal(compresses ? 'gzip' : undefined);
    return (compresses ? gunzipSync(bytes) : bytes).toString();
  };

  describe(`over ${transport}`, () => {
    it('answers one row with its label and probabilities that sum to 1', async () => {
      const { model, predictions } = await predict([5.1, 3.5, 1.4, 0.2]);
      expect(model).to.deep.equal({ name: 'iris', version: '1.0.0' });
      expect(predictions).to.have.length(1);
      const [{ label, probabilities }] = predictions as [{ label: string; probabilities: Record<string, number> }];
      expect(label).to.equal('setosa');
      expect(Object.keys(probabilities)).to.deep.equal(['setosa', 'versicolor', 'virginica']);
      expect(Object.values(probabilities).reduce((sum, value) => sum + value)).to.be.closeTo(1, 1e-12);
    });

    it('answers the bodies that curl sends as form data or without a content type', async () => {
      const bytes = Buffer.from('[5.7,2.8,4.5,1.3]');
      for (const headers of [form, {}]) {
        const response = await send({ path: '/predict', headers, body: bytes });
        expect(JSON.parse(response.body).predictions[0].label).to.equal('versicolor');
      }
    });

    it('answers rows, a record, records and instances in their order', async () => {
      const record = { petal_width: 2.5, petal_length: 6, sepal_width: 3.3, sepal_length: 6.3 };
      expect(
        await labels([
          [5.7, 2.8, 4.5, 1.3],
          [5.1, 3.5, 1.4, 0.2],
        ]),
      ).to.deep.equal(['versicolor', 'setosa']);
      expect(await labels(record)).to.deep.equal(['virginica']);
      expect(await labels([record, [5.1, 3.5, 1.4, 0.2]])).to.deep.equal(['virginica', 'setosa']);
      expect(await labels({ instances: [[5.1, 3.5, 1.4, 0.2], record] })).to.deep.equal(['setosa', 'virginica']);
    });

    it('answers all golden rows as scikit-learn did', async () => {
      const { instances, predictions } = readGolden();
      expect(instances).to.have.length(200);
      expectSamePredictions((await predict(instances)).predictions, predictions);
    });

    it('describes the model and its health', async () => {
      const model = await send({ method: 'GET', path: '/model' });
      expect(JSON.parse(model.body)).to.deep.equal(readPublished());
      const health = await send({ method: 'GET', path: '/health' });
      expect([health.status, health.body]).to.deep.equal([200, '{"status":"ok"}']);
    });

    it('refuses invalid JSON, an empty body and bytes that are not UTF-8 with 400', async () => {
      const bodies = ['[5.1,3.5', '', Buffer.from([0x5b, 0xff, 0x5d])];
      const details = [
        'JSON, but it is invalid from character 8 on',
        'JSON, but it is empty',
        'UTF-8, but it is invalid from character 1 on, in line 1',
      ];
      for (const [index, body] of bodies.entries()) {
        const problem = await refuse({ path: '/predict', headers: form, body });
        expect(problem.status).to.equal(400);
        expect(problem.detail).to.equal(`Expected the body to be ${details[index]}`);
      }
    });

    it('lists every problem with the rows, each with a pointer to its place', async () => {
      const rows = [[5.1, 3.5, 1.4], [5.1, '3.5', null, 0.2], { sepal_length: 1, petals: 2 }, 7];
      const problem = await refuse({ path: '/predict', headers: json, body: JSON.stringify({ instances: rows }) });
      expect(problem.status).to.equal(422);
      expect(problem.detail).to.equal('There are 8 problems with the rows');
      expect(problem.errors).to.deep.equal([
        {
          pointer: '/instances/0',
          detail: 'expected 4 values (sepal_length, sepal_width, petal_length, petal_width), got 3',
        },
        { pointer: '/instances/1/1', detail: 'expected a number, got a string' },
        { pointer: '/instances/1/2', detail: 'expected a number, got null' },
        {
          pointer: '/instances/2/petals',
          detail: 'the model has no feature "petals"; ?ignore=petals in the address omits it',
        },
        { pointer: '/instances/2', detail: 'missing feature "sepal_width"' },
        { pointer: '/instances/2', detail: 'missing feature "petal_length"' },
        { pointer: '/instances/2', detail: 'missing feature "petal_width"' },
        { pointer: '/instances/3', detail: 'expected an array or an object of 4 values, got a number' },
      ]);
    });

    it('refuses a row that has no finite answer', async () => {
      const body = JSON.stringify([
        [5.1, 3.5, 1.4, 0.2],
        [1e308, -1e308, 1e308, 1e308],
      ]);
      const problem = await refuse({ path: '/predict', headers: json, body });
      expect(problem.status).to.equal(422);
      expect(problem.errors?.map((error) => error.pointer)).to.deep.equal(['/1']);
    });

    it('answers 404 for an unknown path and 405 with Allow for a wrong method', async () => {
      expect((await refuse({ method: 'GET', path: '/petals' })).status).to.equal(404);
      const problem = await refuse({ method: 'GET', path: '/predict' });
      expect([problem.status, problem.headers.allow]).to.deep.equal([405, 'POST, OPTIONS']);
      expect((await refuse({ path: '/model' })).headers.allow).to.equal('GET, HEAD, OPTIONS');
    });

    it('reads CSV with a header in any order and without one, and answers CSV if asked to', async () => {
      const headers = { 'content-type': 'text/csv' };
      const named = 'petal_width,petal_length,sepal_width,sepal_length\r\n1.3,4.5,2.8,5.7\r\n';
      expect(JSON.parse((await send({ path: '/predict', headers, body: named })).body).predictions[0].label).to.equal(
        'versicolor',
      );
      const csv = await send({
        path: '/predict',
        headers: { ...headers, accept: 'text/csv' },
        body: '5.1,3.5,1.4,0.2\n',
      });
      expect(csv.headers['content-type']).to.equal('text/csv; charset=utf-8; header=present');
      expect(csv.body).to.match(/^label,setosa,versicolor,virginica\r\nsetosa,0\.98\d+,0\.015\d+,6\.2\d+e-8\r\n$/);
    });

    it('refuses an unknown column and names it, and ignores the column if the query says so', async () => {
      const record = { id: 7, sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 };
      const body = JSON.stringify(record);
      const { errors } = await refuse({ path: '/predict', headers: json, body });
      expect(errors).to.deep.equal([
        { pointer: '/id', detail: 'the model has no feature "id"; ?ignore=id in the address omits it' },
      ]);
      for (const query of ['ignore=id', 'ignore=a&ignore=id', 'ignore=a,id', 'ignore=*']) {
        expect((await send({ path: `/predict?${query}`, headers: json, body })).status, query).to.equal(200);
      }
      const { detail } = await refuse({ path: '/predict?ingore=id', headers: json, body });
      expect(detail).to.equal('Expected no other parameter in the address than ignore, got "ingore"');
    });

    it('refuses text that is not UTF-8, even if a gateway has replaced its invalid bytes by U+FFFD', async () => {
      for (const type of ['application/json', 'text/csv']) {
        const body = Buffer.from('[5.1,"\xce",1.4,0.2]', 'latin1');
        const { status, detail } = await refuse({ path: '/predict', headers: { 'content-type': type }, body });
        expect([status, detail]).to.deep.equal([
          400,
          'Expected the body to be UTF-8, but it is invalid from character 6 on, in line 1',
        ]);
      }
    });

    it("answers MLflow's and SageMaker's requests", async () => {
      const ask = async (document: object) =>
        (await send({ path: '/invocations', headers: json, body: JSON.stringify(document) })).body;
      expect(await ask({ instances: [[5.1, 3.5, 1.4, 0.2]] })).to.equal('{"predictions":["setosa"]}');
      const refused = await send({ path: '/invocations', headers: json, body: '{}' });
      expect([refused.status, JSON.parse(refused.body).error_code]).to.deep.equal([422, 'BAD_REQUEST']);
      expect(await send({ method: 'GET', path: '/ping' })).to.include({ status: 200, body: '{}' });
      expect(await send({ method: 'GET', path: '/version' })).to.include({ status: 200, body: '1.0.0' });
    });

    it('speaks the Open Inference Protocol, with and without a version', async () => {
      for (const model of ['/v2/models/iris', '/v2/models/iris/versions/1.0.0']) {
        const inputs = [{ name: 'X', shape: [1, 4], datatype: 'FP64', data: [5.1, 3.5, 1.4, 0.2] }];
        const { body } = await send({
          path: `${model}/infer`,
          headers: json,
          body: JSON.stringify({ id: 'a', inputs }),
        });
        expect(JSON.parse(body)).to.include({ model_name: 'iris', model_version: '1.0.0', id: 'a' });
        expect(JSON.parse(body).outputs[0]).to.deep.equal({
          name: 'label',
          shape: [1],
          datatype: 'BYTES',
          data: ['setosa'],
        });
        expect(JSON.parse((await send({ method: 'GET', path: model })).body)).to.include({ platform: 'onnx_onnxv1' });
        expect((await send({ method: 'GET', path: `${model}/ready` })).status).to.equal(200);
      }
      for (const path of ['/v2', '/v2/', '/v2/health/live', '/v2/health/ready']) {
        expect((await send({ method: 'GET', path })).status).to.equal(200);
      }
      const missing = await send({ path: '/v2/models/rose/infer', headers: json, body: '{}' });
      expect([missing.status, Object.keys(JSON.parse(missing.body))]).to.deep.equal([404, ['error']]);
    });

    it('answers binary tensors with binary tensors', async () => {
      const input = { name: 'X', shape: [1, 4], datatype: 'FP64', parameters: { binary_data_size: 32 } };
      const output = { name: 'probabilities', parameters: { binary_data: true } };
      const header = Buffer.from(JSON.stringify({ inputs: [input], outputs: [output] }));
      const body = Buffer.concat([header, Buffer.from(Float64Array.of(5.1, 3.5, 1.4, 0.2).buffer)]);
      const headers = { 'inference-header-content-length': String(header.length) };
      const answer = await send({ path: '/v2/models/iris/infer', headers, body });
      expect(answer.status).to.equal(200);
      const tensor = answer.bytes.subarray(Number(answer.headers['inference-header-content-length']));
      expect(tensor.readDoubleLE(0)).to.be.closeTo(0.9847031668428455, 1e-12);
    });

    it('serves its OpenAPI document', async () => {
      const document = JSON.parse((await send({ method: 'GET', path: '/openapi.json' })).body);
      expect(document.openapi).to.match(/^3\.1/);
    });

    it('serves the playground as one document that loads nothing else', async () => {
      const page = await send({ method: 'GET', path: '/' });
      expect(page.headers['content-type']).to.equal('text/html; charset=utf-8');
      const { style, script } = hashCode(page.body);
      expect(page.headers['content-security-policy']).to.equal(
        `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${script}'; connect-src 'self'; ` +
          `img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(page.body).not.to.match(/ style=| on\w+=|(src|href)="(?!data:)/);
      const again = await send({ method: 'GET', path: '/', headers: { 'accept-encoding': 'gzip' } });
      if (compresses) expect(again.bytes.length).to.be.below(60_000);
      expect(unpack(again)).to.equal(page.body);
    });

    it('reports how long each stage of a prediction took', async () => {
      const timing = /^decode;dur=\d+(\.\d{1,3})?, inference;dur=\d+(\.\d{1,3})?, encode;dur=\d+(\.\d{1,3})?$/;
      const { headers } = await send({ path: '/predict', headers: json, body: '[5.1,3.5,1.4,0.2]' });
      expect(headers['server-timing']).to.match(timing);
      expect((await send({ path: '/predict', headers: json, body: '[5.1]' })).headers).not.to.have.property(
        'server-timing',
      );
    });

    it('forbids browsers to guess a content type, and sends a content security policy only with pages', async () => {
      const requests: TestRequest[] = [
        { path: '/predict', headers: json, body: '[5.1,3.5,1.4,0.2]' },
        { path: '/predict', headers: json, body: '[5.1]' },
        { path: '/v2/models/rose/infer', headers: json, body: '{}' },
        ...['/model', '/docs', '/version', '/petals'].map((path) => ({ method: 'GET', path })),
        { method: 'GET', path: '/docs', headers: { 'if-none-match': '*' } },
        { method: 'OPTIONS', path: '/predict' },
      ];
      for (const request of requests) {
        const { headers } = await send(request);
        expect(headers['x-content-type-options'], `${request.method} ${request.path}`).to.equal('nosniff');
        expect('content-security-policy' in headers, request.path).to.equal(request.path === '/docs');
      }
    });

    it('serves the API documentation as a page with a content security policy', async () => {
      const page = await send({ method: 'GET', path: '/docs' });
      expect(page.headers['content-type']).to.equal('text/html; charset=utf-8');
      const { style, script } = hashCode(page.body);
      expect(page.headers['content-security-policy']).to.equal(
        `default-src 'none'; style-src 'sha256-${style}' 'self'; script-src 'sha256-${script}' 'self'; ` +
          `connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(page.body).not.to.match(/ style=| on\w+=|(src|href)="(?!data:)/);
    });

    for (const [kind, type] of Object.entries({ script: 'text/javascript', style: 'text/css' })) {
      it(`lets clients cache the ${kind} of the API documentation forever, as gzip or, if short enough, as plain text`, async () => {
        const path = `/docs/${toDocsFiles((await send({ method: 'GET', path: '/docs' })).body)[kind]}`;
        const packed = await send({ method: 'GET', path, headers: { 'accept-encoding': 'gzip, br' } });
        expect(packed.headers).to.include({
          'content-type': `${type}; charset=utf-8`,
          'cache-control': 'max-age=31536000, immutable',
        });
        const text = unpack(packed);
        const plain = await send({ method: 'GET', path });
        if (Buffer.byteLength(JSON.stringify(text)) > answerBytes) {
          expect(JSON.parse(plain.body).detail).to.match(
            /^Expected accept-encoding: gzip, as this file takes \d+ bytes/,
          );
          return;
        }
        expect(plain.body).to.equal(text);
        const { status, body } = await send({
          method: 'GET',
          path,
          headers: { 'if-none-match': plain.headers.etag ?? '' },
        });
        expect([status, body]).to.deep.equal([304, '']);
      });
    }

    it('answers 404 for a documentation file that the current page does not load', async () => {
      for (const name of ['swagger-ui-000000000000.js', 'script.js', '..%2Fstyle.css', 'swagger-ui.js.gz']) {
        const { status, headers } = await refuse({ method: 'GET', path: `/docs/${name}` });
        expect([status, headers['cache-control']], name).to.deep.equal([404, 'no-store']);
      }
    });

    it('answers HEAD without a body and OPTIONS with the allowed methods', async () => {
      for (const path of ['/model', '/']) {
        expect(await send({ method: 'HEAD', path })).to.include({ status: 200, body: '' });
      }
      const options = await send({ method: 'OPTIONS', path: '/predict' });
      expect([options.status, options.headers.allow]).to.deep.equal([204, 'POST, OPTIONS']);
      expect(options.headers).not.to.have.property('access-control-allow-origin');
    });

    it('refuses content types that it cannot read or answer', async () => {
      const xml = { 'content-type': 'application/xml' };
      expect((await refuse({ path: '/predict', headers: xml, body: '<a/>' })).status).to.equal(415);
      const html = { ...json, accept: 'text/html' };
      expect((await refuse({ path: '/predict', headers: html, body: '[5.1,3.5,1.4,0.2]' })).status).to.equal(406);
    });

    it('reads a gzip body, and compresses long answers', async () => {
      const body = gzipSync(JSON.stringify(readGolden().instances));
      const headers = { ...json, 'content-encoding': 'gzip', 'accept-encoding': 'gzip' };
      const answer = await send({ path: '/predict', headers, body });
      expect(answer.status).to.equal(200);
      expectSamePredictions(JSON.parse(unpack(answer)).predictions, readGolden().predictions);
    });

    it('sends an ETag and a request id with each fixed document, and forbids caches to store other answers', async () => {
      for (const path of ['/model', '/docs', '/']) {
        const document = await send({ method: 'GET', path });
        expect(document.headers['x-request-id']).to.be.a('string').that.is.not.empty;
        expect(document.headers['cache-control']).to.equal('no-cache');
        const again = await send({ method: 'GET', path, headers: { 'if-none-match': document.headers.etag ?? '' } });
        expect([again.status, again.body]).to.deep.equal([304, '']);
      }
      expect((await send({ method: 'GET', path: '/health' })).headers['cache-control']).to.equal('no-store');
      const prediction = await send({ path: '/predict', headers: json, body: '[5.1,3.5,1.4,0.2]' });
      expect(prediction.headers['cache-control']).to.equal('no-store');
    });

    it('refuses repeated names, and more rows than fit into an answer', async () => {
      const twice = '{"sepal_length":5.1,"sepal_length":5,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}';
      const { errors } = await refuse({ path: '/predict', headers: json, body: twice });
      expect(errors).to.deep.equal([
        { pointer: '/sepal_length', detail: 'the name occurs more than once in its object' },
      ]);
      const rows = `[${Array(60_000).fill('[5.1,3.5,1.4,0.2]').join()}]`;
      const { status, detail } = await refuse({ path: '/predict', headers: json, body: rows });
      expect(status).to.equal(413);
      const fits = `^Expected at most \\d+ rows, whose answer fits into ${answerBytes} bytes, and there are 60000; \\d+ fit as CSV`;
      expect(detail).to.match(new RegExp(fits));
    });
  });
}

/** Computes the digests of a page's style and script in the form of a content security policy. */
function hashCode(html: string) {
  const [style, script] = ['<style>', '<script type="module">'].map((tag) => {
    const [, code = ''] = html.split(tag);
    return createHash('sha256')
      .update(code.split(/<\/(?:style|script)>/)[0] ?? '')
      .digest('base64');
  });
  return { style, script };
}

/** The names of the files that the page of the API documentation loads. */
function toDocsFiles(html: string): Record<string, string> {
  return JSON.parse(/id="files">([^<]+)</.exec(html)?.[1] ?? '');
}
