import { followColourScheme } from './colour-scheme.ts';
import { nameControls } from './names.ts';
import { toWhere } from './where.ts';

/** The names of Swagger UI's files. functions/predict/pages/docs-page.ts writes them into the page. */
interface Files {
  readonly script: string;
  readonly style: string;
}

/** The address of `/docs`, without a slash at its end: with one, relative addresses would begin one folder too deep. */
const page = new URL(location.pathname.replace(/\/$/, ''), location.origin).href;
const files: Files = JSON.parse(document.getElementById('files')?.textContent ?? '');

followColourScheme();
try {
  await Promise.all([loadStyle(`${page}/${files.style}`), loadScript(`${page}/${files.script}`)]);
  render();
} catch {
  const problem = document.createElement('p');
  problem.textContent =
    'A part of this page could not be loaded. Reload the page, or read the file openapi.json beside it.';
  document.body.append(problem);
}

/** Shows Swagger UI with its first operation open. The body is filled in, so that one click sends it. */
function render(): void {
  const docs = document.getElementById('docs');
  if (docs) nameControls(docs);
  const ui = SwaggerUIBundle({
    url: new URL('openapi.json', page).href,
    domNode: docs,
    validatorUrl: null,
    syntaxHighlight: { theme: 'tomorrow-night' },
    tryItOutEnabled: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    plugins: [({ React }) => ({ components: { ServersContainer: () => toWhere(React, new URL('.', page).href) } })],
    onComplete: () => ui.layoutActions.show(['operations', 'Sepal', 'postPredict'], true),
  });
}

/** Puts Swagger UI's style before the page's own, which overrides parts of it. */
function loadStyle(href: string): Promise<void> {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  document.head.prepend(link);
  return loaded(link);
}

function loadScript(src: string): Promise<void> {
  const script = Object.assign(document.createElement('script'), { src });
  document.head.append(script);
  return loaded(script);
}

function loaded(element: HTMLElement): Promise<void> {
  return new Promise((resolve, reject) => {
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', reject);
  });
}
