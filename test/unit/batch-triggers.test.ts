import { expect } from 'chai';
import { parseS3Request } from '../../functions/batch/job/request.ts';
import { readTemplate } from '../helpers/cloudformation.ts';

describe('docs/batch-triggers.yaml', () => {
  const { Nightly: nightly, Arrived: arrived } = readTemplate('docs/batch-triggers.yaml').Resources;

  it('starts a job every night, and names its output after the scheduled time', () => {
    const text: string = nightly?.Properties.Target.Input['Fn::Sub'];
    const filled = text
      .replaceAll('<aws.scheduler.scheduled-time>', '2026-01-31T02:00:00Z')
      .replace(/\$\{Bucket\}/g, 'ours');
    const { request } = parseS3Request(JSON.parse(filled));
    expect(request).to.include({
      input: 's3://ours/customers.csv',
      output: 's3://ours/scored/2026-01-31T02:00:00Z.csv',
    });
  });

  it('starts a job for a new table, but not for the output of a job', () => {
    const { EventPattern: pattern, Targets: targets } = arrived?.Properties ?? {};
    const text: string = targets[0].InputTransformer.InputTemplate;
    const filled = text.replaceAll('<bucket>', 'ours').replaceAll('<key>', 'incoming/may.csv');
    const { request } = parseS3Request(JSON.parse(filled));
    expect(request).to.include({ input: 's3://ours/incoming/may.csv', output: 's3://ours/scored/incoming/may.csv' });
    const [{ wildcard }] = pattern.detail.object.key;
    const starts = (location: string) =>
      new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(location.slice('s3://ours/'.length));
    expect(starts(request.input)).to.equal(true);
    for (const suffix of ['', '.manifest.json', '.errors.jsonl', '.partial/x/part-00000'])
      expect(starts(request.output + suffix), suffix).to.equal(false);
  });
});
