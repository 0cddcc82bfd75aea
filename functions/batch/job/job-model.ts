import { toDigest } from '../../core/model/digests.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { onceFor } from '../../core/once-for.ts';
import type { Job, JobModel } from './job.ts';
import { JobError } from './job-error.ts';

export const toJobModel = onceFor((manifest: Manifest): JobModel => {
  const { name, version, sha256 } = manifest;
  return { name, version, sha256, manifestSha256: toDigest(Buffer.from(JSON.stringify(manifest))) };
});

/**
 * Throws ModelChanged if the model differs from the one that the job was planned with: all answers in a table must come
 * from one model.
 */
export function checkModel({ model }: Pick<Job, 'model'>, manifest: Manifest): void {
  const { name, version, sha256, manifestSha256 } = toJobModel(manifest);
  if (sha256 === model.sha256 && manifestSha256 === model.manifestSha256 && name === model.name) return;
  const planned = `The job was planned with ${model.name} ${model.version}`;
  const isSameName = name === model.name && version === model.version;
  const found = isSameName ? 'another model now has this name and version' : `the model is now ${name} ${version}`;
  throw new JobError('ModelChanged', `${planned}, but ${found}: start the job again`);
}
