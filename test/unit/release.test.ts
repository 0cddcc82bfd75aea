import { expect } from 'chai';
import { notesOf, type Sources, versionOf } from '../../build/release/version.ts';

const sources: Sources = {
  'package.json': '{"version": "1.2.0"}',
  'training/pyproject.toml': '[project]\nversion = "1.2.0"\n',
  'CHANGELOG.md':
    '# Changelog\n\n## Unreleased\n\n## 1.2.0 – 2026-12-01\n\n### Added\n\n- Why.\n\n## 1.1.0\n\n- That.\n',
};

describe('a release', () => {
  it('has the version of its tag, and the notes of the changelog', () => {
    expect(versionOf('v1.2.0', sources)).to.equal('1.2.0');
    expect(notesOf('1.2.0', sources['CHANGELOG.md'])).to.equal('### Added\n\n- Why.');
    expect(notesOf('1.1.0', sources['CHANGELOG.md'])).to.equal('- That.');
  });

  it('is refused if the tag is not a version', () => {
    for (const tag of ['', '1.2.0', 'v1.2', 'v1.2.0-rc1']) {
      expect(() => versionOf(tag, sources)).to.throw(`the tag ${tag} names no version`);
    }
  });

  it('is refused if a file has another version', () => {
    const others: Partial<Sources>[] = [
      { 'package.json': '{"version": "1.1.9"}' },
      { 'training/pyproject.toml': 'version = "1.1.9"\n' },
    ];
    for (const other of others) {
      const [file] = Object.keys(other);
      expect(() => versionOf('v1.2.0', { ...sources, ...other })).to.throw(`${file} has the version 1.1.9`);
    }
  });

  it('is refused if the changelog has nothing about it', () => {
    for (const changelog of ['# Changelog\n', '## 1.2.0\n\n## 1.1.0\n\n- That.\n', '## 1.2.01\n\n- Not this.\n']) {
      expect(() => versionOf('v1.2.0', { ...sources, 'CHANGELOG.md': changelog })).to.throw('no section "## 1.2.0"');
    }
  });
});
