import { RequestError } from '../errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { type Output, outputsOf } from '../model/outputs.ts';
import type { ExplainOptions } from './explanations.ts';
import { chooseMethod, type Method } from './method.ts';

/** What of a model is explained, and how. */
export interface Explained {
  /** Whose numbers are explained. */
  readonly output: Output;
  methodFor(options: ExplainOptions): Method;
}

/** Throws InvalidInput where the model answers nothing, or the package has nothing, that it takes. */
export function toExplained(manifest: Manifest): Explained {
  const { explanations, features, name } = manifest;
  // No model answers numbers of several kinds.
  const output = outputsOf(manifest).find(({ kind }) => kind === 'numbers');
  if (!output) throw refuse('it answers labels alone, and explained is what each feature adds to a number');
  if (!explanations)
    throw refuse(`the package of ${name} has no background to explain against; export the model again`);
  return {
    output,
    methodFor: ({ budget = explanations.budget }) => chooseMethod(features.length, explanations.rows, budget),
  };
}

function refuse(reason: string): RequestError {
  return new RequestError('InvalidInput', `The model cannot say why: ${reason}`);
}
