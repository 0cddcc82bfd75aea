"""Parts of a graph that run once for each row, or only where they are needed.

ONNX lets a part use the values of the whole. The passes over a finished graph do not look into parts, so a part that
runs for each row uses nothing but the row and constants of its own; parts within it may use what is around them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx
from onnx import helper

from sepal_export.graph import Graph, Value, names_used, needed

Part = Callable[..., Sequence[Value]]


def each_row(x: Value, widths: Sequence[int], part: Callable[[Value], Sequence[Value]]) -> list[Value]:
    """[N, W] → a value [N, width] for each of `widths`, whose rows are what `part` makes of a row [W]. The memory that
    this takes does not grow with the rows, and no row gets other bits for the rows beside it."""
    inner = inside(x.graph, "row")
    row = Value(inner, f"{inner.prefix}row")
    answers = [value.reshape(width) for value, width in zip(part(row), widths, strict=True)]
    return x.graph.node_of(len(widths), "Scan", x, body=to_part(inner, [row], answers), num_scan_inputs=1)


def either(condition: Value, outputs: int, values: Sequence[Value], then: Part, otherwise: Part) -> list[Value]:
    """What `then` makes of `values` where the one `condition` is true, else what `otherwise` makes of them. Only one of
    them is computed."""
    graph = condition.graph
    branches = {}
    for name, part in (("then_branch", then), ("else_branch", otherwise)):
        inner = inside(graph, name[:4])
        branches[name] = to_part(inner, [], part(*(Value(inner, value.name) for value in values)))
    return graph.node_of(outputs, "If", condition, **branches)


def repeat(
    condition: Value, states: Sequence[Value], values: Sequence[Value], step: Part, *, times: int | None = None
) -> list[Value]:
    """`states` after `step`, again and again while it answers true, and as many `times` at most: it gets the states and
    `values`, and answers the condition to go on, and the states. `values` are for parts within parts alone; what the
    whole graph has is a state that stays what it is."""
    graph = condition.graph
    inner = inside(graph, "loop")
    before = [Value(inner, f"{inner.prefix}state{place}") for place in range(len(states))]
    after = step(*before, *(Value(inner, value.name) for value in values))
    body = to_part(inner, before, after)
    # The runtime asks for the types of these two.
    kinds = (("count", onnx.TensorProto.INT64), ("goes on", onnx.TensorProto.BOOL))
    given = [helper.make_tensor_value_info(f"{inner.prefix}{name}", kind, []) for name, kind in kinds]
    states_in = list(body.input)
    del body.input[:]
    body.input.extend([*given, *states_in])
    return graph.node_of(len(states), "Loop", None if times is None else np.int64(times), condition, *states, body=body)


def inside(graph: Graph, what: str) -> Graph:
    return Graph(prefix=f"{graph.prefix}{what}{len(graph.nodes)}.")


def to_part(graph: Graph, inputs: Sequence[Value], outputs: Sequence[Value]) -> onnx.GraphProto:
    """Types and shapes follow from what is around it."""
    names = [f"{graph.prefix}out{place}" for place in range(len(outputs))]
    renames = [helper.make_node("Identity", [value.name], [name]) for value, name in zip(outputs, names, strict=True)]
    nodes = needed([*graph.nodes, *renames], set(names))
    used = {name for node in nodes for name in names_used(node)}
    return helper.make_graph(
        nodes,
        "part",
        [onnx.ValueInfoProto(name=value.name) for value in inputs],
        [onnx.ValueInfoProto(name=name) for name in names],
        [tensor for tensor in graph.tensors if tensor.name in used],
    )
