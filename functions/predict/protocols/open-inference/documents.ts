import { RequestError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { type Content, jsonContent } from '../../http/content.ts';
import { datatypeOf, toTensorTypes } from './datatype.ts';
import { allOutputs, describeOutput } from './outputs.ts';

/** The values of a route's path parameters. */
type Parameters = Readonly<Record<string, string>>;

/** Throws RouteNotFound if the path names a model or a version that is not served. */
export function checkModel({ model, version }: Parameters, manifest: Manifest): void {
  if (model !== manifest.name) {
    throw new RequestError('RouteNotFound', `There is no model with this name. The model is called ${manifest.name}`);
  }
  if (version !== undefined && version !== manifest.version) {
    throw new RequestError(
      'RouteNotFound',
      `This server does not have this version of ${model}, only ${manifest.version}`,
    );
  }
}

/** The version is that of the server's HTTP interface, not of the model. */
export function toServerMetadata(): Content {
  return jsonContent({ name: 'sepal', version: '1', extensions: ['binary_tensor_data'] });
}

export function toLive(): Content {
  return jsonContent({ live: true });
}

/** Always ready: the function only starts if the model loads and answers its examples correctly. */
export function toReady(): Content {
  return jsonContent({ ready: true });
}

export function toModelReady(manifest: Manifest, parameters: Parameters): Content {
  checkModel(parameters, manifest);
  return jsonContent({ name: manifest.name, ready: true });
}

/** A dimension of -1 stands for the number of rows. */
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
