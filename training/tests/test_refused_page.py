"""docs/refused.md agrees with the code, and each reason to refuse an estimator names an alternative."""

from pathlib import Path

from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
from sklearn.utils import all_estimators

import sepal_export.converters  # noqa: F401  registers them
from sepal_export.registry import CONVERTERS, REFUSED, TRANSFORMERS
from zoo.refusals import Reader, page

PAGE = Path(__file__).parents[2] / "docs" / "refused.md"


def test_the_page_lists_what_the_code_refuses():
    content = PAGE.read_text("utf-8")
    assert page(content) == content, "training/run python -m zoo.refusals ../docs writes it anew"


def test_each_reason_of_a_converter_names_a_way_out():
    reasons = [refusal.text for refusal in Reader().refusals() if refusal.module.startswith("converters/")]
    assert len(reasons) > 90
    assert [reason for reason in [*reasons, *REFUSED.values()] if "; " not in reason] == []


def test_no_estimator_of_scikit_learn_is_without_a_converter_or_a_reason():
    known = CONVERTERS.keys() | TRANSFORMERS.keys() | REFUSED.keys()
    assert [name for name, _ in all_estimators() if f"sklearn.{name}" not in known] == []
    assert not (CONVERTERS.keys() | TRANSFORMERS.keys()) & REFUSED.keys()
