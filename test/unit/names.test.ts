import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageNames, readGolden, readManifest } from '../helpers/files.ts';

/** Keywords of TypeScript, and its names for types and constants. */
const language = `any as async await bigint boolean break case catch class const continue default delete do else enum
  export extends false finally for from function if implements import in instanceof interface is keyof let never new
  null number object of override private protected public readonly return satisfies static string super switch symbol
  this throw true try type typeof undefined unknown var void while with yield`.split(/\s+/);

/** Terms of AWS. */
const platform = ['region'];

/** The names of all properties in model.schema.json. */
function* propertiesOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties } = schema as { properties?: object };
  if (properties) yield* Object.keys(properties);
  for (const child of Object.values(schema)) yield* propertiesOf(child);
}

/** The names in a package: those of the model, its features and its classes. */
function namesOf(name: string): string[] {
  const { features, classes = [] } = readManifest(name) as { features: { name: string }[]; classes?: string[] };
  return [name, ...features.map((feature) => feature.name), ...classes];
}

/**
 * The names that the code can have only from this package. Names without two letters in a row, such as numbers, are
 * left out. So are the words of TypeScript, of AWS and of every model.json and golden.json.
 */
function ownNames(name: string): string[] {
  const shared = new Set([
    ...language,
    ...platform,
    ...propertiesOf(JSON.parse(readFileSync('models/model.schema.json', 'utf8'))),
    ...Object.keys(readGolden()),
  ]);
  return namesOf(name).filter((word) => /\p{L}{2}/u.test(word) && !shared.has(word.toLowerCase()));
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts')) yield join(entry.parentPath, entry.name);
  }
}

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Finds these names as whole words in any case, not as a part of a longer or hyphenated word. The parts of a camel-case
 * name count as words.
 */
const createSearch = (names: readonly string[]) => {
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${names.map(quote).join('|')})(?![\\p{L}\\p{N}_-])`, 'giu');
};

/** Comments may have the names of most packages, because many of these names are English words. */
const withoutComments = (code: string) => code.replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)/gm, '');

describe('the code', () => {
  const files = [...sources('functions'), ...sources('local')];

  const findNames = (names: readonly string[], read: (code: string) => string) => {
    const search = createSearch(names);
    return files.flatMap((file) => {
      const text = read(readFileSync(file, 'utf8')).replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
      return Array.from(text.matchAll(search), ([word]) => `${file}: ${word}`);
    });
  };

  it('does not mention the example model, not even in comments', () => {
    expect(files).to.include.members(['functions/predict/start/app.ts', 'local/server.ts']);
    expect(ownNames('iris')).to.deep.equal(namesOf('iris'));
    expect(findNames(namesOf('iris'), (code) => code)).to.deep.equal([]);
  });

  for (const name of packageNames()) {
    it(`uses no name of the package ${name}`, () => {
      expect(findNames(ownNames(name), withoutComments)).to.deep.equal([]);
    });
  }
});
