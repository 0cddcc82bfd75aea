"""A regressor for the tests of the service: writes test/fixtures/diabetes/.

training/run python diabetes.py
"""

import sys
from pathlib import Path

from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import export

PACKAGE = Path(__file__).parent.parent / "test" / "fixtures" / "diabetes"


def main(out: Path = PACKAGE) -> None:
    diabetes = load_diabetes(scaled=False)
    X, y = diabetes.data[:50], diabetes.target[:50]
    estimator = make_pipeline(StandardScaler(), Ridge())
    export(
        estimator.fit(X, y),
        X,
        y,
        name="diabetes",
        version="1.0.0",
        description="Progression of diabetes a year after the measurements (Efron and others, 2004).",
        features=diabetes.feature_names,
        target="progression",
        out=out,
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
