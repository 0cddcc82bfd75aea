"""Attributes of a graph's nodes that are too large to be copied at each stage of a conversion: those of large trees."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping, Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

Bulk = MutableMapping[str, list[onnx.AttributeProto]]


def outline_of(node: onnx.NodeProto) -> onnx.NodeProto:
    """The node with the first entry of each list and tensor. Shapes and types can be inferred of it."""
    outline = onnx.NodeProto(
        op_type=node.op_type, domain=node.domain, name=node.name, input=node.input, output=node.output
    )
    outline.attribute.extend(map(shortened, node.attribute))
    return outline


def shortened(attribute: onnx.AttributeProto) -> onnx.AttributeProto:
    if attribute.type == onnx.AttributeProto.INTS:
        return helper.make_attribute(attribute.name, attribute.ints[:1])
    if attribute.type == onnx.AttributeProto.TENSOR:
        return helper.make_attribute(attribute.name, numpy_helper.from_array(numpy_helper.to_array(attribute.t)[:1]))
    return attribute


def fill(model: onnx.ModelProto, bulk: Bulk, names: set[str]) -> None:
    """Puts back what was left out of the nodes that `names` are computed by."""
    for node in needed(model.graph.node, names):
        if node.output[0] in bulk:
            del node.attribute[:]
            node.attribute.extend(bulk[node.output[0]])


def serialize(model: onnx.ModelProto, bulk: Bulk) -> bytes:
    """The whole model. What `bulk` holds is moved into it node by node, and is in memory once; both are used up."""
    for node in model.graph.node:
        if node.output[0] in bulk:
            del node.attribute[:]
            node.attribute.extend(bulk.pop(node.output[0]))
    return model.SerializeToString(deterministic=True)


def digest(array: np.ndarray) -> bytes:
    """What tells an array's numbers from others, in a few bytes."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).digest()


def needed(nodes: Sequence[onnx.NodeProto], names: set[str]) -> list[onnx.NodeProto]:
    """Those of `nodes`, which are in the order of execution, that `names` depend on."""
    kept = []
    for node in reversed(nodes):
        if names.intersection(node.output):
            names = names.union(node.input)
            kept.append(node)
    return kept[::-1]
