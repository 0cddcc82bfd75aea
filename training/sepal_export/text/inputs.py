"""The inputs for the terms of texts: one input of strings per analyzer of a feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sepal_export.data.dataset import Dataset
from sepal_export.data.predictions import TERMS
from sepal_export.estimators import ConversionError
from sepal_export.graphs.graph import Graph, Value
from sepal_export.graphs.table import Column
from sepal_export.text.analyzers import SEPARATOR, Analyzer


@dataclass(frozen=True, eq=False)
class Text:
    """The input `name` [N, 1] gets the result of `analyzer` for a feature. `terms` are those that the graph knows by
    name, from all vectorizers that read it."""

    feature: int
    name: str
    analyzer: Analyzer
    terms: set[str] = field(default_factory=set)

    def cells(self, texts: Sequence[str | None]) -> np.ndarray:
        """[N, 1] objects."""
        return np.array([self.analyzer.cell(text) for text in texts], dtype=object)[:, None]

    def to_json(self) -> dict[str, Any]:
        """The entry in model.json."""
        return {"input": self.name, **self.analyzer.described}


def analysed(column: Column, analyzer: Analyzer, terms: Sequence[str] = ()) -> Value:
    """[N, L] strings: the terms of each row's text, filled up with empty ones. Raises NotImplementedError if the column
    is not a client's own text."""
    return column.value.graph.node("Squeeze", split_of(column, analyzer, terms)[0], np.array([1]))


def split_of(column: Column, analyzer: Analyzer, terms: Sequence[str] = ()) -> list[Value]:
    """[N, 1, L]: the terms; and [N, 1] int64: their number."""
    graph = column.value.graph
    require_text(graph, column)
    text = next((text for text in graph.texts if is_same(text, column, analyzer)), None)
    if text is None:
        text = Text(column.feature, f"{TERMS}{len(graph.texts)}", analyzer)
        graph.texts.append(text)
        graph.input(text.name, str, 1)
        if graph.rows is not None:
            graph.rows[text.name] = text.cells(graph.rows[column.value.name][:, 0].tolist())
    text.terms.update(terms)
    return graph.node_of(2, "StringSplit", Value(graph, text.name), delimiter=SEPARATOR)


def is_same(text: Text, column: Column, analyzer: Analyzer) -> bool:
    return text.feature == column.feature and text.analyzer.described == analyzer.described


def require_text(graph: Graph, column: Column) -> None:
    if not column.is_string:
        raise NotImplementedError("it takes texts, and numbers or times reach it; give it a column of strings")
    if column.feature is None or column.value.name != graph.inputs[column.feature].name:
        raise NotImplementedError(
            "it takes texts as a client sends them, and a step before it changes them; leave that step out, and make "
            "the change before the fit"
        )
    if column.is_nullable:
        raise NotImplementedError(
            "it takes no missing text, and its column may lack some; fill them before the fit, by X['text'].fillna('')"
        )
    if graph.rows is not None and any(SEPARATOR in text for text in graph.rows[column.value.name][:, 0]):
        raise NotImplementedError(
            "a text of its column holds the control character U+001F, which stands between the terms on their way to "
            "the model; put a space in its place, by X['text'].str.replace('\\x1f', ' ')"
        )


def reading(dataset: Dataset, used: Sequence[int], inputs: Sequence[int], graph: Graph) -> Dataset:
    """The data set of the features `used`, for a model with these `inputs` of the graph."""
    owners = owners_of(graph)
    place_of = {feature: place for place, feature in enumerate(used)}
    wanted = {graph.inputs[place].name for place in inputs}
    texts = [replace(text, feature=place_of[text.feature]) for text in graph.texts if text.name in wanted]
    # With a single matrix, the positions are those of columns.
    own = {place for place in inputs if place == owners[place]} if texts else set()
    return dataset.reading(texts, frozenset({text.feature for text in texts} - {place_of[feature] for feature in own}))


def input_names(dataset: Dataset, used: Sequence[int], inputs: Sequence[int], graph: Graph) -> list[str]:
    """The names of the `inputs`: a feature's own input has the feature's name."""
    owners, names = owners_of(graph), dict(zip(used, dataset.input_names, strict=True))
    return [names[owners[place]] if place == owners[place] else graph.inputs[place].name for place in inputs]


def refuse_closed_texts(dataset: Dataset, used: Sequence[int], graph: Graph) -> None:
    """Refuses texts with a closed set of values: a text feature has no categories to tell clients."""
    for text in dataset.texts:
        feature = used[text.feature]
        if feature in graph.known:
            raise ConversionError(
                f"the column {dataset.features[text.feature].name!r} is read as text, and {graph.restricting[feature]} "
                "takes no other strings of it than those of the training data; use handle_unknown='ignore' in an "
                "encoder, and make what Python of your own finds in it a column before the fit"
            )


def owners_of(graph: Graph) -> list[int]:
    """The feature of each input of the graph. The features' own inputs come first."""
    by_name = {text.name: text.feature for text in graph.texts}
    return [by_name.get(entry.name, place) for place, entry in enumerate(graph.inputs)]
