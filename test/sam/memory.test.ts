import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTemplate } from '../helpers/cloudformation.ts';
import { type Container, startContainer } from '../helpers/container.ts';
import { createHttpEvent } from '../helpers/http-event.ts';
import { writeWidePackage } from '../helpers/wide-package.ts';
import { worstEvents } from '../helpers/worst-requests.ts';

/** The smallest value that the template's parameter accepts. */
const megabytes = Number(readTemplate().Parameters.MemorySize?.MinValue);

/**
 * The script /var/runtime/bootstrap in Lambda's Node.js images divides the memory in this way: a tenth for V8's new
 * objects, in two halves, and the rest for old objects. Because the process also needs memory outside V8's heap, it may
 * take more than there is. A base image without that script would run with V8's own defaults.
 */
const newSpace = Math.floor(megabytes / 10);
const flags = `--max-semi-space-size=${Math.floor(newSpace / 2)} --max-old-space-size=${megabytes - newSpace}`;

const asLambda = [
  ...['--read-only', '--tmpfs', '/tmp', '--user', '993:990', '--publish', '127.0.0.1::8080'],
  ...['--memory', `${megabytes}m`, '--memory-swap', `${megabytes}m`],
  ...['--env', `AWS_LAMBDA_FUNCTION_MEMORY_SIZE=${megabytes}`, '--env', `NODE_OPTIONS=${flags}`],
];

const rows = (count: number) => JSON.stringify({ instances: Array(count).fill([0.1]) });
const toLabels = (count: number) =>
  JSON.stringify(
    createHttpEvent({ path: '/invocations', headers: { 'content-type': 'application/json' }, body: rows(count) }),
  );

/** The events that each model is sent. The packages of wide and heavy do not ship, so the tests write them. */
const models: Readonly<Record<string, () => Iterable<readonly [name: string, event: string]>>> = {
  iris: worstEvents,
  wide: () => [10_000, 40_000, 100_000].map((count) => [`${count} rows`, toLabels(count)]),
  heavy: () => [1000, 5000].map((count) => [`${count} rows`, toLabels(count)]),
};

/** Reads the first of these files that exists, because cgroup 2 and cgroup 1 have different files. */
async function readCgroup(container: Container, ...names: string[]): Promise<string> {
  const paths = names.map((name) => `/sys/fs/cgroup/${name}`).join(' ');
  return container.execute('sh', '-c', `for path in ${paths}; do [ -f $path ] && cat $path && break; done`);
}

describe(`the image with ${megabytes} MB, as Lambda starts Node.js`, () => {
  const packages = mkdtempSync(join(tmpdir(), 'sepal-'));
  before(() => {
    for (const name of ['wide', 'heavy'] as const) writeWidePackage(packages, name);
  });
  after(() => rmSync(packages, { recursive: true }));

  for (const [model, events] of Object.entries(models)) {
    it(`survives the requests that take the most memory, with ${model}`, async () => {
      const mounted = model === 'iris' ? [] : ['--volume', `${packages}/${model}:/var/task/models/${model}:ro`];
      const container = await startContainer(...asLambda, ...mounted, '--env', `MODEL=${model}`);
      try {
        const address = await container.publishedAt(8080);
        const post = async (body: string) => {
          const url = `http://${address}/2015-03-31/functions/function/invocations`;
          return (await fetch(url, { method: 'POST', body })).json() as Promise<Record<string, unknown>>;
        };
        for (const [name, event] of events()) {
          const { statusCode, ...answer } = await post(event);
          expect(statusCode, `${name}: ${JSON.stringify(answer)}`).to.be.oneOf([200, 400, 413, 422]);
        }
        const last = await post(toLabels(1).replace('[0.1]', model === 'iris' ? '[5.1,3.5,1.4,0.2]' : '[1]'));
        expect(last).to.include({ statusCode: 200 });
        const peak = Number(await readCgroup(container, 'memory.peak', 'memory/memory.max_usage_in_bytes')) / 2 ** 20;
        console.log(`      ${peak.toFixed(0)} MB at most`);
        expect(await readCgroup(container, 'memory.events', 'memory/memory.oom_control')).to.match(/^oom_kill 0$/m);
        expect(await container.logs()).not.to.match(/exited/);
      } finally {
        await container.stop();
      }
    }).timeout(600_000);
  }
});
