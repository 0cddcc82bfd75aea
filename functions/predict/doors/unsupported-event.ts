import { RequestError } from '../../core/errors.ts';
import { isRecord } from '../../core/model/value.ts';
import type { Fields } from './fields.ts';

/** A kind of event whose contents the function cannot read as rows. */
interface Kind {
  readonly name: string;
  readonly matches: (event: Fields) => boolean;
  readonly instead: string;
}

const invoke =
  'Invoke the function with the rows alone, from a state machine, a pipe of EventBridge or a function of yours';
const transform = "Let the InputTransformer of the rule's target make rows of it";
const score = "Let the bucket's events start the state machine that scores tables (docs/batch.md)";
const connect = 'Use an HTTP API, a REST API, a function URL or a load balancer';

const kinds: readonly Kind[] = [
  { name: 'Amazon SQS', matches: isFrom('aws:sqs'), instead: invoke },
  { name: 'Amazon SNS', matches: isFrom('aws:sns'), instead: invoke },
  { name: 'Amazon S3', matches: isFrom('aws:s3'), instead: score },
  { name: 'Kinesis', matches: isFrom('aws:kinesis'), instead: invoke },
  { name: 'DynamoDB Streams', matches: isFrom('aws:dynamodb'), instead: invoke },
  { name: 'Kafka', matches: has('eventSource', 'records'), instead: invoke },
  { name: 'Firehose', matches: has('deliveryStreamArn', 'records'), instead: invoke },
  { name: 'EventBridge', matches: has('detail-type', 'resources'), instead: transform },
  { name: 'a WebSocket API', matches: isFromWebSocket, instead: connect },
  { name: 'Cognito', matches: has('triggerSource', 'request'), instead: invoke },
  { name: 'CloudWatch Logs', matches: has('awslogs'), instead: invoke },
];

/** Returns the refusal of an event of a known but unsupported kind; undefined for any other event. */
export function findRefusal(event: Fields): RequestError | undefined {
  const kind = kinds.find(({ matches }) => matches(event));
  if (!kind) return undefined;
  const detail = `Expected rows, or a request over HTTP, but got an event of ${kind.name}. ${kind.instead}`;
  return new RequestError('UnsupportedEvent', detail);
}

function has(...members: readonly string[]): Kind['matches'] {
  return (event) => members.every((member) => member in event);
}

/** Each record names its service. Amazon SNS spells the member `EventSource`, the others `eventSource`. */
function isFrom(service: string): Kind['matches'] {
  return ({ Records }) => {
    const [record] = Array.isArray(Records) ? Records : [];
    return isRecord(record) && (record.eventSource === service || record.EventSource === service);
  };
}

function isFromWebSocket({ requestContext: context }: Fields): boolean {
  return isRecord(context) && 'connectionId' in context;
}
