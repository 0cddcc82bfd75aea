"""The command line: exports the model in a file, with the rows of its fit in another file, to a model package.

sepal export model.joblib --data rows.csv --target species --name iris
"""

from __future__ import annotations

import argparse
import importlib.util
import shlex
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sepal_export.data.dataset import FITS, Column
from sepal_export.estimators import ConversionError
from sepal_export.evaluation.evaluate import evaluate, is_useless, on_holdout
from sepal_export.evaluation.scores import Evaluation
from sepal_export.explain.background import MOST_ROWS
from sepal_export.loading.load import Loaded, LoadError, load
from sepal_export.loading.mlflow_models import MlflowError, located
from sepal_export.originals.named import with_class_names
from sepal_export.package.export import export
from sepal_export.progress import Progress
from sepal_export.proof.verify import ParityError
from sepal_export.show import command as show
from sepal_export.training_data.judge import listed
from sepal_export.training_data.prepare import names_of, plain, takes_target
from sepal_export.training_data.reading import describe_problems, explain_doubt, read_holdout, read_training_data
from sepal_export.training_data.source import DataError, Source, flag

PROG = "python -m sepal_export"
USAGE = """usage: sepal export MODEL --name NAME …
       sepal show MODEL

For the options, run sepal export --help or sepal show --help."""
WRITTEN, UNUSABLE, WRONG, DIFFERS = 0, 1, 2, 3
# The arguments of pandas.read_csv that a fit may have used.
READ_CSV: dict[str, dict[str, Any]] = {
    "sep": {"type": lambda text: text.replace("\\t", "\t"), "metavar": "TEXT"},
    "decimal": {"metavar": "CHARACTER"},
    "thousands": {"metavar": "CHARACTER"},
    "encoding": {"metavar": "NAME"},
    "quotechar": {"metavar": "CHARACTER"},
    "skipinitialspace": {"action": "store_true", "default": None},
    "na_values": {"action": "append", "metavar": "TEXT"},
    "keep_default_na": {"action": "store_false", "default": None},
    "true_values": {"action": "append", "metavar": "TEXT"},
    "false_values": {"action": "append", "metavar": "TEXT"},
    "names": {"type": lambda text: text.split(","), "metavar": "NAME,…"},
    "index_col": {"type": lambda text: int(text) if text.isdecimal() else text, "metavar": "COLUMN"},
}


class ReportError(Exception):
    """A report that cannot be made; the message says what to do."""


def sepal() -> int:
    """The console command: `sepal export …`, and `sepal show …`."""
    command, *values = sys.argv[1:] or ["--help"]
    if command == "export":
        return main(values, prog="sepal export")
    if command == "show":
        return show.main(values, prog="sepal show")
    print(USAGE, file=sys.stderr)
    return WRITTEN if command in ("-h", "--help") else WRONG


def main(values: Sequence[str] | None = None, *, prog: str = PROG) -> int:
    """Returns the exit code: 0 if the package was written, 1 if the estimator or the data cannot be used, 3 if the ONNX
    model answers differently. For a wrong command line, argparse exits with 2."""
    arguments = parse(values, prog)
    try:
        print(run(arguments))
    except ParityError as error:
        print(f"error: {error}\nnothing was written; to write it anyway, add --allow-mismatch", file=sys.stderr)
        return DIFFERS
    except (ConversionError, DataError, LoadError, MlflowError, OSError, ReportError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return UNUSABLE
    return WRITTEN


def run(arguments: argparse.Namespace) -> str:
    """Exports the model. Returns the text to print."""
    if arguments.report and importlib.util.find_spec("matplotlib") is None:
        raise ReportError("a report needs matplotlib, which is not installed: pip install matplotlib")
    loaded = load(located(arguments.model), trusted=arguments.trust, code=arguments.code, warn=warn)
    estimator = loaded.estimator
    if arguments.class_names:
        estimator = with_class_names(estimator, dict(arguments.class_names))
    check_targets(arguments.target, estimator)
    source = source_of(arguments, loaded) if arguments.data else None
    rows = rows_of(source, arguments, estimator, loaded) if source else no_rows(arguments, estimator, loaded)
    out = arguments.out or Path("models") / arguments.name
    said: list[str] = []
    progress = Progress()
    with warnings_as_lines(progress):
        manifest = export(
            estimator,
            name=arguments.name,
            version=arguments.version,
            description=arguments.description,
            out=out,
            allow_mismatch=arguments.allow_mismatch,
            metrics=arguments.metrics and partial(measure, arguments, source, progress),
            report=arguments.report,
            publish_training_rows=arguments.publish_training_rows,
            background=arguments.background,
            progress=progress,
            say=said.append,
            **rows,
        )
    return describe(manifest, arguments, out, said)


def source_of(arguments: argparse.Namespace, loaded: Loaded) -> Source:
    names = arguments.features or [column.name for column in loaded.columns]
    # Types that the file may not show: a float64 column may hold only whole numbers here, and a CSV file has times as
    # text.
    said = {column.name: column.dtype for column in loaded.columns if column.dtype in ("float64", "timestamp")}
    return Source(arguments.data, options_of(arguments), said | dict(arguments.dtype), tuple(names))


def check_targets(targets: Sequence[str], estimator: Any) -> None:
    if not targets and takes_target(estimator):
        raise DataError(f"{type(estimator).__name__} predicts a target; add its name: --target NAME")


def rows_of(source: Source, arguments: argparse.Namespace, estimator: Any, loaded: Loaded) -> dict[str, Any]:
    """The arguments of `export` that come from the file of rows: X, y, the features and the targets."""
    data = read_training_data(source, arguments.target, estimator, loaded.fitted_by)
    units = dict(arguments.unit)
    check_units(units, data.names, arguments.target)
    if data.ignored:
        warn(f"the estimator does not take these columns of {arguments.data}: {listed(data.ignored)}")
    if data.unknown_targets:
        warn(f"{arguments.data} has no column {listed(data.unknown_targets)}, so the model is not measured")
    if data.problems:
        warn(f"{describe_problems(data, source)}; the estimator treats these values as unknown categories")
    features = [Column(name, unit=units.get(name), dtype=data.dtypes[name]) for name in data.names]
    return {"X": data.X, "y": data.y, "features": features, **targets_of(arguments)}


def no_rows(arguments: argparse.Namespace, estimator: Any, loaded: Loaded) -> dict[str, Any]:
    """The same arguments of `export` without a file of rows: the command line and the model describe the features."""
    said = {column.name: column for column in loaded.columns}
    names = names_of(estimator) or arguments.features or list(said) or None
    if names and list(map(plain, names)) == list(map(plain, said)):
        # The estimator knows the same names, but LightGBM replaces spaces and punctuation in them by underscores.
        names = list(said)
    if names is None:
        raise DataError(
            f"{type(estimator).__name__} does not know the names of its features; add: --data FILE, with the rows of "
            "its fit, or --features NAME,…"
        )
    units, dtypes = dict(arguments.unit), dict(arguments.dtype)
    check_units(units | dtypes, names, arguments.target)
    features = [
        replace(said.get(name, Column(name)), unit=units.get(name))
        if name not in dtypes
        else Column(name, unit=units.get(name), dtype=dtypes[name])
        for name in names
    ]
    return {"X": None, "y": None, "features": features, **targets_of(arguments)}


def targets_of(arguments: argparse.Namespace) -> dict[str, Any]:
    units = dict(arguments.unit)
    targets = [Column(name, unit=units.get(name)) for name in arguments.target]
    return {"target": targets[0] if len(targets) == 1 else targets} if targets else {}


def options_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of pandas.read_csv that the command line gives."""
    given = {name: getattr(arguments, name) for name in READ_CSV}
    return {name: value for name, value in given.items() if value is not None}


def measure(
    arguments: argparse.Namespace, source: Source, progress: Progress, estimator: Any, X: Any, y: Any
) -> Evaluation:
    """Measures on the rows of --holdout, or by cross-validation. Raises DataError if the model is far worse on its own
    rows than clones are on rows that they were not fitted on."""
    if arguments.holdout:
        data = read_holdout(replace(source, path=arguments.holdout), arguments.target, estimator)
        return on_holdout(estimator, data.X, data.y)
    evaluation = evaluate(estimator, X, y, progress, keep=bool(arguments.report))
    if evaluation.doubt:
        raise DataError(explain_doubt(evaluation.doubt, source, arguments.target, estimator))
    if not evaluation.folds and is_useless(evaluation, y):
        warn(
            f"one constant answer to all rows of {source.path} would be better than the estimator's answers; check "
            "that the file is read as it was for the fit"
        )
    return evaluation


def check_units(said: dict[str, str], names: Sequence[str], targets: Sequence[str]) -> None:
    for name in said:
        if name not in [*names, *targets]:
            raise DataError(
                f"--unit or --dtype names {name!r} ({said[name]}), but there is no such feature; the features are "
                f"{listed(names)}"
            )


def describe(manifest: dict[str, Any], arguments: argparse.Namespace, out: Path, said: Sequence[str]) -> str:
    lines = [*said, ""]
    whole = [feature["name"] for feature in manifest["features"] if feature["dtype"] == "int64"]
    if whole:
        lines += [
            f"{listed(whole)}: whole numbers only, as in the data; --dtype {whole[0]}=float64 accepts fractions too",
            "",
        ]
    lines += [f"wrote {out}"] + ([f"wrote {arguments.report}"] if arguments.report else [])
    return "\n".join([*lines, f"serve it: npm start -- --model {served_as(out.resolve(), manifest['name'])}"])


def served_as(out: Path, name: str) -> str:
    """What `npm start -- --model` takes: the package's name if it lies in models/ of the service's own folder, which is
    the working directory then; otherwise its absolute path, quoted for a shell."""
    is_here = Path("local/server.ts").is_file() and out == Path("models", name).resolve()
    return name if is_here else shlex.quote(str(out))


@contextmanager
def warnings_as_lines(progress: Progress) -> Iterator[None]:
    """Collects Python's warnings within this context. Then clears the progress line, and prints each warning once,
    without its place in the code."""
    with warnings.catch_warnings(record=True) as caught:
        try:
            yield
        finally:
            progress.end()
            # Some libraries repeat a warning at every call.
            for message in dict.fromkeys(str(warning.message) for warning in caught):
                warn(message)


def warn(text: str) -> None:
    print(f"warning: {text}", file=sys.stderr, flush=True)


def parse(values: Sequence[str] | None, prog: str = PROG) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Exports a fitted estimator to a model package that Sepal can serve: model.onnx, model.json, "
        "golden.json and SHA256SUMS. The ONNX model is compared with the original on at least 20,000 rows. The package "
        "is written only if the answers agree.",
        epilog="exit codes: 0 written; 1 the estimator or the data cannot be used; 2 the command line is wrong; 3 the "
        "answers of the ONNX model differ from the original's",
    )
    parser.add_argument(
        "model", metavar="MODEL",
        help="the estimator, saved by joblib, pickle or skops; a booster, saved by its library; an MLflow model: its "
        "folder, or an address such as models:/NAME/1; or an ONNX model that another program exported",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, metavar="FILE",
        help="the rows that the estimator was fitted to, in CSV, Parquet, Feather or Arrow; without them, the export "
        "makes up rows for the comparison",
    )  # fmt: skip
    parser.add_argument(
        "--target", action="append", default=[], metavar="COLUMN",
        help="the name of what the model predicts, which is also the column of FILE with the right answers, if it has "
        "one; repeat the option for several targets",
    )  # fmt: skip
    parser.add_argument(
        "--class-names", nargs="+", type=assignment, metavar="NAME=CODE",
        help="names for the classes of a model that was fitted to codes, such as no=0 yes=1",
    )  # fmt: skip
    parser.add_argument(
        "--features", type=lambda text: text.split(","), metavar="NAME,…",
        help="the names of the features, in order, if the model does not have them",
    )  # fmt: skip
    parser.add_argument("--name", required=True, help="the name of the model")
    parser.add_argument("--version", default="1.0.0", help="the version of the model (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write it (default: models/NAME)")
    parser.add_argument("--description", default="", metavar="TEXT", help="a sentence about what it predicts")
    parser.add_argument(
        "--dtype", action="append", default=[], type=dtype, metavar="COLUMN=TYPE",
        help=f"the type of a feature, if it differs from that of the data: {', '.join(FITS)}, or category (strings "
        "that the estimator gets as pandas' type category)",
    )  # fmt: skip
    parser.add_argument(
        "--unit", action="append", default=[], type=assignment, metavar="COLUMN=UNIT",
        help="the unit of a feature or of a target",
    )  # fmt: skip
    parser.add_argument(
        "--report", nargs="?", type=Path, const=True, metavar="FILE",
        help="also write a page with charts about the model (default: NAME-report.html)",
    )  # fmt: skip
    parser.add_argument(
        "--trust", type=lambda types: types.split(","), default=[], metavar="TYPE,…",
        help="the types in a skops file that you trust besides those of scikit-learn and numpy",
    )  # fmt: skip
    parser.add_argument(
        "--code", type=Path, metavar="SCRIPT",
        help="the Python script that defines the classes and functions in a pickle; only its imports, its definitions "
        "and what these use are run",
    )  # fmt: skip
    parser.add_argument("--allow-mismatch", action="store_true", help="write the package even if the answers differ")
    parser.add_argument(
        "--holdout", type=Path, metavar="FILE", help="rows that it was not fitted to, to measure how good it is"
    )
    parser.add_argument(
        "--no-metrics", dest="metrics", action="store_false",
        help="do not measure how good it is, which fits clones of it",
    )  # fmt: skip
    parser.add_argument(
        "--publish-training-rows", action="store_true",
        help="use rows of FILE as the examples and golden rows, instead of made-up rows",
    )  # fmt: skip
    parser.add_argument(
        "--background", type=rows_of_background, metavar="ROWS",
        help="how many rows represent the training data in explanations (default: 10 to 100, fewer for many features "
        "or a slow model); 0 leaves explanations out",
    )  # fmt: skip
    reading = parser.add_argument_group(
        "CSV", "FILE is read by pandas.read_csv. Give the arguments with which it was read for the fit, if there were "
        "any. Repeat --na-values, --true-values and --false-values for each value.",
    )  # fmt: skip
    for name, how in READ_CSV.items():
        reading.add_argument(flag(name), dest=name, **how)
    arguments = parser.parse_args(values)
    if arguments.report is True:
        arguments.report = Path(f"{arguments.name}-report.html")
    return arguments


def rows_of_background(text: str) -> int:
    if not (text.isdecimal() and int(text) <= MOST_ROWS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows from 0 to {MOST_ROWS:,}")
    return int(text)


def assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form COLUMN=VALUE")
    return name, value


def dtype(text: str) -> tuple[str, str]:
    name, value = assignment(text)
    if value not in (*FITS, "category"):
        raise argparse.ArgumentTypeError(f"{value!r} is not a type; expected one of {', '.join(FITS)} and category")
    return name, value


if __name__ == "__main__":
    # `python -m sepal_export MODEL …` exports, and `python -m sepal_export show MODEL` shows.
    sys.exit(show.main(sys.argv[2:], prog=f"{PROG} show") if sys.argv[1:2] == ["show"] else main())
