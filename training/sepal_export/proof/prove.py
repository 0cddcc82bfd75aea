"""Compares an original with its ONNX model on rows made for this purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import OnnxModel
from sepal_export.progress import Progress
from sepal_export.proof.points import MIN_POINTS, Points
from sepal_export.proof.verify import Parity, ParityError, verify

if TYPE_CHECKING:
    from sepal_export.conversion.convert import Conversion

# The largest tolerance for rounding alone. With a larger one, too many digits of an answer are noise, and rows further
# away than those of the proof have even fewer right digits.
LARGEST_TOLERANCE = 1e-5


def prove(
    estimator: Any,
    model: OnnxModel,
    dataset: Dataset,
    conversion: Conversion,
    published: Rows,
    *,
    allow_mismatch: bool,
    progress: Progress | None,
) -> Parity:
    """Compares the answers on MIN_POINTS rows or more, including those to be published, unless the original answers
    many rows by chance or not at all. Raises ParityError, and ConversionError if the original answers most rows by
    chance."""
    maker = Points(dataset, conversion.known, doubts=conversion.doubts, rounding=conversion.rounding)
    points = maker.by_kind(
        conversion.outline, conversion.splits, published, answer=model.last_output, progress=progress
    )
    if len(conversion.of_paths):
        points["paths"] = maker.decided(conversion.of_paths)
    maker.require_decided()

    def compared(points: dict[str, Rows], **options: Any) -> Parity:
        options = {"tolerance": conversion.tolerance, "allow_mismatch": allow_mismatch, **options}
        return verify(estimator, model, dataset, points, progress=progress, **options)

    try:
        parity = within_rounding(compared, points, conversion.rounding)
        if parity.rows < MIN_POINTS:
            # The original refused some rows. It probably answers rows between those of its training.
            more = maker.decided(maker.between(MIN_POINTS - parity.rows))
            before = [points["between rows"]] if "between rows" in points else []
            points = {**points, "between rows": Rows.concat([*before, more])}
            parity = within_rounding(compared, points, conversion.rounding)
    except ParityError as error:
        raise ParityError(f"{error}{said_of_edges(maker)}{said_of_rounding(conversion.rounding)}") from error
    undecided = maker.undecided if conversion.doubts or maker.edges else None
    return replace(parity, thresholds=maker.tried, undecided=undecided)


def within_rounding(compared: Callable[..., Parity], points: dict[str, Rows], rounding: float) -> Parity:
    """Allows differences up to `rounding`, by which the original's answers differ between machines. The tolerance is
    not much larger than the actual difference."""
    try:
        return compared(points)
    except ParityError:
        if not rounding:
            raise
        parity = compared(points, allow_mismatch=True)
        # The largest error is rounded up to a power of ten.
        if parity.label_agreement not in (None, 1.0) or parity.largest_error > min(10 * rounding, LARGEST_TOLERANCE):
            raise
        # Rows that were not tried may differ somewhat more.
        return compared(points, tolerance=min(10 * parity.largest_error, LARGEST_TOLERANCE))


def said_of_edges(maker: Points) -> str:
    if not maker.edges:
        return ""
    count, total = maker.edges(maker.training).sum(), len(maker.training)
    if not count:
        return ""
    return (
        f"\n{count:,} of {total:,} training rows lie on a threshold with which a step compares what the steps before "
        "it compute, to within rounding errors, so that the original may answer them differently on another machine; "
        "leave the step out that computes sums or functions, or put it behind the step that has the thresholds"
    )


def said_of_rounding(rounding: float) -> str:
    if rounding <= LARGEST_TOLERANCE:
        return ""
    return (
        f"\nrounding alone may move its answers by {rounding:.1g} of the largest, as its features have values far from "
        "0, or of different sizes; put a StandardScaler before it"
    )
