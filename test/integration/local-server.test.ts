import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { describeBehaviour } from '../helpers/behaviour.ts';
import { renamePackage, sealByHand, withPackage } from '../helpers/package.ts';
import { runNode } from '../helpers/process.ts';
import { createSend, type Server, startServer } from '../helpers/server.ts';

/** Checks all cases at once, because each of them waits for a process to start. */
async function inParallel<T>(cases: readonly T[], check: (one: T) => Promise<void>): Promise<void> {
  await Promise.all(cases.map(check));
}

describe('the local server', () => {
  let server: Server;
  const send = createSend(() => server.url);

  before(async () => {
    server = await startServer();
  });
  after(async () => {
    await server.stop();
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

  it('explains that its port is taken', async () => {
    const { code, stderr } = await runNode('local/server.ts', { PORT: new URL(server.url).port });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^Port \d+ on 127\.0\.0\.1 is taken\. Choose another: PORT=\d+ npm start\n$/);
  });

  it('explains that a value is not a port number', async () => {
    await inParallel(['http', '0x10', '65536'], async (port) => {
      const { code, stderr } = await runNode('local/server.ts', { PORT: port });
      expect(code).to.equal(1);
      expect(stderr).to.equal(`PORT must be a number from 0 to 65535, but is "${port}"\n`);
    });
  });

  it('serves the model that its command line names, whatever the environment says', async () => {
    await withPackage(async (directory) => {
      renamePackage(directory, 'rose');
      const environment = { MODELS_DIRECTORY: directory, MODEL: 'iris' };
      await inParallel([['--model', 'rose'], ['--model=rose']], async (options) => {
        const other = await startServer(environment, ...options);
        await other.stop();
        expect(other.announcement).to.match(/^rose 1\.0\.0 is served on/);
      });
    });
  });

  it('serves a folder by its path, wherever it lies and whatever it is called', async () => {
    await withPackage(async (directory) => {
      const folder = join(directory, "an iris, 'mine'");
      renameSync(join(directory, 'iris'), folder);
      const typed: [string, string][] = [
        [folder, '.'],
        [`${folder}/`, '.'],
        [`./${basename(folder)}`, directory],
        ['.', folder],
      ];
      await inParallel(typed, async ([path, typedIn]) => {
        const other = await startServer({ INIT_CWD: typedIn, MODEL: 'churn' }, '--model', path);
        await other.stop();
        expect(other.announcement, path).to.match(/^iris 1\.0\.0 is served on/);
      });
    });
  });

  it('behaves like the door that its command line names', async () => {
    const other = await startServer({}, '--door', 'load-balancer');
    const answer = await createSend(() => other.url)({ path: '/predict', body: ' '.repeat(1_100_000) });
    await other.stop();
    expect(other.announcement).to.match(/, which behaves like a load balancer\n/);
    expect(answer.status).to.equal(413);
  });

  it('refuses a package that is not what was exported, although it is sealed', async () => {
    await withPackage(async (directory) => {
      const file = join(directory, 'iris', 'model.json');
      const { features, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
      const [first, second, ...others] = features;
      writeFileSync(file, JSON.stringify({ ...manifest, features: [second, first, ...others] }));
      sealByHand(join(directory, 'iris'));
      const { code, stderr } = await runNode('local/server.ts', { PORT: '0', MODELS_DIRECTORY: directory });
      expect(code).to.equal(1);
      expect(stderr).to.match(
        /^ModelPackageError: .*\/iris: model\.json: features\/0 \(sepal_width\), features\/1 \(sepal_length\) are not as exported/,
      );
    });
  });

  const mistakes: [string[], RegExp][] = [
    [['--modle', 'iris'], /^Unknown option '--modle'.*\nUsage: npm start -- \[--model <name or path>\]/],
    [['--door', 'sqs'], /^--door must be one of http-api, .*, but is "sqs"\nUsage: /],
    [['--model'], /^Option '--model <value>' argument missing\nUsage: /],
    [['iris'], /^Unexpected argument 'iris'.*\nUsage: /],
    [['--model', 'iris rose'], /^ConfigError: MODEL must name a model package, but is "iris rose"\n$/],
    [
      ['--model', './iris'],
      /^ModelPackageError: iris\/model\.json: cannot be read: ENOENT \(model packages in \.: none\)\n$/,
    ],
    [['--model', 'rose'], /^ModelPackageError: models\/rose\/model\.json: cannot be read: .*\(.*: .*\biris\b.*\)\n$/],
  ];
  it('explains a mistake in its command line', async () => {
    await inParallel(mistakes, async ([options, message]) => {
      const { code, stdout, stderr } = await runNode(['local/server.ts', ...options], { PORT: '0' });
      expect(code, options.join(' ')).to.equal(1);
      expect(stderr).to.match(message);
      // A failed start of the function writes a metric. A wrong command line ends the process before that start.
      const metrics = stdout.split('\n').filter(Boolean);
      expect(metrics.map((line) => JSON.parse(line).InitFailure)).to.deep.equal(/Error:/.test(stderr) ? [1] : []);
    });
  });

  it('prints its usage', async () => {
    const { code, stdout } = await runNode(['local/server.ts', '--help'], { PORT: '0' });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm start -- \[--model <name or path>\] \[--door <door>\] \[--demo\]\n/);
  });

  it('ends cleanly when it is told to, with a connection still open', async () => {
    await inParallel(['SIGINT', 'SIGTERM'] as const, async (signal) => {
      const other = await startServer();
      await fetch(`${other.url}/health`);
      const { code, stderr } = await other.stop(signal);
      expect([code, stderr], signal).to.deep.equal([0, '']);
    });
  });

  it('ends although a client has sent half a request', async () => {
    const other = await startServer();
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write('POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n[5.', resolve),
    );
    expect(await other.stop()).to.deep.include({ code: 0, stderr: '' });
    socket.destroy();
  });

  it('finishes the request under way when it is told to end, and then ends without waiting for another', async () => {
    const other = await startServer();
    const agent = new Agent({ keepAlive: true });
    const headers = { 'content-length': 17 };
    const request = httpRequest(`${other.url}/predict`, { method: 'POST', headers, agent });
    request.write('[5.1,3.5,');
    await wait(100);
    const end = other.stop();
    await wait(100);
    request.end('1.4,0.2]');
    const [response] = await once(request, 'response');
    response.resume();
    expect(response.statusCode).to.equal(200);
    // Otherwise the server would end only when it cuts the connections that are still open.
    expect(response.headers.connection).to.equal('close');
    expect(await end).to.include({ code: 0 });
    agent.destroy();
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
