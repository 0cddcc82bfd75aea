const { availableParallelism } = require('node:os');

module.exports = {
  'node-option': ['env-file=local/lambda.env', 'import=tsx', 'import=./test/helpers/import-tests.mjs'],
  require: 'test/helpers/hooks.ts',
  'forbid-only': true,
  'forbid-pending': true,
  timeout: 60000,
  // With --parallel. One more than processors, because tests wait for the processes that they start.
  jobs: availableParallelism() + 1,
};
