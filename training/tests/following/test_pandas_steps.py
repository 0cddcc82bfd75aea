"""Steps of several statements, which assign to a frame by position or condition, or change it in place."""

import numpy as np
import pandas as pd
import pytest
from followed_frames import followed


def mask_of_a_column(X):
    X = X.copy()
    X.loc[X.f > 0, "f"] = -1
    return X[["f", "w"]]


def mask_of_a_gap(X):
    X = X.copy()
    X.loc[X.f.isna(), "f"] = X.g
    return X[["f"]]


def mask_of_several_columns(X):
    X = X[["f", "g", "w"]].copy()
    X.loc[X.w > 0, ["f", "g"]] = 0
    return X


def mask_of_a_new_column(X):
    X = X.copy()
    X.loc[X.f > 0, "q"] = 1.0
    return X[["q"]]


def mask_of_strings(X):
    X = X.copy()
    X.loc[X.s == "red", "s"] = "blue"
    return X[["s"]]


def masks_one_after_another(X):
    X = X.copy()
    X["q"] = 0
    X.loc[X.w > 0, "q"] = 1
    X.loc[(X.w > 1) & X.b, "q"] = 2
    X.loc[~X.b | X.f.isna(), "q"] = X.q + 10
    return X[["q"]]


def whole_columns(X):
    X = X[["f", "w", "i"]].copy()
    X.loc[:, "f"] = X.w * 2
    X.iloc[:, 1] = X.i
    X[["a", "b"]] = X[["f", "i"]].to_numpy()
    return X


def a_column_more_and_less(X):
    X = X[["f", "w", "i"]].copy()
    X.insert(1, "q", X.f.fillna(0))
    popped = X.pop("w")
    X["r"] = popped + 1
    del X["i"]
    return X


def names_of_columns(X):
    X = X[["f", "w"]].copy()
    X.columns = [f"{name}_1" for name in X.columns]
    X.rename(columns={"f_1": "q"}, inplace=True)
    X["w_1"] += X["q"]
    return X


def loop_over_columns(X):
    X = X[["f", "w", "i"]].copy()
    for name in X.columns:
        X[f"{name}_lacks"] = X[name].isna().astype(int)
        X[name] = X[name].fillna(-1).clip(-5, 5)
    return X


def loop_over_rows(X):
    answers = []
    for _, row in X.iterrows():
        total = 0.0
        for name in ("f", "g", "w"):
            if pd.notna(row[name]):
                total += row[name]
        answers.append(total)
    return pd.DataFrame({"total": answers}, index=X.index)


def loop_over_tuples(X):
    answers = []
    for row in X.itertuples():
        if row.f > row.g:
            answers.append(row.i)
            continue
        answers.append(row.j if row.b else -row.i)
    return np.array(answers).reshape(-1, 1)


def early_return(X):
    def of(row):
        if pd.isna(row["f"]):
            return -1.0
        if row["f"] > 1 and (row["b"] or row["w"] < 0):
            return row["f"] * 2
        elif not row["b"]:
            return np.nan
        return None if row["i"] > 5 else row["w"]

    return X.apply(of, axis=1).to_frame()


def names_for_numbers(X):
    def of(row):
        if row.c == "red":
            return "warm"
        if row.s == "green" or row.f > 2:
            return "cold"
        return row.c

    return X.apply(of, axis=1).to_frame()


def several_answers(X):
    def of(row):
        low = min(row.w, row.i)
        return pd.Series({"low": low, "is_low": low < 0, "share": row.f / 2})

    return X.apply(of, axis=1)


def a_column_of_numpy(X):
    X = X.copy()
    X["q"] = np.where(X.f > 0, "up", np.where(X.f < 0, "down", "none"))
    X["r"] = np.select([X.f > 1, X.g > 1], [1, 2], default=0)
    return X[["q", "r"]]


def codes_of_known_names(X):
    known = pd.CategoricalDtype(["green", "red", "blue"])
    return pd.DataFrame({"a": X.s.astype(known).cat.codes, "b": X.c.astype(known).cat.codes})


def dummies_of_named_columns(X):
    return pd.get_dummies(X[["c", "f"]], dtype=float).reindex(
        columns=["f", "c_red", "c_blue", "c_nobody"], fill_value=0
    )


def letters_of_names(X):
    deck = X.s.str[0].fillna("U")
    return pd.DataFrame({"deck": deck.map({"C": 1, "r": 2, "U": 3}).fillna(0), "is_c": deck == "C"})


STEPS = [
    mask_of_a_column, mask_of_a_gap, mask_of_several_columns, mask_of_a_new_column, mask_of_strings,
    masks_one_after_another, whole_columns, a_column_more_and_less, names_of_columns, loop_over_columns,
    loop_over_rows, loop_over_tuples, early_return, names_for_numbers, several_answers, a_column_of_numpy,
    codes_of_known_names, dummies_of_named_columns, letters_of_names,
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_each_row_is_answered_as_the_step_answers_it(step):
    got = followed(step)
    assert got.differences() == []
    assert got.is_taken.all()
