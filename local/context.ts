import type { Context } from 'aws-lambda';

/** Creates the context that Lambda passes with an event. Only the request id is not always the same. */
export function createContext(requestId: string): Context {
  const done = () => undefined;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'local',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'local',
    logGroupName: 'local',
    logStreamName: 'local',
    memoryLimitInMB: '1769',
    getRemainingTimeInMillis: () => 30_000,
    done,
    fail: done,
    succeed: done,
  };
}
