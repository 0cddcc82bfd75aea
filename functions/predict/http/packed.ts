import { RequestError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import type { Content } from './content.ts';
import type { HttpRequest } from './request.ts';
import { takesGzip } from './response.ts';

/**
 * Decompresses a body that the build has compressed if the client does not accept gzip. Throws NotAcceptable if the
 * text is then larger than an answer may be.
 */
export function unpackFor({ headers }: HttpRequest, content: Content, { answerBytes }: Limits): Content {
  const { isPacked, ...unpacked } = content;
  if (!isPacked || takesGzip(headers['accept-encoding'])) return content;
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  const body = gunzipSync(content.body).toString();
  // The size in the JSON that Lambda returns, where the text is escaped.
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes <= answerBytes) return { ...unpacked, body };
  const limit = `Expected accept-encoding: gzip, as this file takes ${bytes} bytes without`;
  throw new RequestError('NotAcceptable', `${limit}, and an answer here may have ${answerBytes}`);
}
