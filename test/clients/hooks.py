"""What schemathesis must know of the service that no schema can say. Bad cases are sent as they come."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis import Case, HookContext
from schemathesis.generation import GenerationMode


@schemathesis.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """Leaves out what fits the schema and must be refused even so."""
    if any(rounds_into_range(number) for number in numbers(case.body)):
        return False
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return True
    if case.media_type == "text/csv":
        return case.body in csv_examples(context)
    if case.media_type == "application/octet-stream":
        # To a schema it is any bytes. `npm run test:fuzz` sends them.
        return False
    body = case.body
    return has_finite_answer(body) and is_even(body) and has_no_nul(body) and not says_length(case.headers)


def csv_examples(context: HookContext) -> list[str]:
    """To a schema CSV is any string."""
    content = context.operation.definition.raw["requestBody"]["content"]["text/csv"]
    return [example["value"] for example in content["examples"].values()]


def has_finite_answer(body: Any) -> bool:
    """A float64 can hold values that the model has only Infinity or NaN for, and trees take none beyond float32."""
    return all(abs(number) < 1e38 for number in numbers(body))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from numbers(item)


# float64's largest number as the description has it: with the digits that tell it from others.
LARGEST = 17976931348623157 * 10**292


def rounds_into_range(number: float) -> bool:
    """A whole number of 309 digits that is beyond that, and that every reader rounds to it."""
    try:
        return abs(number) > LARGEST and abs(float(number)) <= sys.float_info.max
    except OverflowError:
        return False


def is_even(body: Any) -> bool:
    """MLflow's inputs by column: all as long as the first."""
    layouts = [body.get(name) for name in ("inputs", "instances")] if isinstance(body, dict) else []
    tables = [layout.values() for layout in layouts if isinstance(layout, dict)]
    return all(len({len(column) for column in table if isinstance(column, list)}) <= 1 for table in tables)


def has_no_nul(body: Any) -> bool:
    """Strings of characters: ONNX Runtime would end them at a NUL."""
    return "\\u0000" not in json.dumps(body, default=str)


def says_length(headers: Any) -> bool:
    """How many bytes of the body are JSON."""
    return "inference-header-content-length" in (headers or {})
