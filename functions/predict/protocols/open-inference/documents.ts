import { RequestError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { type Content, jsonContent } from '../../http/content.ts';
import { datatypeOf, toTensorTypes } from './datatype.ts';
import { allOutputs, describeOutput } from './outputs.ts';

/** What stands in the path for the names of a route. */
type Parameters = Readonly<Record<string, string>>;

/** Throws RouteNotFound where a path names another model, or another version of it, than the one that is served. */
export function checkModel({ model, version }: Parameters, manifest: Manifest): void {
  if (model !== manifest.name) {
    throw new RequestError('RouteNotFound', `There is no model of this name; there is ${manifest.name}`);
  }
  if (version !== undefined && version !== manifest.version) {
    throw new RequestError('RouteNotFound', `There is no such version of ${model}; there is ${manifest.version}`);
  }
}

/** The version is that of the server's HTTP interface; a model has its own. */
export function toServerMetadata(): Content {
  return jsonContent({ name: 'sepal', version: '1', extensions: ['binary_tensor_data'] });
}

export function toLive(): Content {
  return jsonContent({ live: true });
}

/** The function answers only once its model was loaded and its example answered right. */
export function toReady(): Content {
  return jsonContent({ ready: true });
}

export function toModelReady(manifest: Manifest, parameters: Parameters): Content {
  checkModel(parameters, manifest);
  return jsonContent({ name: manifest.name, ready: true });
}

/** Of the tensors, -1 is the dimension of the rows. */
export function toModelMetadata(manifest: Manifest, parameters: Parameters): Content {
  checkModel(parameters, manifest);
  const { name, version } = manifest;
  return jsonContent({
    name,
    versions: [version],
    platform: 'onnx_onnxv1',
    inputs: toTensorTypes(manifest).map(({ name, dtype, width }) => {
      return { name, datatype: datatypeOf[dtype], shape: [-1, width] };
    }),
    outputs: allOutputs(manifest).map((asked) => ({ name: asked.name, ...describeOutput(asked.tensor, -1) })),
  });
}
