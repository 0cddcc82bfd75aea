import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const read = (path: string) => readFileSync(path, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: unknown;
  readonly 'runs-on': string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }[];
}

const workflowFiles = tracked.filter((path) => path.startsWith('.github/workflows/'));
const workflows = workflowFiles.map((path) => [path, parse(read(path)) as Workflow] as const);
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const runsOf = (workflow: Workflow) =>
  stepsOf(workflow).flatMap(
    ({ run }) =>
      run
        ?.trim()
        .split('\n')
        .filter((line) => line.startsWith('npm ')) ?? [],
  );
const gate = Array.from(read('.ci/run').matchAll(/^step (npm .+)$/gm), ([, command = '']) => command);

const release = 'npm run release -- "$GITHUB_REF_NAME"';
/**
 * `hostedOnly` are the commands that only the hosted workflows run. `gateOnly` are the commands that only the gate,
 * `.ci/run`, can run, because their stand-ins for AWS are not in the repository.
 */
const hostedOnly = ['npm run audit', 'npm run coverage', release];
const gateOnly = ['npm run test:batch', 'npm run test:deploy', 'npm run test:http'];

describe('the workflows', () => {
  it('run the commands of the gate that need no stand-in for AWS, and a few others', () => {
    const hosted = new Set(workflows.flatMap(([, workflow]) => runsOf(workflow)));
    expect([...hosted].sort()).to.deep.equal(
      [...new Set([...gate, ...hostedOnly])].filter((command) => !gateOnly.includes(command)).sort(),
    );
  });

  it('run only scripts that exist', () => {
    const commands = [...gate, ...workflows.flatMap(([, workflow]) => runsOf(workflow))];
    for (const command of commands) {
      const [, script = 'ci'] = /^npm (?:run )?(\S+)(?: -- .+)?$/.exec(command) ?? expect.fail(command);
      if (script !== 'ci') expect(scripts, command).to.have.property(script);
    }
  });

  for (const [path, workflow] of workflows) {
    it(`may only read, except for the job that writes the release: ${path}`, () => {
      expect(workflow.permissions).to.deep.equal({ contents: 'read' });
      for (const job of Object.values(workflow.jobs)) {
        const isRelease = job.steps.some(({ run }) => run === release);
        expect(job.permissions).to.deep.equal(isRelease ? { contents: 'write' } : undefined);
      }
    });

    it(`pin each action by its commit, with its version in a comment: ${path}`, () => {
      const uses = Array.from(read(path).matchAll(/\buses: *(.*)$/gm), ([, use = '']) => use);
      expect(uses).to.have.lengthOf(stepsOf(workflow).filter((step) => step.uses).length);
      for (const use of uses) expect(use).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`leave no credentials in a checkout, and have a time limit: ${path}`, () => {
      expect(workflow).to.have.property('concurrency');
      for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).to.be.within(1, 60);
      for (const { uses, with: options } of stepsOf(workflow)) {
        if (uses?.startsWith('actions/checkout@')) expect(options).to.include({ 'persist-credentials': false });
      }
    });
  }

  it('pin an action to the same commit everywhere', () => {
    const uses = new Set(workflows.flatMap(([, workflow]) => stepsOf(workflow).flatMap((step) => step.uses ?? [])));
    expect(new Set([...uses].map((use) => use.split('@')[0]))).to.have.lengthOf(uses.size);
  });
});

describe('the dependencies', () => {
  const requirements = tracked.filter((path) => path.endsWith('requirements.txt'));

  const npmFolders = tracked.filter((path) => basename(path) === 'package.json').map((path) => dirname(path));

  it('run no install script', () => {
    for (const folder of npmFolders) {
      expect(read(`${folder}/.npmrc`).split('\n'), folder).to.include('ignore-scripts=true');
      const { scripts: own = {} } = JSON.parse(read(`${folder}/package.json`)) as { scripts?: object };
      const names = Object.keys(own).filter((name) => /^(pre|post)?(install|prepare)$/.test(name));
      expect(names, folder).to.deep.equal([]);
    }
    expect(read('scripts/in-venv')).to.include('--require-hashes --no-deps --only-binary :all:');
  });

  it('of npm are pinned, and locked by their hashes', () => {
    expect(npmFolders).to.include('.');
    for (const folder of npmFolders) {
      const { dependencies, devDependencies } = JSON.parse(read(`${folder}/package.json`));
      for (const version of Object.values({ ...dependencies, ...devDependencies })) {
        expect(version).to.match(/^\d+\.\d+\.\d+$/);
      }
      const { '': _root, ...packages } = JSON.parse(read(`${folder}/package-lock.json`)).packages;
      for (const [path, entry] of Object.entries(packages)) {
        expect(entry, path)
          .to.have.property('integrity')
          .that.matches(/^sha512-/);
        expect(entry, path).not.to.have.property('resolved');
      }
    }
  });

  // These pin old versions of libraries on purpose, so nobody updates or audits them.
  const ofOldVersions = tracked.filter((path) => /^training\/versions\/.*\.txt$/.test(path));

  for (const path of [...requirements, ...ofOldVersions]) {
    it(`of Python are pinned and hashed, and name no address: ${path}`, () => {
      const text = read(path);
      expect(text).not.to.match(/:\/\/|^ *-(?!-hash=)/m);
      const entries = text.replace(/^#.*\n/gm, '').split(/\n(?=\S)/);
      for (const entry of entries) {
        expect(entry).to.match(/^[\w.-]+(\[[\w,-]+\])?==[^ ]+ (; .+ )?\\\n {4}--hash=sha256:[0-9a-f]{64}/);
      }
    });
  }

  it('are all kept up to date and audited', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as { updates: Record<string, string | string[]>[] };
    const places = updates.flatMap((update) => {
      const ecosystem = update['package-ecosystem'];
      return [update.directory ?? update.directories ?? []].flat().map((place) => `${ecosystem} ${place}`);
    });
    const folders = requirements.map((path) => dirname(path));
    const python = folders.map(
      (folder) => `${tracked.includes(`${folder}/requirements.in`) ? 'uv' : 'pip'} /${folder}`,
    );
    const npm = npmFolders.map((folder) => `npm ${join('/', folder)}`);
    expect(places).to.have.members(['github-actions /', ...npm, ...python]);
    expect(read('test/audit/check'))
      .to.match(/git ls-files '\*package-lock.json'/)
      .and.match(/git ls-files '\*requirements.txt'/);
    expect(read('test/audit/check')).to.match(/pip-audit --strict --require-hashes --disable-pip/);
  });
});

describe('the tracked files', () => {
  // The account ids that AWS uses in examples.
  const exampleAccounts = ['123456789012', '111122223333', '000000000000'];
  const secrets: Readonly<Record<string, RegExp>> = {
    'an access key': /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
    'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    'a secret or a token':
      /(secret|password|token|api_?key)["']? *[:=] *["'][\w/+=-]{16,}["']|\b(ghp_|github_pat_|npm_)\w{20,}/i,
    'a path of one machine': /(^|[\s"'`(=:])\/(home|Users|root|work|workspace)\/[\w.-]+/m,
  };

  it('hold no secret, no account and no path of one machine', () => {
    const texts = tracked.map((path) => [path, read(path)] as const).filter(([, text]) => !text.includes('\0'));
    for (const [path, text] of texts) {
      for (const [what, pattern] of Object.entries(secrets)) {
        expect(pattern.exec(text)?.[0], `${path} holds ${what}`).to.equal(undefined);
      }
      const accounts = Array.from(
        text.matchAll(/(?:arn:aws[\w-]*:[^\s"']*?:|account\W{1,4})(\d{12})\b/gi),
        ([, id]) => id,
      );
      expect(exampleAccounts, `${path} holds an account`).to.include.members(accounts);
    }
  });
});
