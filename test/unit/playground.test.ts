import { expect } from 'chai';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toPrefix, toTitle } from '../../functions/playground/answer/naming.ts';
import { outOfRange, placeIn, shareBelow, toShares } from '../../functions/playground/baseline.ts';
import { formatShortTime, stepOf } from '../../functions/playground/form/time-steps.ts';
import {
  formatAgreement,
  formatMeasured,
  formatMs,
  formatName,
  formatNumber,
  formatShare,
} from '../../functions/playground/format.ts';
import { isIdentifier } from '../../functions/playground/identifier.ts';
import { createLatest } from '../../functions/playground/latest.ts';
import type { RangedFeature } from '../../functions/playground/model.ts';
import { cutByClass, cutByValue } from '../../functions/playground/region/cut.ts';
import {
  chooseSides,
  hasRegions,
  numbersAt,
  toGrid,
  toGridRows,
  toSides,
  whyNoRegions,
} from '../../functions/playground/region/grid.ts';
import { toLabelPlace } from '../../functions/playground/region/parts.ts';
import { toSnippets } from '../../functions/playground/request/snippets.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, mixedManifest, type TestColumn } from '../helpers/manifest.ts';

const iris = parseManifest(readManifest());
const sepalLength = iris.features[0] as RangedFeature;

describe('the baseline on the page', () => {
  it('spreads the training values as their deciles do', () => {
    const shares = toShares(sepalLength.baseline, 36);
    expect(shares.reduce((sum, share) => sum + share)).to.be.closeTo(1, 1e-9);
    // A tenth of the values is from 4.3 to 4.8.
    expect(shares.slice(0, 5).reduce((sum, share) => sum + share)).to.be.closeTo(0.1, 1e-9);
    const spiked = { ...sepalLength.baseline, min: 0, max: 4, deciles: [0, 0, 0, 0, 2, 2, 2, 2, 4] };
    expect(toShares(spiked, 4).map((share) => Math.round(share * 100))).to.deep.equal([45, 5, 35, 15]);
  });

  it('puts all shares into one bin if there is only one value', () => {
    const constant = { ...sepalLength.baseline, min: 2, max: 2, deciles: new Array(9).fill(2) };
    expect(toShares(constant, 3)).to.satisfy(([first = 0]: number[]) => Math.abs(first - 1) < 1e-9);
  });

  it('finds the place of a value, and the share of values below it', () => {
    const { baseline } = sepalLength;
    expect([4.3, 6.1, 7.9, 9.7].map((value) => placeIn(baseline, value).toFixed(2))).to.deep.equal([
      '0.00',
      '0.50',
      '1.00',
      '1.50',
    ]);
    const shares = [4, 4.3, 4.55, 4.8, 7.9, 8].map((value) => shareBelow(baseline, value).toFixed(3));
    expect(shares).to.deep.equal(['0.000', '0.000', '0.050', '0.100', '1.000', '1.000']);
    const spiked = { min: 0, max: 4, deciles: [0, 0, 0, 0, 2, 2, 2, 2, 4] };
    expect([0, 1, 2, 3, 4].map((value) => shareBelow(spiked, value).toFixed(2))).to.deep.equal([
      '0.00',
      '0.45',
      '0.50',
      '0.85',
      '0.90',
    ]);
  });

  it('places all other values infinitely far from a range of one value', () => {
    const constant = { min: 2, max: 2, deciles: new Array(9).fill(2) };
    expect([1, 2, 3].map((value) => placeIn(constant, value))).to.deep.equal([-Infinity, 0, Infinity]);
    expect([1, 2, 3].map((value) => shareBelow(constant, value))).to.deep.equal([0, 0, 1]);
  });

  it('finds values outside of the training range', () => {
    expect(outOfRange(sepalLength, 4.2)).to.equal('Below the training range, 4.3 to 7.9 cm.');
    expect(outOfRange(sepalLength, 8)).to.equal('Above the training range, 4.3 to 7.9 cm.');
    for (const value of [4.3, 7.9, null, undefined]) expect(outOfRange(sepalLength, value)).to.equal(undefined);
  });
});

describe('times on the page', () => {
  const columns: TestColumn[] = [
    { name: 'placed_at', dtype: 'timestamp', timezone: 'UTC' },
    { name: 'amount', dtype: 'float64' },
    { name: 'weight', dtype: 'float64' },
  ];
  const manifest = manifestOf(columns);

  it('are outside of the training range if they are before or after it', () => {
    const [placed] = manifest.features as [(typeof manifest)['features'][number]];
    const range = 'the training range, 2020-01-01T00:00:00Z to 2024-01-01T00:00:00Z.';
    expect(outOfRange(placed, '2019-12-31T23:59Z')).to.equal(`Before ${range}`);
    expect(outOfRange(placed, '2024-01-01T00:00:00.001Z')).to.equal(`After ${range}`);
    for (const value of ['2020-01-01T00:00Z', '2024-01-01T02:00+02:00', 'x', null, undefined]) {
      expect(outOfRange(placed, value)).to.equal(undefined);
    }
  });

  it('move in steps that divide their range into at least a hundred parts, or in seconds if it is short', () => {
    const [hour, day] = [3_600_000_000, 86_400_000_000];
    expect([100 * day, 100 * day - 1, 100 * hour, 7_200_000_000, 0].map(stepOf)).to.deep.equal([
      day,
      hour,
      hour,
      60_000_000,
      1_000_000,
    ]);
    const time = Date.UTC(2024, 4, 1, 12, 30, 15) * 1000;
    const shown = [day, hour, 60_000_000, 1_000_000].map((step) => formatShortTime(time, step));
    expect(shown).to.deep.equal(['2024-05-01', '2024-05-01 12:30', '2024-05-01 12:30', '2024-05-01 12:30:15']);
  });
});

describe('the regions on the page', () => {
  const features = iris.features as RangedFeature[];
  const toPrediction = (share: number, label = share < 0.5 ? 'b' : 'a') => {
    return { label, probabilities: { a: share, b: 1 - share } };
  };

  it('lie on a grid over the training range, from the upper left', () => {
    const rows = toGridRows([1, 2, 3, 4], { x: 0, y: 1 }, features, 3);
    expect(rows).to.have.length(9);
    expect(rows[0]).to.deep.equal([4.3, 4.4, 3, 4]);
    expect(rows[8]).to.deep.equal([7.9, 2, 3, 4]);
  });

  it('are interpolated between the points of the grid', () => {
    const grid = toGrid(
      [0, 1, 0.5, 0.5].map((share) => toPrediction(share)),
      ['a', 'b'],
      2,
    );
    expect(numbersAt(grid, 0.25, 0)).to.deep.equal([0.25, 0.75]);
    expect(numbersAt(grid, 1, 1)).to.deep.equal([0.5, 0.5]);
    expect(numbersAt(grid, 1, 0)).to.deep.equal([1, 0]);
  });

  it('are those of the labels if these are not always the most probable classes', () => {
    const behindThreshold = [0.2, 0.3, 0.7, 0.1].map((share) => toPrediction(share, share > 0.25 ? 'a' : 'b'));
    const grid = toGrid(behindThreshold, ['a', 'b'], 2);
    const corners = [0, 1].flatMap((down) => [0, 1].map((right) => numbersAt(grid, right, down)));
    expect(corners.map(([a]) => a)).to.deep.equal([0, 1, 1, 0]);
  });

  it('are those of the labels for a model without probabilities', () => {
    const answers = ['a', 'b', 'b', 'a'].map((label) => ({ label, scores: { b: label === 'b' ? 9 : -9 } }));
    const grid = toGrid(answers, ['a', 'b'], 2);
    const corners = [0, 1].flatMap((down) => [0, 1].map((right) => numbersAt(grid, right, down)));
    expect(corners.map(([a]) => a)).to.deep.equal([1, 0, 0, 1]);
  });

  it('are shown over the features that matter most for models with scores, distances or only labels', () => {
    const sweep = [0, 0, 0, 1, 0, 0, 0, 2];
    for (const toAnswer of [
      (number: number) => ({ label: 'a', score: number }),
      (number: number) => ({ label: 'a', distances: { a: number, b: 1 - number } }),
      (number: number) => ({ label: number > 0 ? 'a' : 'b' }),
    ]) {
      expect(chooseSides(sweep.map(toAnswer), [0, 1, 2, 3], 2)).to.deep.equal({ x: 1, y: 3 });
    }
  });

  it('are shown over the features that matter most', () => {
    const sweeps = [0.1, 0.1, 0, 1, 0.1, 0.1, 0.2, 0.9].map((share) => toPrediction(share));
    expect(chooseSides(sweeps, [4, 6, 8, 9], 2)).to.deep.equal({ x: 6, y: 9 });
  });

  it('need two numbers that vary in training and are no identifiers, or such a number as the only feature', () => {
    const [number, other] = [
      { name: 'amount', dtype: 'float64' },
      { name: 'weight', dtype: 'int64' },
    ] as const;
    const [time, text] = [
      { name: 'placed_at', dtype: 'timestamp', timezone: 'UTC' },
      { name: 'city', dtype: 'string' },
    ] as const;
    const drawn: TestColumn[][] = [[number], [number, other], [time, number, text, other]];
    for (const columns of drawn) expect(hasRegions(manifestOf(columns)), JSON.stringify(columns)).to.equal(true);
    expect(toSides(manifestOf([time, number, text, other]).features)).to.deep.equal([1, 3]);
    expect(whyNoRegions(manifestOf([time, number]))).to.equal(
      'There is no map: a map needs two numbers that are known to vary in the training data and are not identifiers, ' +
        'and this model takes one.',
    );
    expect(whyNoRegions(manifestOf([text]))).to.match(/this model takes none\.$/);
    expect(whyNoRegions(manifestOf([number, { ...other, name: 'customer_id' }]))).to.match(/this model takes one\.$/);
    const targets = parseManifest(readManifest('targets', 'test/fixtures/answers'));
    expect(whyNoRegions(targets)).to.match(/this model gives several\.$/);
  });

  it('are painted stronger for a higher probability', () => {
    const cut = cutByClass(['a', ' ']);
    expect(cut.names).to.deep.equal(['a', '" "']);
    expect(cut.place([0.2, 0.8])).to.deep.equal({ part: 1, strength: 0.5 });
    expect(cut.place([0.5, 0.5]).part).to.equal(0);
  });

  it('are bands of a value between round numbers', () => {
    const grid = toGrid(
      [-3, 12, 27, 96].map((value) => ({ value })),
      [],
      2,
    );
    const cut = cutByValue(grid);
    expect(cut.names).to.deep.equal(['\u221220 to 0', '0 to 20', '20 to 40', '40 to 60', '60 to 80', '80 to 100']);
    expect([-3, 0, 19.9, 20, 96].map((value) => cut.place([value]).part)).to.deep.equal([0, 1, 1, 2, 5]);
    expect(cut.place([96]).strength).to.be.greaterThan(cut.place([95]).strength);
    const flat = cutByValue(toGrid(new Array(4).fill({ value: 7 }), [], 2));
    expect(flat.names[flat.place([7]).part]).to.equal('7 to 8');
  });
});

describe('the names on the map', () => {
  const size = 70;
  const toPlaces = (partOf: (x: number, y: number) => number) => {
    const parts = Uint16Array.from({ length: size * size }, (_, at) => partOf(at % size, Math.floor(at / size)));
    return [0, 1].map((part) => toLabelPlace({ size, parts, strengths: new Float32Array(0) }, part));
  };

  it('stand where their parts have most room, even if one part surrounds another', () => {
    const [around, inside] = toPlaces((x, y) => (x > 20 && x < 50 && y > 10 && y < 40 ? 1 : 0));
    expect(around?.y).to.be.greaterThan(0.65);
    expect(inside?.x).to.be.closeTo(0.5, 0.05);
    expect(inside?.y).to.be.closeTo(0.36, 0.05);
  });

  it('are left out if the part is tiny', () => {
    const [most, few] = toPlaces((x, y) => (x < 4 && y < 4 ? 1 : 0));
    expect([most !== undefined, few]).to.deep.equal([true, undefined]);
  });
});

describe('the names on the page', () => {
  const withClasses = (classes: readonly (string | number | boolean)[]) => {
    return { ...iris, classes, target: { name: 'has_left', unit: null } } as typeof iris;
  };
  const prefixOf = (classes: readonly (string | number | boolean)[]) => {
    return toPrefix(withClasses(classes), { unit: null, baseline: null, name: 'has_left', classes });
  };

  it('add the target to labels that do not say what they are about', () => {
    for (const classes of [
      [0, 1],
      [-1.5, 1e21],
      [false, true],
      ['yes', 'no'],
      ['A', 'B'],
    ]) {
      expect(prefixOf(classes), String(classes)).to.equal('has left = ');
    }
    for (const classes of [
      ['setosa', 'virginica'],
      ['0', 'other'],
    ]) {
      expect(prefixOf(classes), String(classes)).to.equal('');
    }
    expect(toTitle({ label: 1 }, withClasses([0, 1]))).to.equal('has left = 1');
    expect(toTitle({ label: 'setosa' }, iris)).to.equal('setosa');
  });

  it('add the target to values', () => {
    const diabetes = parseManifest(readManifest('diabetes', 'test/fixtures'));
    expect(toTitle({ value: 133.94 }, diabetes)).to.equal('progression = 133.9');
    const targets = parseManifest(readManifest('targets', 'test/fixtures/answers'));
    expect(toTitle({ labels: { 'colour, of it': '=1+1', size: 'large' } }, targets)).to.equal(
      'colour, of it = =1+1, size = large',
    );
  });
});

describe('an identifier', () => {
  const toFeature = (name: string, max: number, spread = 1): RangedFeature => {
    const deciles = Array.from({ length: 9 }, (_, index) => max * ((index + 1) / 10) ** spread);
    const baseline = { missing: 0, min: 0, max, mean: max / 2, std: max / 4, deciles };
    return { name, dtype: 'int64', unit: null, nullable: false, categories: null, baseline };
  };

  it('has whole numbers, and is recognised by its name or by many evenly spread values', () => {
    for (const name of ['PassengerId', 'customer_id', 'id', 'order ID']) {
      expect(isIdentifier(toFeature(name, 890)), name).to.equal(true);
    }
    expect(isIdentifier(toFeature('ticket', 400_000))).to.equal(true);
    for (const [name, max, spread] of [
      ['income', 400_000, 3],
      ['paid', 100, 1],
      ['age', 80, 1],
    ] as const) {
      expect(isIdentifier(toFeature(name, max, spread)), name).to.equal(false);
    }
    expect(isIdentifier({ ...toFeature('id', 890), dtype: 'float64' })).to.equal(false);
  });
});

describe('figures on the page', () => {
  it('are rounded to a few digits', () => {
    expect([0, 5.1, 204.59389, 1979, 1234567, -0.36280142, 1e-15, 2.5e-7].map(formatNumber)).to.deep.equal([
      '0',
      '5.1',
      '204.6',
      '1979',
      '1,234,567',
      '−0.3628',
      '1e−15',
      '2.5e−7',
    ]);
    expect([0, 1e-7, 0.0151, 0.9847, 0.99999, 1].map(formatShare)).to.deep.equal([
      '0.0%',
      '<0.1%',
      '1.5%',
      '98.5%',
      '>99.9%',
      '100.0%',
    ]);
    expect(['', ' ', 'red', ' red'].map(formatName)).to.deep.equal(['""', '" "', 'red', ' red']);
    expect([0.1234, 12.34, 123.4].map(formatMs)).to.deep.equal(['0.12', '12.3', '123']);
    expect(formatMeasured(0.96, 0.0133)).to.deep.equal(['0.960', '0.013']);
    expect(formatMeasured(47.1898, 8.3976)).to.deep.equal(['47.2', '8.4']);
    expect(formatMeasured(-16684.3, 441.7)).to.deep.equal(['\u221216,680', '440']);
    expect(formatMeasured(1, 0)).to.deep.equal(['1', '0']);
    expect([1, 0.99996, 0.9876, 0.5].map(formatAgreement)).to.deep.equal(['100%', '>99.99%', '98.76%', '50%']);
  });
});

describe('the request as code', () => {
  it('quotes texts as each language needs', () => {
    const features = mixedManifest().features;
    const { curl, JavaScript, Python } = toSnippets('http://a/predict', features, [null, 1.5, true, "L'Aquila", '"']);
    expect(curl).to.include(String.raw`"city": "L'\''Aquila"`).and.include('"age": null');
    expect(JavaScript).to.include(String.raw`"note": "\""`);
    expect(Python).to.include('"age": None').and.include('"member": True');
  });
});

describe('createLatest', () => {
  it('runs one call at a time, and takes the newest input next', async () => {
    const ran: number[] = [];
    let open = 0;
    const answers = await new Promise<number[]>((resolve) => {
      const answered: number[] = [];
      const ask = createLatest(
        async (input: number) => {
          expect(++open).to.equal(1);
          ran.push(input);
          await new Promise((done) => setTimeout(done, 5));
          open--;
          return input;
        },
        {
          onAnswer: (output) => answered.push(output) === 2 && resolve(answered),
          onError: () => undefined,
        },
        1,
      );
      for (const input of [1, 2, 3, 4]) ask(input);
    });
    expect([ran, answers]).to.deep.equal([
      [1, 4],
      [1, 4],
    ]);
  });

  it('reports an error only if no newer input waits', async () => {
    const errors: number[] = [];
    await new Promise<void>((resolve) => {
      const ask = createLatest(
        (input: number) => Promise.reject(new Error(String(input))),
        {
          onAnswer: () => undefined,
          onError: (_, input) => {
            errors.push(input);
            resolve();
          },
        },
        1,
      );
      ask(1);
      ask(2);
    });
    expect(errors).to.deep.equal([2]);
  });
});
