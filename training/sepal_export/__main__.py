"""The command line: an estimator in a file and the CSV file that it was fitted to → a model package.

python -m sepal_export model.joblib --data rows.csv --target species --name iris
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sepal_export.dataset import FITS, Column
from sepal_export.load import Loaded, LoadError, load, reason
from sepal_export.origin import to_install
from sepal_export.package import export
from sepal_export.registry import ConversionError
from sepal_export.summary import summarise
from sepal_export.training_data import DataError, TrainingData, listed, read_training_data
from sepal_export.verify import ParityError

WRITTEN, UNUSABLE, DIFFERS = 0, 1, 3


class ReportError(Exception):
    """A report that cannot be made; the message says what to do."""


def main(values: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 written, 1 the estimator or the data cannot be used, 3 the ONNX model answers otherwise
    (2 is argparse's own, for a wrong command line)."""
    arguments = parse(values)
    try:
        print(run(arguments))
    except ParityError as error:
        print(f"error: {error}\nnothing was written; --allow-mismatch writes it nevertheless", file=sys.stderr)
        return DIFFERS
    except (ConversionError, DataError, LoadError, OSError, ReportError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return UNUSABLE
    return WRITTEN


def run(arguments: argparse.Namespace) -> str:
    """Exports; what to say of it."""
    if arguments.report and importlib.util.find_spec("matplotlib") is None:
        raise ReportError("a report needs matplotlib, which is not installed: pip install matplotlib")
    loaded = load(arguments.model, trusted=arguments.trust, warn=warn)
    dtypes, units = dict(arguments.dtype), dict(arguments.unit)
    data = read_training_data(arguments.data, arguments.target, loaded.estimator, dtypes)
    check_units(units, data, arguments.target)
    if data.ignored:
        warn(f"the estimator does not take these columns of {arguments.data}: {listed(data.ignored)}")
    out = arguments.out or Path("models") / arguments.name
    check_answers(loaded, data, arguments.data)
    manifest = export(
        loaded.estimator,
        data.X,
        data.y,
        name=arguments.name,
        version=arguments.version,
        description=arguments.description,
        features=[column(name, dtypes, units) for name in data.names],
        target=Column(arguments.target, unit=units.get(arguments.target)),
        out=out,
        allow_mismatch=arguments.allow_mismatch,
        metrics=arguments.metrics,
        report=arguments.report,
    )
    return describe(manifest, arguments, out)


def check_answers(loaded: Loaded, data: TrainingData, path: Path) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loaded.estimator.predict(data.X[:5])
    except Exception as error:  # whatever an estimator of any library raises
        if loaded.fitted_by:
            advice = f"it was fitted by scikit-learn {loaded.fitted_by}; {to_install(loaded.fitted_by)}"
        else:
            advice = (
                "the columns must hold what it was fitted to; --dtype COLUMN=category makes pandas' categories of one"
            )
        raise DataError(f"the estimator cannot answer the rows of {path} ({reason(error)}); {advice}") from error


def column(name: str, dtypes: dict[str, str], units: dict[str, str]) -> Column:
    """`category` is the frame's type, and a client sends a string."""
    dtype = dtypes.get(name)
    return Column(name, unit=units.get(name), dtype="string" if dtype == "category" else dtype)


def check_units(units: dict[str, str], data: TrainingData, target: str) -> None:
    for name in units:
        if name not in [*data.names, target]:
            raise DataError(
                f"no feature is called {name!r}, whose unit is said to be {units[name]!r}; there are "
                f"{listed(data.names)}"
            )


def describe(manifest: dict[str, Any], arguments: argparse.Namespace, out: Path) -> str:
    lines = [summarise(manifest), ""]
    whole = [feature["name"] for feature in manifest["features"] if feature["dtype"] == "int64"]
    if whole:
        lines += [
            f"{listed(whole)}: whole numbers only, as in the data; --dtype {whole[0]}=float64 would accept others too",
            "",
        ]
    lines += [f"wrote {out}"] + ([f"wrote {arguments.report}"] if arguments.report else [])
    if out.resolve().parent.name != "models":
        lines.append(f"put {out.name} into the folder models/ of the service, then")
    return "\n".join([*lines, f"serve it: npm start -- --model {out.resolve().name}"])


def warn(text: str) -> None:
    print(f"warning: {text}", file=sys.stderr, flush=True)


def parse(values: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sepal-export",
        description="Exports a fitted estimator to a model package, which Sepal serves: model.onnx, model.json and "
        "golden.json. The ONNX model is compared with the original on 20,000 rows and more, and is written only if it "
        "answers the same.",
        epilog="exit codes: 0 written; 1 the estimator or the data cannot be used; 2 the command line is wrong; 3 the "
        "ONNX model answers otherwise than the original",
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the estimator, saved by joblib, pickle or skops")
    parser.add_argument("--data", required=True, type=Path, metavar="FILE", help="the rows it was fitted to, as CSV")
    parser.add_argument("--target", required=True, metavar="COLUMN", help="the column of FILE that it predicts")
    parser.add_argument("--name", required=True, help="what the model is called")
    parser.add_argument("--version", default="1.0.0", help="of the model (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write it (default: models/NAME)")
    parser.add_argument("--description", default="", metavar="TEXT", help="what it predicts from what, in a sentence")
    parser.add_argument(
        "--dtype", action="append", default=[], type=dtype, metavar="COLUMN=TYPE",
        help=f"the type of a feature, if not the one that the data has: {', '.join(FITS)}, or category (strings that "
        "the estimator takes as pandas' own type)",
    )  # fmt: skip
    parser.add_argument(
        "--unit", action="append", default=[], type=assignment, metavar="COLUMN=UNIT", help="of a feature or the target"
    )
    parser.add_argument(
        "--report", nargs="?", type=Path, const=True, metavar="FILE",
        help="write a page of pictures about the model too (default: NAME-report.html)",
    )  # fmt: skip
    parser.add_argument(
        "--trust", type=lambda types: types.split(","), default=[], metavar="TYPE,…",
        help="types in a skops file that it may make objects of",
    )  # fmt: skip
    parser.add_argument(
        "--allow-mismatch", action="store_true", help="write the package even if the ONNX model answers otherwise"
    )
    parser.add_argument(
        "--no-metrics", dest="metrics", action="store_false", help="do not fit it again to measure how good it is"
    )
    arguments = parser.parse_args(values)
    if arguments.report is True:
        arguments.report = Path(f"{arguments.name}-report.html")
    return arguments


def assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form COLUMN=VALUE")
    return name, value


def dtype(text: str) -> tuple[str, str]:
    name, value = assignment(text)
    if value not in (*FITS, "category"):
        raise argparse.ArgumentTypeError(f"{value!r} is no type; there are {', '.join(FITS)} and category")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
