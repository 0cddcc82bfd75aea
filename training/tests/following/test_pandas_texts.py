"""Functions of strings, with strings of the training data and unseen ones."""

import pytest
from followed_frames import answers_every_row, answers_known_strings, refuses

EXACT = r"""
X.s
X.c
X.s == 'red'
X.s != 'red'
X.c == ''
X.s == X.c
X.s.fillna('none')
X.s.fillna(X.c)
X.s + X.c
X.s + '_x'
'y_' + X.c
X.c + '-' + X.s
X.s.str.cat(X.c, sep='-')
X.s.str.startswith('C')
X.s.str.startswith('C', na=False)
X.s.str.startswith(('C', 'r'), na=False)
X.c.str.startswith('C')
X.c.str.startswith('')
X.c.str.endswith('5')
X.s.str.endswith('d', na=False)
X.s.str.contains('e', na=False)
X.c.str.contains('e')
X.c.str.contains('C85')
X.c.str.contains('(', regex=False)
X.c.str.contains('.', regex=False)
X.c.str.contains('red|green')
X.c.str.contains('^C')
X.c.str.contains('[0-9]+')
X.c.str.contains('C.85')
X.c.str.match('C')
X.c.str.match('re')
X.c.str.fullmatch('red')
X.c.str.fullmatch('C[0-9]+')
X.s.str[0]
X.c.str[0]
X.s.str[0].fillna('U')
X.s.fillna('U').str[0]
X.c.str[:2]
X.c.str[1:3]
X.s.str[:1]
X.c.str.get(0)
X.c.str.slice(0, 2)
X.s.str[0] == 'C'
X.s.str[0].map({'C': 1, 'r': 2})
X.s.str[0].isin(['C', 'r'])
X.s.str[0].replace('C', 'D')
X.s.str.len()
X.c.str.len()
X.c.str.len() > 3
X.s.str.len().fillna(0)
X.c.str.split(' ').str[0]
X.c.str.split('-').str.len()
X.c.str.split(' ').str.len()
X.c.str.split('-', expand=True)[0]
X.c.map({'red': 1, 'green': 2})
X.s.map({'red': 1, 'green': 2})
X.s.map({'red': 1, 'green': 2}).fillna(0)
X.s.map({'red': 'a', 'green': 'b'})
X.s.map(pd.Series({'red': 1, 'green': 2}))
X.s.map({'red': True, 'green': False})
X.s.map({'red': 1, np.nan: 5})
X.c.map(lambda v: 1 if v == 'red' else 0)
X.s.apply(lambda v: 0 if pd.isna(v) else 1)
X.s.map(lambda v: {'red': 1}.get(v, 0))
X.s.notna().astype(int)
X.s.astype(str)
X.c.astype(str)
X.s.astype('category')
X.s.astype(pd.CategoricalDtype(['red', 'green'])).cat.codes
pd.get_dummies(X.s.astype(pd.CategoricalDtype(['red', 'green'])))
pd.get_dummies(X[['s']].astype(pd.CategoricalDtype(['red', 'green'])))
pd.get_dummies(X[['s']].astype(pd.CategoricalDtype(['red', 'green'])), drop_first=True)
pd.get_dummies(X.s.astype(pd.CategoricalDtype(['red', 'green'])), prefix='p', dtype=int)
np.where(X.s == 'red', 1, 0)
np.where(X.s.isna(), 'none', X.s)
np.where(X.c.str.startswith('C'), 'cabin', 'other')
X.c.where(X.c.isin(['red', 'green']), 'other')
X.s.where(X.s.isin(['red', 'green']), 'other')
X.c.str.len().clip(0, 5)
X.s.str.startswith('C').fillna(False).astype(int)
X.s.str.contains('C').fillna(False)
X.s.fillna('').str.len()
X.s.fillna('').str.startswith('C')
(X.s + X.c).str.startswith('red')
X.c.str.startswith('C').astype(int) + X.f
(X.s.fillna('x') + X.c).str.len()
X.s.str[0].fillna('U').map({'C': 1, 'U': 0}).fillna(-1)
X.s.str[0].str.startswith('C', na=False)
X.s.str[:3].str.len()
X.s.str[:3] + X.c.str[:3]
X.s.str.slice(0, 1)
X.s.mask(X.s == 'red')
X.c.str.cat(X.s, na_rep='-')
X.i.astype(str) + X.c
X.i.astype(str).str.len()
X.i.astype(str).str[0]
""".strip().splitlines()
OF_KNOWN = r"""
X.c.str.contains('RED', case=False)
X.c.str.contains('d$')
X.c.str.contains(r'\d')
X.c.str[-1]
X.s.str[0].str.upper() == 'R'
X.s.str[0].str.lower().map({'c': 1, 'r': 2})
X.c.str.lower()
X.c.str.upper() == 'RED'
X.c.str.lower().map({'red': 1})
X.c.str.lower() == 'red'
X.c.str.strip().isin(['red'])
X.c.str.replace('-', '')
X.c.str.title()
X.c.str.count('e')
X.c.str.find('e')
X.c.str.isdigit()
X.c.str.zfill(5)
X.c.str.extract('([A-Za-z]+)\\.', expand=False)
X.c.str.extract('([A-Za-z]+)\\.')
X.c.map(len)
X.c.map(lambda v: v[0] if v else '')
X.c.map(lambda v: 1 if 'e' in v else 0)
X.c.apply(lambda v: v.startswith('C'))
X.c.apply(lambda v: v.lower())
X.s.apply(lambda v: 'none' if pd.isna(v) else v)
X.s.str.strip()
X.s.str.upper().str[0]
X.s.replace('red', np.nan)
X.c.replace('red', np.nan)
X.s.replace({'r.*': 'R'}, regex=True)
pd.to_numeric(X.c, errors='coerce')
pd.to_numeric(X.s, errors='coerce')
""".strip().splitlines()
REFUSED = [
    ("X.s > 'm'", "which of two strings"),
    ("X.c.astype('category').cat.codes", "other rows"),
    ("pd.get_dummies(X.c)", "other rows"),
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
