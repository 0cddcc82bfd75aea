"""The columns of a frame: selecting, renaming, concatenating and creating them."""

import pytest
from followed_frames import answers_every_row, refuses

EXACT = r"""
pd.concat([X.f, X.g], axis=1)
pd.concat([X[['f']], X[['g', 'w']]], axis=1)
pd.concat([X[['f']], X.g.rename('q')], axis=1)
pd.concat([X[['f']], X.g.isna().astype(int).rename('q')], axis=1)
pd.concat({'a': X.f, 'b': X.g}, axis=1)
pd.concat([X.f, X.g], axis=1, keys=['a', 'b'])
X.assign(q=X.f * 2)[['q', 'f']]
X.assign(q=lambda d: d.f * 2, r=lambda d: d.q + 1)[['q', 'r']]
X.assign(f=0)[['f', 'w']]
X.drop(columns=['s', 'c', 't', 'u'])
X.drop(['s', 'c', 't', 'u'], axis=1)
X.drop(columns='s').drop(columns=['c', 't', 'u', 'nobody'], errors='ignore')
X.drop(labels=['s', 'c', 't', 'u'], axis='columns')
X[['f', 'w']].rename(columns={'f': 'q'})
X[['f', 'w']].rename(columns=str.upper)
X[['f', 'w']].rename(str.upper, axis=1)
X.reindex(columns=['w', 'f', 'nobody'])
X.reindex(['w', 'f'], axis=1)
X.reindex(columns=['w', 'nobody'], fill_value=0)
X.filter(items=['f', 'w'])
X.filter(like='f')
X.filter(regex='^[fw]$')
X.select_dtypes('number')
X.select_dtypes(include=['number', 'bool'])
X.select_dtypes(include='float')
X.select_dtypes(include=[np.number])
X.select_dtypes(exclude=['object', 'string', 'datetime'])
X.select_dtypes(include='int64')
X.select_dtypes(include=['object'])
X.select_dtypes(include='datetime')
X.select_dtypes(include=['object', 'string'])
X.select_dtypes(include='bool')
X.loc[:, ['f', 'w']]
X.loc[:, 'f']
X.loc[:, 'f':'w']
X.loc[:, [True, True] + [False] * 8]
X.loc[:, X.columns.str.startswith('f')]
X.iloc[:, :3]
X.iloc[:, [0, 2]]
X.iloc[:, 0]
X.iloc[:, -5]
X[X.columns[:3]]
X[[c for c in X.columns if X[c].dtype == float]]
X[[c for c in X.columns if X[c].dtype != object and X[c].dtype.kind in 'if']]
X.get('f')
X.get(['f', 'w'])
X.get('nobody', X.f)
X[['f', 'w']].add_prefix('p_')
X[['f', 'w']].add_suffix('_s')
X[['f', 'w']].set_axis(['a', 'b'], axis=1)
X[['f', 'w']].reset_index(drop=True)
X[['f', 'w']].to_numpy()
X[['f', 'w']].values * 2
X[['f', 'w']].to_numpy().sum(axis=1)
X[['f', 'w']].join(X[['g']])
X[['f', 'w']].eval('f + w')
X[['f', 'w']].eval('f > w')
X.eval('(f > 0) & b')
X.eval('f > 0 and b')
X.eval('f ** 2 + w')
X[['f', 'w']].pipe(lambda d: d * 2)
X[['f', 'w']].transform(np.abs)
X[['f', 'w']].apply('abs')
X[['f', 'g', 'w']].apply('mean', axis=1)
pd.Series([v * 2 for v in X.f], index=X.index)
pd.DataFrame({'a': X.f, 'b': X.w * 2})
pd.DataFrame({'a': X.f, 'b': 1})
pd.DataFrame({'a': X.f, 'b': 'x'})
pd.DataFrame(X[['f', 'w']].to_numpy(), columns=['a', 'b'])
pd.DataFrame(np.c_[X.f, X.w])
~X[['b']]
-X[['f', 'i']]
abs(X[['f', 'i']])
""".strip().splitlines()
REFUSED = [
    ("pd.concat([X[['f']], X[['f']]], axis=1)", "the same name"),
    ("X.dropna()", "rows"),
    ("X[X.f > 0]", "rows"),
    ("X.sort_values('f')", "other rows"),
]


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_its_reason(source, reason):
    refuses(source, reason)
