import type { Context } from 'aws-lambda';
import { JobError } from './job-error.ts';
import { finish, plan, type Step, type StepResult, type Steps, score } from './steps.ts';
import type { StepRecord, Telemetry } from './telemetry.ts';

export type Handler = (event: Step, context: Context) => Promise<StepResult>;

/** One function for all states of the state machine: the event says which. Rejects with an error that they match by its name. */
export function createHandler(steps: Steps, telemetry: Telemetry): Handler {
  return async (event, context) => {
    const began = performance.now();
    const record: StepRecord = { step: event.step, execution: event.execution };
    try {
      const result = await take(event, steps, record);
      telemetry.done(record, performance.now() - began, context);
      return result;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      telemetry.failed(record, error, context);
      throw toStepError(error, context.awsRequestId);
    }
  };
}

function take(event: Step, steps: Steps, record: StepRecord): Promise<StepResult> {
  switch (event.step) {
    case 'plan':
      return plan(event, steps, record);
    case 'score':
      return score(event, steps, record);
    case 'finish':
      return finish(event, steps, record);
    default:
      throw new Error('The event names no step');
  }
}

/** Step Functions keeps the message in the execution's history, so an error that was not meant for it becomes opaque. */
function toStepError(thrown: Error, requestId: string): Error {
  const isOurs = thrown instanceof JobError;
  const error = new Error(isOurs ? thrown.message : `Something failed here, and it is logged under ${requestId}`);
  error.name = isOurs ? thrown.name : 'InternalError';
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
