import { parseJson } from '../functions/core/json/json.ts';
import { fromRows } from '../functions/core/model/columns.ts';
import { toRecords } from '../functions/core/model/records.ts';
import { toPointerStep } from '../functions/core/pointer.ts';
import { toText } from '../functions/predict/http/body.ts';
import type { Protocol } from '../functions/predict/protocols/protocol.ts';

/** JSON Lines: a row in each line of the request, a prediction in each line of the answer. */
export const jsonLines: Protocol = {
  name: 'json-lines',
  mediaTypes: ['application/x-ndjson'],
  decode({ body }, _manifest, limits) {
    const lines = toText(body).trim().split('\n');
    const rows = lines.map((line) => parseJson(line, limits));
    return { instances: fromRows(rows, (row, key) => `/${row}${toPointerStep(key)}`), options: undefined };
  },
  encode(predictions) {
    const lines = toRecords(predictions).map((prediction) => `${JSON.stringify(prediction)}\n`);
    return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: lines.join('') };
  },
};
