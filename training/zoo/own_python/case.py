"""What a case is: a pipeline with somebody's own Python in it, the rows that it is fitted to, and whether a package may
be written of it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline, make_pipeline

from sepal_export.originals.wrappers import as_estimator
from zoo.data import Data
from zoo.own_python.frames import Source


@dataclass(frozen=True)
class Case:
    """The last of `steps` predicts. `unfair` says why no package may be written. If it is None, a package may be
    written, and must give exactly the original's answers."""

    name: str
    steps: tuple[Any, ...]
    source: Source
    unfair: str | None = None

    @property
    def pipeline(self) -> Pipeline:
        return make_pipeline(*self.steps)

    def fitted(self) -> tuple[Any, Data]:
        X, y = self.source.training(labels=is_classifier(self.steps[-1]))
        return as_estimator(self.pipeline.fit(X, y)), Data(X, y)

    def fresh(self) -> Any:
        """2,000 rows that neither the fit nor the export has seen, as the original takes them."""
        return self.source.fresh(zlib.crc32(self.name.encode()))
