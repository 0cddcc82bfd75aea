import { expect } from 'chai';
import { formatDigests, parseDigests, toDigest } from '../../functions/core/model/digests.ts';

const [one, other] = ['0a'.repeat(32), 'ff'.repeat(32)];

describe('parseDigests', () => {
  it('reads the output of sha256sum in text and binary mode', () => {
    const digests = new Map([
      ['model.json', one],
      ['model.onnx', other],
    ]);
    expect(parseDigests(`${one}  model.json\n${other} *model.onnx\n`)).to.deep.equal(digests);
    expect(parseDigests(formatDigests(digests))).to.deep.equal(digests);
  });

  const good = `${one}  model.json`;
  const lines: [string, string, number][] = [
    ['an empty text', '', 1],
    ['an empty line', `${good}\n\n`, 2],
    ['a digest that is too short', `${one.slice(2)}  model.json\n`, 1],
    ['a digest that is too long', `${one}0  model.json\n`, 1],
    ['a digest in upper case', `${one.toUpperCase()}  model.json\n`, 1],
    ['a single space before the name', `${one} model.json\n`, 1],
    ['a line without a name', `${one}  \n`, 1],
    ['a name that leads out of the folder', `${good}\n${one}  ../model.json\n`, 2],
    ['a name that leads into another folder', `${one}  models/model.json\n`, 1],
    ['an absolute path', `${one}  /etc/passwd\n`, 1],
    ['a hidden file', `${one}  .model.json\n`, 1],
    ['a name that sha256sum had to escape', `\\${one}  model\\\\.json\n`, 1],
    ["Windows' line ends", `${good}\r\n`, 1],
    ['a byte order mark', `\u00EF\u00BB\u00BF${good}\n`, 1],
    ['the format of BSD tools', `SHA256 (model.json) = ${one}\n`, 1],
  ];
  for (const [what, text, line] of lines) {
    it(`refuses ${what}`, () => {
      expect(() => parseDigests(text)).to.throw(`line ${line}: expected 64 hexadecimal digits`);
    });
  }

  it('refuses a name that is listed twice', () => {
    expect(() => parseDigests(`${good}\n${good}\n`)).to.throw('line 2: model.json is listed twice');
  });
});

describe('formatDigests', () => {
  it('sorts the names', () => {
    const text = formatDigests(
      new Map([
        ['model.json', one],
        ['golden.json', other],
      ]),
    );
    expect(text).to.equal(`${other}  golden.json\n${one}  model.json\n`);
  });
});

describe('toDigest', () => {
  it('is the SHA-256 digest in lower case, as sha256sum writes it', () => {
    expect(toDigest(Buffer.from('abc'))).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(toDigest(Buffer.from('xabcx').subarray(1, 4))).to.equal(toDigest(Buffer.from('abc')));
  });
});
