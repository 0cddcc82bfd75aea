/** The parts of a CycloneDX document that this module reads or writes. */
export interface Bom {
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly [field: string]: unknown;
}

export interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly [field: string]: unknown;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** What the image adds to its base image. */
export interface ImageContents {
  /** The base image as in a FROM line. */
  readonly base: string;
  /** `name@version` of each npm package with code in the bundles. */
  readonly packages: ReadonlySet<string>;
  /** The added files by their paths in the image. */
  readonly files: readonly ImageFile[];
}

export interface ImageFile {
  readonly path: string;
  readonly sha256: string;
  /** Set if the file is a model. */
  readonly model?: { readonly name: string; readonly version: string; readonly description: string };
}

/**
 * Takes npm's SBOM of the production dependencies, and keeps only the packages whose code is in the bundles. Adds the
 * base image and the image's own files, which npm does not know.
 */
export function toImageBom(npm: Bom, { base, packages, files }: ImageContents): Bom {
  const image = { ...npm.metadata.component, type: 'container', name: 'sepal' };
  const added = [toBaseComponent(base), ...files.map(toFileComponent)];
  const libraries = npm.components.filter((component) => packages.has(component['bom-ref']));
  const dependencies = npm.dependencies
    .filter(({ ref }) => ref === image['bom-ref'] || packages.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((name) => packages.has(name)) }));
  const own = dependencies.find(({ ref }) => ref === image['bom-ref'])?.dependsOn ?? [];
  return {
    ...npm,
    metadata: { ...npm.metadata, component: image },
    components: [...added, ...libraries],
    dependencies: [
      { ref: image['bom-ref'], dependsOn: [...added.map((component) => component['bom-ref']), ...own] },
      ...dependencies.filter(({ ref }) => ref !== image['bom-ref']),
      ...added.map((component) => ({ ref: component['bom-ref'] })),
    ],
  };
}

function toFileComponent({ path, sha256, model }: ImageFile): Component {
  const common = { 'bom-ref': path, hashes: [{ alg: 'SHA-256', content: sha256 }] };
  return model ? { ...common, type: 'machine-learning-model', ...model } : { ...common, type: 'file', name: path };
}

const reference = /^(?<name>.+?)(:(?<tag>[\w.-]+))?(@sha256:(?<digest>[0-9a-f]{64}))?$/;

/**
 * Returns a component for the base image: with its digest or, if the FROM line has no digest, with the property
 * `sepal:base`, which says so. The publisher of the base image lists its contents, so this document does not.
 */
function toBaseComponent(base: string): Component {
  const { name = base, tag, digest } = reference.exec(base)?.groups ?? {};
  const common = { 'bom-ref': base, type: 'container', name, ...(tag && { version: tag }) };
  if (!digest) return { ...common, properties: [{ name: 'sepal:base', value: 'not pinned by its digest' }] };
  const purl = `pkg:oci/${name.slice(name.lastIndexOf('/') + 1)}@sha256%3A${digest}?repository_url=${name}`;
  return { ...common, purl, hashes: [{ alg: 'SHA-256', content: digest }] };
}
