/** The folders of functions/core, each with the unit tests that run for it. */
const folders = {
  csv: { tests: ['class-cell', 'csv', 'csv-feeds', 'csv-field', 'csv-records', 'csv-stored-values'] },
  explain: { tests: ['explain'] },
  json: { tests: ['json', 'json-answers', 'json-number-rows', 'json-place', 'json-texts'] },
  model: {
    tests: [
      ...['answer-manifests', 'chunks', 'classes', 'columns', 'consistency', 'digests', 'load', 'manifest'],
      ...['misspelt-names', 'mlflow', 'mlflow-rows', 'names', 'open-inference', 'outputs', 'package', 'pairs'],
      ...['prediction', 'text-manifest', 'times', 'timestamp'],
    ],
    // Declares the form of model.json. The test `manifest` compares this form with models/model.schema.json.
    leftOut: ['manifest-schema'],
  },
  numbers: { tests: ['float32', 'number-bytes'] },
  text: { tests: ['text-analyzer', 'text-characters', 'text-manifest'] },
};

const folder = process.env.FOLDER ?? '';
const { tests, leftOut = [] } = folders[folder];

module.exports = {
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunnerNodeArgs: ['--env-file=local/lambda.env', '--import=tsx', '--import=./test/helpers/import-tests.mjs'],
  mochaOptions: {
    spec: tests.map((name) => `test/unit/${name}.test.ts`),
    require: ['test/helpers/hooks.ts'],
    'no-config': true,
    // Leaves out a test that measures memory, because Stryker takes memory too.
    grep: '^(?!.*would take too much memory)',
  },
  mutate: [`functions/core/${folder}/*.ts`, ...leftOut.map((name) => `!functions/core/${folder}/${name}.ts`)],
  coverageAnalysis: 'perTest',
  // Leaves out code that runs only while a file is loaded: Stryker switches a change on after the file was loaded.
  ignoreStatic: true,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'html'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  htmlReporter: { fileName: `../${folder}.html` },
};
