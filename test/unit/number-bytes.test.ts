import { expect } from 'chai';
import fc from 'fast-check';
import { readNumber } from '../../functions/core/numbers/reading.ts';
import { writeNumber } from '../../functions/core/numbers/writing.ts';
import { runs } from '../helpers/runs.ts';

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Reads a text that is between other bytes. */
function read(text: string): number {
  const bytes = Buffer.from(`7${text}7`, 'latin1');
  return readNumber(bytes, 1, bytes.length - 1);
}

/** Calls chai only if the numbers differ, because chai takes as long as reading a hundred numbers. */
function expectToRead(text: string, expected = decimal.test(text) ? Number(text) : Number.NaN): void {
  if (!Object.is(read(text), expected)) expect(read(text), text.slice(0, 40)).to.equal(expected);
}

const target = Buffer.alloc(40);

/** The text that writeNumber writes at position 1, or a complaint if it writes outside of the next 25 bytes. */
function write(value: number): string {
  target.fill('#');
  const end = writeNumber(value, target, 1);
  const around = target.toString('latin1', 0, 1) + target.toString('latin1', 26);
  return around === '#'.repeat(15) ? target.toString('latin1', 1, end) : 'written beyond 25 bytes';
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function toRandom(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  };
  return () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}

const random = toRandom(13);
const upTo = (bound: number) => Math.floor(random() * bound);
const view = new DataView(new ArrayBuffer(8));

/** The double that is `steps` representable doubles away from `value`. */
function beside(value: number, steps: number): number {
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

function anyDouble(): number {
  view.setUint32(0, upTo(2 ** 32));
  view.setUint32(4, upTo(2 ** 32));
  const value = view.getFloat64(0);
  return Number.isNaN(value) ? 0 : value;
}

function softmax(): number {
  const [first = 0, ...others] = Array.from({ length: 3 }, () => Math.exp(random() * 40 - 20));
  return first / others.reduce((sum, other) => sum + other, first);
}

const kinds: [string, () => number][] = [
  ['doubles of any bits', anyDouble],
  ['probabilities', softmax],
  ['single-precision probabilities', () => Math.fround(softmax())],
  ['numbers of every size', () => (random() - 0.5) * 10 ** (upTo(60) - 40)],
  ['integers', () => Math.floor((random() - 0.5) * 10 ** upTo(23))],
  ['powers of two and their neighbours', () => beside(2 ** (upTo(2098) - 1074), upTo(7) - 3)],
  ['powers of ten and their neighbours', () => beside(Number(`1e${upTo(630) - 322}`), upTo(7) - 3)],
  ['usual powers of ten and their neighbours', () => beside(Number(`1e${upTo(40) - 25}`), upTo(7) - 3)],
  ['subnormal numbers', () => random() * 2 ** -1022],
  ['sums of powers of two', () => upTo(2 ** upTo(54)) / 2 ** upTo(60)],
  ['decimals of 1 to 17 digits', () => Number(`${upTo(10 ** (1 + upTo(17)))}e${upTo(30) - 25}`)],
  ['quotients', () => upTo(1000) / (1 + upTo(1000))],
];

/** The numbers that requests and answers mostly hold. */
const usual: [string, () => number][] = [
  ['probabilities', softmax],
  ['single-precision probabilities', () => Math.fround(softmax())],
  ['quotients', () => (1 + upTo(1000)) / (1 + upTo(1000))],
  ['small numbers', () => random() * 10 ** -upTo(150)],
];

/** Reads texts with more digits than needed, such as those of Python's %.17g and numpy.savetxt. */
function expectLongTexts(value: number): void {
  for (const text of [value.toExponential(16), value.toExponential(18), value.toPrecision(21)]) expectToRead(text);
}

/** Runs `work`, and returns how often its fast code gave up: it calls String() to write, or decodes a text to read. */
function countFallbacks(work: () => void): number {
  const { String: format, TextDecoder: decoder } = globalThis;
  const { decode } = decoder.prototype;
  let count = 0;
  globalThis.String = ((value: unknown) => {
    count += 1;
    return format(value);
  }) as StringConstructor;
  decoder.prototype.decode = function (this: InstanceType<typeof TextDecoder>, ...bytes) {
    count += 1;
    return decode.apply(this, bytes);
  };
  try {
    work();
  } finally {
    globalThis.String = format;
    decoder.prototype.decode = decode;
  }
  return count;
}

describe('writeNumber', () => {
  for (const [name, make] of kinds) {
    it(`writes ${name} as JavaScript does`, () => {
      for (let run = 0; run < runs(18_000).numRuns; run += 1) {
        const value = make();
        if (write(value) !== String(value)) expect(write(value)).to.equal(String(value));
      }
    });
  }

  for (const [name, make] of usual) {
    it(`leaves at most one of a hundred ${name} to String()`, () => {
      const values = Array.from({ length: 10_000 }, make);
      const count = countFallbacks(() => values.forEach((value) => void writeNumber(value, target, 1)));
      expect(count).to.be.at.most(100);
    });
  }

  it('writes NaN, infinities, zeros and extreme numbers', () => {
    for (const value of [0, -0, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 2 ** 53]) {
      expect(write(value)).to.equal(`${value}`);
    }
  });

  it('writes any double', () => {
    fc.assert(
      fc.property(fc.double(), (value) => write(value) === String(value)),
      runs(1000),
    );
  });
});

describe('readNumber', () => {
  for (const [name, make] of kinds) {
    it(`reads ${name} as Number() does`, () => {
      for (let run = 0; run < runs(9000).numRuns; run += 1) {
        const value = make();
        expectToRead(String(value));
        if (run % 8 === 0) expectLongTexts(value);
      }
    });
  }

  for (const [name, make] of usual) {
    it(`leaves at most one of a hundred ${name} to Number()`, () => {
      const values = Array.from({ length: 10_000 }, make);
      for (const digits of [16, 18]) {
        const texts = values.map((value) => Buffer.from(value.toExponential(digits)));
        const count = countFallbacks(() => texts.forEach((text) => void readNumber(text, 0, text.length)));
        expect(count).to.be.at.most(100);
      }
    });
  }

  it('reads numbers midway between two doubles, and numbers near the middle, as Number() does', () => {
    for (let run = 0; run < 2000; run += 1) {
      const even = 2 ** 53 + 4 * upTo(2 ** 40);
      for (const text of [-1, 0, 1, 2, 3].map((step) => String(BigInt(even) + BigInt(step)))) {
        const shifted = `${text.slice(0, 3)}.${text.slice(3)}`;
        for (const each of [text, `${text}.0`, `${text}.01`, shifted, `${text}e-30`]) expectToRead(each);
      }
    }
  });

  const numbers = [
    ...'0 -0 +0 00 -0.0 0e5 -0e-999 007 1. .5 -.5 +.5 5e0 5E+3 1.e3 .5e-3'.split(' '),
    ...'1e22 1e23 1e-22 1e-23 1e999 -1e999 1e-999 1e99999999999999999999 9007199254740993'.split(' '),
    ...'0.00012345678901234567 000000000000000000000000.1 123456789012345678901234567890'.split(' '),
    ...'2.2250738585072011e-308 5.099999999999999645e+00 9.999999999999999999e+18'.split(' '),
    ...[`0.${'3'.repeat(200_000)}`, '9'.repeat(300)],
  ];

  it('reads every form of a number', () => {
    for (const text of numbers) expectToRead(text);
  });

  it('accepts nothing else as a number', () => {
    const forms = '+ - . -. e e5 .e5 1e 1e+ 1e- 1e5. 1e5e5 1..2 1.2.3 --1 1,2 1_000 1/ 1: 1e: é １'.split(' ');
    const words = ['', ' 1', '1 ', ...'0x10 0b1 1n NaN Infinity -inf'.split(' ')];
    for (const text of [...forms, ...words]) expectToRead(text, Number.NaN);
  });

  it('reads any text of number characters as Number() does, or refuses it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'00112345789..--+eE x'), maxLength: 26 });
    const expected = (each: string) => (decimal.test(each) ? Number(each) : Number.NaN);
    fc.assert(
      fc.property(text, (each) => Object.is(read(each), expected(each))),
      runs(5000),
    );
  });
});
