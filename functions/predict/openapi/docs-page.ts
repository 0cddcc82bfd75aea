import type { Content, Examples, OpenApiDocument, Operation, Parameter, Response, Schema } from './document.ts';

/** The OpenAPI document as a page to read. It has no script and loads nothing; every name in it is escaped. */
export function toDocsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => toSection(method.toUpperCase(), path, operation)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) => toSchemaEntry(name, schema));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} ${escapeHtml(info.version)}</title>
<style>${docsStyle}</style>
</head>
<body>
<h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description)}</p>
<p>Where the calls below say <code>$API</code>, they mean the address of this page without <code>/docs</code>. The same
for programs: <a href="openapi.json">openapi.json</a>.</p>
<pre>API=&lt;address&gt;</pre>
${operations.join('\n')}
<h2>Schemas</h2>
<dl>
${schemas.join('\n')}
</dl>
</body>
</html>
`;
}

function toSection(method: string, path: string, operation: Operation): string {
  const { summary, parameters = [], requestBody, responses, operationId } = operation;
  return `<section id="${escapeHtml(operationId)}">
<h2><b>${method}</b> <code>${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}</p>
${parameters.length > 0 ? `<ul>${parameters.map(toParameter).join('')}</ul>` : ''}
${toCalls(toUrl(path, parameters), requestBody?.content)}
${requestBody ? `<h3>Body</h3><ul>${toContent(requestBody.content)}</ul>` : ''}
<h3>Answers</h3>
<ul>${Object.entries(responses).map(toResponse).join('')}</ul>
</section>`;
}

function toParameter({ name, in: place, description, schema }: Parameter): string {
  return `<li><code>${escapeHtml(name)}</code> in the ${place}: ${escapeHtml(description)}, ${toType(schema)}</li>`;
}

function toResponse([status, { description, content = {} }]: [string, Response]): string {
  return `<li><b>${escapeHtml(status)}</b> ${escapeHtml(description)}<ul>${toContent(content)}</ul></li>`;
}

function toContent(content: Content): string {
  const items = Object.entries(content).map(([type, { schema, examples = {} }]) => {
    return `<li><code>${escapeHtml(type)}</code> ${toType(schema)}${examples.example ? toExample(examples) : ''}</li>`;
  });
  return items.join('');
}

function toExample(examples: Examples): string {
  const value = examples.example?.value;
  return `<pre>${escapeHtml(typeof value === 'string' ? value : JSON.stringify(value))}</pre>`;
}

/** The path with the first value that each of its parameters takes. */
function toUrl(path: string, parameters: readonly Parameter[]): string {
  const url = parameters.reduce((filled, { name, schema }) => {
    const [value] = (schema.enum ?? []) as unknown[];
    return value === undefined ? filled : filled.replace(`{${name}}`, () => encodeURIComponent(String(value)));
  }, path);
  return `"$API${url}"`;
}

/** A curl line for each example of a body, or the one that there is without. */
function toCalls(url: string, content: Content | undefined): string {
  if (!content) return `<pre>curl ${escapeHtml(url)}</pre>`;
  const calls = Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.entries(examples).map(([name, { summary = name, value }]) => {
      const body = typeof value === 'string' ? value.trimEnd() : JSON.stringify(value);
      const call = `curl ${url} -H 'content-type: ${type}' --data-raw ${quote(body)}`;
      return `<p>${escapeHtml(summary)}</p>\n<pre>${escapeHtml(call)}</pre>`;
    }),
  );
  return calls.join('\n');
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function toSchemaEntry(name: string, schema: Schema): string {
  const { description } = schema;
  const text = typeof description === 'string' ? `<p>${escapeHtml(description)}</p>` : '';
  return `<dt id="schema-${escapeHtml(name)}"><code>${escapeHtml(name)}</code></dt><dd>${text}${toType(schema)}</dd>`;
}

/** A schema as HTML, written as TypeScript would; without its bounds. */
function toType(schema: Schema): string {
  return `<code>${toTypeText(schema)}</code>`;
}

function toTypeText(schema: Schema): string {
  const { $ref, anyOf, const: only, enum: values, type } = schema;
  if (typeof $ref === 'string') return toLink($ref.slice($ref.lastIndexOf('/') + 1));
  if (Array.isArray(anyOf)) return anyOf.map(toTypeText).join(' | ');
  if (only !== undefined) return escapeHtml(JSON.stringify(only));
  if (Array.isArray(values)) return toChoice(values);
  if (type === undefined) return 'anything';
  return [type]
    .flat()
    .map((name) => toNamedType(name, schema))
    .join(' | ');
}

/** A feature can have thousands of categories. */
const maxChoices = 20;

function toChoice(values: readonly unknown[]): string {
  const shown = values.slice(0, maxChoices).map((value) => escapeHtml(JSON.stringify(value)));
  const left = values.length - shown.length;
  return [...shown, ...(left > 0 ? [`… ${left} more`] : [])].join(' | ');
}

function toLink(name: string): string {
  return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
}

function toNamedType(name: unknown, schema: Schema): string {
  const { prefixItems, items, properties = {}, required = [] } = schema;
  if (name === 'array') {
    if (Array.isArray(prefixItems)) return `[${prefixItems.map(toTypeText).join(', ')}]`;
    return `array of (${toTypeText((items ?? {}) as Schema)})`;
  }
  if (name === 'string' && schema.contentMediaType) return 'string (free text)';
  if (name !== 'object') return escapeHtml(String(name));
  const members = Object.entries(properties as Readonly<Record<string, Schema>>).map(([key, value]) => {
    const mark = (required as readonly string[]).includes(key) ? '' : '?';
    return `${escapeHtml(JSON.stringify(key))}${mark}: ${toTypeText(value)}`;
  });
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What its policy allows by its hash. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #d5d8dd; --soft: #f3f4f6; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3f47; --soft: #1e2228; --link: #79b8ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
h2 { font-size: 1.2rem; } h3 { font-size: 1rem; } small { font-weight: normal; }
a { color: var(--link); }
code, pre { font: 0.85rem/1.5 ui-monospace, monospace; }
pre { background: var(--soft); padding: 0.6rem 0.8rem; white-space: pre-wrap; }
ul { padding-left: 1.2rem; } dd { margin: 0 0 1rem; } dd p { margin: 0; }
`;
