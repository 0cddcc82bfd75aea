import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Starts a proxy that acts as a stage of API Gateway. Paths that begin with the stage's name are passed on without it,
 * and all other paths are answered with 404.
 */
export async function startStage(url: string, name: string): Promise<{ url: string; close(): void }> {
  const prefix = `/${name}`;
  const server: Server = createServer((incoming, outgoing) => {
    const { url: path = '/', method, headers } = incoming;
    if (path !== prefix && !path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
      return;
    }
    const target = new URL(path.slice(prefix.length) || '/', url);
    const passed = httpRequest(target, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${prefix}`, close };
}
