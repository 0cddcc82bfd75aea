import { build } from 'esbuild';
import type { Content } from '../../functions/predict/http/content.ts';
import { pageContent } from '../../functions/predict/pages/page.ts';

/** Creates the page as one document. Its script requests the board every two seconds. */
export async function createPage(): Promise<Content> {
  const { outputFiles } = await build({
    entryPoints: { script: 'local/dashboard/browser/main.ts', style: 'local/dashboard/browser/style.css' },
    outdir: '.',
    write: false,
    bundle: true,
    format: 'esm',
    target: 'es2022',
  });
  const textOf = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
  const code = { script: textOf('script.js'), style: textOf('style.css') };
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local dashboard</title>
<link rel="icon" href="data:,">
<style>${code.style}</style>
<body>
<script type="module">${code.script}</script>
</body>
</html>
`;
  return pageContent(html, code);
}
