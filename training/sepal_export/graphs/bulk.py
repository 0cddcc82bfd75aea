"""Keeps the large attributes of a graph's nodes (those of trees) apart, so that they are not copied at each stage of a
conversion. They are bytes from the beginning, because the lists of a protobuf message take several times their size."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping, Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

# By the name of a node's first output: the serialized NodeProto that holds nothing but the node's attributes.
Bulk = MutableMapping[str, bytes]
# Tags of onnx.proto: the number of the field, and the wire type of a message with its length in front.
MODEL_GRAPH, GRAPH_NODE = 7 << 3 | 2, 1 << 3 | 2


def attributes_of(node: onnx.NodeProto) -> bytes:
    return onnx.NodeProto(attribute=node.attribute).SerializeToString(deterministic=True)


def outline_of(node: onnx.NodeProto) -> onnx.NodeProto:
    """A copy of the node with only the first entry of each list and tensor, which is enough to infer shapes and
    types."""
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


def filled(model: onnx.ModelProto, bulk: Bulk, names: set[str]) -> onnx.ModelProto:
    """A copy of the model in which the nodes that compute `names` have their large attributes again."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for node in needed(copy.graph.node, names):
        if node.output[0] in bulk:
            del node.attribute[:]
            node.MergeFromString(bulk[node.output[0]])
    return copy


def serialize(model: onnx.ModelProto, bulk: Bulk) -> Iterator[bytes]:
    """Yields the bytes of the whole model with its large attributes, piece by piece, in the order of the fields'
    numbers."""
    nodes = [in_message(GRAPH_NODE, list(pieces_of(node, bulk))) for node in model.graph.node]
    rest = onnx.GraphProto()
    rest.CopyFrom(model.graph)
    del rest.node[:]
    graph = in_message(MODEL_GRAPH, [piece for node in nodes for piece in node] + [written(rest)])
    head, tail = onnx.ModelProto(), onnx.ModelProto()
    for field, value in model.ListFields():
        if field.name != "graph":
            part = head if field.number < MODEL_GRAPH >> 3 else tail
            getattr(part, field.name).extend(value) if field.is_repeated else setattr(part, field.name, value)
    yield written(head)
    yield from graph
    yield written(tail)


def pieces_of(node: onnx.NodeProto, bulk: Bulk) -> Iterator[bytes]:
    if node.output[0] not in bulk:
        yield written(node)
        return
    yield written(onnx.NodeProto(input=node.input, output=node.output, name=node.name, op_type=node.op_type))
    yield bulk[node.output[0]]
    yield written(onnx.NodeProto(domain=node.domain))


def written(message: object) -> bytes:
    return message.SerializeToString(deterministic=True)


def in_message(field: int, pieces: list[bytes]) -> list[bytes]:
    """Encodes a message as a field of another message."""
    return [varint(field) + varint(sum(map(len, pieces))), *pieces]


def varint(number: int) -> bytes:
    """Encodes a variable-length integer: seven bits per byte, the lowest first; all bytes but the last have their
    highest bit set."""
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def digest(array: np.ndarray) -> bytes:
    """A short digest of an array's numbers."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).digest()


def needed(nodes: Sequence[onnx.NodeProto], names: set[str]) -> list[onnx.NodeProto]:
    """Those of `nodes` that `names` depend on. `nodes` are in the order of execution."""
    kept = []
    for node in reversed(nodes):
        if names.intersection(node.output):
            names = names.union(names_used(node))
            kept.append(node)
    return kept[::-1]


def names_used(node: onnx.NodeProto) -> set[str]:
    """The values that the node reads, including those that a part of it (see parts.py) reads from outside."""
    within = [inner for entry in node.attribute if entry.HasField("g") for inner in entry.g.node]
    return set(node.input).union(*(names_used(inner) for inner in within))
