"""docs/exact-export.md lists the classes that can be exported. The zoo, which has the estimators on which the export is
tried, has each of them."""

import re

from test_packages import TRAINING

from sepal_export.estimators import estimators_in
from sepal_export.registry import CONVERTERS, REFUSED, TRANSFORMERS
from zoo import compare, roles
from zoo.entries import ENTRIES
from zoo.families import members

DOCS = TRAINING.parent / "docs"


def test_the_documented_lists_are_those_of_the_converters():
    page = (DOCS / "exact-export.md").read_text("utf-8")
    assert compare.between("estimators", compare.estimators(), page) == page


def test_every_class_with_a_converter_stands_in_the_zoo():
    exported = [entry for entry in (*ENTRIES, *members()) if not entry.refused]
    parts = {type(part).__name__ for entry in exported for part in estimators_in(entry.estimator)}
    named = {name for entry in exported for name in re.findall(r"\w+", entry.name)}
    known = {name for name in CONVERTERS | TRANSFORMERS if not roles.stands_for_another(name)}
    assert {name for name in known if name.partition(".")[2] not in parts | named} == set()


def test_every_estimator_of_the_zoo_is_on_its_page():
    page = (DOCS / "zoo.md").read_text("utf-8")
    names = roles.predictors() | roles.transformers() | REFUSED.keys()
    named = {name for entry in ENTRIES for name in re.findall(r"\b[A-Z]\w*(?:Classifier|Regressor)\b", entry.name)}
    assert {entry.name for entry in (*ENTRIES, *members()) if f"| {entry.name} |" not in page} == set()
    assert named <= {name.partition(".")[2] for name in names}
