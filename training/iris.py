"""The example that ships: trains iris and writes its model package.

npm run train                             # writes models/iris/
training/run python iris.py /tmp/iris     # writes it elsewhere
"""

import sys
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import Column, export

PACKAGE = Path(__file__).parent.parent / "models" / "iris"


def main(out: Path) -> None:
    iris = load_iris()
    X, y = iris.data, iris.target_names[iris.target]
    estimator = make_pipeline(StandardScaler(), LogisticRegression())

    manifest = export(
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
        target=Column("species"),
        out=out,
    )

    metrics, parity = manifest["metrics"], manifest["parity"]
    print(f"wrote {manifest['name']} {manifest['version']}")
    for metric, score in metrics["values"].items():
        print(f"  {metric} {score['mean']} ± {score['std']} ({metrics['protocol']})")
    print(f"  same labels as scikit-learn on {parity['rows']} rows, probabilities within {parity['largest_error']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)
