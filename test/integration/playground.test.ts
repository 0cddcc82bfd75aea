import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { createContext } from '../../local/context.ts';
import { createHttpEvent, fromHttpResponse } from '../helpers/http-event.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';

describe('the files of the pages', () => {
  let model: Model;
  before(async () => {
    model = await loadModel('models', 'iris');
  });
  const ask = async (method: string, path: string, body?: string) => {
    const handler = createService(model, { pageDirectory: '/nowhere' });
    const event = createHttpEvent({
      method,
      path,
      ...(body && { body }),
      headers: { 'content-type': 'application/json' },
    });
    const { result, ...output } = await captureOutput(() => handler(event, createContext('request-1')));
    return { ...fromHttpResponse(result), ...output };
  };

  it('are not read to predict', async () => {
    expect((await ask('POST', '/predict', '[5.1,3.5,1.4,0.2]')).status).to.equal(200);
    expect((await ask('GET', '/openapi.json')).status).to.equal(200);
  });

  it('cause a fault of the service if they are missing', async () => {
    for (const path of ['/', '/docs', '/docs/swagger-ui.js']) {
      const { status, body } = await ask('GET', path);
      expect([status, JSON.parse(body).detail], path).to.deep.equal([
        500,
        'The service failed; its log has the reason under the id of this request',
      ]);
    }
  });
});
