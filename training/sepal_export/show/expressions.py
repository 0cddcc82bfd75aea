"""Writes what a node of the graph computes as an expression that reads like Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import onnx
from onnx import numpy_helper

from sepal_export.graphs.dependence import attribute
from sepal_export.graphs.lines import Line
from sepal_export.show.patterns import INTEGERS, pattern_of
from sepal_export.show.words import (
    ATOM,
    CALLED,
    CHOICE,
    INFIX,
    NOT,
    OF_TWO,
    OR,
    SIGN,
    UNORDERED,
    Text,
    bracketed,
    infix,
    of_array,
    of_attribute,
    of_entries,
    of_item,
    of_table,
)

# The deepest nesting of operations.
MOST_DEEP = 60
# Operators that change a value's form but not its contents.
SAME = ("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Expand")


class Expressions:
    """Expressions for the values of a model. `features` are the names of columns by input. `names` are the names of
    values that are not expanded; more can be added."""

    def __init__(self, model: onnx.ModelProto, features: Mapping[str, Sequence[str]]) -> None:
        graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
        self.nodes = list(graph.node)
        self.makers = {name: node for node in self.nodes for name in node.output}
        self.constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        self.types = {entry.name: entry.type.tensor_type for entry in (*graph.input, *graph.value_info)}
        self.features = features
        self.names: dict[str, str] = {}
        self.lines = {name: Line.read(node.doc_string) for name, node in self.makers.items()}
        # By function with operands: the node with its result.
        self.answers = {line.function: name for name, line in self.lines.items() if line and line.answers}

    def of(self, name: str, depth: int = 0) -> Text:
        name = self.itself(name)
        if name in self.names:
            return Text(self.names[name])
        if name in self.constants:
            return Text(of_array(self.constants[name]))
        if name in self.features:
            columns = self.features[name]
            return Text(columns[0] if len(columns) == 1 else f"[{', '.join(columns)}]")
        if name not in self.makers or depth > MOST_DEEP:
            return Text("…")
        return self._made(name, depth + 1)

    def operands(self, name: str) -> list[str]:
        """The operands in the expression of a value."""
        function, pattern, node = self.function(name), self._pattern(name), self.makers[name]
        source = self._column(node)
        if function:
            found = function[1]
        else:
            found = [pattern[1]] if pattern else [source] if source else [value for value in node.input if value]
        return [self.itself(value) for value in found]

    def itself(self, name: str) -> str:
        """The value that this one repeats in another form or type."""
        while name in self.makers and name not in self.names and self._is_same(name):
            name = self.makers[name].input[0]
        return name

    def _is_same(self, name: str) -> bool:
        node = self.makers[name]
        if node.op_type != "Cast":
            return node.op_type in SAME
        # The model reads integer features as floats, and converts them before all steps.
        is_feature = node.input[0] in self.features and self.lines[name] is None
        return is_feature or not self._cast(node, Text("")).words

    def function(self, name: str) -> tuple[str, list[str]] | None:
        """The function of several nodes whose result is this value, and its operands."""
        line = self.lines.get(name)
        if line is None or not line.answers or self.answers[line.function] != name:
            return None
        called, _, rest = line.function.rstrip(")").partition("(")
        known = (self.makers, self.constants, self.features)
        operands = [operand if any(operand in names for names in known) else None for operand in rest.split(",")]
        # Operands that are columns of a matrix have got other names since the line was recorded.
        left = [leaf for leaf in self._leaves(line.function) if leaf not in operands]
        if len(left) == operands.count(None) < (2 if called in UNORDERED else 3):
            operands = [left.pop(0) if operand is None else operand for operand in operands]
        return None if None in operands else (called, operands)

    def _leaves(self, function: str) -> list[str]:
        """The values that the nodes of a function use from outside, in the order of use."""
        names = {name for name, line in self.lines.items() if line and line.function == function}
        taken = [value for node in self.nodes if node.output[0] in names for value in node.input]
        return list(dict.fromkeys(value for value in taken if value not in names and value not in self.constants))

    def _made(self, name: str, depth: int) -> Text:
        function, pattern, node = self.function(name), self._pattern(name), self.makers[name]
        if function:
            return self._called(*function, depth)
        if pattern:
            return Text(f"{pattern[0]}({self.of(pattern[1], depth).words})")
        source = self._column(node)
        if source:
            return self.of(source, depth)
        texts = [self.of(value, depth) for value in node.input if value]
        if node.op_type in INFIX and not attribute(node, "fmod"):
            return infix(*INFIX[node.op_type], *texts)
        return self._special(node, texts) or self._call(node, texts)

    def _called(self, called: str, operands: Sequence[str], depth: int) -> Text:
        texts = [self.of(operand, depth) for operand in operands]
        if called in OF_TWO:
            return infix(*OF_TWO[called], *texts)
        return Text(f"{called}({', '.join(text.words for text in texts)})")

    def _special(self, node: onnx.NodeProto, texts: list[Text]) -> Text | None:
        match node.op_type:
            case "Where":
                condition, then = (bracketed(text, OR) for text in texts[:2])
                return Text(f"{then} if {condition} else {texts[2].words}", CHOICE)
            case "Not":
                return Text(f"not {bracketed(texts[0], NOT)}", NOT)
            case "Neg":
                return Text(f"-{bracketed(texts[0], SIGN)}", SIGN)
            case "Concat":
                return Text(f"[{', '.join(text.words for text in texts)}]")
            case "Gather":
                return Text(f"{bracketed(texts[0], ATOM)}[{texts[1].words}]")
            case "LabelEncoder":
                [default] = of_entries(node, "default_") or [None]
                return Text(f"{of_table(node)}.get({texts[0].words}, {of_item(default)})")
            case "Cast":
                return self._cast(node, texts[0])
        return texts[0] if node.op_type in SAME else None

    def _call(self, node: onnx.NodeProto, texts: list[Text]) -> Text:
        """A function call with the operator's name. The axes of a sum or an extreme are left out, because it is always
        taken over the numbers of one row."""
        called = CALLED.get(node.op_type, node.op_type.lower())
        texts = texts[:1] if node.op_type.startswith("Reduce") else texts
        options = [f"{entry.name}={value}" for entry in node.attribute if (value := of_attribute(entry))]
        return Text(f"{called}({', '.join([text.words for text in texts] + options)})")

    def _cast(self, node: onnx.NodeProto, text: Text) -> Text:
        """A boolean or an integer converted to float is the same number."""
        before, after = self._type(node.input[0]), attribute(node, "to")
        if after == onnx.TensorProto.STRING:
            return Text(f"str({text.words})")
        if after == onnx.TensorProto.FLOAT:
            return Text(f"float32({text.words})")
        if after in INTEGERS and before == onnx.TensorProto.DOUBLE:
            return Text(f"int({text.words})")
        return Text(f"bool({text.words})") if after == onnx.TensorProto.BOOL else text

    def _pattern(self, name: str) -> tuple[str, str] | None:
        return pattern_of(self.makers, self.constants, name)

    def _type(self, name: str) -> int | None:
        return self.types[name].elem_type if name in self.types else None

    def _width(self, name: str) -> int:
        shape = self.types[name].shape.dim if name in self.types else ()
        return shape[1].dim_value if len(shape) == 2 else 0

    def _column(self, node: onnx.NodeProto) -> str | None:
        """The name of the column that a node takes out of a matrix of features, or out of columns that were joined;
        None for other nodes."""
        places = self.constants.get(node.input[1]) if node.op_type == "Gather" else None
        if places is None or places.size != 1 or attribute(node, "axis") != 1:
            return None
        source, place = node.input[0], int(places.ravel()[0])
        if source in self.features:
            name = f"{source}[{place}]"
            self.names[name] = self.features[source][place]
            return name
        maker = self.makers.get(source)
        if maker is not None and maker.op_type == "Concat":
            for part in maker.input:
                if self._width(part) == 1 and place == 0:
                    return part
                place -= self._width(part)
        return None
