"""Removes categories from a graph if nothing in it distinguishes them from an unknown one.

An encoder gives each category a number, and each column of a one-hot encoding tests for one number. If a selection
drops a column, nothing tests for its category.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

from sepal_export.graphs.dependence import attribute


def forget_categories(model: onnx.ModelProto) -> None:
    """Removes such categories from the encoders of `model`. Its answers stay the same."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "LabelEncoder":
            continue
        readers = [reader for reader in model.graph.node if node.output[0] in reader.input]
        asked = [constants.get(reader.input[1]) for reader in readers if reader.op_type == "Equal"]
        if len(asked) == len(readers) and None not in asked:
            keep(node, np.concatenate([numpy_helper.to_array(tensor).ravel() for tensor in asked]))


def keep(node: onnx.NodeProto, asked: np.ndarray) -> None:
    """Keeps the encoder's categories whose number is in `asked`."""
    tensors = {name: attribute(node, name) for name in ("keys_tensor", "values_tensor", "default_tensor")}
    keys, values, default = map(numpy_helper.to_array, tensors.values())
    is_kept = np.isin(values, asked)
    if is_kept.all() or np.isin(default, asked).any():
        return
    # The operator needs at least one.
    is_kept[0] |= not is_kept.any()
    for name, entries in {"keys_tensor": keys, "values_tensor": values}.items():
        [place] = [place for place, entry in enumerate(node.attribute) if entry.name == name]
        tensor = numpy_helper.from_array(entries[is_kept], tensors[name].name)
        node.attribute[place].CopyFrom(helper.make_attribute(name, tensor))
