import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { toOpenApi } from '../../functions/predict/openapi/openapi.ts';
import { routes } from '../../functions/predict/routes.ts';
import { createCapture } from '../../functions/predict/telemetry/capture.ts';
import { createContext } from '../../local/context.ts';
import { linesOfBatch } from '../helpers/batch-steps.ts';
import { type Emitted, readEmitted } from '../helpers/emf.ts';
import { expectedAnswers } from '../helpers/event-answers.ts';
import { packageNames, readEvent } from '../helpers/files.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { readDocumentedBatchLogFields, readDocumentedLogFields, readDocumentedMetrics } from '../helpers/operations.ts';
import { captureOutput } from '../helpers/output.ts';
import { runNode } from '../helpers/process.ts';
import { toExampleRequests } from '../helpers/requests.ts';
import { patientMs, startS3 } from '../helpers/s3.ts';
import { createService } from '../helpers/service.ts';

type Line = Record<string, unknown>;

/** The lines that a handler writes while it answers or rejects events, one after the other. */
async function linesOf(handler: Handler, events: readonly unknown[]): Promise<Line[]> {
  const { lines } = await captureOutput(async () => {
    for (const event of events) await handler(event, createContext('request-1')).catch(() => undefined);
  });
  return lines;
}

/** Every example of every protocol, the model's own example as a direct invocation, every GET, and invalid requests. */
function trafficOf({ manifest }: Model): unknown[] {
  const paths = Object.entries(toOpenApi(manifest, routes).paths);
  const documents = paths.filter(([, { get }]) => get).map(([path]) => createHttpEvent({ method: 'GET', path }));
  const refused = ['[', '[]', '[1]', '{"instances":[[null]]}'].map((body) =>
    createHttpEvent({ path: '/predict', body }),
  );
  return [
    ...toExampleRequests(manifest).map(createHttpEvent),
    ...documents,
    ...refused,
    createHttpEvent({ method: 'DELETE', path: '/model' }),
    manifest.examples[0]?.instances,
    { no: 'row' },
  ];
}

async function linesOfCaptureThatFails(model: Model): Promise<Line[]> {
  const s3 = await startS3();
  await s3.stop();
  const capture = await createCapture({ capture: s3.config, captureRedact: [] }, model.manifest, patientMs);
  return linesOf(createService(model, {}, capture), [model.manifest.examples[0]?.instances]);
}

/** The lines that a process writes while it starts, or fails to start. */
async function linesOfStart(environment: Record<string, string>): Promise<Line[]> {
  const { stdout } = await runNode('test/helpers/predict-once.ts', environment);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

async function collect(): Promise<Line[]> {
  const model = await loadModel('models', 'iris');
  const others = packageNames().filter((name) => name !== 'iris');
  const models = [
    model,
    ...(await Promise.all(others.map((name) => loadModel('models', name)))),
    await loadModel('test/fixtures', 'diabetes'),
  ];
  const broken: Model = { ...model, run: () => Promise.reject(new Error('broken', { cause: new Error('deeper') })) };
  const row = model.manifest.examples[0]?.instances;
  const events = Object.values(expectedAnswers).flatMap((answers) => Object.keys(answers).map(readEvent));
  const lines: Line[] = [];
  for (const each of models)
    lines.push(...(await linesOf(createService(each, { driftWindowRows: 2 }), trafficOf(each))));
  lines.push(...(await linesOf(createService(model), events)));
  lines.push(...(await linesOf(createService(broken), [row, createHttpEvent({ path: '/predict', body: '[1]' })])));
  lines.push(...(await linesOfCaptureThatFails(model)));
  lines.push(...(await linesOfStart({ MODEL: 'rose' })));
  return lines;
}

describe('the lines that the functions write', () => {
  let lines: Line[];
  let batch: Line[];
  let emitted: Emitted & { problems: string[] };

  before(async () => {
    const { _X_AMZN_TRACE_ID: trace } = process.env;
    // Lambda sets this variable. The log lines have its trace id.
    process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1';
    try {
      lines = await collect();
      batch = await linesOfBatch(await loadModel('models', 'iris'));
    } finally {
      if (trace === undefined) delete process.env._X_AMZN_TRACE_ID;
      else process.env._X_AMZN_TRACE_ID = trace;
    }
    emitted = readEmitted(lines);
  });

  it('have exactly the metrics that docs/operations.md lists, with their units and dimensions', () => {
    const key = ({ metric, unit, dimensions }: Emitted['metrics'][number]) => `${metric} ${unit} (${dimensions})`;
    const { metrics } = readEmitted([...lines, ...batch]);
    expect(metrics.map(key)).to.deep.equal(readDocumentedMetrics().map(key).sort());
  });

  it('have exactly the log fields that docs/operations.md lists', () => {
    expect(emitted.fields).to.deep.equal(readDocumentedLogFields().sort());
  });

  it('have exactly the log fields that docs/operations.md lists for batch', () => {
    // Of the fields in the table of requests, the table of batch repeats only these. It leaves out the rest, such as those
    // of Powertools.
    const repeated = ['rows', 'duration_ms', 'model', 'model_version'];
    const leftOut = readDocumentedLogFields().filter((field) => !repeated.includes(field));
    const told = batch.filter((line) => !('_aws' in line)).flatMap((line) => Object.keys(line));
    const own = told.filter((field) => !leftOut.includes(field));
    expect([...new Set(own)].sort()).to.deep.equal(readDocumentedBatchLogFields().sort());
  });

  it('have only metrics that CloudWatch accepts', () => {
    expect(emitted.problems).to.deep.equal([]);
    expect(readEmitted(batch).problems).to.deep.equal([]);
  });

  it('have one metric document with a latency for each request', () => {
    const requests = lines.filter((line) => line.message === 'request');
    const documents = lines.filter((line) => 'RequestLatency' in line);
    expect(requests).to.have.length.above(100);
    expect(documents).to.have.length(requests.length);
    const predicted = documents.filter((document) => 'RowsOutOfRange' in document);
    expect(predicted).to.have.length.above(50);
  });

  it('count as many predictions as rows', () => {
    const sum = (name: string, of: readonly Line[]) => of.reduce((total, line) => total + Number(line[name] ?? 0), 0);
    const documents = lines.filter((line) => '_aws' in line && line.model !== 'diabetes');
    const predicted = documents.filter((line) => 'RowsOutOfRange' in line);
    expect(sum('Predictions', documents)).to.equal(sum('Rows', predicted)).and.be.above(30);
  });
});
