"""Operators of columns with gaps, written as symbols and as methods."""

import pytest
from followed_frames import answers_every_row

EXACT = r"""
X.f + X.g
X.f - X.i
X.i * X.j
X.i / X.j
X.f / X.g
X.i // 7
X.f // 0.5
X.f % 3
X.i % 7
X.i // X.j
X.i % X.j
X.f ** 2
X.w ** 3
X.i ** 2
2 - X.f
1 / X.w
-X.f
abs(X.f)
~X.b
X.f > X.g
X.f >= 0.5
X.f == X.g
X.f != X.g
X.i == 3
X.i != X.j
X.f < X.i
X.b & (X.f > 0)
X.b | (X.f > 0)
X.b ^ (X.f > 0)
X.b + X.b
X.b * X.i
X.b + 1
X.b == True
X.b * X.f
X.f.add(X.g)
X.f.add(X.g, fill_value=0)
X.f.sub(X.g, fill_value=2)
X.f.mul(X.g, fill_value=1)
X.f.div(X.g)
X.f.div(X.g, fill_value=1)
X.f.rsub(1)
X.f.rdiv(1)
X.f.rpow(2)
X.i.floordiv(3)
X.i.mod(3)
X.f.pow(2)
X.f.lt(X.g)
X.f.ge(0)
X.f.eq(X.g)
X.f.ne(X.g)
X.i.rmod(7)
X.i.rfloordiv(7)
""".strip().splitlines()


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)
