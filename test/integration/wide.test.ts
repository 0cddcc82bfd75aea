import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import type { Capture } from '../../functions/predict/telemetry/capture.ts';
import { createContext } from '../../local/context.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput, sortLines } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';
import { writeWidePackage } from '../helpers/wide-package.ts';

const instances = (count: number) => JSON.stringify({ instances: Array(Math.floor(count)).fill([0.1]) });
const infer = (count: number, outputs: readonly string[]) =>
  JSON.stringify({
    inputs: [{ name: 'X', shape: [count, 1], datatype: 'FP64', data: Array(count).fill(0.1) }],
    outputs: outputs.map((name) => ({ name })),
  });

/** The most by which the resident memory grows while `use` runs, in MB. */
async function growthOf(use: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 1);
  await use();
  clearInterval(timer);
  return (Math.max(most, process.memoryUsage().rss) - before) / 1e6;
}

for (const [name, classes, most] of [
  ['wide', 3000, 10_000],
  ['heavy', 2, 4000],
] as const) {
  describe(`a model that computes much for each row: ${name}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'sepal-'));
    let handler: Handler;
    const kept: Parameters<Capture>[0][] = [];

    before(async () => {
      writeWidePackage(directory, name);
      const model = await loadModel(directory, name);
      handler = createService(model, {}, async (exchange) => void kept.push(exchange));
    });
    after(() => rmSync(directory, { recursive: true }));

    const ask = async (path: string, body: string, headers: Record<string, string> = {}, msLeft = 30_000) => {
      const event = createHttpEvent({ path, headers: { 'content-type': 'application/json', ...headers }, body });
      const context = { ...createContext('request-1'), getRemainingTimeInMillis: () => msLeft };
      const { result, lines } = await captureOutput(() => handler(event, context));
      return { ...fromHttpResponse(result), ...sortLines(lines) };
    };

    const labelsAlone: [string, string, string][] = [
      ['MLflow', '/invocations', instances(most)],
      ['the Open Inference Protocol', `/v2/models/${name}/infer`, infer(most, ['label'])],
    ];
    for (const [protocol, path, body] of labelsAlone) {
      it(`answers the labels of ${most} rows by ${protocol} in little memory, and counts rows of low confidence`, async () => {
        let answered: Awaited<ReturnType<typeof ask>> | undefined;
        const growth = await growthOf(async () => {
          answered = await ask(path, body);
        });
        expect(answered?.status).to.equal(200);
        const document = JSON.parse(answered?.body ?? '');
        const labels = document.predictions ?? document.outputs[0].data;
        expect(labels).to.deep.equal(Array(most).fill(String(classes - 1)));
        const [line] = answered?.logs ?? [];
        expect(line).to.include({ Rows: most, LowConfidence: most });
        // All rows in one run take 740 MB (wide) and 3,300 MB (heavy). In chunks they take 100 and 200 MB.
        expect(growth).to.be.below(400);
        const { predictions } = kept.at(-1) ?? {};
        expect(predictions?.outputs.map(({ field }) => field)).to.deep.equal(['label']);
        expect(predictions?.confidences).to.have.length(most);
      });
    }

    it('answers all probabilities if the answer shows them', async () => {
      const rows = 20;
      const { body } = await ask('/predict', instances(rows));
      const { predictions } = JSON.parse(body);
      expect(predictions).to.have.length(rows);
      for (const { probabilities } of predictions) {
        const values = Object.values<number>(probabilities);
        expect(values).to.have.length(classes);
        expect(values.reduce((sum, value) => sum + value)).to.be.closeTo(1, 1e-9);
      }
      const table = await ask('/invocations', instances(rows), { accept: 'text/csv' });
      expect(table.body.split('\r\n')[1]?.split(',')).to.have.length(classes + 1);
    });

    if (name === 'wide') {
      it('states before the inference how many rows fit, and as many do', async () => {
        const { status, body, logs } = await ask('/invocations', instances(40_000));
        expect(status).to.equal(413);
        expect(body).to.include('Expected at most 10000 rows, because the limit is 30000000 probabilities, got 40000');
        expect(logs[0]).not.to.have.property('inference_ms');
        // An answer with probabilities has room for fewer rows. The refusal states how many.
        const wide = await ask('/predict', instances(40_000));
        const fitting = Number(/at most (\d+) rows, whose answer fits/.exec(wide.body)?.[1]);
        expect(wide.body).to.include('10000 fit as labels alone');
        expect((await ask('/predict', instances(fitting))).status).to.equal(200);
      });
    } else {
      it('refuses rows that it cannot answer in time, and answers as many as it states', async () => {
        const askIn2s = (count: number) => ask('/invocations', instances(count), {}, 2000);
        const fitting = ({ body }: { body: string }) =>
          Number(/at most (\d+) rows, which this model answers in the 2 seconds/.exec(body)?.[1]);
        let rows = 100_000;
        let answer = await askIn2s(rows);
        expect(answer.status).to.equal(413);
        // A machine that is busier now than before refuses again, with fewer rows.
        while (answer.status === 413) {
          expect(fitting(answer)).to.be.within(1, rows - 1);
          rows = fitting(answer);
          answer = await askIn2s(rows);
        }
        expect(answer.status).to.equal(200);
      });
    }
  });
}
