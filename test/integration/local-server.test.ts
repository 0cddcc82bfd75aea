import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { describeBehaviour } from '../helpers/behaviour.ts';
import { renamePackage, withPackage } from '../helpers/package.ts';
import { ended, startNode } from '../helpers/process.ts';
import { createSend, type Server, startServer } from '../helpers/server.ts';

describe('the local server', () => {
  let server: Server;
  const send = createSend(() => server.url);

  before(async () => {
    server = await startServer();
  });
  after(async () => {
    server.process.kill('SIGTERM');
    await server.ended;
  });

  describeBehaviour('the local server', send);

  it('prints a curl line that works', async () => {
    const curl = /curl .*/.exec(server.announcement)?.[0] ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', `${curl} -s`]);
    expect(JSON.parse(stdout).predictions[0].label).to.equal('setosa');
  });

  it('refuses a body that the gateway or Lambda would refuse, and goes on', async () => {
    const message = '{"message":"Request Entity Too Large"}';
    for (const megabytes of [5, 11]) {
      const response = await send({ path: '/predict', body: Buffer.alloc(megabytes * 1024 * 1024, ' ') });
      expect([response.status, response.body]).to.deep.equal([413, message]);
    }
    expect((await send({ method: 'GET', path: '/health' })).status).to.equal(200);
  });

  it('refuses headers that the gateway would refuse', async () => {
    const response = await send({ method: 'GET', path: '/health', headers: { 'x-long': 'x'.repeat(11_000) } });
    expect(response.status).to.equal(431);
  });

  it('takes headers that the gateway takes', async () => {
    const response = await send({ method: 'GET', path: '/health', headers: { 'x-long': 'x'.repeat(9000) } });
    expect(response.status).to.equal(200);
  });

  it('says plainly when its port is taken', async () => {
    const { code, stderr } = await ended(startNode('local/server.ts', { PORT: new URL(server.url).port }));
    expect(code).to.equal(1);
    expect(stderr).to.match(/^Port \d+ on 127\.0\.0\.1 is taken\. Choose another: PORT=\d+ npm start\n$/);
  });

  for (const port of ['http', '0x10', '65536']) {
    it(`says plainly that ${port} is no port`, async () => {
      const { code, stderr } = await ended(startNode('local/server.ts', { PORT: port }));
      expect(code).to.equal(1);
      expect(stderr).to.equal(`PORT must be a number from 0 to 65535, and is "${port}"\n`);
    });
  }

  it('serves the model that its command line names, whatever the environment says', async () => {
    await withPackage(async (directory) => {
      renamePackage(directory, 'rose');
      const environment = { MODELS_DIRECTORY: directory, MODEL: 'iris' };
      for (const options of [['--model', 'rose'], ['--model=rose']]) {
        const other = await startServer(environment, ...options);
        other.process.kill('SIGTERM');
        await other.ended;
        expect(other.announcement).to.match(/^rose 1\.0\.0 is served on/);
      }
    });
  });

  const mistakes: [string[], RegExp][] = [
    [['--modle', 'iris'], /^Unknown option '--modle'.*\nUsage: npm start -- \[--model <name>\]/],
    [['--model'], /^Option '--model <value>' argument missing\nUsage: /],
    [['iris'], /^Unexpected argument 'iris'.*\nUsage: /],
    [['--model', '../iris'], /^ConfigError: MODEL must name a model package, and is "\.\.\/iris"\n$/],
    [['--model', 'rose'], /^ModelPackageError: models\/rose\/model\.json: cannot be read: .*\(.*: .*\biris\b.*\)\n$/],
  ];
  for (const [options, message] of mistakes) {
    it(`says plainly what is wrong with ${options.join(' ')}`, async () => {
      const { code, stdout, stderr } = await ended(startNode(['local/server.ts', ...options], { PORT: '0' }));
      expect(code).to.equal(1);
      expect(stderr).to.match(message);
      // A start of the function that fails is a metric; a command line that is wrong starts none.
      const metrics = stdout.split('\n').filter(Boolean);
      expect(metrics.map((line) => JSON.parse(line).InitFailure)).to.deep.equal(/Error:/.test(stderr) ? [1] : []);
    });
  }

  it('tells what its command line takes', async () => {
    const { code, stdout } = await ended(startNode(['local/server.ts', '--help'], { PORT: '0' }));
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm start -- \[--model <name>\]\n/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends cleanly on ${signal}, with a connection still open`, async () => {
      const other = await startServer();
      await fetch(`${other.url}/health`);
      other.process.kill(signal);
      const { code, stderr } = await other.ended;
      expect([code, stderr]).to.deep.equal([0, '']);
    });
  }

  it('ends although a client has sent half a request', async () => {
    const other = await startServer();
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write('POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n[5.', resolve),
    );
    other.process.kill('SIGTERM');
    expect(await other.ended).to.deep.include({ code: 0, stderr: '' });
    socket.destroy();
  });

  it('finishes the request under way when it is told to end', async () => {
    const other = await startServer();
    const request = httpRequest(`${other.url}/predict`, { method: 'POST', headers: { 'content-length': 17 } });
    request.write('[5.1,3.5,');
    await new Promise((resolve) => setTimeout(resolve, 100));
    other.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    request.end('1.4,0.2]');
    const [response] = await once(request, 'response');
    expect(response.statusCode).to.equal(200);
    response.resume();
    expect(await other.ended).to.include({ code: 0 });
  });

  it('answers a body that comes in many pieces', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (const byte of `${' '.repeat(20_000)}[5.1,3.5,1.4,0.2]`) controller.enqueue(Buffer.from(byte));
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(await response.json()).to.have.nested.property('predictions[0].label', 'setosa');
  });
});
