import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Handler } from '../../functions/predict/handler.ts';
import { createContext } from '../../local/context.ts';
import type { Board } from '../../local/dashboard/board.ts';
import { type DemoRequest, drawRequest, toLargeRequest } from '../../local/demo/requests.ts';
import { createRows } from '../../local/demo/rows.ts';
import { createScript } from '../../local/demo/script.ts';
import { createTrouble } from '../../local/demo/trouble.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { startServer } from '../helpers/server.ts';
import { createService } from '../helpers/service.ts';
import { createRandom } from '../soak/random.ts';

const packages = [
  ['models', 'iris'],
  ['models', 'churn'],
  ['test/fixtures', 'diabetes'],
  ['test/fixtures', 'times'],
  ['test/fixtures/texts', 'tickets'],
  ['test/fixtures/texts', 'reviews'],
] as const;

const toEvent = ({ method = 'POST', path, headers = {}, body }: DemoRequest) =>
  createHttpEvent({ method, path, headers: { 'content-type': 'application/json', ...headers }, ...(body && { body }) });

/** Sends requests. Returns their statuses, a function that sums a metric, and each feature's last stability index. */
async function send(handler: Handler, requests: readonly DemoRequest[]) {
  const { result: statuses, lines } = await captureOutput(async () => {
    const answers = [];
    for (const request of requests) answers.push(await handler(toEvent(request), createContext('request-1')));
    return answers.map((answer) => (answer as { statusCode: number }).statusCode);
  });
  const sum = (name: string) => lines.reduce((total, line) => total + Number(line[name] ?? 0), 0);
  const stability = lines.filter((line) => 'PopulationStability' in line);
  const indices = Object.fromEntries(
    stability.map((line): [string, number] => [String(line.feature), Number(line.PopulationStability)]),
  );
  return { statuses, sum, indices };
}

const predict = (instances: readonly unknown[]): DemoRequest => ({
  path: '/predict',
  body: JSON.stringify({ instances }),
});

describe('the traffic of the demo', () => {
  for (const [directory, name] of packages) {
    describe(`for ${name}`, () => {
      let model: Model;
      before(async () => {
        model = await loadModel(directory, name);
      });

      it('has rows like the training data, until one feature drifts', async () => {
        const { draw, drifting } = createRows(model.manifest, createRandom(1));
        const rows = (drifted: number) => [predict(Array.from({ length: 1000 }, () => draw(drifted)))];
        const service = () => createService(model, { driftWindowRows: 1000 });
        const usual = await send(service(), rows(0));
        expect(usual.statuses).to.deep.equal([200]);
        expect([usual.sum('RowsOutOfRange'), usual.sum('UnseenCategories')]).to.deep.equal([0, 0]);
        for (const [feature, index] of Object.entries(usual.indices)) expect(index, feature).to.be.below(0.1);
        const drifted = await send(service(), rows(1));
        expect(drifted.statuses).to.deep.equal([200]);
        const changed = Object.entries(drifted.indices).filter(([, index]) => index > 0.25);
        expect(changed.map(([feature]) => feature)).to.deep.equal(drifting === undefined ? [] : [drifting]);
      });

      it('causes a few client errors and no server error', async () => {
        const random = createRandom(2);
        const { draw } = createRows(model.manifest, random);
        const requests = Array.from({ length: 200 }, () => drawRequest(draw, random(), random));
        const { statuses } = await send(createService(model), requests);
        expect(statuses.filter((status) => status >= 500)).to.deep.equal([]);
        expect(statuses.filter((status) => status >= 400).length).to.be.within(2, 20);
      });

      it('has large requests that are answered, and whose rows are not counted', async () => {
        const { draw } = createRows(model.manifest, createRandom(3));
        const { statuses, sum } = await send(createService(model), [toLargeRequest(draw, model.manifest, 1_000_000)]);
        expect(statuses).to.deep.equal([200]);
        expect(sum('Rows')).to.equal(0);
      });
    });
  }
});

describe('the script of the demo', () => {
  const script = createScript(1000, 'tenure');

  it('plays its scenes, and begins again', () => {
    const kinds = ['burst', 'drift', 'large', 'crash'] as const;
    const onAt = (now: number) => kinds.filter((kind) => script.isOn(kind, now));
    expect([1000, 1020, 1030, 1045, 1060, 1080].map(onAt)).to.deep.equal([
      [],
      ['burst'],
      ['drift'],
      ['drift', 'large'],
      ['drift', 'crash'],
      [],
    ]);
    expect(onAt(1140)).to.deep.equal(['burst']);
    expect([1029, 1030, 1040, 1070, 1090].map((now) => script.drifted(now))).to.deep.equal([0, 0, 0.5, 1, 0]);
  });

  it('lists the scenes of the last minutes and the coming ones', () => {
    const titles = ['A burst', 'Drift', 'Large requests', 'Crashes'];
    expect(script.acts(1000).map(({ title }) => title)).to.deep.equal(titles);
    const acts = script.acts(1130);
    expect(acts.map(({ title }) => title)).to.deep.equal([...titles, ...titles]);
    expect(acts[1]).to.include({ start: 1030, end: 1080 });
    expect(acts[1]?.text).to.match(/^tenure moves away/);
    expect(acts[5]).to.include({ start: 1150, end: 1200 });
  });

  it('leaves out the drift if no feature can drift', () => {
    const texts = createScript(1000, undefined);
    expect(texts.acts(1000).map(({ title }) => title)).to.deep.equal(['A burst', 'Large requests', 'Crashes']);
    expect(texts.drifted(1070)).to.equal(0);
  });
});

describe('the trouble of the demo', () => {
  const own = { headers: { 'user-agent': 'sepal-demo' } };
  const call = async (handler: Handler, event: object, times: number) => {
    const answers = Array.from({ length: times }, () => handler(event, createContext('request-1')));
    const settled = await Promise.allSettled(answers);
    return settled.map((one) => (one.status === 'fulfilled' ? 'answered' : (one.reason as Error).name));
  };
  const count = (names: readonly string[], name: string) => names.filter((one) => one === name).length;

  it('throttles the requests above ten at once', async () => {
    const handler = createTrouble(
      async () => ({}),
      (kind) => kind === 'burst',
      createRandom(4),
    );
    const names = await call(handler, own, 15);
    expect([count(names, 'answered'), count(names, 'Throttled')]).to.deep.equal([10, 5]);
    expect(await call(handler, own, 1)).to.deep.equal(['answered']);
  });

  it('crashes for some requests', async () => {
    const handler = createTrouble(
      async () => ({}),
      (kind) => kind === 'crash',
      createRandom(4),
    );
    const names: string[] = [];
    for (let request = 0; request < 300; request++) names.push(...(await call(handler, own, 1)));
    expect(count(names, 'Error')).to.be.within(40, 160);
  });

  it("affects only the demo's own requests", async () => {
    const handler = createTrouble(
      async () => ({}),
      () => true,
      createRandom(4),
    );
    for (const event of [{ headers: { 'user-agent': 'Mozilla' } }, {}])
      expect(count(await call(handler, event, 100), 'answered')).to.equal(100);
  });
});

describe('npm start -- --demo', () => {
  it('sends requests to its own server, shows them in its dashboard, and ends cleanly', async () => {
    const server = await startServer({}, '--demo');
    const read = async (): Promise<Board> => (await fetch(`${server.url}/dashboard/data`)).json() as Promise<Board>;
    const countRequests = ({ panels }: Board) => {
      const { content } = panels.find(({ title }) => title === 'In the time shown') ?? expect.fail();
      return content.kind === 'figures' ? (content.figures.find(({ label }) => label === 'requests')?.value ?? 0) : 0;
    };
    let board = await read();
    while (countRequests(board) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      board = await read();
    }
    expect(board.model).to.equal('iris 1.0.0');
    expect(board.acts.map(({ title }) => title)).to.include('Drift');
    const { code, stdout, stderr } = await server.stop('SIGINT');
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).not.to.include('{"_aws"');
  });
});
