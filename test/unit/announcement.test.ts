import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { toAnnouncement } from '../../local/announcement.ts';
import { mixedManifest } from '../helpers/manifest.ts';

describe('toAnnouncement', () => {
  it('contains a curl command that a shell parses correctly, whatever quotes the row contains', () => {
    const row = [1, 2.5, null, "L'Aquila, 'Porta' $HOME \"x\" `y` \\", "'"];
    const manifest = { ...mixedManifest(), examples: [{ instances: [row], predictions: [] }] };
    const [line] = /curl .*/.exec(toAnnouncement(manifest, 'http://127.0.0.1:3000', 'an HTTP API')) ?? [];
    const script = `curl() { printf '%s\\n' "$@"; }\n${line}`;
    const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(seen).to.deep.equal(['-XPOST', 'http://127.0.0.1:3000/predict', '-d', JSON.stringify(row)]);
  });

  it('explains the demo, and gives the address of its dashboard', () => {
    const text = toAnnouncement(mixedManifest(), 'http://127.0.0.1:3000', 'an HTTP API', true);
    expect(text).to.match(/until you press Ctrl-C.*\n.*http:\/\/127\.0\.0\.1:3000\/dashboard/);
    expect(toAnnouncement(mixedManifest(), 'http://127.0.0.1:3000', 'an HTTP API')).not.to.include('demo');
  });
});
