/** The texts of the files from which a release gets its version and notes. */
export interface Sources {
  readonly 'package.json': string;
  readonly 'training/pyproject.toml': string;
  readonly 'CHANGELOG.md': string;
}

/**
 * Returns the version of a tag such as `v1.2.0`. Throws if a file has another version, or the changelog has no section
 * about it.
 */
export function versionOf(tag: string, sources: Sources): string {
  const [, version] = /^v(\d+\.\d+\.\d+)$/.exec(tag) ?? [];
  if (!version) throw new Error(`the tag ${tag} names no version; expected v and three numbers, as in v1.2.0`);
  const named = {
    'package.json': (JSON.parse(sources['package.json']) as { version: string }).version,
    'training/pyproject.toml': /^version = "(.+)"$/m.exec(sources['training/pyproject.toml'])?.[1],
  };
  for (const [file, found] of Object.entries(named)) {
    if (found !== version)
      throw new Error(`${file} has the version ${found}, but the tag is ${tag}; change one of them`);
  }
  notesOf(version, sources['CHANGELOG.md']);
  return version;
}

/** Returns the changelog's section about a version. Throws if there is none. */
export function notesOf(version: string, changelog: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${version} `) || text.startsWith(`${version}\n`));
  const notes = section?.slice(section.indexOf('\n')).trim();
  if (!notes)
    throw new Error(`CHANGELOG.md has no section "## ${version}"; rename the section "Unreleased" to the version`);
  return notes;
}
