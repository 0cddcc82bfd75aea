import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { expect } from 'chai';
import { serveCommand } from '../helpers/server.ts';

describe('npm run dev', () => {
  it('starts again when a source or a model changes', async () => {
    const server = await serveCommand('npm run dev');
    let text = '';
    server.process.stdout?.on('data', (chunk: string) => {
      text += chunk;
    });
    for (const file of ['functions/core/limits.ts', 'models/iris/model.json']) {
      text = '';
      // Changes the file's modification time and leaves its content as it is.
      utimesSync(file, new Date(), new Date());
      while (!text.includes('curl')) await once(server.process.stdout ?? expect.fail(), 'data');
      const [url = ''] = /http:\/\/[\d.:]+/.exec(text) ?? [];
      expect((await fetch(`${url}/health`)).status, file).to.equal(200);
    }
    await server.stop();
  });
});
