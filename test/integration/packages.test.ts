import { expect } from 'chai';
import type { Tensor } from 'onnxruntime-node';
import { type Binding, binding } from 'onnxruntime-node/dist/binding.js';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import { packageNames, readGolden } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { createService } from '../helpers/service.ts';

/** Loads a package, and records in `sizes` the number of rows of each run of ONNX Runtime. */
async function loadCounted(name: string): Promise<{ model: Model; sizes: number[] }> {
  const sizes: number[] = [];
  const { InferenceSession } = binding;
  binding.InferenceSession = class extends InferenceSession {
    override run(...parameters: Parameters<Binding.InferenceSession['run']>) {
      const [tensor] = Object.values(parameters[0]) as Tensor[];
      sizes.push(tensor?.dims[0] ?? 0);
      return super.run(...parameters);
    }
  };
  try {
    return { model: await loadModel('models', name), sizes };
  } finally {
    binding.InferenceSession = InferenceSession;
  }
}

for (const name of packageNames()) {
  describe(`the package ${name}`, () => {
    let model: Model;
    let handler: Handler;
    const golden = readGolden(name);

    const invoke = async (event: unknown, by = handler) =>
      (await captureOutput(() => by(event, createContext('request-1')))).result;
    const predict = async (rows: readonly unknown[], by = handler) =>
      ((await invoke(rows, by)) as { predictions: Prediction[] }).predictions;

    before(async () => {
      model = await loadModel('models', name);
      handler = createService(model);
    });

    it('answers its golden rows as the original did', async () => {
      const { scale, largest_error: error } = model.manifest.parity as NonNullable<Manifest['parity']>;
      expectSamePredictions(await predict(golden.instances), golden.predictions, scale * Math.max(error, 1e-12));
    });

    it('answers a batch in several runs, as it answers row by row', async () => {
      const rows = golden.instances.slice(0, 150);
      const alone: Prediction[] = [];
      for (const row of rows) alone.push(...(await predict([row])));
      const batch = Array.from({ length: 5000 }, (_, index) => index % rows.length);
      const counted = await loadCounted(name);
      // Loading has run the examples. These runs are not counted.
      const ofLoading = counted.sizes.length;
      const answered = await predict(
        batch.map((row) => rows[row]),
        createService(counted.model),
      );
      const sizes = counted.sizes.slice(ofLoading);
      expect(sizes).to.have.length.above(2);
      expect(sizes.reduce((total, size) => total + size)).to.equal(batch.length);
      expect(answered).to.deep.equal(batch.map((row) => alone[row]));
    });

    it('answers every example request of its OpenAPI document', async () => {
      const requests = toExampleRequests(model.manifest);
      expect(requests).to.have.length.above(10);
      for (const request of requests) {
        const { status, body } = fromHttpResponse(await invoke(createHttpEvent(request)));
        expect(status, `${request.path} ${request.body} ${body}`).to.equal(200);
      }
    });
  });
}
