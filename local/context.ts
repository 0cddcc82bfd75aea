import type { Context } from 'aws-lambda';

/** What Lambda passes beside the event, as far as anything here reads it. */
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
