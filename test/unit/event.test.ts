import { expect } from 'chai';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { toCall } from '../../functions/predict/doors/event.ts';
import { httpApi } from '../../functions/predict/doors/http-api.ts';
import { loadBalancer, multiValueLoadBalancer } from '../../functions/predict/doors/load-balancer.ts';
import { restApi } from '../../functions/predict/doors/rest-api.ts';
import { readEvent, readManifest } from '../helpers/files.ts';

const iris = readManifest() as unknown as Manifest;

/** A model with features of these names. */
function withFeatures(...names: string[]): Manifest {
  return { ...iris, features: names.map((name) => ({ ...iris.features[0], name })) } as Manifest;
}

const doors = {
  'http-text': httpApi,
  'http-stage': httpApi,
  'function-url': httpApi,
  'rest-api': restApi,
  'load-balancer': loadBalancer,
  'load-balancer-health': loadBalancer,
  'load-balancer-multi-value': multiValueLoadBalancer,
};

describe('toCall', () => {
  for (const [name, door] of Object.entries(doors)) {
    it(`recognises the service that sent ${name}`, () => {
      const call = toCall(readEvent(name), iris);
      expect(call).to.include({ kind: 'http', door });
    });
  }

  it("has the gateway's request id if there is one", () => {
    expect(toCall(readEvent('http-text'), iris)).to.have.property('requestId', 'JKJaXmPLvHcESHA=');
    expect(toCall(readEvent('rest-api'), iris))
      .to.have.property('requestId')
      .that.matches(/^5d2f1b0a-/);
    expect(toCall(readEvent('load-balancer'), iris)).not.to.have.property('requestId');
  });

  it('reads a bare body as a POST to /predict', () => {
    for (const base64 of [undefined, false, true]) {
      const event = { body: 'WzFd', ...(base64 !== undefined && { isBase64Encoded: base64 }) };
      expect(toCall(event, iris)).to.deep.equal({
        kind: 'http',
        door: httpApi,
        request: { method: 'POST', path: '/predict', headers: {}, body: { content: 'WzFd', base64 } },
      });
    }
  });

  it('recognises a ping and a schedule as warm-ups', () => {
    for (const name of ['warm-up', 'schedule', 'schedule-of-scheduler']) {
      expect(toCall(readEvent(name), iris)).to.deep.equal({ kind: 'warm-up' });
    }
    expect(toCall({ source: 'something else' }, iris)).to.have.property('kind', 'direct');
  });

  it('recognises a record as rows, whatever its features are called', () => {
    const records: Record<string, string | number | null>[] = [
      { body: 'a text' },
      { body: '[1]', isBase64Encoded: 1 },
      { source: 'serverless-plugin-warmup' },
      { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: 'many', detail: null },
      { httpMethod: 'POST', path: '/predict', requestContext: null },
      { Records: 1, eventSource: 'aws:sqs', records: 'aws:kafka', awslogs: 3, request: 4, triggerSource: 'PreSignUp' },
    ];
    for (const payload of records) {
      expect(toCall(payload, withFeatures(...Object.keys(payload)))).to.deep.equal({ kind: 'direct', payload });
    }
  });

  it('takes anything else as the payload of a direct invocation', () => {
    const payloads = [
      null,
      undefined,
      7,
      'text',
      [1, 2],
      {},
      { a: 1 },
      { body: 1, colour: 2 },
      { requestContext: { http: 7 } },
    ];
    const rows = [{ instances: [[1, 2]] }, { Records: [[1, 2]] }, { Records: [] }, { Records: [{ sepal_length: 1 }] }];
    for (const payload of [...payloads, ...rows]) {
      expect(toCall(payload, iris)).to.deep.equal({ kind: 'direct', payload });
    }
  });
});

describe('an unsupported event', () => {
  const kinds = {
    sqs: 'Amazon SQS',
    sns: 'Amazon SNS',
    s3: 'Amazon S3',
    kinesis: 'Kinesis',
    dynamodb: 'DynamoDB Streams',
    kafka: 'Kafka',
    firehose: 'Firehose',
    'event-bridge': 'EventBridge',
    'web-socket': 'a WebSocket API',
    cognito: 'Cognito',
    'cloudwatch-logs': 'CloudWatch Logs',
  };
  for (const [name, kind] of Object.entries(kinds)) {
    it(`is refused with its name and an alternative: ${kind}`, () => {
      const call = toCall(readEvent(`other/${name}`), iris);
      if (call.kind !== 'unsupported') throw new Error(call.kind);
      expect(call.refusal).to.include({ name: 'UnsupportedEvent', status: 422 });
      const expected = `Expected rows, or a request over HTTP, but got an event of ${kind}. `;
      expect(call.refusal.message.slice(0, expected.length)).to.equal(expected);
      expect(call.refusal.message.slice(expected.length)).to.match(/^(Invoke|Let|Use) /);
    });
  }
});
