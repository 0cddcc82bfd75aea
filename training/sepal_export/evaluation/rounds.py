"""The number of rounds of a booster, and the number that its parameters ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rounds:
    made: int
    asked: int


def rounds_of(estimator: Any) -> Rounds | None:
    """The rounds of a fitted booster; None for other estimators. The two numbers differ if an evaluation set stopped it
    early, or if `load_model` loaded it, which keeps no parameters."""
    library = type(estimator).__module__.partition(".")[0]
    count = {"catboost": of_catboost, "lightgbm": of_lightgbm, "xgboost": of_xgboost}.get(library)
    return count(estimator) if count else None


def of_catboost(estimator: Any) -> Rounds | None:
    if not estimator.is_fitted():
        return None
    return Rounds(estimator.tree_count_, estimator.get_all_params()["iterations"])


def of_lightgbm(estimator: Any) -> Rounds | None:
    """Training that ended early because no split helped counts as complete, because a new fit would end there, too."""
    if not estimator.__sklearn_is_fitted__():
        return None
    booster = estimator.booster_
    kept = re.search(r"^\[num_iterations: (\d+)\]", booster.model_to_string(num_iteration=1), re.MULTILINE)
    if kept is None:
        return None
    asked = int(kept[1])
    made = booster.best_iteration if booster.best_iteration > 0 else max(booster.current_iteration(), asked)
    return Rounds(made, asked)


def of_xgboost(estimator: Any) -> Rounds | None:
    if not estimator.__sklearn_is_fitted__():
        return None
    # Only exists if training had an evaluation set that could stop it early.
    best = getattr(estimator, "best_iteration", None)
    made = estimator.get_booster().num_boosted_rounds() if best is None else best + 1
    return Rounds(made, estimator.get_num_boosting_rounds())
