import { expect } from 'chai';
import { defaultLimits, type Limits } from '../../functions/core/limits.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { createContext } from '../../local/context.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

const lambdaLimit = 6 * 1024 * 1024;

describe('limits', () => {
  let model: Model;
  before(async () => {
    model = await loadModel('models', 'iris');
  });

  async function ask(
    body: string,
    headers: Record<string, string> = {},
    limits: Partial<Limits> = {},
    path = '/predict',
  ) {
    const handler = createService(model, { limits: { ...defaultLimits, ...limits } });
    const event = createHttpEvent({ path, headers: { 'content-type': 'application/json', ...headers }, body });
    return (await captureOutput(() => handler(event, createContext('request-1')))).result as Answer;
  }
  const rows = (count: number) => `[${Array(count).fill('[5.1,3.5,1.4,0.2]').join()}]`;
  const infer = (count: number) => {
    const data = Array(count).fill('5.1,3.5,1.4,0.2').join();
    return `{"inputs":[{"name":"X","shape":[${count},4],"datatype":"FP64","data":[${data}]}]}`;
  };
  const table = (count: number) => '5.1,3.5,1.4,0.2\n'.repeat(count);

  const passes: [Partial<Limits>, string, number, string][] = [
    [{ bodyBytes: 10 }, rows(1), 413, 'Expected a body of at most 10 bytes, but it has 19'],
    [{ rows: 2 }, rows(3), 413, 'Expected at most 2 rows, got 3'],
    [{ probabilities: 8 }, rows(3), 413, 'Expected at most 2 rows, because the limit is 8 probabilities, got 3'],
    [{ columns: 4 }, '[[1,2,3,4,5]]', 422, 'expected at most 4 columns, got 5'],
    [{ depth: 2 }, '[[[1]]]', 422, 'Expected a document of at most 2 levels, but the limit is passed'],
    [{ stringLength: 3 }, '["four"]', 422, 'expected at most 3 characters, got 4'],
  ];
  for (const [limits, body, status, message] of passes) {
    it(`names the limit of ${Object.keys(limits)} and its value`, async () => {
      const answer = await ask(body, {}, limits);
      expect(answer.statusCode).to.equal(status);
      expect(answer.body).to.include(message);
    });
  }

  const ways: [string, string, (count: number) => string, Record<string, string>][] = [
    ['/predict', 'JSON', rows, {}],
    ['/predict', 'CSV', table, { 'content-type': 'text/csv', accept: 'text/csv' }],
    ['/v2/models/iris/infer', 'Open Inference', infer, {}],
    [
      '/invocations',
      'MLflow',
      (count) => `{"instances":${rows(count)},"params":{"predict_method":"predict_proba"}}`,
      {},
    ],
  ];
  for (const [path, format, bodyOf, headers] of ways) {
    it(`states before the inference how many rows fit into an answer of ${format}, and exactly as many do`, async () => {
      const many = await ask(bodyOf(defaultLimits.rows), headers, {}, path);
      expect(many.statusCode).to.equal(413);
      const fitting = Number(/at most (\d+) rows, whose answer fits into 6291456 bytes/.exec(many.body)?.[1]);
      const most = await ask(bodyOf(fitting), headers, {}, path);
      expect(most.statusCode).to.equal(200);
      expect(Buffer.byteLength(JSON.stringify(most))).to.be.below(lambdaLimit);
      expect((await ask(bodyOf(fitting + 1), headers, {}, path)).statusCode).to.equal(413);
    });
  }
});
