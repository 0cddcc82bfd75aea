import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createCredentials } from '../../functions/core/credentials.ts';
import { connectToS3 } from '../../functions/core/s3.ts';

const minute = 60_000;
const patient = new AbortController().signal;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

describe("a role's credentials", () => {
  let server: Server;
  let url = '';
  let answers: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      if (request.headers.authorization !== 'a token') return response.writeHead(404).end();
      const answer = answers.shift();
      return answer === undefined ? undefined : response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const toAnswer = (name: string, Expiration?: string) =>
    JSON.stringify({ AccessKeyId: name, SecretAccessKey: 'secret', Token: 'session', Expiration });
  const read = (source = { url, token: 'a token' }) => createCredentials(source)(patient);
  const messageOf = (reading: Promise<unknown>) => reading.then(String, (error: Error) => error.message);

  it('come from the environment if it has them', async () => {
    const own = { accessKeyId: 'key', secretAccessKey: 'secret' };
    expect(await createCredentials(own)(patient)).to.equal(own);
  });

  it('are requested once, and again before they expire', async () => {
    answers = [toAnswer('first', inMs(minute / 2)), toAnswer('second', inMs(10 * minute)), toAnswer('third')];
    const readOften = createCredentials({ url, token: 'a token' });
    const names: string[] = [];
    for (let time = 0; time < 3; time += 1) names.push((await readOften(patient)).accessKeyId);
    expect(names).to.deep.equal(['first', 'second', 'second']);
    expect(await readOften(patient)).to.deep.equal({
      accessKeyId: 'second',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });
  });

  it('are requested each time if their expiration is not known', async () => {
    answers = [toAnswer('first'), toAnswer('second', 'soon')];
    const readOften = createCredentials({ url, token: 'a token' });
    const names = [await readOften(patient), await readOften(patient)].map(({ accessKeyId }) => accessKeyId);
    expect(names).to.deep.equal(['first', 'second']);
  });

  it('fail with a message if the endpoint refuses, returns no access key or does not answer', async () => {
    const other = read({ url, token: 'another' });
    expect(await messageOf(other)).to.equal('the credentials endpoint answered with status 404');
    answers = ['{}'];
    expect(await messageOf(read())).to.equal('the credentials endpoint returned no access key');
    answers = [];
    expect(await messageOf(createCredentials({ url, token: 'a token' })(AbortSignal.timeout(20)))).to.include(
      'aborted',
    );
  });

  it('fail a request to S3 with a message that names them', async () => {
    const send = async (token: string, timeoutMs: number) => {
      const ask = await connectToS3({ region: 'eu-west-1', endpoint: undefined, credentials: { url, token } });
      return ask({ method: 'HEAD', bucket: 'a-bucket', timeoutMs });
    };
    const refused = await send('another', 5000).catch((error: Error) => error);
    expect(refused).to.have.property('message', 'The credentials could not be fetched');
    expect(refused).to.have.nested.property('cause.message', 'the credentials endpoint answered with status 404');
    answers = [];
    expect(await messageOf(send('a token', 20))).to.equal(
      'The endpoint of the credentials did not answer within 20 ms',
    );
  });
});
