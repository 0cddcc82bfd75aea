import type { Context } from 'aws-lambda';

const unused = () => undefined;

export function createContext(awsRequestId = 'request-1'): Context {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'predict',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:function:predict',
    logGroupName: 'log-group',
    logStreamName: 'log-stream',
    memoryLimitInMB: '1769',
    getRemainingTimeInMillis: () => 1000,
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
