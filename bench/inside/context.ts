import type { Context } from 'aws-lambda';

/** The parts of Lambda's context that logs show. */
export function createContext(request: number): Context {
  const done = () => undefined;
  return {
    awsRequestId: `00000000-0000-4000-8000-${String(request).padStart(12, '0')}`,
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'sepal',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:sepal',
    logGroupName: '/aws/lambda/sepal',
    logStreamName: 'bench',
    memoryLimitInMB: '1769',
    getRemainingTimeInMillis: () => 30_000,
    done,
    fail: done,
    succeed: done,
  };
}
