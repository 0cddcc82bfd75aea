import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { feedsOf } from '../../functions/core/model/inputs.ts';
import { type Manifest, parseManifest, toPublicManifest } from '../../functions/core/model/manifest.ts';
import type { Tensors } from '../../functions/core/model/tensor.ts';
import { withTerms } from '../../functions/core/model/term-inputs.ts';
import { limitsFor } from '../../functions/core/model/texts.ts';
import { mostTermCharacters } from '../../functions/core/text/size.ts';
import { readManifest } from '../helpers/files.ts';

type Document = Record<string, unknown> & {
  inputs: { name: string; dtype: string; shape: [null, number] }[];
  features: Record<string, unknown>[];
};

const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/texts/${name}/model.json`, 'utf8')) as Document;
const parse = (name: string, edit: (document: Document) => void = () => {}) => {
  const document = read(name);
  edit(document);
  return parseManifest(document);
};
const analyzersOf = ({ features }: Document, index = 0) => features[index]?.analyzers as Record<string, unknown>[];

describe('a manifest with texts', () => {
  it('has a feed for each feature, whether the model reads its text or only its terms', () => {
    const manifest = parse('tickets');
    expect(feedsOf(manifest).map(({ name, dtype }) => [name, dtype])).to.deep.equal([
      ['subject', 'string'],
      ['age', 'float64'],
      ['body', 'string'],
      ['channel', 'string'],
      ['urgent', 'float64'],
    ]);
    expect(feedsOf(parse('reviews'))).to.deep.equal([{ name: 'review', dtype: 'string', width: 1 }]);
  });

  it('has one feed for all features if the model reads their texts as a matrix', () => {
    const manifest = parse('reviews', (document) => {
      const { analyzers: _analyzers, ...city } = document.features[0] ?? {};
      document.features.push({ ...city, name: 'city' });
      document.inputs.unshift({ name: 'X', dtype: 'string', shape: [null, 2] });
      const [example] = document.examples as [{ instances: unknown[][] }];
      for (const row of example.instances) row.push('Graz');
    });
    expect(feedsOf(manifest)).to.deep.equal([{ name: 'X', dtype: 'string', width: 2 }]);
    const instances = fromRows([['good', 'Graz'], { city: 'Wien', review: 'bad' }], String);
    expect(toFeeds(instances, manifest, defaultLimits)).to.deep.equal({
      X: { dtype: 'string', dims: [2, 2], data: ['good', 'Graz', 'bad', 'Wien'] },
    });
  });

  const refusals: Readonly<Record<string, readonly [string, (document: Document) => void]>> = {
    'an analyzer without its input': [
      'inputs: expected one of strings, of width 1 and called input terms 0, for an analyzer',
      (document) => {
        document.inputs = document.inputs.filter(({ name }) => name !== 'input terms 0');
      },
    ],
    'terms in an input of numbers': [
      'inputs: expected one of strings, of width 1 and called input terms 0, for an analyzer',
      (document) => {
        document.inputs = document.inputs.map((input) =>
          input.name === 'input terms 0' ? { ...input, dtype: 'float64' } : input,
        );
      },
    ],
    'two analyzers with the same input': [
      'features: analyzers must have inputs that differ',
      (document) => {
        Object.assign(analyzersOf(document)[1] ?? {}, { input: 'input terms 0' });
      },
    ],
    'an input that belongs to no feature and no analyzer': [
      'inputs: other belongs to no feature and no analyzer',
      (document) => {
        document.inputs.push({ name: 'other', dtype: 'string', shape: [null, 1] });
      },
    ],
    'a text with categories': [
      'features.0.categories: expected null for a feature with analyzers',
      (document) => {
        Object.assign(document.features[0] ?? {}, {
          categories: { values: ['a'], frequencies: [1], unknown: 'accepted' },
        });
      },
    ],
    'a range of n-grams that is empty': [
      'features.0.analyzers.0.ngrams: 3 is more than 2',
      (document) => {
        Object.assign(analyzersOf(document)[0] ?? {}, { ngrams: [3, 2] });
      },
    ],
    'words without a pattern': [
      'features.0.analyzers.0.pattern: expected a pattern, because the terms are words',
      (document) => {
        Object.assign(analyzersOf(document)[0] ?? {}, { pattern: null });
      },
    ],
    'a pattern that is not a regular expression': [
      'features.0.analyzers.0.pattern: expected a regular expression of JavaScript for the flags gu',
      (document) => {
        Object.assign(analyzersOf(document)[0] ?? {}, { pattern: '(' });
      },
    ],
    'a pattern that matches an empty word': [
      'features.0.analyzers.0.pattern: it matches an empty text',
      (document) => {
        Object.assign(analyzersOf(document)[0] ?? {}, { pattern: 'a*' });
      },
    ],
    'a pattern with two groups': [
      'features.0.analyzers.0.pattern: expected at most 1 capturing group',
      (document) => {
        Object.assign(analyzersOf(document)[0] ?? {}, { pattern: '(a)(b)' });
      },
    ],
    'a pattern for terms of characters': [
      'features.0.analyzers.1.pattern: expected null, because the terms are not words',
      (document) => {
        Object.assign(analyzersOf(document)[1] ?? {}, { pattern: 'a' });
      },
    ],
    'stop words for terms of characters': [
      'features.0.analyzers.1.stop_words: expected null, because the terms are not words',
      (document) => {
        Object.assign(analyzersOf(document)[1] ?? {}, { stop_words: ['a'] });
      },
    ],
    'analyzers of a feature of numbers': [
      'features.1.analyzers: Invalid key: Expected never but received "analyzers"',
      (document) => {
        Object.assign(document.features[1] ?? {}, { analyzers: analyzersOf(document) });
      },
    ],
  };
  for (const [what, [message, edit]] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      expect(() => parse('tickets', edit)).to.throw(message);
    });
  }

  it('is published without the names of its inputs and with the number of its stop words', () => {
    const [feature] = toPublicManifest(parse('reviews')).features;
    expect(feature).to.have.property('analyzers').that.has.length(1);
    expect(JSON.stringify(feature)).to.include('"stop_words":318').and.not.to.include('"input"');
  });

  it('is published with its other features unchanged, and without stop words if the analyzer has none', () => {
    const manifest = parse('tickets');
    const { features } = toPublicManifest(manifest);
    expect(features.filter((_, index) => ![0, 2].includes(index))).to.deep.equal(
      manifest.features.filter(({ name }) => !['subject', 'body'].includes(name)),
    );
    expect(features[2]).to.have.property('analyzers').that.has.length(1);
    expect(features[2]).to.have.nested.property('analyzers[0].stop_words', null);
    expect(features[2]).not.to.have.nested.property('analyzers[0].input');
  });

  it('lets a text be as long as a body, also if other features are no texts', () => {
    expect(limitsFor(parse('tickets'), defaultLimits)).to.deep.equal({
      ...defaultLimits,
      textLength: defaultLimits.bodyBytes,
    });
  });

  it('does not change a model without texts', () => {
    const iris = parseManifest(readManifest());
    expect(limitsFor(iris, defaultLimits)).to.equal(defaultLimits);
    expect(withTerms(iris)).to.equal(undefined);
    expect(toPublicManifest(iris).features).to.equal(iris.features);
  });
});

describe('a text in a row', () => {
  /** The problem with the subject of a ticket, for which an analyzer strips accents like this. */
  const problemOf = (subject: unknown, accents: string | null) => {
    const manifest = parse('tickets', (document) => {
      Object.assign(analyzersOf(document)[2] ?? {}, { accents });
    });
    const rows = fromRows([[subject, 1.5, 'a', 'mail', true]], () => '');
    try {
      toFeeds(rows, manifest, defaultLimits);
    } catch (error) {
      return (error as RequestError).errors[0]?.detail;
    }
    return undefined;
  };
  const longest = 571_428;
  /** Becomes 18 characters without its accents, more than any other character. */
  const growing = '\u{FDFA}';

  it('is refused if it is no text, or no text that can be analysed as in training', () => {
    expect(problemOf(1, null)).to.equal('expected a string, got a number');
    expect(problemOf('a\u001Fb', null)).to.match(/^expected a text, got the control character U\+001F/);
    expect(problemOf('a\0b', null)).to.equal('expected a string of characters, got a NUL');
  });

  it('is refused if its terms would be too long', () => {
    expect(problemOf('a'.repeat(longest), null)).to.equal(undefined);
    expect(problemOf('a'.repeat(longest + 1), null)).to.equal(
      `expected at most ${longest} characters, got ${longest + 1}`,
    );
  });

  it('is refused if it becomes too long when its accents are removed', () => {
    expect(problemOf(growing.repeat(longest / 18), 'unicode')).to.equal(undefined);
    const most = growing.repeat(longest / 18 - 1) + 'a'.repeat(18);
    expect(problemOf(most, 'unicode')).to.equal(undefined);
    expect(problemOf(`${most}a`, 'unicode')).to.equal(
      `expected at most ${longest} characters, got ${longest + 1} after accents were removed`,
    );
  });

  it('does not become longer if its accents stay, or if only ASCII stays', () => {
    expect(problemOf(growing.repeat(longest), null)).to.equal(undefined);
    expect(problemOf(growing.repeat(longest / 6), 'ascii')).to.equal(undefined);
  });
});

describe('the terms of rows', () => {
  const runs: Tensors[] = [];
  const runWith = async (manifest: Manifest, rows: readonly (readonly unknown[])[]) => {
    runs.length = 0;
    const run = withTerms(manifest)?.(async (feeds) => {
      runs.push(feeds);
      const [count = 0] = Object.values(feeds)[0]?.dims ?? [];
      return { row: { dtype: 'float64', dims: [count, 1], data: new Float64Array(count).fill(runs.length) } };
    });
    const feeds = toFeeds(
      fromRows(rows, () => ''),
      manifest,
      defaultLimits,
    );
    return run?.(feeds);
  };

  it("go into the model's inputs, in their order", async () => {
    await runWith(parse('tickets'), [["Don't worry", 1.5, 'a  b', 'mail', true]]);
    const [feeds = {}] = runs;
    expect(Object.keys(feeds)).to.deep.equal(read('tickets').inputs.map(({ name }) => name));
    expect(feeds.subject?.data).to.deep.equal(["Don't worry"]);
    expect(feeds['input terms 0']?.data).to.deep.equal(['don\u001fworry']);
    expect(feeds['input terms 3']?.data).to.deep.equal(['a\u001fb']);
  });

  it('are computed for fewer rows at once if a row has many terms, and for an even number except at the end', async () => {
    const manifest = parse('languages');
    const rows = Array.from({ length: 33 }, (_, index) => [index === 7 ? 'x'.repeat(100_000) : 'x']);
    const answer = await runWith(manifest, rows);
    const counts = runs.map((feeds) => feeds['input terms 0']?.dims[0] ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(33);
    expect(counts.slice(0, -1).every((count) => count % 2 === 0)).to.equal(true);
    for (const feeds of runs) {
      const { data = [], dims = [0] } = feeds['input terms 0'] ?? {};
      const longest = Math.max(...(data as string[]).map(({ length }) => length));
      expect((dims[0] ?? 0) * longest).to.be.at.most(mostTermCharacters);
    }
    // The answers are in the order of the rows.
    const order = Array.from(answer?.row?.data as Float64Array);
    expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
  });

  it('are computed for all rows at once if they are few', async () => {
    const texts = ['a', 'b', 'a', 'c', 'b'];
    await runWith(
      parse('languages'),
      texts.map((text) => [text]),
    );
    expect(runs).to.have.length(1);
    expect(runs[0]?.['input terms 0']).to.deep.equal({ dtype: 'string', dims: [5, 1], data: texts });
  });

  it('are computed for fewer rows at once if only one analyzer makes many', async () => {
    const row = ['x'.repeat(100_000), 1.5, 'a', 'mail', true];
    await runWith(
      parse('tickets'),
      Array.from({ length: 4 }, () => row),
    );
    expect(runs.map((feeds) => feeds['input terms 0']?.dims)).to.deep.equal([
      [2, 1],
      [2, 1],
    ]);
  });

  it('are computed for one or two rows at once even if they are as many as they may be', async () => {
    const text = 'x'.repeat(888_888);
    for (const rows of [[[text]], [[text], ['x']]]) {
      await runWith(parse('languages'), rows);
      expect(runs.map((feeds) => feeds['input terms 0']?.dims)).to.deep.equal([[rows.length, 1]]);
    }
  });

  it('are empty for a missing text', async () => {
    const manifest = parse('reviews', ({ features: [feature] }) => {
      Object.assign(feature ?? {}, { nullable: true });
    });
    await runWith(manifest, [[null], ['']]);
    expect(runs[0]?.['input terms 0']?.data).to.deep.equal(['', '']);
  });
});
