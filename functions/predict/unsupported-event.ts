import { RequestError } from '../core/errors.ts';
import { isRecord } from '../core/model/value.ts';
import type { Fields } from './doors/fields.ts';

/** A kind of event that carries no rows as the function takes them. */
interface Kind {
  readonly name: string;
  /** One that is an array or an object, as no value of a row is: features may be called as they like. */
  readonly member: string;
  /** Whether an event that has this member is of the kind. */
  readonly matches: (event: Fields) => boolean;
  readonly instead: string;
}

const invoke =
  'Invoke the function with the rows alone, from a state machine, a pipe of EventBridge or a function of yours';
const transform = "Let the InputTransformer of the rule's target make rows of it";
const score = "Let the bucket's events start the state machine that scores tables (docs/batch.md)";
const connect = 'Use an HTTP API, a REST API, a function URL or a load balancer';

const kinds: readonly Kind[] = [
  { name: 'Amazon SQS', member: 'Records', matches: isFrom('aws:sqs'), instead: invoke },
  { name: 'Amazon SNS', member: 'Records', matches: isFrom('aws:sns'), instead: invoke },
  { name: 'Amazon S3', member: 'Records', matches: isFrom('aws:s3'), instead: score },
  { name: 'Kinesis', member: 'Records', matches: isFrom('aws:kinesis'), instead: invoke },
  { name: 'DynamoDB Streams', member: 'Records', matches: isFrom('aws:dynamodb'), instead: invoke },
  { name: 'Kafka', member: 'records', matches: has('eventSource'), instead: invoke },
  { name: 'Firehose', member: 'records', matches: has('deliveryStreamArn'), instead: invoke },
  { name: 'EventBridge', member: 'resources', matches: has('detail-type'), instead: transform },
  { name: 'a WebSocket API', member: 'requestContext', matches: isFromWebSocket, instead: connect },
  { name: 'Cognito', member: 'request', matches: has('triggerSource'), instead: invoke },
  { name: 'CloudWatch Logs', member: 'awslogs', matches: ({ awslogs }) => isRecord(awslogs), instead: invoke },
];

/** Why an event is refused, where it is of a kind that is known and not taken. */
export function findRefusal(event: Fields, nested: readonly string[]): RequestError | undefined {
  const kind = kinds.find(({ member, matches }) => nested.includes(member) && matches(event));
  if (!kind) return undefined;
  const detail = `Expected rows, or a request over HTTP, and got an event of ${kind.name}. ${kind.instead}`;
  return new RequestError('UnsupportedEvent', detail);
}

function has(member: string): Kind['matches'] {
  return (event) => typeof event[member] === 'string';
}

/** Each record names its service; that of Amazon SNS with a capital. */
function isFrom(service: string): Kind['matches'] {
  return ({ Records }) => {
    const [record] = Array.isArray(Records) ? Records : [];
    return isRecord(record) && (record.eventSource === service || record.EventSource === service);
  };
}

function isFromWebSocket({ requestContext: context }: Fields): boolean {
  return isRecord(context) && typeof context.connectionId === 'string';
}
