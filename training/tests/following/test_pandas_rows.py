"""Functions of rows: apply with axis=1, and loops over rows."""

import pytest
from followed_frames import answers_every_row, answers_known_strings, refuses

EXACT = r"""
X[['f', 'g']].apply(np.abs)
X[['f', 'w']].apply(lambda r: r.sum(), axis=1)
X[['f', 'w']].apply(lambda r: 1 - r, axis=1)
X[['f', 'w']].apply(lambda r: r.f + r.w, axis=1, raw=False)
X[['f', 'w']].apply(lambda r: r[0] + r[1], axis=1, raw=True)
X[['f', 'w', 'i']].apply(lambda r: pd.Series([r.f, r.w * 2], index=['a', 'b']), axis=1)
X[['f', 'w']].apply(lambda r: [r.f, r.w], axis=1, result_type='expand')
X[['f', 'w']].apply(lambda r: pd.Series({'a': r.f, 'b': r['w']}), axis=1)
X.apply(lambda r: r.f if r.b else r.g, axis=1)
X.apply(lambda r: 'x' if r.s == 'red' else r.c, axis=1)
X.apply(lambda r: None if r.f > 0 else r.w, axis=1)
X.apply(lambda r: np.nan if pd.isna(r.f) else r.w, axis=1)
X.apply(lambda r: r.i + r.j, axis=1)
X.apply(lambda r: 1 if r.f > 0 and r.w > 0 else 0, axis=1)
X.apply(lambda r: 1 if r.f > 0 or r.w > 0 else 0, axis=1)
X.apply(lambda r: 1 if not r.b else 0, axis=1)
X.apply(lambda r: max(r.w, r.i), axis=1)
X.apply(lambda r: max(r.f, r.g), axis=1)
X.apply(lambda r: min(r.g, r.f, 1), axis=1)
X.apply(lambda r: r[['f', 'g', 'w']].sum(), axis=1)
X[['f', 'g', 'w']].apply(lambda r: r.mean(), axis=1)
X[['f', 'g', 'w']].apply(lambda r: r.max() - r.min(), axis=1)
X[['f', 'g', 'w']].apply(lambda r: r.isna().sum(), axis=1)
X[['f', 'g', 'w']].apply(lambda r: r.std(), axis=1)
X[['f', 'g', 'w']].apply(lambda r: r.count(), axis=1)
X[['f', 'g', 'w']].apply(np.sum, axis=1)
X[['f', 'g', 'w']].apply(np.mean, axis=1)
X[['f', 'g', 'w']].apply(sum, axis=1)
X[['f', 'g', 'w']].apply(lambda r: sum(v for v in r if v == v), axis=1)
X[['i', 'j']].apply(lambda r: r.i % 2 == 0, axis=1)
X[['i', 'f']].apply(lambda r: r.i // 2, axis=1)
X.apply(lambda r: str(r.i), axis=1)
X.apply(lambda r: str(r.i) + r.c, axis=1)
X.apply(lambda r: r.t.year if pd.notna(r.t) else 0, axis=1)
X.apply(lambda r: r.u.year, axis=1)
X.apply(lambda r: (r.u - pd.Timestamp('2020-01-01')).days, axis=1)
X.apply(lambda r: r.c == 'red' and r.b, axis=1)
X.apply(lambda r: {'red': 1, 'green': 2}.get(r.c, 0), axis=1)
X.apply(lambda r: r.c in ('red', 'green'), axis=1)
X.apply(lambda r: r.i in (1, 2), axis=1)
X.apply(lambda r: r.f is None, axis=1)
X.apply(lambda r: 'f' in r, axis=1)
X.apply(lambda r: int(r.b) + r.i, axis=1)
X.apply(lambda r: float(r.i) / 3, axis=1)
X.apply(lambda r: bool(r.i), axis=1)
X.apply(lambda r: abs(r.w), axis=1)
X.apply(lambda r: round(r.w, 2), axis=1)
X.apply(lambda r: 1 if 0 < r.f <= 1.5 else 2 if r.f > 1.5 else 3, axis=1)
pd.Series([r.f + r.w for _, r in X.iterrows()], index=X.index)
pd.Series([r.f + r.w for r in X.itertuples()], index=X.index)
pd.Series([r.i + 1 for _, r in X.iterrows()])
pd.Series([r[1] for r in X.itertuples()])
pd.Series([r[0] for r in X.itertuples(index=False)])
pd.DataFrame([{'a': r.f, 'b': r.w} for _, r in X.iterrows()])
pd.DataFrame([{'a': r['f']} for r in X.to_dict('records')])
pd.DataFrame({'a': [f + w for f, w in zip(X.f, X.w)]})
X[['f', 'g', 'i']].bfill(axis=1)
X[['f', 'w', 'g']].ffill(axis=1)
X[['i', 'f', 'g']].cumsum(axis=1)
X[['f', 'g', 'w']].cumprod(1)
X[['f', 'g', 'w']].cummax(axis=1)
X[['f', 'g', 'w']].cummin(axis='columns')
X[['f', 'w', 'g']].idxmax(axis=1)
X[['i', 'w', 'g']].idxmin(axis=1)
X[['f', 'g']].agg('sum', axis=1)
X[['f', 'g']].agg(['min', 'max'], axis=1)
X[['f', 'g']].agg(lambda r: r.f + r.g, axis=1)
""".strip().splitlines()
OF_KNOWN = r"""
X.apply(lambda r: r.c.startswith('C'), axis=1)
""".strip().splitlines()
REFUSED = [
    ("X[['i', 'f']].apply(lambda r: str(r.i), axis=1)", "a text of a float"),
    ("X[['f', 'g']].rank(axis=1)", "rank of the values of a row is not supported; write it with comparisons"),
    (
        "X[['f', 'g']].bfill(axis=1, limit=1)",
        "bfill of the values of a row does not support limit; leave the option out",
    ),
    ("X[['f', 's']].bfill(axis=1)", "bfill of the values of a row supports only columns of numbers"),
    ("X.i.apply(lambda v: [1.0, 2.0][v % 2])", "uses a value of a row as an index, but the value is known only in a"),
    ("X.f * np.complex128(1)", "with a value of the type complex128, and the model can only compute with bool, int,"),
]


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)


@pytest.mark.parametrize("source", OF_KNOWN)
def test_rows_with_strings_of_the_training_data_are_answered_and_some_others_refused(source):
    answers_known_strings(source)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_its_reason(source, reason):
    refuses(source, reason)
