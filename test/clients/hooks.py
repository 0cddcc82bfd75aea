"""Rules of the service that its schema cannot express. With them, schemathesis leaves out the cases that would fail."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis import Case, HookContext
from schemathesis.generation import GenerationMode


@schemathesis.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """Leaves out cases that the schema allows but the service refuses, or the other way round."""
    if any(rounds_into_range(number) for number in numbers(case.body)):
        return False
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return True
    if case.media_type == "text/csv":
        return case.body in csv_examples(context)
    if case.media_type == "application/octet-stream":
        # The schema allows any bytes here. `npm run test:fuzz` tests this media type instead.
        return False
    body = case.body
    return has_finite_answer(body) and is_even(body) and has_no_nul(body) and not says_length(case.headers)


def csv_examples(context: HookContext) -> list[str]:
    """The CSV examples of the OpenAPI document. Only these are sent, because the schema allows any string as CSV."""
    content = context.operation.definition.raw["requestBody"]["content"]["text/csv"]
    return [example["value"] for example in content["examples"].values()]


def has_finite_answer(body: Any) -> bool:
    """Whether all numbers are below 1e38. For larger ones a model may answer Infinity or NaN, and trees use float32."""
    return all(abs(number) < 1e38 for number in numbers(body))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from numbers(item)


# The largest float64 as the OpenAPI document writes it: with the shortest digits that identify it. As an integer, this
# is slightly less than the float64.
LARGEST = 17976931348623157 * 10**292


def rounds_into_range(number: float) -> bool:
    """Whether a whole number is beyond LARGEST, but becomes the largest float64 when it is read as a float."""
    try:
        return abs(number) > LARGEST and abs(float(number)) <= sys.float_info.max
    except OverflowError:
        return False


def is_even(body: Any) -> bool:
    """Whether all columns have the same length, in MLflow's `inputs` or `instances` by column."""
    layouts = [body.get(name) for name in ("inputs", "instances")] if isinstance(body, dict) else []
    tables = [layout.values() for layout in layouts if isinstance(layout, dict)]
    return all(len({len(column) for column in table if isinstance(column, list)}) <= 1 for table in tables)


def has_no_nul(body: Any) -> bool:
    """Whether no string has a NUL, at which ONNX Runtime would end the string."""
    return "\\u0000" not in json.dumps(body, default=str)


def says_length(headers: Any) -> bool:
    """Whether the header is there that says how many bytes of the body are JSON. A random value would not fit."""
    return "inference-header-content-length" in (headers or {})
