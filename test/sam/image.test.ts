import { expect } from 'chai';
import { describeBehaviour } from '../helpers/behaviour.ts';
import { type Container, docker, image, startContainer } from '../helpers/container.ts';
import { expectedAnswers, summarize } from '../helpers/event-answers.ts';
import { packageFiles, readEvent } from '../helpers/files.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { toFiles, writeSbom } from '../helpers/sbom.ts';

const invocations = 'http://127.0.0.1:9000/2015-03-31/functions/function/invocations';

/** Posts an event to the runtime interface emulator from outside the container. */
async function post(body: string): Promise<unknown> {
  return (await fetch(invocations, { method: 'POST', body })).json();
}

describe('docker run -p 9000:8080', () => {
  let container: Container | undefined;

  before(async () => {
    container = await startContainer('--publish', '9000:8080');
  });
  after(() => container?.stop());

  it('answers a raw array', async () => {
    expect(summarize(await post('[5.7,2.8,4.5,1.3]'))).to.deep.equal({ labels: ['versicolor'] });
  });

  it("answers the console's test event", async () => {
    const answer = await post('{"body":"WzUuMSwzLjUsMS40LDAuMl0="}');
    expect(summarize(answer)).to.deep.equal({ status: 200, labels: ['setosa'] });
  });

  it('rejects bad input with a named error and no trace of its code', async () => {
    const answer = (await post('[5.7]')) as { errorType: string; errorMessage: string };
    expect(answer.errorType).to.equal('InvalidInput');
    expect(answer.errorMessage).to.include('expected 4 values');
    expect(JSON.stringify(answer)).not.to.match(/app\.mjs|predict\.cjs/);
  });

  describeBehaviour('the container', async (request) => {
    return fromHttpResponse(await post(JSON.stringify(createHttpEvent(request))));
  });
});

const asLambda = ['--read-only', '--tmpfs', '/tmp', '--user', '993:990', '--network', 'none', '--memory', '512m'];

for (const [name, answers] of Object.entries(expectedAnswers)) {
  describe(`the image as Lambda runs it, with ${name}: read-only, another user, no network, 512 MB`, () => {
    let container: Container | undefined;

    before(async () => {
      container = await startContainer(...asLambda, '--env', `MODEL=${name}`);
    });
    after(() => container?.stop());

    for (const [event, expected] of Object.entries(answers)) {
      it(`answers ${event}`, async () => {
        expect(summarize(await container?.invoke(JSON.stringify(readEvent(event))))).to.deep.equal(expected);
      });
    }

    it('logs no warning and no error', async () => {
      const lines = ((await container?.logs()) ?? '').split('\n');
      // A refused event makes the invocation fail. Lambda's runtime itself writes a line for each failed invocation.
      const ours = lines.filter((line) => !line.includes('ERROR\tInvoke Error \t{"errorType":"UnsupportedEvent"'));
      expect(ours.join('\n')).not.to.match(/\b(WARN|ERROR)\b/);
    });
  });
}

/**
 * Prints whether V8 rejected the function's compiled code in the image, and the length of the compiled code before and
 * after the start.
 */
const compiledScript = `
const { statSync } = require('node:fs');
import('/var/task/app.mjs').then(({ script }) => {
  const { size: had } = statSync('/var/task/predict.code');
  console.log(JSON.stringify({ rejected: script.cachedDataRejected, had, has: script.createCachedData().length }));
  process.exit();
});`;

describe('the image', () => {
  it('contains the served files of every package, and no others', async () => {
    const files = await docker('run', '--rm', '--entrypoint', 'find', image, 'models', '-type', 'f');
    expect(files.split('\n')).to.have.members(packageFiles());
  });

  it('adds less than 55 MB to its base', async () => {
    const size = async (name: string) => Number(await docker('image', 'inspect', '--format', '{{.Size}}', name));
    const added = (await size(image)) - (await size('public.ecr.aws/lambda/nodejs:24'));
    console.log(`      ${(added / 1e6).toFixed(1)} MB`);
    expect(added).to.be.within(1, 55e6);
  });

  it('has the label without which Lambda would publish no version with SnapStart', async () => {
    const label = '{{index .Config.Labels "com.amazonaws.lambda.feature.snapstart"}}';
    expect(await docker('image', 'inspect', '--format', label, image)).to.equal('Allow');
  });

  for (const user of ['root', '993:990']) {
    it(`starts with the code that V8 compiled during the build, as the user ${user}`, async () => {
      const options = ['--rm', ...asLambda, '--user', user, '--entrypoint', 'node'];
      const { rejected, had, has } = JSON.parse(await docker('run', ...options, image, '--eval', compiledScript));
      expect(rejected).to.equal(false);
      // V8 would have more compiled code after the start if the start had to compile functions that the file lacks.
      expect(has / had).to.be.within(0.8, 1.1);
    });
  }

  /** The code that V8 compiles when the image is built. The SBOM lacks it, because its bytes differ in each build. */
  const compiled = 'predict.code';

  it("contains the files that its SBOM lists, V8's compiled code, and no others", async () => {
    const script = 'cd /var/task && find . -type f -exec sha256sum {} +';
    const listing = await docker('run', '--rm', '--entrypoint', 'sh', image, '-c', script);
    const files = listing.split('\n').map((line) => line.split(/ +\.\//).reverse() as [string, string]);
    const [cached, listed] = [true, false].map((is) => files.filter(([path]) => (path === compiled) === is));
    expect(Object.fromEntries(listed ?? [])).to.deep.equal(toFiles(await writeSbom()));
    expect(cached).to.have.length(1);
  });
});
