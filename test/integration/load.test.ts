import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { readManifest } from '../helpers/files.ts';
import { changeManifest, sealByHand, withPackage } from '../helpers/package.ts';
import { runNode } from '../helpers/process.ts';

function changeByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

/** Writes model.json, and then the digests that match it. */
function writeManifest(directory: string, content: string | Buffer): void {
  writeFileSync(join(directory, 'iris', 'model.json'), content);
  sealByHand(join(directory, 'iris'));
}

const manifestText = readFileSync('models/iris/model.json', 'utf8');

/** A damage that changes the text of SHA256SUMS. */
const changeDigests = (change: (text: string) => string): Damage => {
  return (directory) => {
    const file = join(directory, 'iris', 'SHA256SUMS');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
};

type Damage = (directory: string) => void;

interface Example {
  readonly predictions: [{ label: string; probabilities: Record<string, number> }];
}

const twice = ({ predictions, ...example }: Example) => ({ ...example, predictions: [...predictions, ...predictions] });

describe('loadModel', () => {
  const examples = readManifest().examples as [Example];
  const withExample = (change: (prediction: Example['predictions'][0]) => void): Damage => {
    const [example] = structuredClone(examples);
    change(example.predictions[0]);
    return (directory) => changeManifest(directory, { examples: [example] });
  };

  it('loads a model file by the name that model.json gives it', async () => {
    const { manifest } = await withPackage((directory) => {
      renameSync(join(directory, 'iris', 'model.onnx'), join(directory, 'iris', 'other.onnx'));
      changeManifest(directory, { file: 'other.onnx' });
      return loadModel(directory, 'iris');
    });
    expect(manifest.file).to.equal('other.onnx');
  });

  it('accepts an example that is off by less than the tolerance of the export', async () => {
    await withPackage((directory) => {
      withExample((prediction) => {
        prediction.probabilities.setosa = (prediction.probabilities.setosa ?? 0) + 5e-10;
      })(directory);
      return loadModel(directory, 'iris');
    });
  });

  it('loads the shipped package', async () => {
    const { manifest } = await loadModel('models', 'iris');
    expect(manifest).to.deep.equal(readManifest());
  });

  const refusals: [string, Damage, RegExp][] = [
    [
      'a missing model.json, and lists the folders that have one',
      (directory) => {
        cpSync(join(directory, 'iris'), join(directory, 'rose'), { recursive: true });
        cpSync(join(directory, 'iris'), join(directory, 'lily'), { recursive: true });
        writeFileSync(join(directory, 'notes.txt'), '');
        rmSync(join(directory, 'iris', 'model.json'));
      },
      /model\.json: cannot be read: ENOENT \(model packages in .*: lily, rose\)$/,
    ],
    [
      'a missing folder',
      (directory) => rmSync(join(directory, 'iris'), { recursive: true }),
      /model\.json: cannot be read: ENOENT \(model packages in .*: none\)$/,
    ],
    [
      'a missing model.onnx',
      (directory) => rmSync(join(directory, 'iris', 'model.onnx')),
      /model\.onnx: cannot be read/,
    ],
    ['a model.json that is not JSON', (directory) => writeManifest(directory, '{'), /model\.json: .*JSON/],
    [
      'a model.json that lacks a field',
      (directory) => changeManifest(directory, { outputs: undefined }),
      /model\.json: outputs: .*received undefined/,
    ],
    [
      'a name of the model that is not the name of its folder',
      (directory) => changeManifest(directory, { name: 'rose' }),
      /model\.json: names the model rose, but its folder is iris/,
    ],
    [
      'a changed byte',
      (directory) => changeByte(join(directory, 'iris', 'model.onnx')),
      /model\.onnx: has SHA-256 [0-9a-f]{64}, but SHA256SUMS says [0-9a-f]{64}; copy it again from where the package came from$/,
    ],
    [
      'a wrong hash',
      (directory) => changeManifest(directory, { sha256: '0'.repeat(64) }),
      /model\.onnx: has SHA-256 [0-9a-f]{64}, but model\.json says 0{64}/,
    ],
    [
      'an input of another type',
      (directory) => {
        const features = (readManifest().features as object[]).map((feature) => ({ ...feature, dtype: 'float32' }));
        changeManifest(directory, { features, inputs: [{ name: 'X', dtype: 'float32', shape: [null, 4] }] });
      },
      /model\.onnx: inputs: has X float64\[N, 4\], but model\.json says X float32\[N, 4\]/,
    ],
    [
      'an output that the model does not have',
      (directory) => changeManifest(directory, { outputs: { label: 'class', probabilities: 'probabilities' } }),
      /model\.onnx: output class: has no such output, but model\.json says class int64\[N\]/,
    ],
    [
      'fewer classes than the model has',
      (directory) => {
        const predictions = [{ label: 'setosa', probabilities: { setosa: 1, versicolor: 0 } }];
        const changes = { classes: ['setosa', 'versicolor'], examples: [{ ...examples[0], predictions }] };
        changeManifest(directory, { ...changes, explanations: undefined });
      },
      /model\.onnx: output probabilities: has probabilities float64\[N, 3\], but model\.json says .*\[N, 2\]/,
    ],
    [
      'an example with another label',
      withExample((prediction) => {
        prediction.label = 'virginica';
      }),
      /model\.json: examples\.0: the model answers .*"setosa".*, but model\.json says .*"virginica"/,
    ],
    [
      'an example with another probability',
      withExample((prediction) => {
        prediction.probabilities.setosa = 0.9846;
      }),
      /model\.json: examples\.0: the model answers .*, but model\.json says .*"setosa":0\.9846/,
    ],
    [
      'an example that does not fit the features',
      (directory) => changeManifest(directory, { examples: [{ ...examples[0], instances: [[5.1, 3.5, null, 0.2]] }] }),
      /model\.json: an example has no answer: .*\/examples\/0\/instances\/0\/2: expected a number, got null/,
    ],
    [
      'an example with more answers than rows',
      (directory) => changeManifest(directory, { examples: [twice(examples[0])] }),
      /model\.json: examples\.0: expected a prediction for each of 1 rows, got 2/,
    ],
    [
      'classes in another order',
      (directory) => changeManifest(directory, { classes: ['versicolor', 'setosa', 'virginica'] }),
      /model\.json: examples\.0: the model answers/,
    ],
    [
      'an example after the first with another answer',
      (directory) => {
        const [first, second] = structuredClone(readManifest().examples as [Example, Example]);
        second.predictions[0].probabilities.setosa = 0;
        changeManifest(directory, { examples: [first, second] });
      },
      /model\.json: examples\.1: the model answers/,
    ],
    [
      'an example whose label is not one of the classes',
      withExample((prediction) => {
        prediction.label = 'rose';
      }),
      /model\.json: examples\.0: its label is not one of the classes/,
    ],
    [
      'an example with a probability for an unknown class',
      withExample((prediction) => {
        prediction.probabilities.rose = 0;
      }),
      /model\.json: examples\.0: expected a probability of each class, and no other/,
    ],
    [
      'a name that occurs twice in an object, of which JSON.parse would keep the last',
      (directory) => writeManifest(directory, manifestText.replace('"version":', '"version": "0", "version":')),
      /model\.json: .*\/version: the name occurs more than once in its object/,
    ],
    [
      'a byte order mark',
      (directory) => writeManifest(directory, `\uFEFF${manifestText}`),
      /model\.json: begins with a byte order mark; save it as UTF-8 without one/,
    ],
    [
      'UTF-16',
      (directory) => writeManifest(directory, Buffer.from(`\uFEFF${manifestText}`, 'utf16le')),
      /model\.json: is not UTF-8/,
    ],
    [
      'latin-1',
      (directory) => writeManifest(directory, Buffer.from(manifestText.replace('Species', 'Espèce'), 'latin1')),
      /model\.json: is not UTF-8/,
    ],
    [
      'a package without digests',
      (directory) => rmSync(join(directory, 'iris', 'SHA256SUMS')),
      /iris\/SHA256SUMS: cannot be read: ENOENT\. `npm run model -- check .*\/iris` shows what has changed; /,
    ],
    ...['golden.json', 'model.json', 'model.onnx'].map((name): [string, Damage, RegExp] => [
      `digests that do not list ${name}`,
      changeDigests((text) => text.replace(new RegExp(`^.*${name}\n`, 'm'), '')),
      new RegExp(`SHA256SUMS: does not list ${name}\\. .npm run model`),
    ]),
    [
      'a missing golden.json',
      (directory) => rmSync(join(directory, 'iris', 'golden.json')),
      /golden\.json: cannot be read: ENOENT; copy it again from where the package came from$/,
    ],
    [
      'a changed golden.json',
      (directory) => writeFileSync(join(directory, 'iris', 'golden.json'), '{}'),
      /golden\.json: has SHA-256 \w+, but SHA256SUMS says \w+; copy it again from where the package came from$/,
    ],
    [
      'a model.json that was saved with other line ends',
      (directory) => writeFileSync(join(directory, 'iris', 'model.json'), manifestText.replaceAll('\n', '\r\n')),
      /model\.json: has SHA-256 \w+, but SHA256SUMS says \w+\. /,
    ],
    [
      'digests whose names lead out of the folder',
      changeDigests((text) => `${text}${'0'.repeat(64)}  ../iris/model.json\n`),
      /SHA256SUMS: line 5: expected 64 hexadecimal digits, two spaces and the name of a file/,
    ],
    [
      'a file that is not an ONNX model',
      (directory) => {
        writeFileSync(join(directory, 'iris', 'model.onnx'), '');
        const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
        changeManifest(directory, { sha256 });
      },
      /model\.onnx: cannot be loaded: /,
    ],
  ];
  for (const [what, damage, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const error = await withPackage((directory) => {
        damage(directory);
        return loadModel(directory, 'iris').catch((thrown: Error) => thrown);
      });
      expect(error).to.be.an.instanceOf(Error).with.property('name', 'ModelPackageError');
      expect(error).to.have.property('message').that.matches(message);
    });
  }
});

describe('the start', () => {
  it('fails if the named model is missing, and lists the models that exist', async () => {
    const { code, stderr } = await runNode('local/server.ts', { PORT: '0', MODEL: 'rose' });
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /ModelPackageError: models\/rose\/model\.json: cannot be read: ENOENT \(model packages in models: .*iris/,
    );
  });

  it('fails if a byte of the model has changed, with a message that says so', async () => {
    const { code, stdout, stderr } = await withPackage((directory) => {
      changeByte(join(directory, 'iris', 'model.onnx'));
      return runNode('local/server.ts', { PORT: '0', MODELS_DIRECTORY: directory });
    });
    expect(code).to.equal(1);
    expect(stdout.match(/^.+$/gm)).to.have.length(1);
    expect(stderr).to.match(/^ModelPackageError: .*model\.onnx: has SHA-256 \w+, but SHA256SUMS says \w+; .*\n$/);
  });

  const failures: [string, Record<string, string>, string, string, RegExp][] = [
    ['a missing package', { MODEL: 'rose' }, 'rose', 'ModelPackageError', /rose.*cannot be read: ENOENT/],
    ['a text that is not a name', { MODEL: '../rose' }, 'unknown', 'ConfigError', /^MODEL must name a model package/],
    ['a bad setting', { LOW_CONFIDENCE: '60' }, 'iris', 'ConfigError', /^LOW_CONFIDENCE must be a number from 0 to 1/],
    [
      'a feature to redact that the model does not have',
      { CAPTURE_REDACT: 'petals' },
      'iris',
      'ConfigError',
      /^CAPTURE_REDACT must name features of the model \(sepal_length, .*\), but names petals$/,
    ],
  ];
  for (const [what, environment, model, name, message] of failures) {
    it(`fails with a metric and an error because of ${what}`, async () => {
      const settings = { ...environment, POWERTOOLS_SERVICE_NAME: 'flowers' };
      const { code, stdout, stderr } = await runNode('test/helpers/predict-once.ts', settings);
      expect(code).to.equal(1);
      const lines = stdout.split('\n').filter(Boolean);
      expect(lines).to.have.length(1);
      const document = JSON.parse(lines[0] ?? '');
      expect(document._aws.CloudWatchMetrics).to.deep.equal([
        {
          Namespace: 'Sepal',
          Dimensions: [['service', 'model']],
          Metrics: [{ Name: 'InitFailure', Unit: 'Count' }],
        },
      ]);
      expect(document).to.include({ service: 'flowers', model, InitFailure: 1, level: 'ERROR', message: 'fault' });
      expect(document.error.name).to.equal(name);
      expect(document.error.message).to.match(message);
      expect(stderr).to.include(`${name}: ${document.error.message}`);
    });
  }
});
