import { expect } from 'chai';
import { explainFigures } from '../../bench/figures/explain.ts';
import { toSection } from '../../bench/report/explain.ts';

describe('the explanations of the benchmark', () => {
  const explained = [
    {
      model: 'explained-iris',
      method: 'exact',
      background: 100,
      rows: 1501,
      times: { sepal: [1, 1, 2], shap: [5, 6, 6] },
    },
  ];
  const section = toSection(
    {
      ...{ date: '2026-12-01', commit: '0f078b4', shap: '0.51.0', explained },
      host: { processor: 'some', processors: 2, gigabytes: 24, kernel: '6', node: 'v24' },
    },
    explainFigures(explained),
  );

  it('are compared with shap round by round, and with their time limit', () => {
    expect(section).to.contain(
      '| iris, logistic regression | 1.00 ms | shap on the original | 6.00 ms | **5.00** (4.00–5.50) |',
    );
    expect(section).to.contain(
      '| iris, logistic regression | 1.00 ms | its limit of 2 ms | 2.00 ms | **0.50** (0.50–0.75) |',
    );
    expect(section).to.contain('| | Sepal | compared with | | ratio (quartiles) |');
    expect(section).to.contain('| ≤ 1: met |');
  });

  it('are listed with their method, rows of the background and rows that the model runs', () => {
    expect(section).to.contain('| iris, logistic regression | exact | 100 | 1,501 |');
  });
});
