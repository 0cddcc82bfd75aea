"""Functions of the values of a whole frame."""

import pytest
from followed_frames import answers_every_row, refuses

EXACT = r"""
X[['f', 'w']]
X[['f', 'i']] + 1
X[['f', 'g']] * X[['w', 'i']].to_numpy()
X[['f', 'g']] - X[['f', 'g']]
X[['f', 'g']] > 0
X[['f', 'w']].fillna(0)
X[['f', 'g']].fillna({'f': 1, 'g': 2})
X[['f', 'g']].fillna({'f': 1})
X.fillna({'s': 'none', 'f': 3})[['s', 'f']]
X[['f', 'g']].fillna(pd.Series({'f': 1.0, 'g': 2.0}))
X[['f', 's']].isna()
X[['f', 's']].notna()
X[['f', 'g']].isna().sum(axis=1)
X[['f', 's', 't']].isna().sum(axis=1)
X.isna().any(axis=1)
X[['f', 'g']].notna().all(axis=1)
X[['f', 'g', 'w']].sum(axis=1)
X[['f', 'g', 'w']].mean(axis=1)
X[['f', 'g', 'w']].min(axis=1)
X[['f', 'g', 'w']].max(axis=1)
X[['f', 'g', 'w']].std(axis=1)
X[['f', 'g', 'w']].var(axis=1)
X[['f', 'g', 'w']].median(axis=1)
X[['f', 'g', 'w']].count(axis=1)
X[['f', 'g', 'w']].prod(axis=1)
X[['f', 'g', 'w']].any(axis=1)
X[['f', 'g', 'w']].all(axis=1)
X[['f', 'g']].sum(axis=1)
X[['f', 'g']].mean(axis=1)
X[['f', 'g']].min(axis=1)
X[['f', 'g']].median(axis=1)
X[['f', 'g']].std(axis=1)
X[['f', 'g']].std(axis=1, ddof=0)
X[['f', 'g']].var(axis=1, ddof=0)
X[['f', 'g', 'w']].sum(axis=1, skipna=False)
X[['f', 'g', 'w']].mean(axis=1, skipna=False)
X[['f', 'g', 'w']].max(axis=1, skipna=False)
X[['f', 'g', 'w']].median(axis=1, skipna=False)
X[['f', 'g', 'w']].std(axis=1, skipna=False)
X[['f', 'g']].any(axis=1, skipna=False)
X[['f', 'g']].all(axis=1, skipna=False)
X[['f', 'g', 'w']].sum(axis=1, min_count=2)
X[['f', 'g', 'w']].prod(axis=1, min_count=3)
X[['i', 'j']].sum(axis=1)
X[['i', 'j']].mean(axis=1)
X[['i', 'j']].max(axis=1)
X[['i', 'b']].sum(axis=1)
X[['i', 'j']].std(axis=1)
X[['i', 'j']].median(axis=1)
X[['b']].any(axis=1)
X[['b']].mean(axis=1)
X.mean(axis=1, numeric_only=True)
X.sum(axis=1, numeric_only=True)
X[['s', 'f']].count(axis=1)
X[['f', 'g']].diff(axis=1)
X[['f', 'w']].apply(lambda col: col * 2)
X[['f', 'w']].map(lambda v: v * 2)
X[['f', 'w']].abs()
X[['f', 'w']].round(1)
X[['f', 'w']].clip(0, 1)
X[['f', 'w']].clip(lower=pd.Series({'f': 0, 'w': 1}), axis=1)
X[['f', 'w']].isin([0, 1])
X[['i', 'b']].astype(float)
X[['i', 'b']].astype({'b': int})
X[['f', 'w']].replace(0, 9)
X[['f', 'w']].replace({'f': {0: 1}, 'w': {1: 2}})
X[['f', 'w']].replace({'f': 0}, 5)
X[['f', 's']].replace({'s': {'red': 'blue'}})
X[['f', 'w']].replace({0: 1, 1: 0})
X[['f', 'w']].where(X[['f', 'w']] > 0, 0)
X[['f', 'w']].mask(X[['f', 'w']] > 0)
X[['f', 'g']].sub(X.w, axis=0)
X[['f', 'g']].div(X.w, axis='index')
X[['f', 'g']].mul([2, 3])
X[['f', 'g']] - pd.Series({'f': 1.0, 'g': 2.0})
X[['f', 'g']] / np.array([2.0, 4.0])
X[['f', 'g']].dot(np.array([1.0, 2.0]))
X[['f', 'g']] @ np.array([[1.0, 2.0], [3.0, 4.0]])
""".strip().splitlines()
REFUSED = [
    ("X[['b', 'b']].sum(axis=1)", "two columns of a frame have the same name"),
    ("X[['f', 'g']].nunique(axis=1)", "nunique of the values of a row"),
    ("X[['f', 'g']] + X[['f', 'w']]", "frames with different columns"),
]


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_its_reason(source, reason):
    refuses(source, reason)
