import { createServer } from 'node:http';
import { buildPages } from '../build/pages.ts';
import { ConfigError } from '../functions/core/environment.ts';
import { ModelPackageError } from '../functions/core/model/package.ts';
import { toAnnouncement } from './announcement.ts';
import { parseCommandLine, usage } from './command-line.ts';
import { createDashboard } from './dashboard/dashboard.ts';
import type { LocalDoor } from './doors/door.ts';
import { createGateway, headerBytes } from './gateway.ts';
import { checkServed } from './model/package-check.ts';
import { isPath, toFolder } from './package-folder.ts';

const host = '127.0.0.1';
const port = parsePort(process.env.PORT || '3000');
const { path, door, isDemo } = readCommandLine(process.argv.slice(2));
// In the image, the pages are already beside the function. Here they must be built.
if (process.env.PAGE_DIRECTORY) await buildPages(process.env.PAGE_DIRECTORY);
const { createDemo } = isDemo ? await import('./demo/demo.ts') : {};
// The demo sends too few rows to fill the usual window in one round.
if (createDemo) process.env.DRIFT_WINDOW_ROWS ||= '200';
// Imported only now, so that a wrong command line is reported without loading ONNX Runtime.
const { start } = await import('../functions/predict/start/start.ts');
const { handler, model, folder } = await start(path).catch(failToLoad);
await checkServed(folder, model).catch(failToLoad);

const demo = createDemo?.(model.manifest);
const dashboard = await createDashboard({
  template: 'template.yaml',
  // The names of the stack and the model in the metrics. The dashboard finds the metrics by them.
  values: {
    'AWS::StackName': process.env.POWERTOOLS_SERVICE_NAME || 'sepal',
    ModelName: model.manifest.name,
    ...demo?.parameters,
  },
  model: `${model.manifest.name} ${model.manifest.version}`,
  demo,
});
const gateway = createGateway(dashboard.front.watch(demo?.trouble(handler) ?? handler), door, {
  isEnding: () => !server.listening,
  answered: dashboard.front.answered,
});
const server = createServer({ maxHeaderSize: headerBytes }, (request, response) => {
  const answer = dashboard.takes(request.url ?? '') ? dashboard.listener : gateway;
  answer(request, response);
});
server.on('error', fail);
server.listen(port, host, announce);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close);

function parsePort(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  stop(`PORT must be a number from 0 to 65535, but is ${JSON.stringify(value)}`);
}

/** Reads the command line. A path is returned; a name is put into the variable that the function reads. */
function readCommandLine(values: readonly string[]): { path?: string; door: LocalDoor; isDemo: boolean } {
  const { model, door, demo: isDemo = false, help, problem } = parseCommandLine(values);
  if (problem) stop(`${problem}\n${usage}`);
  if (help) {
    console.log(usage);
    process.exit();
  }
  if (model !== undefined && isPath(model)) return { path: toFolder(model, process.env.INIT_CWD), door, isDemo };
  if (model !== undefined) process.env.MODEL = model;
  return { door, isDemo };
}

/** Prints a wrong setting, or a package that cannot be served, without a stack trace. Other errors are thrown again. */
function failToLoad(error: unknown): never {
  if (error instanceof ConfigError || error instanceof ModelPackageError) stop(`${error.name}: ${error.message}`);
  throw error;
}

function announce(): void {
  const address = server.address();
  const url = `http://${host}:${typeof address === 'object' ? address?.port : port}`;
  console.log(toAnnouncement(model.manifest, url, door.title, isDemo));
  demo?.start(url);
}

/** Stops the server. Running requests have three seconds to finish; then all connections are closed. */
function close(): void {
  demo?.stop();
  server.close();
  setTimeout(() => server.closeAllConnections(), 3000).unref();
}

function fail(error: NodeJS.ErrnoException): void {
  const taken = `Port ${port} on ${host} is taken. Choose another: PORT=${port + 1} npm start`;
  stop(error.code === 'EADDRINUSE' ? taken : error.message);
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
