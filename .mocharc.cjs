const { availableParallelism } = require('node:os');

module.exports = {
  'node-option': ['env-file=local/lambda.env', 'import=tsx', 'import=./test/helpers/import-tests.mjs'],
  require: 'test/helpers/hooks.ts',
  'forbid-only': true,
  'forbid-pending': true,
  timeout: 60000,
  // With --parallel. mocha's own default leaves a processor idle.
  jobs: availableParallelism(),
};
