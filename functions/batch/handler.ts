import type { Context } from 'aws-lambda';
import { JobError } from './job/job-error.ts';
import { finish, plan, type Step, type StepResult, type Steps, score } from './steps.ts';
import type { StepRecord, Telemetry } from './telemetry.ts';

export type Handler = (event: Step, context: Context) => Promise<StepResult>;

/**
 * Creates the handler that the state machine calls to plan, to score a slice or to finish, as `event.step` says. The
 * handler rejects with an error that has the name of the JobError, or InternalError. The state machine decides by this
 * name whether it tries again, passes the reason on, or fails.
 */
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
      throw new Error('Expected "step" of the event to be plan, score or finish');
  }
}

/**
 * Hides the message of an unexpected error, because Step Functions shows it in the execution's history. Messages of a
 * JobError are written for the user.
 */
function toStepError(thrown: Error, requestId: string): Error {
  const isOurs = thrown instanceof JobError;
  const error = new Error(
    isOurs ? thrown.message : `The step failed; the log has the reason under request ${requestId}`,
  );
  error.name = isOurs ? thrown.name : 'InternalError';
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
