import { toErrorText } from '../../../core/errors.ts';
import { parseJson } from '../../../core/json/json.ts';
import type { Limits } from '../../../core/limits.ts';
import { isRecord } from '../../../core/model/value.ts';
import { jsonContent } from '../../http/content.ts';
import type { EncodeError, Protocol } from '../protocol.ts';
import { splitBody } from './binary.ts';
import { invalid } from './datatype.ts';
import { checkModel } from './documents.ts';
import { toExplanationTensors } from './explanation-tensors.ts';
import { toInstances } from './inputs.ts';
import { type AskedOutput, allOutputs, parseOutputs, toOutputsContent, toOutputTensors } from './outputs.ts';
import { checkContentType, parseFlag, parseParameters } from './parameters.ts';

/** What the answer needs from the request. */
interface Asked {
  /** The client's id of the request, which the answer repeats. */
  readonly id: string | undefined;
  readonly outputs: readonly AskedOutput[];
  /** Whether tensors that explain the answers follow the JSON. */
  readonly areExplanationsBinary: boolean;
}

/**
 * Inference of the Open Inference Protocol, version 2, with its extension for binary data:
 * github.com/kserve/open-inference-protocol
 */
export const openInference: Protocol<Asked> = {
  name: 'open-inference',
  mediaTypes: ['application/json', 'application/octet-stream'],

  decode(request, manifest, limits) {
    checkModel(request.parameters, manifest);
    const { json, tail } = splitBody(request);
    const document = parseJson(json, limits);
    if (!isRecord(document)) throw invalid('', 'an object with inputs', document);
    const parameters = parseParameters(document.parameters, '/parameters', 'request');
    checkContentType(parameters, '/parameters', 'request', undefined);
    const binary = parseFlag(parameters.binary_data_output, '/parameters/binary_data_output') ?? false;
    const explains = parseFlag(parameters.explanations, '/parameters/explanations') ?? false;
    const options = {
      id: parseId(document.id, limits),
      outputs: parseOutputs(document.outputs, manifest, binary),
      areExplanationsBinary: binary,
    };
    const instances = toInstances(document.inputs, tail, manifest.features, limits);
    return { instances, options, explain: explains ? { numbers: 'all' } : undefined };
  },

  showsLabelsAlone: (asked) => asked?.outputs.every(({ tensor }) => tensor.output.kind === 'labels') ?? false,

  encode(
    predictions,
    manifest,
    asked = { id: undefined, outputs: allOutputs(manifest), areExplanationsBinary: false },
  ) {
    const { id, outputs, areExplanationsBinary } = asked;
    // JSON leaves out what is undefined.
    const envelope = { model_name: manifest.name, model_version: manifest.version, id };
    const explanations = toExplanationTensors(predictions, areExplanationsBinary);
    return toOutputsContent(envelope, [...toOutputTensors(outputs, predictions), ...explanations]);
  },
};

/** The protocol's error body. It lists the first errors. */
export const encodeOpenInferenceError: EncodeError = (error) => {
  const { status, headers } = error;
  const { body } = jsonContent({ error: toErrorText(error) });
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body };
};

/** Reads the id. Its length is limited like that of a name, because the answer repeats it. */
function parseId(id: unknown, { stringLength }: Limits): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string') throw invalid('/id', 'a string', id);
  if (id.length > stringLength) throw invalid('/id', `a string of at most ${stringLength} characters`);
  return id;
}
