import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { defaultLimits } from '../../functions/core/limits.ts';
import { readBody, toText } from '../../functions/predict/http/body.ts';

const read = (content: unknown, base64?: boolean, headers: Record<string, string> = {}, limits = defaultLimits) =>
  toText(readBody({ method: 'POST', path: '/', headers, body: { content, base64 } }, limits));

describe('readBody', () => {
  it('passes text on and decodes base64, with or without padding and line breaks', () => {
    expect(read('[1]', false)).to.equal('[1]');
    expect(read('W8OkXQ==', true)).to.equal('[ä]');
    expect(read('W8OkXQ', true)).to.equal('[ä]');
    expect(read('W8Ok\nXQ==\n', true)).to.equal('[ä]');
  });

  it('distinguishes base64 from JSON if the event does not say which it is', () => {
    expect(read('WzFd')).to.equal('[1]');
    expect(read(' [1]')).to.equal(' [1]');
    expect(read('{"a":1}')).to.equal('{"a":1}');
  });

  it('refuses invalid base64, bytes that are not UTF-8, and a body that is not a string', () => {
    const wrong = ['W!Fd', '[1]', 'WzFd!', 'WzFd$', 'WzFdA', 'WzFd=', 'WzFd===', 'W8OkXQ=', 'Wz=Fd'];
    for (const content of wrong) expect(() => read(content, true)).to.throw('Expected the body to be base64');
    expect(() => read('Wzz/XQ==', true)).to.throw('Expected the body to be UTF-8');
    // Test events of the console do not say whether the body is base64.
    expect(() => read('5.1,3.5')).to.throw('Expected the body to be JSON, or JSON in base64');
    expect(() => read(7)).to.throw('Expected the event to carry its body as a string');
  });

  const packed = gzipSync('[1]').toString('base64');

  it('decompresses gzip', () => {
    for (const encoding of ['gzip', 'GZIP', 'x-gzip']) {
      expect(read(packed, true, { 'content-encoding': encoding })).to.equal('[1]');
    }
    expect(read('[1]', false, { 'content-encoding': 'identity' })).to.equal('[1]');
  });

  it('refuses invalid gzip, other encodings and other charsets', () => {
    expect(() => read('WzFd', true, { 'content-encoding': 'gzip' })).to.throw('Expected the body to be gzip');
    const half = gzipSync('[1]').subarray(0, -4).toString('base64');
    expect(() => read(half, true, { 'content-encoding': 'gzip' })).to.throw('but it is invalid or cut off');
    expect(() => read(packed, true, { 'content-encoding': 'br' }))
      .to.throw('Expected a body in the content encoding gzip or none')
      .that.deep.includes({ status: 415, headers: { 'accept-encoding': 'gzip, identity' } });
    const latin = { 'content-type': 'application/json; charset=iso-8859-1' };
    expect(() => read('[1]', false, latin))
      .to.throw('Expected a body in the charset utf-8')
      .with.property('status', 415);
    expect(read('[1]', false, { 'content-type': 'application/json; Charset="UTF-8"' })).to.equal('[1]');
  });

  it('refuses a body above the limit, and does not decompress all of it', () => {
    const limits = { ...defaultLimits, bodyBytes: 1000 };
    expect(read('x'.repeat(1000), false, {}, limits)).to.have.length(1000);
    expect(() => read('ä'.repeat(501), false, {}, limits))
      .to.throw('Expected a body of at most 1000 bytes, but it has 1002')
      .with.property('status', 413);
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024)).toString('base64');
    expect(() => read(bomb, true, { 'content-encoding': 'gzip' }, limits)).to.throw(
      'Expected a body of at most 1000 bytes, but it unpacks to more',
    );
  });
});
