import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import prices from '../../bench/prices/prices.json' with { type: 'json' };
import { answerBoard } from '../../local/dashboard/dashboard.ts';
import { evaluate, type Term } from '../../local/dashboard/expression.ts';
import { fold } from '../../local/dashboard/fold.ts';
import { resources } from '../../local/dashboard/front.ts';
import { periodCount, periodSeconds, toPanel, toPeriods } from '../../local/dashboard/panel.ts';
import { createSamples, type Sample } from '../../local/dashboard/samples.ts';
import { toStatistic } from '../../local/dashboard/statistic.ts';
import { createTemplateReader, readMonitoring, type Widget } from '../../local/dashboard/template.ts';
import { indexSamples, Window } from '../../local/dashboard/window.ts';

const yaml = readFileSync('template.yaml', 'utf8');
const values = { 'AWS::StackName': 'sepal', ModelName: 'iris', ...resources };
const now = 1_700_000_000_000;

/** A line of metrics, in the last full period or `secondsBefore` seconds earlier. */
const emit = (dimensions: Record<string, string>, metrics: Record<string, number | number[]>, secondsBefore = 0) =>
  `${JSON.stringify({
    _aws: {
      Timestamp: now - 1000 * (1 + secondsBefore),
      CloudWatchMetrics: [
        {
          Namespace: 'Sepal',
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(metrics).map((Name) => ({ Name })),
        },
      ],
    },
    ...dimensions,
    ...metrics,
  })}\n`;

const service = { service: 'sepal', model: 'iris' };
const { widgets, alarms } = readMonitoring(yaml, values);
const periods = toPeriods(now);

/** Samples as AWS would measure them, in the last full period. */
const measure = (namespace: string, dimensions: Record<string, string>, metrics: Record<string, number>): Sample[] =>
  Object.entries(metrics).map(([name, value]) => ({ time: now - 1000, namespace, name, dimensions, value }));
const lambda = { FunctionName: 'PredictFunction', Resource: 'PredictFunction:live' };

function draw(lines: readonly string[] = [], others: readonly Sample[] = []) {
  const samples = createSamples();
  for (const line of lines) samples.add(line);
  const index = indexSamples([...samples.since(0), ...others]);
  const drawn = widgets.filter(({ type }) => type !== 'text').map((widget) => toPanel(widget, alarms, index, periods));
  const panel = (title: string) => drawn.find((one) => one.panel.title.startsWith(title))?.panel ?? expect.fail(title);
  const content = <K extends string>(title: string, kind: K) => {
    const found = panel(title).content;
    expect(found.kind).to.equal(kind);
    return found as Extract<typeof found, { kind: K }>;
  };
  return {
    drawn,
    last: (title: string) =>
      Object.fromEntries(content(title, 'chart').chart.series.map((line) => [line.label, line.values.at(-1)])),
    chart: (title: string) => content(title, 'chart').chart,
    figures: Object.fromEntries(
      content('In the time shown', 'figures').figures.map(({ label, value }) => [label, value]),
    ),
    bars: content('Predictions per class, in', 'bars').bars,
    alarm: (name: string) => content('Alarms', 'alarms').alarms.find((one) => one.name === name) ?? expect.fail(name),
  };
}

describe('the local dashboard', () => {
  it('draws every widget of the template except texts', () => {
    const { drawn } = draw();
    expect(drawn.length).to.be.greaterThan(14);
    for (const { panel } of drawn) {
      expect(panel.content.kind, panel.title).not.to.equal('none');
      expect(panel.problems, panel.title).to.deep.equal([]);
    }
  });

  it('draws the metrics of the stack and the model with their statistics', () => {
    const { last } = draw([
      emit(service, { RequestLatency: [1, 2, 3], Rows: 3, ClientError: 0, RowsOutOfRange: 1 }),
      emit(service, { RequestLatency: 4, Rows: 1, ClientError: 1, RowsOutOfRange: 0 }),
      emit({ ...service, model: 'churn' }, { RequestLatency: 1000 }),
      'a line that is no metric\n',
    ]);
    expect(last('Request latency, in the function')).to.deep.include({ p50: 2.5 });
    expect(last('Rows per request')).to.deep.include({ average: 2, most: 3 });
    expect(last('Errors')).to.deep.include({ '4xx by the function': 1 });
    expect(last('Rows unlike')).to.deep.include({ 'numbers out of range': 25 });
  });

  it('computes figures over all periods', () => {
    const { figures } = draw([
      emit(service, { RequestLatency: 1, ServerError: 0, ClientError: 1 }),
      emit(service, { RequestLatency: 3, ServerError: 0, ClientError: 0 }, 150),
      emit(service, { RequestLatency: 9, ServerError: 0, ClientError: 0 }, 400),
    ]);
    expect(figures).to.deep.include({ requests: 2, 'answered 5xx (%)': 0, 'answered 4xx (%)': 50 });
    expect(figures).to.include({ 'p50 in the function (ms)': 2, 'rows predicted': null });
  });

  it('draws a line and a bar for each class that a search expression finds', () => {
    const board = draw([
      emit({ ...service, class: 'setosa' }, { Predictions: 2 }),
      emit({ ...service, class: 'setosa' }, { Predictions: 1 }, 100),
      emit({ ...service, class: 'virginica' }, { Predictions: 5 }),
    ]);
    expect(board.last('Predictions per class')).to.deep.equal({ setosa: 2, virginica: 5 });
    expect(board.bars).to.deep.equal([
      { label: 'setosa', value: 3 },
      { label: 'virginica', value: 5 },
    ]);
    expect(board.chart('Drift').thresholds.map(({ label, value }) => [label, value])).to.deep.equal([
      ['look', 0.1],
      ['changed', 0.25],
    ]);
  });

  it('lists the metrics that only AWS can measure, and does not draw them', () => {
    const { drawn, last } = draw();
    const unmeasured = drawn.flatMap((one) => one.unmeasured);
    expect(unmeasured).to.include('requests to the function URL').and.to.include('provisioned, in use');
    expect(unmeasured).not.to.include('requests to the HTTP API');
    expect(last('Traffic')).to.have.all.keys('requests to the HTTP API', 'invocations, direct ones too');
  });

  it('estimates costs by the prices of the benchmark', () => {
    const metrics = { Invocations: 1, Duration: 1000 };
    const { last } = draw(
      [],
      [...measure('AWS/Lambda', lambda, metrics), ...measure('AWS/ApiGateway', { ApiId: 'Api' }, { Count: 1 })],
    );
    const request = (prices.lambdaPerMillionRequests + prices.httpApiPerMillionRequests) / 1e6;
    const cost = (1769 / 1024) * prices.lambdaPerGigabyteSecond + request;
    expect(last('Cost estimate: a million')['at the cost of the period']).to.be.closeTo(cost * 1e6, 1e-6);
    expect(last('Cost estimate: an hour')['at the rate of the period']).to.be.closeTo((cost * 3600) / 5, 1e-9);
  });

  it("uses the benchmark's price of a request to a REST API too", () => {
    expect(yaml).to.include(`FILL(keyed, 0) * ${(prices.restApiPerMillionRequests / 1e6).toFixed(7)}`);
  });

  it('reports an unknown kind of widget, view or statistic', () => {
    const widget = { type: 'explorer', x: 0, y: 0, width: 1, height: 1, properties: {} };
    const problems = (changes: Partial<Widget>) =>
      toPanel({ ...widget, ...changes }, alarms, new Map(), periods).panel.problems.join();
    expect(problems({})).to.equal('A widget of the kind explorer is not drawn here.');
    expect(problems({ type: 'metric', properties: { view: 'pie' } })).to.equal('The view pie is not drawn here.');
    const metrics = [['Sepal', 'Rows', { stat: 'TM(10%:90%)', label: 'trimmed' }]] as const;
    expect(problems({ type: 'metric', properties: { metrics } })).to.equal(
      'trimmed: the statistic TM(10%:90%) is not known here.',
    );
  });

  it('reads the template again when it has changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sepal-'));
    const path = join(folder, 'template.yaml');
    writeFileSync(path, yaml);
    const read = createTemplateReader(path, values);
    expect(read().widgets.some(({ properties }) => properties.title === 'Traffic')).to.equal(true);
    writeFileSync(path, yaml.replace('"title": "Traffic"', '"title": "Calls"'));
    utimesSync(path, 1, 1);
    expect(read().widgets.some(({ properties }) => properties.title === 'Calls')).to.equal(true);
    rmSync(folder, { recursive: true });
  });

  it('answers with the reason if the template cannot be read', async () => {
    const server = createServer((_, response) =>
      answerBoard(() => {
        readMonitoring('Resources: [\n', values);
        return expect.fail('the template was read');
      }, response),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(response.status).to.equal(500);
    expect(await response.text()).to.include('at line 2');
    server.close();
  });

  it('shows the last full periods', () => {
    expect(periods).to.include({ count: periodCount, seconds: periodSeconds, step: periodSeconds });
    expect(periods.firstEnd + (periodCount - 1) * periodSeconds).to.equal(now / 1000);
    expect(toPeriods(now + 4999)).to.deep.equal(periods);
  });
});

describe('the alarms on the local dashboard', () => {
  it('are those of the template, without data until something is measured', () => {
    for (const name of ['Error rate', 'Latency', 'Throttles', 'Init failure', 'Out of range']) {
      expect(
        draw()
          .alarm(name)
          .states.every((state) => state === 'no data'),
        name,
      ).to.equal(true);
    }
  });

  it('go into alarm above the threshold, and back', () => {
    const {
      threshold,
      states,
      values: seen,
    } = draw([emit(service, { RequestLatency: 1001 }, 10), emit(service, { RequestLatency: 1000 })]).alarm('Latency');
    expect(threshold).to.equal(1000);
    expect(seen.slice(-3)).to.deep.equal([1001, null, 1000]);
    expect(states.slice(-3)).to.deep.equal(['in alarm', 'no data', 'OK']);
  });

  it('evaluate one second for each minute that they evaluate in CloudWatch', () => {
    const rows = (outside: number) => emit(service, { Rows: 100, RowsOutOfRange: outside }, 55);
    const { seconds, states } = draw([rows(11)]).alarm('Out of range');
    expect(seconds).to.equal(60);
    // The sample is 56 seconds old. Each period ends 5 seconds after the one before and has 60 seconds, so the last 12
    // periods include the sample.
    expect(states.filter((state) => state === 'in alarm')).to.have.length(12);
    expect(
      draw([rows(10)])
        .alarm('Out of range')
        .states.at(-1),
    ).to.equal('OK');
  });

  it('count requests without an answer as failed, like those with a 5xx', () => {
    const failed = { Invocations: 1, Errors: 1 };
    const answered = [...Array(9)].flatMap(() => measure('AWS/Lambda', lambda, { Invocations: 1, Errors: 0 }));
    const lines = [...Array(9)].map(() => emit(service, { RequestLatency: 1, ServerError: 0 }));
    const { alarm, last } = draw(lines, [...answered, ...measure('AWS/Lambda', lambda, failed)]);
    expect(alarm('Error rate').states.at(-1)).to.equal('in alarm');
    expect(alarm('Error rate').values.at(-1)).to.equal(10);
    expect(last('Failed requests')).to.deep.equal({ '5xx or no answer': 10 });
  });
});

describe('fold', () => {
  const series = Array.from({ length: 12 }, (_, index) => ({ label: `c${index}`, values: [index, null] }));

  it('keeps all series if there are few', () => {
    expect(fold(series.slice(2), true)).to.deep.equal(series.slice(2));
  });

  it('keeps the largest in their order, and sums the others if they are stacked', () => {
    const folded = fold(series, true);
    expect(folded.map(({ label }) => label)).to.deep.equal(
      [...'345678'].map((n) => `c${n}`).concat('c9', 'c10', 'c11', '3 others'),
    );
    expect(folded.at(-1)?.values).to.deep.equal([3, null]);
    expect(fold(series, false).map(({ label }) => label)).to.deep.equal(series.slice(2).map(({ label }) => label));
  });
});

describe('a window', () => {
  it('puts a value into each period that it belongs to', () => {
    const sample = (time: number) => ({ time: time * 1000, namespace: 'n', name: 'm', dimensions: {}, value: time });
    const index = indexSamples([100, 104.9, 105, 110].map(sample));
    const sums = (seconds: number) =>
      new Window(index, { firstEnd: 105, count: 3, step: 5, seconds }).values('n', 'm', [], 'Sum');
    expect(sums(5)).to.deep.equal([204.9, 105, 110]);
    expect(sums(10)).to.deep.equal([204.9, 309.9, 215]);
  });
});

describe('metric math', () => {
  const terms = new Map<string, Term>([
    ['a', [1, null, 4]],
    ['b', [2, 3, 0]],
  ]);
  const termOf = (id: string) => terms.get(id) ?? expect.fail(`nothing is called ${id}`);
  const compute = (expression: string) => evaluate(expression, { termOf, periodSeconds: 5 });

  it('computes each period, and gives null if a value is missing', () => {
    expect(compute('100 * FILL(a, 0) / b')).to.deep.equal([50, 0, null]);
    expect(compute('(a + b) * 2 - 1')).to.deep.equal([5, null, 7]);
    expect(compute('10 - 2 - 3 + PERIOD(a) * 2')).to.equal(15);
  });

  it('decides IF for each period', () => {
    expect(compute('IF(b > 2, b, FILL(a, 7))')).to.deep.equal([1, 3, 4]);
    expect(compute('IF(a >= 1, 1, 0)')).to.deep.equal([1, null, 1]);
    expect(compute('IF(b < 2, IF(b <= 0, 1, 2), 3)')).to.deep.equal([3, 3, 1]);
  });

  it('refuses unknown ids and functions, and malformed expressions', () => {
    expect(() => compute('c + 1')).to.throw('nothing is called c');
    expect(() => compute('ANOMALY_DETECTION_BAND(a, 2)')).to.throw('cannot compute');
    expect(() => compute('a b')).to.throw('cannot read b');
    expect(() => compute('(a')).to.throw('expected )');
  });

  it('knows sums, averages, extremes, counts and percentiles', () => {
    const of = (name: string) => toStatistic(name)?.([4, 1, 2, 3]);
    expect(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p100'].map(of)).to.deep.equal([
      10, 2.5, 1, 4, 4, 2.5, 4,
    ]);
  });
});
