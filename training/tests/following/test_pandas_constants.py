"""Constants that a path returns, and tables of constants that are combined with the rows."""

import pytest
from followed_frames import answers_every_row, refuses

EXACT = r"""
pd.DataFrame({'a': [1 if v > 0 else 2 for v in X.g]})
pd.DataFrame({'a': ['u' if v > 0 else 'v' for v in X.g], 'b': [True if v > 1 else False for v in X.g]})
pd.DataFrame({'a': [1 if v > 0 else 2.5 for v in X.w]})
pd.Series([1 if v > 0 else 2 for v in X.g])
X.assign(q=np.array([1 if v > 0 else 2 for v in X.g]))[['q']]
np.array([1 if v > 0 else 2 for v in X.g]).reshape(-1, 1)
np.array([[1, 0] if v > 0 else [2, 3] for v in X.g])
X.apply(lambda r: pd.Series([1, 2]) if r.f > 0 else pd.Series([3, 4]), axis=1)
X.apply(lambda r: pd.Series({'a': 1}) if r.f > 0 else pd.Series({'a': r.g}), axis=1)
X[['f', 'g']] - pd.Series({'f': 1.0, 'g': 2.0})
(X[['f', 'g']] - pd.Series({'g': 1.0, 'f': 2.0})) / pd.Series({'f': 1.0, 'g': 2.0})
pd.Series({'f': 1.0, 'g': 2.0}) - X[['f', 'g']]
X[['f', 'i']].isin({'f': [1.0, 7.0]})
X[['f', 'i']].isin({'f': [1.0], 'i': [3]})
pd.get_dummies(X.i, prefix='c').reindex(columns=['c_1', 'c_99', 'c_01', 'c_-1', 'c_1000003'], fill_value=0)
pd.get_dummies(X.i, dtype=int).reindex(columns=[1, 2, 99], fill_value=0)
pd.get_dummies(X[['i', 's']], columns=['i', 's']).reindex(columns=['i_1', 's_red', 's_zzz'], fill_value=0)
pd.get_dummies(X.b, prefix='c').reindex(columns=['c_True', 'c_False'], fill_value=0)
X.i.apply(lambda v: len(str(v)))
X.merge(pd.DataFrame({'s': ['red', 'green'], 'v': [1.0, 2.0], 'n': ['p', 'q']}), on='s', how='left')[['v', 'n']]
X.merge(pd.DataFrame({'i': [1, 3, 100], 'v': [1.0, 2.0, 7]}), on='i', how='left')[['v']]
pd.merge(X, pd.DataFrame({'f': [1, 3], 'v': [1.0, 2.0]}), on='f', how='left')['v']
X.join(pd.DataFrame({'v': [1.0, 2.0]}, index=['red', 'green']), on='s')[['v']]
pd.Categorical(X.s, categories=['red', 'green']).codes
X.assign(s=pd.Categorical(X.s, categories=['red', 'green']))[['s']]
pd.get_dummies(pd.Categorical(X.s, categories=['red', 'green']))
""".strip().splitlines()
REFUSED = [
    ("pd.get_dummies(X.f, prefix='c').reindex(columns=['c_1.0'], fill_value=0)", "make it whole with astype"),
    ("pd.get_dummies(X[['s', 'c']], prefix=['a', 'a_b']).reindex(columns=['a_b_x'], fill_value=0)", "other prefixes"),
    ("X[['f', 'g']].isin(pd.Series([1.0]))", "give it a list"),
    ("pd.Categorical(X.i, categories=[1, 3, 2], ordered=True) < 3", "in another order than by size"),
    ("pd.to_numeric(X.u)", "to_numeric of times"),
    (
        "X.merge(pd.DataFrame({'s': ['red'], 'i': [1], 'v': [1.0]}), on=['s', 'i'], how='left')[['v']]",
        "on other keys than one column; map each column",
    ),
    (
        "X.merge(pd.Series({True: 1.0, False: 2.0}, name='v').rename_axis('b'), on='b', how='left')[['v']]",
        "something other than a constant DataFrame; keep a table in fit",
    ),
    ("X.merge(pd.DataFrame({'b': [True, False], 'v': [1.0, 2.0]}), on='b')[['v']]", "how='inner' can drop, .*='left'"),
    (
        "X.merge(pd.DataFrame({'k': ['red'], 'v': [1.0]}), left_on='s', right_on='k', how='left')[['v']]",
        "with left_on=, right_on=; give merge only the table",
    ),
    ("X.merge(pd.DataFrame({'s': ['a', 'a'], 'v': [1, 2]}), on='s', how='left')[['v']]", "a key twice, .* dropna"),
    ("X[['f']].join(pd.DataFrame({'v': [1.0]}, index=['red']))[['v']]", "other than by on= with one column"),
]


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_its_reason(source, reason):
    refuses(source, reason)
