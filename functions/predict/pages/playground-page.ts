import { type Manifest, toPublicManifest } from '../../core/model/manifest.ts';
import type { PageCode } from './page.ts';

/**
 * The playground. Its style, its script and the model's description are in the document itself, so it needs no address
 * of another file: it works behind a stage and with or without a slash at the end of its address, and it takes one
 * request.
 */
export function toPlaygroundPage(manifest: Manifest, { style, script }: PageCode): string {
  const { name, version, description } = manifest;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(name)} ${escapeHtml(version)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<noscript>${escapeHtml(name)} ${escapeHtml(version)}: ${escapeHtml(description)} This page needs JavaScript; openapi.json,
beside it, describes the API.</noscript>
<script type="application/json" id="manifest">${toJsonBlock(toPublicManifest(manifest))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/**
 * Three petals. The icon is part of the page, because a browser would otherwise request one, and invoke the function
 * for it.
 */
export const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#6a5acd">' +
    [0, 120, 240].map((turn) => `<path d="M8 8C4 5 5 1 8 0c3 1 4 5 0 8" transform="rotate(${turn} 8 8)"/>`).join('') +
    '</svg>',
)}`;

/** JSON for a script element. `<` is escaped, because `</script>` in a value would end the element. */
function toJsonBlock(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
