"""Parts of a graph that run once per row, or only if they are needed.

ONNX allows a part to use values of the whole graph. The passes over a finished graph do not look into parts. So a part
that runs per row uses only the row and its own constants; parts inside it may use what is around them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx
from onnx import helper

from sepal_export.graphs.graph import Graph, Value, names_used, needed

Part = Callable[..., Sequence[Value]]


def each_row(x: Value, widths: Sequence[int], part: Callable[[Value], Sequence[Value]]) -> list[Value]:
    """[N, W] → a value [N, width] for each of `widths`, computed by `part` from each row [W]. The memory does not grow
    with the number of rows, and a row's bits do not depend on other rows."""
    inner = inside(x.graph, "row")
    row = Value(inner, f"{inner.prefix}row")
    answers = [value.reshape(width) for value, width in zip(part(row), widths, strict=True)]
    return x.graph.node_of(len(widths), "Scan", x, body=to_part(inner, [row], answers), num_scan_inputs=1)


def either(condition: Value, outputs: int, values: Sequence[Value], then: Part, otherwise: Part) -> list[Value]:
    """The result of `then` for `values` if the single `condition` is true, else that of `otherwise`. Only one of them
    is computed."""
    graph = condition.graph
    branches = {}
    for name, part in (("then_branch", then), ("else_branch", otherwise)):
        inner = inside(graph, name[:4])
        branches[name] = to_part(inner, [], part(*(Value(inner, value.name) for value in values)))
    return graph.node_of(outputs, "If", condition, **branches)


def repeat(
    condition: Value, states: Sequence[Value], values: Sequence[Value], step: Part, *, times: int | None = None
) -> list[Value]:
    """The `states` after `step` has run again and again while its condition is true, and at most `times` times. `step`
    gets the states and `values`, and returns the condition to continue and the new states. Use `values` only in parts
    inside parts; elsewhere pass a value of the whole graph as a state that does not change."""
    graph = condition.graph
    inner = inside(graph, "loop")
    before = [Value(inner, f"{inner.prefix}state{place}") for place in range(len(states))]
    after = step(*before, *(Value(inner, value.name) for value in values))
    body = to_part(inner, before, after)
    # The runtime needs the types of these two.
    kinds = (("count", onnx.TensorProto.INT64), ("goes on", onnx.TensorProto.BOOL))
    given = [helper.make_tensor_value_info(f"{inner.prefix}{name}", kind, []) for name, kind in kinds]
    states_in = list(body.input)
    del body.input[:]
    body.input.extend([*given, *states_in])
    return graph.node_of(len(states), "Loop", None if times is None else np.int64(times), condition, *states, body=body)


def inside(graph: Graph, what: str) -> Graph:
    return Graph(prefix=f"{graph.prefix}{what}{len(graph.nodes)}.")


def to_part(graph: Graph, inputs: Sequence[Value], outputs: Sequence[Value]) -> onnx.GraphProto:
    """Types and shapes are inferred from the surrounding graph."""
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
