import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { evaluate, type Term } from '../../local/dashboard/expression.ts';
import { periodSeconds, periods, toPanel } from '../../local/dashboard/panel.ts';
import { createSamples } from '../../local/dashboard/samples.ts';
import { toStatistic } from '../../local/dashboard/statistic.ts';
import { createWidgetReader, readWidgets, type Widget } from '../../local/dashboard/template.ts';

const yaml = readFileSync('template.yaml', 'utf8');
const values = { 'AWS::StackName': 'sepal', ModelName: 'iris' };
const now = 1_700_000_000_000;

const emit = (dimensions: Record<string, string>, metrics: Record<string, number | number[]>) =>
  `${JSON.stringify({
    _aws: {
      Timestamp: now,
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

function draw(...lines: string[]) {
  const samples = createSamples();
  for (const line of lines) samples.add(line);
  const panels = readWidgets(yaml, values).map((widget) => toPanel(widget, samples.since(0), now));
  return (title: string) => panels.find((panel) => panel.title.startsWith(title)) ?? expect.fail(title);
}

const last = (panel: ReturnType<ReturnType<typeof draw>>) =>
  Object.fromEntries(panel.chart?.series.map(({ label, values: line }) => [label, line.at(-1)]) ?? []);

describe('the local dashboard', () => {
  it('shows every widget of the template, or says what it does not draw', () => {
    const panels = readWidgets(yaml, values).map((widget) => toPanel(widget, [], now));
    expect(panels.length).to.be.greaterThan(10);
    for (const { title, text, chart, missing } of panels) {
      expect(text !== undefined || chart !== undefined || missing.length > 0, title).to.equal(true);
    }
    expect(panels.flatMap(({ missing }) => missing).join()).not.to.match(/cannot|not known/);
  });

  it('draws the metrics of the stack and the model, by their statistics', () => {
    const widget = draw(
      emit(service, { RequestLatency: [1, 2, 3], Rows: 3, ClientError: 0, RowsOutOfRange: 1 }),
      emit(service, { RequestLatency: 4, Rows: 1, ClientError: 1, RowsOutOfRange: 0 }),
      emit({ ...service, model: 'churn' }, { RequestLatency: 1000 }),
      'a line that is no metric\n',
    );
    expect(last(widget('Request latency, in the function'))).to.deep.include({ p50: 2.5 });
    expect(last(widget('Rows per request'))).to.deep.include({ average: 2, most: 3, 'rows in all': 4 });
    expect(last(widget('Errors'))).to.deep.include({ '4xx by the function': 1 });
    expect(last(widget('Rows that training'))).to.deep.include({ 'out of range (%)': 25 });
  });

  it('draws a line for each value that a search finds', () => {
    const widget = draw(
      emit({ ...service, class: 'setosa' }, { Predictions: 2 }),
      emit({ ...service, class: 'virginica' }, { Predictions: 5 }),
    );
    expect(last(widget('Predictions per class'))).to.deep.equal({ setosa: 2, virginica: 5 });
    expect(widget('Drift').chart?.thresholds).to.deep.equal([
      { label: 'look', value: 0.1 },
      { label: 'changed', value: 0.25 },
    ]);
  });

  it("says what is CloudWatch's own, and what is computed from that", () => {
    const widget = draw();
    expect(widget('Traffic').missing.join()).to.include('AWS/ApiGateway measures it once this is deployed');
    expect(widget('Cost').missing.join()).to.include('an hour: it is computed from duration');
    expect(widget('Alarms').missing.join()).to.include('LatencyAlarm');
  });

  it('says so where it does not know the kind, the view or the statistic', () => {
    const widget = { type: 'explorer', x: 0, y: 0, width: 1, height: 1, properties: {} };
    const missing = (changes: Partial<Widget>) => toPanel({ ...widget, ...changes }, [], now).missing.join();
    expect(missing({})).to.equal('A widget of the kind explorer is not drawn here.');
    expect(missing({ type: 'metric', properties: { view: 'pie' } })).to.equal('The view pie is not drawn here.');
    const metrics = [['Sepal', 'Rows', { stat: 'TM(10%:90%)', label: 'trimmed' }]] as const;
    expect(missing({ type: 'metric', properties: { metrics } })).to.include('the statistic TM(10%:90%) is not known');
  });

  it('reads the template anew when it has changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sepal-'));
    const path = join(folder, 'template.yaml');
    writeFileSync(path, yaml);
    const read = createWidgetReader(path, values);
    expect(read().some(({ properties }) => properties.title === 'Traffic')).to.equal(true);
    writeFileSync(path, yaml.replace('"title": "Traffic"', '"title": "Calls"'));
    utimesSync(path, 1, 1);
    expect(read().some(({ properties }) => properties.title === 'Calls')).to.equal(true);
    rmSync(folder, { recursive: true });
  });

  it('shows the last minutes', () => {
    const { chart } = draw()('Errors');
    expect(chart?.times).to.have.length(periods);
    expect(chart?.times.at(-1)).to.equal(now / 1000);
    expect((chart?.times[1] ?? 0) - (chart?.times[0] ?? 0)).to.equal(periodSeconds);
  });
});

describe('metric math', () => {
  const terms = new Map<string, Term>([
    ['a', [1, null, 4]],
    ['b', [2, 3, 0]],
  ]);
  const compute = (expression: string) => evaluate(expression, { terms, periodSeconds: 5 });

  it('computes by period, with nothing where there is nothing', () => {
    expect(compute('100 * FILL(a, 0) / b')).to.deep.equal([50, 0, null]);
    expect(compute('(a + b) * 2 - 1')).to.deep.equal([5, null, 7]);
    expect(compute('10 - 2 - 3 + PERIOD(a) * 2')).to.equal(15);
  });

  it('refuses what it does not know', () => {
    expect(() => compute('c + 1')).to.throw('computed from c');
    expect(() => compute('ANOMALY_DETECTION_BAND(a, 2)')).to.throw('cannot compute');
    expect(() => compute('a b')).to.throw('cannot read b');
  });

  it('has the statistics of the template', () => {
    const of = (name: string) => toStatistic(name)?.([4, 1, 2, 3]);
    expect(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p100'].map(of)).to.deep.equal([
      10, 2.5, 1, 4, 4, 2.5, 4,
    ]);
  });
});
