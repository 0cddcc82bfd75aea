import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Tensor } from '../../functions/core/model/tensor.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import { readTemplate } from '../helpers/cloudformation.ts';
import { readRatios } from '../helpers/dashboard.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

const json = { 'content-type': 'application/json' };
const outside = '[[9,9,9,9],[5.1,3.5,1.4,0.2],[5.7,2.8,4.5,1.3]]';
const post = (body: string, headers: Record<string, string> = {}, path = '/predict') =>
  createHttpEvent({ path, headers: { ...json, ...headers }, body });

/** Requests with every kind of outcome. Each name completes the title of a test. */
const events: Readonly<Record<string, unknown>> = {
  'is predicted': post(outside),
  'is a direct invocation': JSON.parse(outside),
  'is answered with labels alone': post(`{"instances":${outside}}`, {}, '/invocations'),
  'is a probe': post(outside, { 'sepal-probe': '1' }),
  'is a bad probe': post('[5.1]', { 'sepal-probe': '1' }),
  'has a bad row': post('[5.1]'),
  'has too many rows': post(`[${Array(100_001).fill('[9,9,9,9]')}]`),
  'needs no rows': createHttpEvent({ method: 'GET', path: '/health' }),
  'has no route': createHttpEvent({ method: 'GET', path: '/rose' }),
};

describe('metrics that are divided by each other', () => {
  let model: Model;
  const ratios = readRatios(readTemplate());

  before(async () => {
    model = await loadModel('models', 'iris');
  });

  const metricsOf = async (event: unknown, handler: Handler = createService(model, { lowConfidence: 0.95 })) => {
    const { lines } = await captureOutput(() =>
      handler(event, createContext('request-1')).catch((error: Error) => error),
    );
    return sortLines(lines).metrics;
  };
  const expectPairs = ([request = {}, ...others]: readonly Record<string, unknown>[]) => {
    // The dashboard shows the latency of inferences beside the number of their rows.
    const pairs = [...ratios, { where: 'the dashboard', above: ['InferenceLatency'], below: ['Rows'] }];
    for (const { where, above, below } of pairs) {
      const isSent = [...above, ...below].map((name) => name in request);
      expect(new Set(isSent).size, `${[...above, ...below]} of ${where}`).to.equal(1);
    }
    const { Rows: rows = 0, RowsOutOfRange: out = 0, LowConfidence: unsure = 0 } = request as Record<string, number>;
    expect([out, unsure].every((count) => count <= rows)).to.equal(true);
    const predictions = [request, ...others].map(({ Predictions: count = 0 }) => Number(count));
    expect(predictions.reduce((sum, count) => sum + count)).to.equal(rows);
  };

  it('are those of the alarm and the dashboard', () => {
    const unlike = 'Rows unlike the training data';
    expect(ratios).to.deep.equal([
      { where: 'OutOfRangeAlarm', above: ['RowsOutOfRange'], below: ['Rows'] },
      { where: 'In the time shown', above: ['ServerError'], below: ['RequestLatency'] },
      { where: 'In the time shown', above: ['ClientError'], below: ['RequestLatency'] },
      { where: unlike, above: ['RowsOutOfRange'], below: ['Rows'] },
      { where: unlike, above: ['UnseenCategories'], below: ['Rows'] },
      { where: unlike, above: ['LowConfidence'], below: ['Rows'] },
    ]);
  });

  for (const [what, event] of Object.entries(events)) {
    it(`are sent both or neither for a request that ${what}`, async () => {
      expectPairs(await metricsOf(event));
    });
  }

  it('are sent both or neither if the model has no finite answer', async () => {
    const run: Model['run'] = async (feeds, options) => {
      const fetches = await model.run(feeds, options);
      const { probabilities } = fetches as { probabilities: Tensor };
      return { ...fetches, probabilities: { ...probabilities, data: new Float64Array(9).fill(Number.NaN) } };
    };
    const documents = await metricsOf(post(outside), createService({ ...model, run }));
    expect(documents[0]).to.include({ ClientError: 1 });
    expectPairs(documents);
  });

  it('leave out the probes of a page that is left open, and give the true share of the other rows', async () => {
    const handler = createService(model);
    let [rows, out] = [0, 0];
    for (const event of [...Array(20).fill(post(outside, { 'sepal-probe': '1' })), post('[9,9,9,9]')]) {
      const [request] = await metricsOf(event, handler);
      rows += Number(request?.Rows ?? 0);
      out += Number(request?.RowsOutOfRange ?? 0);
    }
    expect(out / rows).to.equal(1);
  });
});
