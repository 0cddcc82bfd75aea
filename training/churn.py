"""The second package that ships: columns of every type, some of them missing, of made-up customers.

npm run train                              # writes models/churn/
training/run python churn.py /tmp/churn    # writes it elsewhere
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

from sepal_export import Column, export

PACKAGE = Path(__file__).parent.parent / "models" / "churn"
CUSTOMERS = 1_200
UNITS = {"tenure": "months", "monthly_charge": "€"}


def generate() -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of a telephone company, and whether they stayed. The same ones every time."""
    random = np.random.default_rng(7)
    contract = random.choice(["monthly", "one year", "two years"], CUSTOMERS, p=[0.5, 0.3, 0.2])
    payment = random.choice(["card", "direct debit", "invoice"], CUSTOMERS, p=[0.4, 0.4, 0.2]).astype(object)
    region = random.choice(["Île-de-France", "North", "South", "West"], CUSTOMERS)
    tenure = np.minimum(random.geometric(0.03, CUSTOMERS), 72)
    charge = np.round(random.gamma(9, 4.5, CUSTOMERS) + 5, 2)
    calls = random.poisson(1.2, CUSTOMERS)
    paperless = random.random(CUSTOMERS) < 0.6

    leaning = (
        1.2 * (contract == "monthly")
        - 1.1 * (contract == "two years")
        + 0.9 * (payment == "invoice")
        + 0.03 * (charge - 45)
        - 0.05 * tenure
        + 0.5 * calls
        + 0.3 * paperless * (region == "North")
    )
    churned = random.random(CUSTOMERS) < 1 / (1 + np.exp(0.3 - leaning))

    payment[random.random(CUSTOMERS) < 0.08] = np.nan
    charge[random.random(CUSTOMERS) < 0.05] = np.nan
    customers = pd.DataFrame(
        {
            "contract": contract,
            "payment": payment,
            "region": region,
            "tenure": tenure,
            "monthly_charge": charge,
            "support_calls": calls,
            "paperless": paperless,
        }
    )
    return customers, np.where(churned, "leaves", "stays")


def build() -> Pipeline:
    return make_pipeline(
        make_column_transformer(
            # The model refuses an unknown contract. It accepts an unknown payment or region, as none of the known ones.
            (OneHotEncoder(), ["contract"]),
            (
                make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
                ["payment"],
            ),
            (OneHotEncoder(handle_unknown="ignore"), ["region"]),
            (SimpleImputer(strategy="median"), ["monthly_charge"]),
            remainder="passthrough",
        ),
        GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=0),
    )


def main(out: Path) -> None:
    X, y = generate()
    export(
        build().fit(X, y),
        X,
        y,
        name="churn",
        version="1.0.0",
        description="Whether a customer of a telephone company leaves within a year (generated data).",
        features=[Column(name, unit=UNITS.get(name)) for name in X.columns],
        target="outcome",
        out=out,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)
