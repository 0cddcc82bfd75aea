import { createHash } from 'node:crypto';
import { RequestError } from '../../core/errors.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { type Content, staticContent } from '../http/content.ts';
import { pageContent } from './page.ts';
import type { ReadAsset } from './page-assets.ts';
import { escapeHtml, icon } from './playground-page.ts';

/**
 * The files of Swagger UI, which the build has compressed. Each is served under a name that contains a hash of its
 * content, so that browsers can cache it forever.
 */
const files = {
  script: { path: 'docs/swagger-ui.js.gz', extension: 'js', type: 'text/javascript; charset=utf-8' },
  style: { path: 'docs/swagger-ui.css.gz', extension: 'css', type: 'text/css; charset=utf-8' },
} as const;

type File = (typeof files)[keyof typeof files];

/** The page that shows openapi.json with Swagger UI. Its script is functions/docs/main.ts. */
export function toDocsContent(manifest: Manifest, _: unknown, readAsset: ReadAsset): Content {
  const [style, script] = [String(readAsset('docs/style.css')), String(readAsset('docs/script.js'))];
  const toName = (file: File) => toFileName(file, readAsset(file.path));
  const names = { script: toName(files.script), style: toName(files.style) };
  const title = escapeHtml(`${manifest.name} ${manifest.version}`);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: API</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The file openapi.json beside it describes the same API.</noscript>
<main id="docs"></main>
<script type="application/json" id="files">${JSON.stringify(names)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
  return pageContent(html, { style, script }, { hasFiles: true });
}

/**
 * Returns a file of Swagger UI. Throws RouteNotFound for any other name, also if its hash is that of another version:
 * browsers cache the answer forever, so a name must always stand for the same content.
 */
export function toDocsFileContent(_: Manifest, { file: name = '' }: Parameters, readAsset: ReadAsset): Content {
  for (const file of Object.values(files).filter(({ extension }) => name.endsWith(`.${extension}`))) {
    const body = readAsset(file.path);
    if (name === toFileName(file, body)) return toFileContent(file, body);
  }
  throw new RequestError(
    'RouteNotFound',
    'Expected a file that the page GET /docs loads; reload the page, because these files change with each version',
  );
}

type Parameters = Readonly<Record<string, string>>;

function toFileName({ extension }: File, body: Buffer): string {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  return `swagger-ui-${hash}.${extension}`;
}

function toFileContent({ type }: File, body: Buffer): Content {
  const { headers, ...content } = staticContent(body, type);
  return { ...content, headers: { ...headers, 'cache-control': 'max-age=31536000, immutable' }, isPacked: true };
}
