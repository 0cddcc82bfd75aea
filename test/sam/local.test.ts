import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { launchBrowser } from '../browser/browser.ts';
import { eventually, openPlayground } from '../browser/playground.ts';
import { type CommandBlock, readCommandBlocks } from '../helpers/command-blocks.ts';
import { expectedAnswers, summarize } from '../helpers/event-answers.ts';
import { packageNames } from '../helpers/files.ts';
import { createSend } from '../helpers/server.ts';

const execute = promisify(execFile);

/** The environment for SAM, without MODEL. SAM would prefer MODEL's value from here to the template's value. */
const { MODEL: _, ...env } = process.env;

/** The commands that the documents contain. */
const startApi = 'sam local start-api --port 3001';
const askApi = "curl -XPOST http://127.0.0.1:3001/predict -d '[5.1,3.5,1.4,0.2]'";

function invoke(model: string, event: string) {
  const overrides = ['--parameter-overrides', `ModelName=${model}`];
  return execute('sam', ['local', 'invoke', '-e', `events/${event}.json`, ...overrides], { env });
}

/** One event of each kind, because each call starts a container. image.test.ts sends all events. */
const sent = ['raw-rows', 'bare-base64-body', 'http-text', 'rest-api', 'load-balancer-multi-value', 'schedule'];
const isSent = (event: string) => [...sent, 'other/sqs', 'churn/raw-records'].includes(event);

describe('sam local invoke', () => {
  for (const [model, answers] of Object.entries(expectedAnswers)) {
    for (const [name, expected] of Object.entries(answers).filter(([event]) => isSent(event))) {
      it(`answers events/${name}.json`, async () => {
        const { stdout } = await invoke(model, name);
        expect(summarize(JSON.parse(stdout))).to.deep.equal(expected);
      });
    }
  }
});

describe('the documents', () => {
  const blocks = ['README.md', 'docs/quick-start.md'].flatMap(readCommandBlocks);
  const linesOf = ({ code }: CommandBlock) => code.trim().split('\n');
  const typed = blocks.flatMap((block) => linesOf(block).map((line) => ({ line, block })));

  for (const { line, block } of typed.filter(({ line }) => line.startsWith('sam local invoke'))) {
    it(`show the answer of ${line}, in ${block.file}`, async () => {
      const { stdout } = await execute('sh', ['-c', line], { env });
      const { predictions } = JSON.parse(stdout);
      expect(predictions[0].label).to.equal('versicolor');
      if (block.answer) expect(JSON.parse(stdout)).to.deep.equal(JSON.parse(block.answer.code));
    });
  }

  it('have one command to start the API, and one to call it', () => {
    const lines = typed.map(({ line }) => line).filter((line) => /^sam local start-api|^curl .*:3001\b/.test(line));
    expect([...new Set(lines)]).to.deep.equal([startApi, askApi]);
  });
});

describe('sam local invoke --parameter-overrides ModelName=…', () => {
  for (const name of packageNames()) {
    it(`serves ${name}`, async () => {
      const { body } = JSON.parse((await invoke(name, 'http-model')).stdout);
      expect(JSON.parse(body)).to.include({ name });
    });
  }

  it('lists the packages if it does not name one of them', async () => {
    const { stdout, stderr } = await invoke('rose', 'http-model').catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    expect(stdout + stderr).to.include(`(model packages in models: ${packageNames().join(', ')})`);
  });
});

describe('sam local start-api', () => {
  const port = 3599;
  const onPort = (line: string) => line.replace('3001', String(port));
  const send = createSend(() => `http://127.0.0.1:${port}`);
  let api: ChildProcess;

  before(async () => {
    api = spawn('sh', ['-c', `exec ${onPort(startApi)}`]);
    await new Promise<void>((resolve, reject) => {
      let text = '';
      api.stderr?.on('data', (chunk: Buffer) => {
        text += chunk;
        if (text.includes('Running on')) resolve();
      });
      api.once('close', () => reject(new Error(text)));
    });
  });
  after(async () => {
    // SAM ends its containers before it ends itself.
    const end = new Promise((resolve) => api.once('close', resolve));
    api.kill('SIGINT');
    await end;
  });

  it("answers curl's default content type", async () => {
    const { stdout } = await execute('sh', ['-c', onPort(askApi)]);
    expect(JSON.parse(stdout).predictions[0].label).to.equal('setosa');
  });

  it('answers /health and /model', async () => {
    expect((await send({ method: 'GET', path: '/health' })).body).to.equal('{"status":"ok"}');
    expect(JSON.parse((await send({ method: 'GET', path: '/model' })).body)).to.include({ name: 'iris' });
  });

  it('shows a playground that predicts', async () => {
    const browser = await launchBrowser();
    try {
      const playground = await openPlayground(browser, `http://127.0.0.1:${port}`);
      await playground.page.getByRole('button', { name: 'virginica' }).click();
      await eventually(async () => expect(await playground.label.innerText()).to.equal('virginica'));
      // This is the probability in the model's own example.
      expect(await playground.shares()).to.include({ virginica: '91.0%' });
      expect(playground.complaints).to.deep.equal([]);
    } finally {
      await browser.close();
    }
  });

  it("answers errors from the function's own route table", async () => {
    expect((await send({ method: 'GET', path: '/petals/white' })).status).to.equal(404);
    expect(await send({ method: 'DELETE', path: '/predict' })).to.have.nested.property(
      'headers.allow',
      'POST, OPTIONS',
    );
    const refused = await send({ path: '/predict', headers: { 'Content-Type': 'application/json' }, body: '[1]' });
    expect(refused.status).to.equal(422);
    expect(refused.headers['content-type']).to.equal('application/problem+json');
  });
});
