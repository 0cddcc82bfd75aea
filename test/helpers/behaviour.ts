import { expect } from 'chai';
import type { Prediction } from '../../functions/predict/model/prediction.ts';
import { readGolden, readManifest } from './files.ts';
import type { TestRequest } from './http-event.ts';
import { expectSamePredictions } from './predictions.ts';

export interface TestResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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

/** What the API does over every transport. */
export function describeBehaviour(transport: string, send: Send): void {
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

    it('answers the bodies that curl sends, as form data and without a type', async () => {
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
      expect(instances).to.have.length(150);
      expectSamePredictions((await predict(instances)).predictions, predictions);
    });

    it('describes the model and its health', async () => {
      const model = await send({ method: 'GET', path: '/model' });
      const { $schema: _schema, file: _file, ...published } = readManifest();
      expect(JSON.parse(model.body)).to.deep.equal(published);
      const health = await send({ method: 'GET', path: '/health' });
      expect([health.status, health.body]).to.deep.equal([200, '{"status":"ok"}']);
    });

    it('refuses what is no JSON, an empty body and what is no UTF-8 with 400', async () => {
      const bodies = ['[5.1,3.5', '', Buffer.from([0x5b, 0xff, 0x5d])];
      const details = ['JSON, and it is not', 'JSON, and it is empty', 'UTF-8'];
      for (const [index, body] of bodies.entries()) {
        const problem = await refuse({ path: '/predict', headers: form, body });
        expect(problem.status).to.equal(400);
        expect(problem.detail).to.equal(`Expected the body to be ${details[index]}`);
      }
    });

    it('lists every problem of the data with a pointer to it', async () => {
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
        { pointer: '/instances/2/petals', detail: 'the model has no feature of this name' },
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
      expect([problem.status, problem.headers.allow]).to.deep.equal([405, 'POST']);
    });
  });
}
