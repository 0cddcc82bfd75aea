import { expect } from 'chai';
import fc from 'fast-check';
import { toFieldText } from '../../functions/core/csv/field-text.ts';
import { countMark } from '../../functions/core/csv/grammar.ts';
import { countRecords, createRecordCounter, endRecords } from '../../functions/core/csv/record-counter.ts';
import { createRecord, scanRecord } from '../../functions/core/csv/record-scan.ts';
import { csvText, parseByOther } from '../helpers/csv-oracle.ts';
import { runs } from '../helpers/runs.ts';

interface Scanned {
  readonly records: string[][];
  readonly flaws: (string | undefined)[];
  readonly isOpen: boolean;
}

function scan(bytes: Buffer): Scanned {
  const [records, flaws]: [string[][], (string | undefined)[]] = [[], []];
  const record = createRecord(100);
  for (let at = countMark(bytes); ; ) {
    at = scanRecord(bytes, at, bytes.length, record);
    if (at < 0 || record.fields === 0) return { records, flaws, isOpen: at < 0 };
    const { starts, ends, fields } = record;
    records.push(
      Array.from({ length: fields }, (_, field) => toFieldText(bytes, starts[field] as number, ends[field] as number)),
    );
    flaws.push(record.flaw);
  }
}

/** Counts the records of bytes that arrive in pieces. Returns where records end, and whether a quote is open. */
function count(pieces: readonly Uint8Array[]) {
  const ends: number[] = [];
  const counter = createRecordCounter((_, end) => ends.push(end));
  for (const piece of pieces) countRecords(piece, counter);
  const { isQuoted } = counter;
  endRecords(counter);
  expect(counter.records).to.equal(ends.length);
  return { ends, isQuoted };
}

const cases: [string, string, string[][]][] = [
  ['an empty text', '', []],
  ['a byte order mark alone', '\uFEFF', []],
  ['blank lines alone', '\n\r\n\r', []],
  ['one record without a line end', 'a,b', [['a', 'b']]],
  ['line ends of every kind', 'a\nb\r\nc\rd', [['a'], ['b'], ['c'], ['d']]],
  ['blank lines between records', '\n\na\n\n\r\nb\n\n', [['a'], ['b']]],
  [
    'empty fields',
    ',\n,,\n',
    [
      ['', ''],
      ['', '', ''],
    ],
  ],
  ['an empty field in quotes, which is not a blank line', '""\n""', [[''], ['']]],
  ['commas, quotes and line breaks in quotes', '"a,b","c""d","e\nf"\r\n', [['a,b', 'c"d', 'e\nf']]],
  ['fields that consist of quotes', '"""",""""""\n', [['"', '""']]],
  ['spaces, which belong to a field', ' a , b\n', [[' a ', ' b']]],
  ['a byte order mark before a quote', '\uFEFF"a",b\n', [['a', 'b']]],
  ['characters that share two bytes with a byte order mark', '\uFEFEa\n', [['\uFEFEa']]],
  ['a character whose first and last bytes are those of a byte order mark', '＿a\n', [['＿a']]],
  ['a character whose last bytes are those of a byte order mark', 'ỿa\n', [['ỿa']]],
  ['a byte order mark that is not at the beginning', 'a\n\uFEFFb\n', [['a'], ['\uFEFFb']]],
];

describe('the records of CSV', () => {
  for (const [what, text, records] of cases) {
    it(`are read from ${what}`, () => {
      expect(scan(Buffer.from(text))).to.deep.include({ records, isOpen: false });
      expect(parseByOther(text)).to.deep.equal(records);
    });
  }

  it('have a flaw if a quote is within an unquoted field, or text follows a quoted one', () => {
    const text = 'a"b,"c"\n"d"e,f"\n"g" ,h\n"i","j"\n';
    const { records, flaws } = scan(Buffer.from(text));
    expect(flaws).to.deep.equal(['quote', 'rest', 'rest', undefined]);
    expect(records).to.deep.equal([
      ['a"b', 'c'],
      ['"d"e', 'f"'],
      ['"g" ', 'h'],
      ['i', 'j'],
    ]);
  });

  it('keep doubled quotes in an unquoted field, which is malformed', () => {
    expect(scan(Buffer.from('a""b,"c""d"\n'))).to.deep.include({ records: [['a""b', 'c"d']], flaws: ['quote'] });
  });

  it('have no end if a quote is never closed', () => {
    for (const text of ['"', 'a\n"b', 'a,"b""', '"""']) expect(scan(Buffer.from(text)).isOpen, text).to.equal(true);
  });

  it("are the same as another parser's, and malformed if that parser finds them malformed", () => {
    fc.assert(
      fc.property(csvText, (text) => {
        const { records, flaws, isOpen } = scan(Buffer.from(text));
        const isMalformed = isOpen || flaws.some((flaw) => flaw !== undefined);
        expect(isMalformed ? undefined : records).to.deep.equal(parseByOther(text));
      }),
      runs(5000),
    );
  });

  it('are found in bytes that are not UTF-8', () => {
    const byte = fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x61, 0x01, 0x80, 0xc3, 0xe2, 0xff);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 12 }), (some, others) => {
        // Without NUL bytes, because the other parser ignores one after a quote.
        const bytes = Buffer.from([...others, ...some].filter((value) => value > 0));
        fc.pre(countMark(bytes) === 0);
        const { records, flaws, isOpen } = scan(bytes);
        const isMalformed = isOpen || flaws.some((flaw) => flaw !== undefined);
        const expected = parseByOther(bytes.toString('latin1'));
        const decode = (field: string) => Buffer.from(field, 'latin1').toString('utf8');
        expect(isMalformed ? undefined : records).to.deep.equal(expected?.map((fields) => fields.map(decode)));
      }),
      runs(2000),
    );
  });

  it('are counted in the same way as they are read, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(csvText, (text) => {
        const bytes = Buffer.from(text.replace('\uFEFF', ''));
        const { records, isOpen } = scan(bytes);
        const whole = count([bytes]);
        expect(whole.isQuoted).to.equal(isOpen);
        expect(whole.ends).to.have.length(records.length + Number(isOpen));
        for (let at = 0; at <= bytes.length; at += 1) {
          expect(count([bytes.subarray(0, at), bytes.subarray(at)])).to.deep.equal(whole);
        }
        expect(count(Array.from(bytes, (byte) => Uint8Array.of(byte)))).to.deep.equal(whole);
      }),
      runs(500),
    );
  });

  it('end after their line break, and the last one where the bytes end', () => {
    expect(count([Buffer.from('a\n\nb\r\nc')]).ends).to.deep.equal([2, 5, 7]);
    expect(count([Buffer.from('a\n"b')]).ends).to.deep.equal([2, 4]);
  });

  it('are the same if reading starts at the end of any record', () => {
    fc.assert(
      fc.property(csvText, (text) => {
        const bytes = Buffer.from(text.replace('\uFEFF', ''));
        const { records } = scan(bytes);
        for (const [index, end] of count([bytes]).ends.entries()) {
          if (index >= records.length) continue;
          expect(scan(bytes.subarray(0, end)).records).to.deep.equal(records.slice(0, index + 1));
          expect(scan(bytes.subarray(end)).records).to.deep.equal(records.slice(index + 1));
        }
      }),
      runs(500),
    );
  });
});
