import { expect } from 'chai';
import fc from 'fast-check';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { fromRecords } from '../../functions/core/model/records.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf, regressorManifest, scoresManifest } from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';
import { runs } from '../helpers/runs.ts';

const iris = parseManifest(readManifest());
const two = manifestOf(
  [
    { name: 'a', dtype: 'float64' },
    { name: 'b,"c', dtype: 'float64' },
  ],
  'float64',
);
const mixed = manifestOf([
  { name: 'n', dtype: 'float64', nullable: true },
  { name: 'i', dtype: 'int64' },
  { name: 'b', dtype: 'bool' },
  { name: 's', dtype: 'string' },
]);

/** Without `header`, the request does not say whether there is a header. */
function decode(body: string | Uint8Array, manifest: Manifest, header?: 'present' | 'absent') {
  const headers = header ? { 'content-type': `text/csv; header=${header}` } : {};
  return csv.decode({ headers, parameters: {}, body }, manifest, defaultLimits).instances;
}

function rowsOf(body: string | Uint8Array, manifest: Manifest, header?: 'present' | 'absent') {
  return decode(body, manifest, header).rows;
}

function errorsOf(body: string, manifest: Manifest, header?: 'present' | 'absent'): string[] {
  try {
    toFeeds(decode(body, manifest, header), manifest, defaultLimits);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
}

describe('the CSV protocol', () => {
  const bodies: [string, string][] = [
    ['a header in the order of the features', 'a,"b,""c"\n1,2\n3,4\n'],
    ['a header in another order', '"b,""c",a\n2,1\n4,3\n'],
    ['CRLF and no newline at the end', 'a,"b,""c"\r\n1,2\r\n3,4'],
    ['a byte order mark', '\uFEFFa,"b,""c"\n1,2\n3,4\n'],
    ['quoted fields, spaces and signs', 'a,"b,""c"\n"1", +2\n3e0 ,4.\n'],
    ['no header', '1,2\n3,4\n'],
    ['line ends of every kind', 'a,"b,""c"\r\n1,2\n3,4\r'],
    ['empty lines', '1,2\n\n3,4\n\n'],
  ];
  for (const [what, body] of bodies) {
    it(`reads ${what}`, () => {
      expect(rowsOf(body, two)).to.deep.equal([
        [1, 2],
        [3, 4],
      ]);
      expect(rowsOf(Buffer.from(body), two)).to.deep.equal([
        [1, 2],
        [3, 4],
      ]);
    });
  }

  it('reads each type', () => {
    expect(rowsOf('n,i,b,s\n1,7,True," x"\n0.5,-7,false,007\n', mixed)).to.deep.equal([
      [1, 7, true, ' x'],
      [0.5, -7, false, '007'],
    ]);
  });

  it('reads an empty field as missing', () => {
    const nullable = manifestOf([
      { name: 'n', dtype: 'float64', nullable: true },
      { name: 's', dtype: 'string', nullable: true },
    ]);
    expect(rowsOf('n,s\n,\n"",""\n', nullable)).to.deep.equal([
      [null, null],
      [null, null],
    ]);
    expect(rowsOf('n,i,b,s\n,7,true,x\n', mixed)).to.deep.equal([[null, 7, true, 'x']]);
    const missing = 'got a field that is read as a missing value';
    expect(errorsOf('n,i,b,s\n,,,\n', mixed)).to.deep.equal([
      `/1/i: expected an integer, ${missing}`,
      `/1/b: expected true or false, ${missing}`,
      `/1/s: expected a string, ${missing}`,
    ]);
  });

  it('reads a word for missing values as missing if no categories are known', () => {
    const open = manifestOf([
      { name: 's', dtype: 'string', nullable: true, categories: null },
      { name: 'n', dtype: 'float64', nullable: true, categories: [1, 2] },
    ]);
    expect(rowsOf('s,n\nNA,nan\nx,1\n', open)).to.deep.equal([
      [null, null],
      ['x', 1],
    ]);
  });

  it('reads a word for missing values as a category if one has that name', () => {
    const named = manifestOf([
      { name: 's', dtype: 'string', nullable: true, categories: ['NA', 'None', 'x'] },
      { name: 't', dtype: 'string', categories: [''] },
    ]);
    expect(rowsOf('s,t\nNA,\nnan,\n"None",""\n', named)).to.deep.equal([
      ['NA', ''],
      [null, ''],
      ['None', ''],
    ]);
  });

  describe('a first record that', () => {
    const numbered = manifestOf([
      { name: '1', dtype: 'float64' },
      { name: '0', dtype: 'float64' },
    ]);
    const strings = manifestOf([
      { name: 's', dtype: 'string' },
      { name: 't', dtype: 'string' },
    ]);
    const named = manifestOf([
      { name: 'tenure', dtype: 'float64' },
      { name: 'monthly_charge', dtype: 'float64' },
    ]);

    it('has only values is read without a header, even if some are missing', () => {
      for (const record of ['0.5,7,true,s', ',7,FALSE,n', '1,-1,true,', '"1","1","True","i,b"']) {
        expect(rowsOf(`${record}\n`, mixed), record).to.have.length(1);
      }
      expect(errorsOf('1,\n', two)).to.deep.equal([
        '/0/b,"c: expected a number, got a field that is read as a missing value',
      ]);
    });

    it('has the name of every feature is a header, even if the names are numbers or all features are strings', () => {
      expect(rowsOf('0,1\n5,6\n', numbered)).to.deep.equal([[6, 5]]);
      expect(rowsOf('5,6\n', numbered)).to.deep.equal([[5, 6]]);
      expect(rowsOf('t,s\nx,y\n', strings)).to.deep.equal([['y', 'x']]);
    });

    it("has only strings is a header if it has a feature's name, because nothing else tells it from values", () => {
      expect(errorsOf('x,y\nx,y\n', strings)).to.deep.equal([
        '/0: expected the names of features, or 2 values, in the first record, got 2 fields that are neither; if it is a row, send the header content-type: text/csv; header=absent',
      ]);
      expect(errorsOf('S,t\nx,y\n', strings)).to.deep.equal([
        '/0/0: the model has no feature "S"; did you mean "s"?',
        '/0: missing feature "s"',
      ]);
    });

    it('has the names in other case and spacing is a header, and its errors suggest each name', () => {
      const capital = errorsOf('TENURE,Monthly Charge\n1,2\n', named);
      expect(capital.slice(0, 2)).to.deep.equal([
        '/0/0: the model has no feature "TENURE"; did you mean "tenure"?',
        '/0/1: the model has no feature "Monthly Charge"; did you mean "monthly_charge"?',
      ]);
    });

    it('has one field too many is reported as possibly having the index of pandas', () => {
      for (const record of [',0,1', '0,1.5,2.5']) {
        expect(errorsOf(`${record}\n0,1,2\n`, named)).to.deep.equal([
          '/0: expected the names of features, or 2 values, in the first record, got 3 fields that are neither; pandas writes its index as the first column unless you call to_csv(index=False)',
        ]);
      }
    });

    it('has several fields too many, or none, is not reported as having an index', () => {
      for (const [record, got] of [
        ['0,1,2,3', '4 fields that are'],
        ['7', '1 field that is'],
      ]) {
        expect(errorsOf(`${record}\n`, named)).to.deep.equal([
          `/0: expected the names of features, or 2 values, in the first record, got ${got} neither`,
        ]);
      }
    });

    it('ends with a comma is not reported as having an index', () => {
      expect(errorsOf('1.5,2.5,\n', named)).to.deep.equal([
        '/0: expected the names of features, or 2 values, in the first record, got 3 fields that are neither',
      ]);
    });

    it('has the numbers of columns could be a header or a row, so the request must say which', () => {
      const one = manifestOf([{ name: 'a', dtype: 'float64' }]);
      const advice = 'send the header content-type: text/csv; header=present, or header=absent';
      for (const [body, manifest, numbers] of [
        ['0,1\n5,6\n', named, '0 to 1'],
        ['0,1\n', named, '0 to 1'],
        ['0,1\nx,y\n', strings, '0 to 1'],
        ['0,1,2,3\n', mixed, '0 to 3'],
        ['0\n5\n', one, '0'],
      ] as const) {
        expect(() => decode(body, manifest))
          .to.throw(RequestError, /^The first record could be a header or a row$/)
          .with.property('name', 'InvalidInput');
        expect(errorsOf(body, manifest)).to.deep.equal([
          `/0: ${numbers} may be the header of columns without names, or a row: ${advice}`,
        ]);
      }
      expect(rowsOf('0,1\n5,6\n', named, 'present')).to.deep.equal([[5, 6]]);
      expect(rowsOf('0,1\n5,6\n', named, 'absent')).to.deep.equal([
        [0, 1],
        [5, 6],
      ]);
    });

    it('has only the number 0 is a row if it is the only record and the model has one feature', () => {
      expect(rowsOf('0\n', manifestOf([{ name: 'a', dtype: 'float64' }]))).to.deep.equal([[0]]);
    });

    it('has the numbers of columns could also be either if a feature has one of them as its name', () => {
      const some = manifestOf([
        { name: '0', dtype: 'float64' },
        { name: 'x', dtype: 'float64' },
      ]);
      expect(() => decode('0,1\n5,6\n', some)).to.throw('The first record could be a header or a row');
      // As a header, it names one feature, so its numbers are not positions.
      expect(errorsOf('0,1\n5,6\n', some, 'present')).to.deep.equal([
        '/0/1: the model has no feature "1"; ?ignore=1 in the address omits it',
        '/0: missing feature "x"',
      ]);
    });

    it('has a value and a mistake is a row', () => {
      expect(errorsOf('1,x\n', two)).to.deep.equal(['/0/b,"c: expected a number, got a string']);
      expect(errorsOf('x,1\n', two)).to.deep.equal(['/0/a: expected a number, got a string']);
    });

    it('has a mistake and an empty field is neither, because pandas writes an empty field above its index', () => {
      expect(errorsOf(',x\n', two)).to.deep.equal([
        '/0: expected the names of features, or 2 values, in the first record, got 2 fields that are neither',
      ]);
    });

    it('has a time or NaT is a row only if its feature is a time', () => {
      const other = manifestOf([
        { name: 'n', dtype: 'float64' },
        { name: 's', dtype: 'string' },
      ]);
      const timed = manifestOf([
        { name: 'when', dtype: 'timestamp', nullable: true },
        { name: 's', dtype: 'string' },
      ]);
      const neither =
        '/0: expected the names of features, or 2 values, in the first record, got 2 fields that are neither';
      for (const time of ['2024-05-01', ' 2024-05-01 12:30 ']) {
        expect(rowsOf(`${time},x\n`, timed)).to.deep.equal([[time.trim(), 'x']]);
        expect(errorsOf(`${time},x\n`, other)).to.deep.equal([neither]);
      }
      expect(rowsOf('NaT,x\n', timed)).to.deep.equal([[null, 'x']]);
      expect(errorsOf('NaT,x\n', other)).to.deep.equal([neither]);
      expect(errorsOf('noon,x\n', timed)).to.deep.equal([neither]);
      expect(errorsOf('2024-05-01T12:00Z,x\n', timed)).to.deep.equal([
        '/0/when: expected a local time, such as 2024-05-01T12:30:00, got one with an offset from UTC',
      ]);
    });

    it('has a value of another type is a header with wrong names', () => {
      expect(errorsOf('1,7,maybe,s\n', mixed)).to.include('/0/2: the model has no feature of this name');
      expect(errorsOf('1,7,constructor,s\n', mixed)).to.include('/0/2: the model has no feature of this name');
    });
  });

  it('points at records and names, and counts the header as the first record', () => {
    expect(errorsOf('n,i,b,s\n1,x,yes,s\n1,1.5,true,s\n1,1,true\n', mixed)).to.deep.equal([
      '/1/i: expected an integer, got a string',
      '/1/b: expected true or false, got a string',
      '/2/i: expected an integer, got a number with a fraction',
      '/3: expected 4 values (n, i, b, s), got 3',
    ]);
    expect(errorsOf('1,NaN\n0x10,2\n', two)).to.deep.equal([
      '/0/b,"c: expected a number, got a field that is read as a missing value',
      '/1/a: expected a number, got a string',
    ]);
    expect(errorsOf('1,2\n1,inf\n1e999,2\n', two)).to.deep.equal([
      '/1/b,"c: expected a finite number, got Infinity or one beyond float64\'s range',
      "/2/a: expected a finite number, got Infinity or one beyond float64's range",
    ]);
  });

  it('explains that commas must separate fields if the body uses another character', () => {
    for (const body of ['a;b\n1;2\n', '1\t2\n']) {
      expect(errorsOf(body, two)).to.deep.equal([
        '/0: expected the names of features, or 2 values, in the first record, got 1 field that is neither; commas separate the fields of CSV',
      ]);
    }
  });

  it('does not blame another character than the comma if there are commas, or no other character', () => {
    for (const [body, got] of [
      ['x;y,z\n', '2 fields that are'],
      ['x\n', '1 field that is'],
    ] as const) {
      expect(errorsOf(body, two)).to.deep.equal([
        `/0: expected the names of features, or 2 values, in the first record, got ${got} neither`,
      ]);
    }
  });

  it('advises to say that there is no header only if all features are strings, and each has a field', () => {
    const strings = manifestOf([
      { name: 'first', dtype: 'string' },
      { name: 'second', dtype: 'string' },
    ]);
    const other = manifestOf([
      { name: 'n', dtype: 'float64' },
      { name: 's', dtype: 'string' },
    ]);
    const expected = '/0: expected the names of features, or 2 values, in the first record';
    const advice = '; if it is a row, send the header content-type: text/csv; header=absent';
    expect(errorsOf('x,y\n', strings)).to.deep.equal([`${expected}, got 2 fields that are neither${advice}`]);
    expect(errorsOf('x,y,z\n', strings)).to.deep.equal([`${expected}, got 3 fields that are neither`]);
    expect(errorsOf('x,y\n', other)).to.deep.equal([`${expected}, got 2 fields that are neither`]);
  });

  it('has an error title that says what is wrong', () => {
    expect(() => rowsOf('', two)).to.throw(RequestError, /^There are no rows$/);
    expect(() => rowsOf('a;b\n1;2\n', two)).to.throw(RequestError, /^The first record is neither a header nor a row$/);
  });

  it('reports each problem of a header', () => {
    expect(errorsOf('a,a,x\n1,2,3\n', two)).to.deep.equal([
      '/0/1: the name occurs more than once',
      '/0/2: the model has no feature "x"; ?ignore=x in the address omits it',
      '/0: missing feature "b,\\"c"',
    ]);
  });

  it('refuses bodies without rows and bodies that are not CSV', () => {
    expect(errorsOf('', two)).to.deep.equal([': expected a header of feature names, and a record for each row']);
    expect(errorsOf('a,"b,""c"\n', two)).to.deep.equal([': expected a record for each row after the header']);
    expect(() => rowsOf('a,"b\n1,2', two)).to.throw(
      'Expected the body to be CSV of RFC 4180, but the quote that opens in line 1 is never closed',
    );
    expect(() => rowsOf('1,2\r\na,x"b"\n1,2', two))
      .to.throw(RequestError, 'but in line 2 an unquoted field contains a quote')
      .with.property('status', 400);
  });

  it('names the line of a mistake, whatever ends the lines', () => {
    for (const end of ['\n', '\r\n', '\r', '\n\r']) {
      const line = end === '\n\r' ? 5 : 3;
      expect(() => rowsOf(['1,2', '3,4', '5,x"6"', '7,8'].join(end), two), JSON.stringify(end)).to.throw(
        `but in line ${line} an unquoted field contains a quote`,
      );
      expect(() => rowsOf(['1,2', '3,4', '5,"6', '7,8'].join(end), two), JSON.stringify(end)).to.throw(
        `but the quote that opens in line ${line} is never closed`,
      );
    }
    expect(() => rowsOf('1,2\n\n\n3,"4', two)).to.throw('the quote that opens in line 4 is never closed');
  });

  it('answers labels and a column for each class, and quotes where needed', () => {
    const classes = { ...iris, classes: ['a', 'b"c', 'd,e'] } as Manifest;
    const probabilities = { a: 0.5, 'b"c': 0.25, 'd,e': 1e-7 };
    const predictions = fromRecords([{ label: 'b"c', probabilities }], classes);
    const { headers, body } = csv.encode(predictions, classes, undefined);
    expect(headers['content-type']).to.equal('text/csv; charset=utf-8; header=present');
    expect(body).to.equal('label,a,"b""c","d,e"\r\n"b""c",0.5,0.25,1e-7\r\n');
  });

  it('keeps probabilities in the columns of their classes if classes have numbers as names', () => {
    const manifest = { ...iris, classes: ['1', '10', '2', 'b', '-1'] } as Manifest;
    const probabilities = { '1': 0.1, '10': 0.2, '2': 0.3, b: 0.15, '-1': 0.25 };
    const { body } = csv.encode(fromRecords([{ label: '2', probabilities }], manifest), manifest, undefined);
    expect(body).to.equal('label,1,10,2,b,-1\r\n2,0.1,0.2,0.3,0.15,0.25\r\n');
  });

  it('refuses to answer with a header that has a name twice, and answers without a header', () => {
    const manifest = scoresManifest(['a', 'label', 'z']);
    const predictions = predictionsOf(manifest, { label: [0], scores: [0, 0, 0] });
    const encode = (accept: string) => csv.encode(predictions, manifest, undefined, accept).body;
    expect(() => encode('text/csv'))
      .to.throw('Two columns of the answer would be called label: send the header accept: text/csv; header=absent, or')
      .with.property('name', 'NotAcceptable');
    expect(encode('text/csv; header=absent')).to.equal('a,0,0,0\r\n');
  });

  it('answers the values of a regressor', () => {
    const manifest = regressorManifest();
    const predictions = fromRecords([{ value: 1.5 }, { value: -2 }], manifest);
    expect(csv.encode(predictions, manifest, undefined).body).to.equal('value\r\n1.5\r\n-2\r\n');
  });

  it('takes a time that is at most proportional to the body, whatever it contains', () => {
    // Each of these once took minutes, or 700 MB.
    const bodies = [`${'1'.repeat(2e6)}x,2`, ','.repeat(2e6), '1'.repeat(6e6), `a,"b,""c"\n${'1'.repeat(2e6)}x,2`];
    for (const body of bodies) expect(() => toFeeds(decode(body, two), two, defaultLimits)).to.throw(RequestError);
  });

  it('names the limits of rows and columns', () => {
    const limits = { ...defaultLimits, rows: 2, columns: 3 };
    const decodeWithin = (body: string) => () => csv.decode({ headers: {}, parameters: {}, body }, two, limits);
    expect(decodeWithin('a,"b,""c"\n1,2\n3,4\n')().instances.rows).to.have.length(2);
    expect(decodeWithin('1,2\n'.repeat(4)))
      .to.throw('Expected at most 2 rows, got more')
      .with.property('status', 413);
    expect(decodeWithin('1,2,3,4\n'))
      .to.throw(RequestError, /^There are too many columns$/)
      .with.property('errors')
      .that.deep.equals([{ pointer: '', detail: 'expected at most 3 columns, got more' }]);
    expect(decodeWithin('1,2,3\n')).to.throw(/^The first record is neither a header nor a row$/);
  });

  it('reads any numbers as they were written', () => {
    const rows = fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()), {
      minLength: 1,
    });
    fc.assert(
      fc.property(rows, (values) => {
        const text = values
          .map((row) => row.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(','))
          .join('\n');
        expect(rowsOf(text, two)).to.deep.equal(values);
      }),
    );
  });

  it('reads quoted and unquoted fields alike, although different code reads them', () => {
    const field = fc.oneof(
      fc.constantFrom('n', 'i', 'b', 's', '1', ' 2.5 ', 'true', '', 'ä'),
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[",\r\n\uFEFF\uFFFD]/g, '')),
    );
    const records = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 });
    const outcome = (body: string) => {
      const errors = errorsOf(body, mixed);
      return errors.length > 0 ? errors : rowsOf(body, mixed);
    };
    fc.assert(
      fc.property(records, fc.constantFrom('\r\n', '\n', '\r'), (fields, end) => {
        // The parser skips an empty line, but reads a line of two quotes as a record.
        fc.pre(fields.every((record) => record.join(',') !== ''));
        const write = (quote: string) =>
          fields.map((record) => record.map((text) => quote + text + quote).join()).join(end);
        expect(outcome(write(''))).to.deep.equal(outcome(write('"')));
      }),
      { numRuns: 1000 },
    );
  });

  it('reads any body, or refuses it with a client error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        (body) => {
          try {
            toFeeds(decode(body, mixed), mixed, defaultLimits);
          } catch (error) {
            expect(error).to.be.an.instanceOf(RequestError).with.property('status').that.is.below(500);
          }
        },
      ),
      runs(750),
    );
  });
});
