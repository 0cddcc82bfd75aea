import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Capture } from '../../functions/predict/telemetry/capture.ts';
import { createContext } from '../../local/context.ts';
import type { Golden, GoldenExplanations } from '../../local/model/golden.ts';
import { readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse, type TestRequest } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { changeManifest, sealByHand, withPackage } from '../helpers/package.ts';
import { createService } from '../helpers/service.ts';

type Numbers = Readonly<Record<string, number>>;

interface Explained {
  readonly label: string;
  readonly probabilities: Numbers;
  readonly base: Numbers;
  readonly contributions: Readonly<Record<string, Numbers>>;
  readonly standard_errors?: Readonly<Record<string, Numbers>>;
  readonly reasons: readonly string[];
}

/** The explanation of a regressor's prediction. */
interface ExplainedValue {
  readonly value: number;
  readonly base: number;
  readonly contributions: Numbers;
  readonly standard_errors: Numbers;
}

interface Answer {
  readonly method: { readonly name: string; readonly background: number; readonly rows: number };
  readonly explanations: readonly Explained[];
}

const row = [5.1, 3.5, 1.4, 0.2];
const json = { 'content-type': 'application/json' };

describe('POST /explain', () => {
  let iris: Model;
  let churn: Model;

  before(async () => {
    iris = await loadModel('models', 'iris');
    churn = await loadModel('models', 'churn');
  });

  const send = async (model: Model, request: TestRequest, capture?: Capture) => {
    const handler = createService(model, {}, capture);
    const { result, lines } = await captureOutput(() => handler(createHttpEvent(request), createContext('request-1')));
    return { ...fromHttpResponse(result), ...sortLines(lines) };
  };
  const post = async (model: Model, body: unknown, path = '/explain', headers = {}) =>
    send(model, { path, headers: { ...json, ...headers }, body: JSON.stringify(body) });
  const explain = async (model: Model, body: unknown, path?: string): Promise<Answer> => {
    const { status, body: text } = await post(model, body, path);
    expect(status, text).to.equal(200);
    return JSON.parse(text);
  };

  for (const name of ['iris', 'churn']) {
    it(`explains the golden rows as the export did: ${name}`, async () => {
      const model = name === 'iris' ? iris : churn;
      const { instances, explanations } = readGolden(name) as ReturnType<typeof readGolden> & {
        explanations: GoldenExplanations;
      };
      const answer = await explain(model, instances.slice(0, explanations.rows.length));
      expect(answer.method.name).to.equal(explanations.method);
      const features = model.manifest.features.map((feature) => feature.name);
      for (const [index, expected] of explanations.rows.entries()) {
        const { base, contributions, probabilities } = answer.explanations[index] as Explained;
        expect(Object.keys(contributions)).to.deep.equal(Object.keys(expected.contributions));
        for (const [number, own] of Object.entries(contributions)) {
          expect(Object.keys(own)).to.deep.equal(features);
          expect(base[number]).to.be.closeTo(expected.base[number] as number, 1e-9);
          Object.values(own).forEach((value, at) => {
            expect(value).to.be.closeTo(expected.contributions[number]?.[at] as number, 1e-9);
          });
          const sum = Object.values(own).reduce((total, value) => total + value, base[number] as number);
          expect(sum).to.be.closeTo(probabilities[number] as number, 1e-12);
        }
      }
    });
  }

  it('explains the golden rows by permutations as the export did, with standard errors: diabetes', async () => {
    const folder = 'test/fixtures/diabetes';
    const model = await loadModel('test/fixtures', 'diabetes');
    const { instances, scale, explanations } = JSON.parse(readFileSync(`${folder}/golden.json`, 'utf8')) as Golden;
    const { rows = [], permutations } = explanations ?? {};
    const answer = await explain(model, instances.slice(0, rows.length));
    expect(answer.method).to.include({ name: 'permutations', pairs: permutations });
    const features = model.manifest.features.map((feature) => feature.name);
    for (const [index, expected] of rows.entries()) {
      const {
        value,
        base,
        contributions,
        standard_errors: errors,
      } = answer.explanations[index] as unknown as ExplainedValue;
      expect(base).to.be.closeTo(expected.base.value as number, 1e-9 * scale);
      for (const [at, name] of features.entries()) {
        expect(contributions[name]).to.be.closeTo(expected.contributions.value?.[at] as number, 1e-9 * scale);
        expect(errors[name]).to.be.closeTo(expected.standard_errors?.value?.[at] as number, 1e-9 * scale);
      }
      const sum = Object.values(contributions).reduce((total, one) => total + one, base);
      expect(sum).to.be.closeTo(value, 1e-12 * scale);
    }
  });

  it('answers the prediction of /predict, its explanation, and reasons for the predicted class', async () => {
    const answer = await explain(iris, row);
    const predicted = JSON.parse((await post(iris, row, '/predict')).body);
    expect(answer).to.have.all.keys('model', 'method', 'explanations');
    expect(answer.method).to.deep.equal({ name: 'exact', background: 100, rows: 1501 });
    const [{ base, contributions, reasons, ...prediction }] = answer.explanations as [Explained];
    expect(prediction).to.deep.equal(predicted.predictions[0]);
    expect(base).to.have.all.keys('setosa', 'versicolor', 'virginica');
    const sizes = Object.values(contributions.setosa ?? {}).map(Math.abs);
    const largest = Object.entries(contributions.setosa ?? {})[sizes.indexOf(Math.max(...sizes))] as [string, number];
    const at = iris.manifest.features.findIndex(({ name }) => name === largest[0]);
    expect(reasons[0]).to.equal(`${largest[0]} = ${row[at]} cm: +${Number(largest[1].toPrecision(3))}`);
    expect(reasons).to.have.length(4);
  });

  it('takes rows in every shape that /predict takes, and answers each alike', async () => {
    const [expected] = (await explain(iris, row)).explanations;
    const names = iris.manifest.features.map(({ name }) => name);
    const record = Object.fromEntries(names.map((name, index) => [name, row[index]]));
    for (const body of [[row, row], [record], { instances: [row] }, record]) {
      expect((await explain(iris, body)).explanations[0]).to.deep.equal(expected);
    }
    const ignoring = await explain(iris, { ...record, id: 7 }, '/explain?ignore=id&explain=all');
    expect(ignoring.explanations).to.deep.equal([expected]);
    const csv = await send(iris, {
      path: '/explain',
      headers: { 'content-type': 'text/csv', accept: 'application/json' },
      body: `${names}\n${row}`,
    });
    expect(JSON.parse(csv.body).explanations).to.deep.equal([expected]);
  });

  it('explains only the predicted class if the request asks for it', async () => {
    const all = (await explain(iris, [row, [6.3, 3.3, 6, 2.5]])).explanations;
    const some = (await explain(iris, [row, [6.3, 3.3, 6, 2.5]], '/explain?explain=predicted')).explanations;
    expect(some.map(({ base }) => Object.keys(base))).to.deep.equal([['setosa'], ['virginica']]);
    expect(some[1]?.contributions).to.deep.equal({ virginica: all[1]?.contributions.virginica });
    expect(some[1]?.reasons).to.deep.equal(all[1]?.reasons);
  });

  it('answers CSV with the contributions to the predicted class', async () => {
    const [{ base, contributions }] = (await explain(iris, row, '/explain?explain=predicted')).explanations as [
      Explained,
    ];
    const { body } = await post(iris, [row], '/explain', { accept: 'text/csv' });
    const [header, line] = body.split('\r\n').map((record) => record.split(','));
    const features = iris.manifest.features.map(({ name }) => `contribution:${name}`);
    expect(header).to.deep.equal(['label', 'setosa', 'versicolor', 'virginica', 'base', ...features]);
    expect(line?.slice(4).map(Number)).to.deep.equal([base.setosa, ...Object.values(contributions.setosa ?? {})]);
  });

  it('estimates within a budget, with standard errors, and gives the same estimate again', async () => {
    const instance = churn.manifest.examples[0]?.instances[0];
    const answer = await explain(churn, instance, '/explain?budget=5000');
    expect(answer.method).to.deep.equal({ name: 'permutations', background: 100, pairs: 4, rows: 4 * 1200 + 101 });
    expect(await explain(churn, instance, '/explain?budget=5000')).to.deep.equal(answer);
    const exact = await explain(churn, instance);
    const [estimated, [{ contributions }]] = [answer.explanations[0], exact.explanations as [Explained]];
    for (const [number, own] of Object.entries(contributions)) {
      for (const [name, value] of Object.entries(own)) {
        const error = estimated?.standard_errors?.[number]?.[name] as number;
        expect(error).to.be.at.least(0);
        expect(Math.abs((estimated?.contributions[number]?.[name] as number) - value), name).to.be.at.most(
          6 * error + 1e-3,
        );
      }
    }
  });

  const refusals: [what: string, path: string, message: RegExp][] = [
    [
      'an unknown parameter',
      '/explain?explains=all',
      /Expected no other parameter in the address than explain, budget, ignore, got "explains"/,
    ],
    [
      'an unknown value of `explain`',
      '/explain?explain=some',
      /Expected explain in the address to be all or predicted/,
    ],
    ['a budget of zero', '/explain?budget=0', /Expected budget in the address to be a whole number from 1 to 1000000/],
    ['a budget above the maximum', '/explain?budget=1000001', /Expected budget in the address to be a whole number/],
    ['a budget with an exponent', '/explain?budget=1e3', /Expected budget in the address to be a whole number/],
    ['two budgets', '/explain?budget=1&budget=2', /Expected budget once in the address/],
  ];
  for (const [what, path, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const { status, body } = await post(iris, row, path);
      expect(status).to.equal(422);
      expect(JSON.parse(body).detail).to.match(message);
    });
  }

  it('refuses invalid rows as /predict does, and refuses too many rows with the numbers that would fit', async () => {
    const bad = [row, [1, 2, 3]];
    expect(JSON.parse((await post(iris, bad)).body).errors).to.deep.equal(
      JSON.parse((await post(iris, bad, '/predict')).body).errors,
    );
    const { status, body } = await post(iris, Array(50_000).fill(row));
    expect(status).to.equal(413);
    const { detail } = JSON.parse(body);
    expect(detail).to.match(
      /Expected at most \d+ rows, .* and there are 50000; \d+ fit with \?explain=predicted at \/explain, \d+ fit as CSV/,
    );
    const [, fitting, predicted] = /at most (\d+) rows.*; (\d+) fit/.exec(detail) as unknown as [
      string,
      string,
      string,
    ];
    expect(Number(predicted)).to.be.above(Number(fitting)).and.above(1000);
  });

  it('refuses a model without a background, and names its package', async () => {
    const model = await loadModel('test/fixtures/answers', 'scores');
    const { instances } = readGolden('scores', 'test/fixtures/answers');
    const { status, body } = await post(model, instances.slice(0, 1));
    expect(status).to.equal(422);
    expect(JSON.parse(body).detail).to.equal(
      'The model cannot be explained: the package of scores has no background to explain against; export the model again, and see its summary',
    );
  });

  it('counts the rows once, logs no value, and captures the predictions without their explanations', async () => {
    const captured: unknown[] = [];
    const capture: Capture = async ({ instances, predictions }) => {
      captured.push([instances.count, Object.keys(predictions)]);
    };
    const { logs, headers } = await send(
      iris,
      { path: '/explain', headers: json, body: JSON.stringify([[5.123456, 3.5, 1.4, 0.2]]) },
      capture,
    );
    expect(logs).to.have.length(1);
    const [line] = logs as [Record<string, unknown>];
    expect(line).to.include({
      route: 'POST /explain',
      protocol: 'native',
      status: 200,
      rows: 1,
      Rows: 1,
      Predictions: 1,
    });
    expect(line.explain_ms).to.be.above(0);
    expect(JSON.stringify(line)).not.to.include('5.123456');
    expect(headers['server-timing']).to.match(
      /^decode;dur=[\d.]+, inference;dur=[\d.]+, explain;dur=[\d.]+, encode;dur=[\d.]+$/,
    );
    expect(captured).to.deep.equal([[1, ['rows', 'outputs', 'blocks']]]);
  });

  it('reads the background only once, at the first request for an explanation', async () => {
    let times = 0;
    const readBackground = () => {
      times += 1;
      return iris.readBackground?.();
    };
    const handler = createService({ ...iris, readBackground });
    await captureOutput(async () => {
      await handler([row], createContext('request-1'));
      expect(times).to.equal(0);
      await handler({ instances: [row], explanations: true }, createContext('request-2'));
      await handler({ instances: [row], explanations: true }, createContext('request-3'));
    });
    expect(times).to.equal(1);
  });

  it('does not load a package whose background was changed', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, 'iris');
      const file = join(folder, 'background.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('6.8', '6.9'));
      const start = () =>
        loadModel(directory, 'iris').then(
          () => 'it starts',
          (error: Error) => error.message,
        );
      expect(await start()).to.match(/background\.json: has SHA-256 \w+, but SHA256SUMS says/);
      sealByHand(folder);
      expect(await start()).to.match(/background\.json: has SHA-256 \w+, but model\.json says/);
    });
  });
});

describe('an explanation in other protocols', () => {
  const invoke = async (event: unknown, model = 'iris') => {
    const handler = createService(await loadModel('models', model));
    const { result } = await captureOutput(() =>
      handler(event, createContext('request-1')).catch((error: Error) => error),
    );
    return result;
  };
  const post = async (path: string, body: unknown, headers = {}) => {
    const result = await invoke(
      createHttpEvent({ path, headers: { ...json, ...headers }, body: JSON.stringify(body) }),
    );
    return fromHttpResponse(result);
  };
  const explained = async () =>
    (JSON.parse((await post('/explain', [row])).body) as Answer).explanations[0] as Explained;

  it('is requested by a member of a direct invocation', async () => {
    const answer = JSON.parse((await post('/explain', [row])).body);
    expect(await invoke({ instances: [row], explanations: true })).to.deep.equal(answer);
    expect(await invoke({ instances: [row], explanations: false })).to.have.all.keys('model', 'predictions');
    expect(await invoke({ instances: [row], explanations: 'yes' }))
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.includes('/explanations: expected true or false, got a string');
  });

  it('is requested by a parameter of the Open Inference Protocol, and added to the requested outputs', async () => {
    const { base, contributions } = await explained();
    const inputs = [{ name: 'X', shape: [1, 4], datatype: 'FP64', data: row }];
    const path = '/v2/models/iris/infer';
    const { outputs } = JSON.parse(
      (await post(path, { inputs, outputs: [{ name: 'label' }], parameters: { explanations: true } })).body,
    );
    expect(outputs).to.deep.equal([
      { name: 'label', datatype: 'BYTES', shape: [1], data: ['setosa'] },
      { name: 'base', datatype: 'FP64', shape: [1, 3], data: Object.values(base) },
      {
        name: 'contributions',
        datatype: 'FP64',
        shape: [1, 3, 4],
        data: Object.values(contributions).flatMap((own) => Object.values(own)),
      },
    ]);
    const binary = await post(path, { inputs, parameters: { explanations: true, binary_data_output: true } });
    const length = Number(binary.headers['inference-header-content-length']);
    const last = binary.bytes.subarray(binary.bytes.length - 12 * 8);
    expect(Array.from({ length: 12 }, (_, at) => last.readDoubleLE(at * 8))).to.deep.equal(outputs[2].data);
    expect(JSON.parse(binary.bytes.toString('utf8', 0, length)).outputs.at(-1)).to.deep.include({
      parameters: { binary_data_size: 96 },
    });
    const refused = await post(path, { inputs, parameters: { explanations: 1 } });
    expect(JSON.parse(refused.body).error).to.include('/parameters/explanations: expected true or false');
  });

  it('is requested by a parameter of MLflow, and added to the predictions', async () => {
    const { base, contributions, reasons } = await explained();
    const answer = JSON.parse((await post('/invocations', { instances: [row], params: { explanations: true } })).body);
    expect(answer).to.deep.equal({ predictions: ['setosa'], explanations: [{ base, contributions, reasons }] });
    const refused = await post('/invocations', { instances: [row], params: { explanations: 'yes' } });
    expect(JSON.parse(refused.body).message).to.include('/params/explanations: expected true or false');
    const table = await post(
      '/invocations',
      { instances: [row], params: { explanations: true } },
      { accept: 'text/csv; header=present' },
    );
    expect(table.body).to.include('base,contribution:sepal_length');
  });

  it('is not requested by `explanations` if the model has a feature of that name', async () => {
    await withPackage(async (directory) => {
      const { features } = JSON.parse(readFileSync('models/iris/model.json', 'utf8'));
      const renamed = features.map((feature: object, index: number) =>
        index === 0 ? { ...feature, name: 'explanations' } : feature,
      );
      changeManifest(directory, { features: renamed, explanations: undefined });
      const handler = createService(await loadModel(directory, 'iris'));
      const { result } = await captureOutput(() =>
        handler(
          { explanations: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 },
          createContext('request-1'),
        ),
      );
      expect(result).to.have.property('predictions').with.length(1);
    });
  });
});
