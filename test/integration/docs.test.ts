import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type CommandBlock, readCommandBlocks } from '../helpers/command-blocks.ts';
import { type Server, serveCommand } from '../helpers/server.ts';

const documents = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((path) => !path.startsWith('test/') && !path.startsWith('training/'));

/** Whether this test runs a command line. Lines that start a server are handled apart. */
const isRunHere = (line: string) => /^(curl|printf|npm run batch|cat) /.test(line);

/** The command lines that this test does not run, each with the reason. After a colon stands what runs it instead. */
const elsewhere: readonly [line: RegExp, reason: string][] = [
  [/^npm ci$/, 'was run before these tests, which need it'],
  [/^npm run test:random/, 'takes long, so no check runs it'],
  [/^npm run sbom\b/, 'builds dist/ again: test/integration/sbom.test.ts'],
  [/^npm (test|run (test:\w+|lint:template|bench -- --quick))\b/, 'is one of the checks: .ci/run'],
  [/^npm run coverage\b/, 'runs all tests: .github/workflows/ci.yml'],
  [/^FUZZ_SEED=/, 'replays an input that failed: test/unit/replay.test.ts'],
  [/^training\/run python -m zoo\b/, 'replays a pipeline that failed, so no check runs it'],
  [/^npm run model\b/, 'needs a package to edit: test/integration/model-command.test.ts'],
  [/^(aws stepfunctions|EXECUTION=|STATE_MACHINE=|output\(\))/, 'needs AWS: npm run test:batch'],
  [/^sam build\b/, 'needs Docker and the SAM CLI: npm run test:sam'],
  [/^sam local (invoke|start-api)\b/, 'needs Docker and the SAM CLI: test/sam/local.test.ts'],
  [/^docker (build|run)\b/, 'needs Docker: test/sam/image.test.ts'],
  [/^docker (pull|image)\b/, 'needs a registry of images'],
  [/^curl .*127\.0\.0\.1:(3001|9000)\b/, 'needs the container: test/sam'],
  [/^curl --aws-sigv4 /, 'needs an endpoint that checks signatures: npm run test:http'],
  [/^sam deploy\b/, 'needs AWS: test/deploy'],
  [/^(KEY=|aws apigateway)/, 'needs AWS, and no stand-in for AWS has usage plans'],
  [/^(aws| {2}--)/, 'needs AWS: test/batch'],
  [
    /^(pip install \.\/training|sepal export|python (-m sepal_export|orders\.py)|npm start -- --model (wine|orders|tickets))/,
    'needs Python: .ci/run, own_models_predict, and training/tests/test_own_model.py',
  ],
  [/^curl .*"(ordered|message)":/, 'needs a model that Python exports: .ci/run, own_models_predict'],
  [/^sepal show\b/, 'needs Python: training/tests/test_show.py'],
];

const isServer = (line: string) => /^npm (start|run demo)\b/.test(line);
const linesOf = ({ code }: CommandBlock) => code.split('\n').filter((line) => line.trim() && !line.startsWith('#'));
const reasonOf = (line: string) => elsewhere.find(([pattern]) => pattern.test(line))?.[1];
const isElsewhere = (block: CommandBlock) => linesOf(block).some((line) => reasonOf(line) && line !== 'npm ci');

describe('the documents', () => {
  const servers = new Map<string, Promise<Server>>();
  /** Starts a server with a command of the documents. Blocks with the same command share one server. */
  const serve = (command: string): Promise<Server> => {
    const server = servers.get(command) ?? serveCommand(command);
    servers.set(command, server);
    return server;
  };
  after(async () => {
    await Promise.all([...servers.values()].map(async (server) => (await server).stop()));
  });

  for (const file of documents) {
    const blocks = readCommandBlocks(file).filter(({ language }) => language === 'sh');
    if (blocks.length === 0) continue;

    describe(file, () => {
      const folder = mkdtempSync(join(tmpdir(), 'sepal-docs-'));
      let server: Server | undefined;
      after(() => rmSync(folder, { recursive: true }));

      for (const block of blocks) {
        const name = `line ${block.line}: ${linesOf(block)[0]}`;
        if (isElsewhere(block)) {
          it(`${name} – not run here: ${reasonOf(linesOf(block).find(reasonOf) ?? '')}`, () => {
            for (const line of linesOf(block)) expect(reasonOf(line), line).to.be.a('string');
          });
          continue;
        }
        it(name, async () => {
          const start = linesOf(block).find(isServer);
          if (start) server = await serve(start);
          await runCommands(block, folder, server?.url);
        });
      }
    });
  }

  it('contain a command line for each reason not to run one', () => {
    const lines = documents.flatMap(readCommandBlocks).flatMap(linesOf);
    for (const [pattern, reason] of elsewhere)
      expect(
        lines.some((line) => pattern.test(line)),
        reason,
      ).to.equal(true);
  });

  it('link only to files that exist', () => {
    for (const file of documents) {
      const links = Array.from(
        readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g),
        ([, to = '']) => to,
      );
      for (const link of links) expect(existsSync(join(dirname(file), link)), `${file}: ${link}`).to.equal(true);
    }
  });
});

/** Runs the commands of a block against the server that the document started last, and compares what they print. */
async function runCommands(block: CommandBlock, cwd: string, url?: string): Promise<void> {
  const commands = linesOf(block).filter((line) => !isServer(line) && !reasonOf(line));
  for (const command of commands) expect(isRunHere(command), `say where it is run: ${command}`).to.equal(true);
  if (commands.length === 0) return;
  const script = commands
    .join('\n')
    .replaceAll('http://127.0.0.1:3000', url ?? 'there-was-no-npm-start')
    .replace(/\bnpm run(?: --silent)?\b/g, `npm --prefix ${resolve('.')} run --silent`);
  const { stdout } = await promisify(execFile)('bash', ['-ceo', 'pipefail', script], { cwd });
  expect(stdout).not.to.equal('');
  const { answer } = block;
  if (answer?.language === 'json') expect(withoutId(stdout)).to.deep.equal(withoutId(answer.code));
  else if (answer) expect(stdout.replaceAll('\r', '')).to.equal(answer.code);
}

/** A problem document without `instance`, the id that differs in each request. */
function withoutId(json: string): unknown {
  const { instance: _instance, ...document } = JSON.parse(json);
  return document;
}
