import type { Context } from 'aws-lambda';

/** Creates the context that Lambda passes with the event, with the members that are read here. */
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
