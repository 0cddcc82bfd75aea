import { RequestError } from '../errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { type Output, outputsOf } from '../model/outputs.ts';
import type { ExplainOptions } from './explanations.ts';
import { chooseMethod, type Method } from './method.ts';

/** The output of a model that is explained, and the method. */
export interface Explained {
  /** The output whose numbers are explained. */
  readonly output: Output;
  methodFor(options: ExplainOptions): Method;
}

/** Throws InvalidInput if the model answers no numbers, or its package has no background. */
export function toExplained(manifest: Manifest): Explained {
  const { explanations, features, name } = manifest;
  // A model has at most one output of numbers.
  const output = outputsOf(manifest).find(({ kind }) => kind === 'numbers');
  if (!output) throw refuse('it answers only labels, and an explanation says how much each feature adds to a number');
  if (!explanations)
    throw refuse(
      `the package of ${name} has no background to explain against; export the model again, and see its summary`,
    );
  return {
    output,
    methodFor: ({ budget = explanations.budget }) => chooseMethod(features.length, explanations.rows, budget),
  };
}

function refuse(reason: string): RequestError {
  return new RequestError('InvalidInput', `The model cannot be explained: ${reason}`);
}
