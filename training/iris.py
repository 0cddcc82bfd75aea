"""The example that ships: trains iris and writes its model package.

npm run train                             # writes models/iris/ and docs/iris-report.html
training/run python iris.py /tmp/iris     # writes the package elsewhere
"""

import sys
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import Column, export

ROOT = Path(__file__).parent.parent
PACKAGE, REPORT = ROOT / "models" / "iris", ROOT / "docs" / "iris-report.html"


def main(out: Path, report: Path | None = None) -> None:
    iris = load_iris()
    X, y = iris.data, iris.target_names[iris.target]
    estimator = make_pipeline(StandardScaler(), LogisticRegression())
    export(
        estimator.fit(X, y),
        X,
        y,
        name="iris",
        version="1.0.0",
        description="Species of an iris from the size of its sepals and petals (Fisher, 1936).",
        features=[
            Column("sepal_length", unit="cm"),
            Column("sepal_width", unit="cm"),
            Column("petal_length", unit="cm"),
            Column("petal_width", unit="cm"),
        ],
        target="species",
        out=out,
        report=report,
    )


if __name__ == "__main__":
    main(*(map(Path, sys.argv[1:]) if len(sys.argv) > 1 else (PACKAGE, REPORT)))
