import { expect } from 'chai';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { Handler } from '../../functions/predict/handler.ts';
import { rowsPerRun } from '../../functions/predict/model/chunks.ts';
import { loadModel, type Model } from '../../functions/predict/model/load.ts';
import type { Prediction } from '../../functions/predict/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { packageNames, readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { createService } from '../helpers/service.ts';

type OrtRun = (feeds: Readonly<Record<string, Tensor>>) => Promise<unknown>;
const { prototype: ortSession } = InferenceSession as unknown as { prototype: { run: OrtRun } };

/** How many rows ONNX Runtime gets at a time. */
async function countRows<T>(use: () => Promise<T>): Promise<{ result: T; sizes: (number | undefined)[] }> {
  const { run } = ortSession;
  const sizes: (number | undefined)[] = [];
  ortSession.run = function (feeds) {
    sizes.push(Object.values(feeds)[0]?.dims[0]);
    return run.call(this, feeds);
  };
  try {
    return { result: await use(), sizes };
  } finally {
    ortSession.run = run;
  }
}

for (const name of packageNames()) {
  describe(`the package ${name}`, () => {
    let model: Model;
    let handler: Handler;
    const golden = readGolden(name);

    const invoke = async (event: unknown) =>
      (await captureOutput(() => handler(event, createContext('request-1')))).result;
    const predict = async (rows: readonly unknown[]) =>
      ((await invoke(rows)) as { predictions: Prediction[] }).predictions;

    before(async () => {
      model = await loadModel('models', name);
      handler = createService(model);
    });

    it('answers its golden rows as the original did', async () => {
      const { scale, largest_error: error } = model.manifest.parity;
      expectSamePredictions(await predict(golden.instances), golden.predictions, scale * Math.max(error, 1e-12));
    });

    it('answers a batch in several runs, as it answers row by row', async () => {
      const rows = golden.instances.slice(0, 150);
      const alone: Prediction[] = [];
      for (const row of rows) alone.push(...(await predict([row])));
      const batch = Array.from({ length: 5000 }, (_, index) => index % rows.length);
      const { result: answered, sizes } = await countRows(() => predict(batch.map((row) => rows[row])));
      expect(sizes).to.deep.equal([rowsPerRun, rowsPerRun, batch.length - 2 * rowsPerRun]);
      const expected = batch.map((row) => alone[row] as Prediction);
      expectSamePredictions(answered, expected, model.manifest.parity.scale * 1e-12);
    });

    it('answers every example of its own description', async () => {
      const requests = toExampleRequests(model.manifest);
      expect(requests).to.have.length.above(10);
      for (const request of requests) {
        const { status, body } = fromHttpResponse(await invoke(createHttpEvent(request)));
        expect(status, `${request.path} ${request.body} ${body}`).to.equal(200);
      }
    });
  });
}
