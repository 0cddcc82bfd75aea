import type { RequestListener } from 'node:http';
import { build } from 'esbuild';
import { pageContent } from '../../functions/predict/http/page.ts';
import { periodSeconds, periods, toPanel } from './panel.ts';
import { createSamples } from './samples.ts';
import { createWidgetReader, type Values } from './template.ts';

/** The deployed dashboard's widgets, drawn from what is printed here. */
export interface Dashboard {
  /** Whether it answers this address. */
  takes(path: string): boolean;
  readonly listener: RequestListener;
}

export async function createDashboard(template: string, values: Values): Promise<Dashboard> {
  const readWidgets = createWidgetReader(template, values);
  const samples = createSamples();
  observeOutput(samples.add);
  const page = await createPage();
  return {
    takes: (path) => path === '/dashboard' || path === '/dashboard/data',
    listener: ({ url }, response) => {
      if (url !== '/dashboard/data') {
        response.writeHead(200, page.headers).end(page.body);
        return;
      }
      const now = Date.now();
      const recent = samples.since(now - (periods + 1) * periodSeconds * 1000);
      const panels = readWidgets().map((widget) => toPanel(widget, recent, now));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(panels));
    },
  };
}

/** Metrics are lines among others on the standard output. */
function observeOutput(add: (text: string) => void): void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk === 'string') add(chunk);
    return write(chunk, ...rest);
  }) as typeof process.stdout.write;
}

async function createPage() {
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
