/** This process acts as an environment of Lambda. It answers events with the bundle in its working directory. */
const handler = await import(`${process.cwd()}/batch.mjs`).then(
  (bundle) => bundle.handler,
  (error) => () => Promise.reject(error),
);
process.on('message', async ({ id, event, arn }) => {
  const context = {
    awsRequestId: id,
    functionName: 'batch',
    functionVersion: '1',
    invokedFunctionArn: arn,
    memoryLimitInMB: '1769',
  };
  const answer = await handler(event, context).then(
    (result) => ({ result }),
    ({ name, message, stack }) => ({
      error: { errorType: name, errorMessage: message, trace: String(stack).split('\n') },
    }),
  );
  process.send({ id, ...answer });
});
process.send('ready');
