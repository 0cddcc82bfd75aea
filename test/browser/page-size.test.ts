import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createSend, type Server, startServer } from '../helpers/server.ts';

describe('the playground, compressed with gzip', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ MODEL: 'churn' });
  });
  after(() => server?.stop());

  it('is below 60 kB', async () => {
    const send = createSend(() => server.url);
    const { bytes } = await send({ method: 'GET', path: '/', headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(bytes).toString()).to.match(/<script type="module">/);
    expect(bytes.length).to.be.below(60_000);
  });
});
