import type { Instances } from '../model/columns.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Prediction } from '../model/prediction.ts';

/** A wire format: a pair of pure functions between what a client sends and gets, and the rows and predictions of the core. */
export interface Protocol<Request, Response> {
  readonly name: string;
  /** Throws MalformedBody or InvalidInput. */
  decode(request: Request, manifest: Manifest): Instances;
  encode(predictions: readonly Prediction[], manifest: Manifest): Response;
}
