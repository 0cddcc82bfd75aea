"""Small functions of arrays answer in the graph as in numpy: for arrays of float64, int64 and flags, with numbers that
are hard to get right (see array_steps.py)."""

import numpy as np
import pytest
from array_steps import KINDS, check, function_of, rows_of

from sepal_export.following.refusal import NotFollowed

# Operators, equal to the last bit. Kinds of arrays that numpy itself refuses are left out.
OPERATORS = [
    "X", "X[:, 0] + X[:, 1]", "X[:, 0] - X[:, 1]", "X[:, 0] * X[:, 1]", "X[:, 0] / X[:, 1]", "X[:, 0] // X[:, 1]",
    "X[:, 0] % X[:, 1]", "X + 1", "X + 0.5", "X - 2", "2 - X", "X * 3", "X * -0.1", "X / 3", "3 / X", "X // 3",
    "X // -2", "X // 0.3", "X // 2.0", "X % 3", "X % -2", "X % 0.3", "X % 2.5", "7 // X", "7 % X", "X // 0", "X % 0",
    "X / 0", "X // 0.0", "X % 0.0", "X ** 2", "X ** 4", "X ** 0", "X ** 1", "X ** True", "~X[:, 0] ** X[:, 1]", "-X",
    "+X", "abs(X)", "~X if X.dtype == bool else X", "X[:, 0] & X[:, 1]", "X[:, 0] | X[:, 1]", "X[:, 0] ^ X[:, 1]",
    "X & 3", "X > 0", "X >= 0.5", "X < X[:, [0]]", "X <= 1", "X == 0", "X != 0", "X[:, 0] == X[:, 1]",
    "(X > 0) & (X < 2)", "(X > 0) | ~(X < 2)", "(X > 0) ^ (X < 2)", "(X > 0) * X", "(X > 0) + (X > 1)",
    "(X > 0).astype(int) - (X > 1)", "(X > 0) * 1", "1 * (X > 0) + 2 * (X > 1)", "(X > 0) / 2", "(X > 0) * True",
    "X + True", "X * np.array([1.0, 2.0, 3.0])", "X * np.array([1, 2, 3])", "X + np.array([[1.0, 2.0, 3.0]])",
    "X * [1, 2, 3]", "X[:, :2] * np.array([[2.0], ])", "X[:, [0]] * X", "X[:, 0:1] / X[:, 1:]", "X * np.float32(0.1)",
    "X << 1", "X >> 1", "divmod(X, 3)[1]", "np.float64(3) * X", "np.int64(3) * X", "np.bool_(True) & (X > 0)",
]  # fmt: skip
# Functions of single numbers, equal to the last bit.
FUNCTIONS = [
    "np.add(X, 1)", "np.subtract(1, X)", "np.multiply(X, X)", "np.divide(X, 2)", "np.true_divide(X, 3)",
    "np.floor_divide(X, 2)", "np.mod(X, 3)", "np.remainder(X, 3.5)", "np.fmod(X, 3)", "np.fmod(X, -2.5)",
    "np.fmod(X[:, 0], X[:, 1])", "np.negative(X)", "np.positive(X)", "np.absolute(X)", "np.fabs(X)", "np.abs(X)",
    "np.sign(X)", "np.square(X)", "np.sqrt(X)", "np.deg2rad(X)", "np.rad2deg(X)", "np.degrees(X)", "np.radians(X)",
    "np.floor(X)", "np.ceil(X)", "np.trunc(X)", "np.rint(X)", "np.fix(X)", "np.round(X)", "np.round(X, 1)",
    "np.round(X, 2)", "np.round(X, -1)", "np.around(X, 3)", "X.round(2)", "X.round()", "np.isnan(X)", "np.isinf(X)",
    "np.isfinite(X)", "np.isposinf(X)", "np.isneginf(X)", "np.signbit(X)", "np.copysign(X[:, 0], X[:, 1])",
    "np.heaviside(X, 0.5)", "np.maximum(X, 0)", "np.minimum(X, 1.5)", "np.maximum(X[:, 0], X[:, 1])",
    "np.minimum(X[:, 0], X[:, 1])", "np.fmax(X[:, 0], X[:, 1])", "np.fmin(X[:, 0], X[:, 1])", "np.fmax(X, 0)",
    "np.maximum(X, np.nan)", "np.fmax(X, np.nan)", "np.maximum(0, X)", "np.maximum(X, [0, 1, 2])",
    "np.logical_and(X[:, 0], X[:, 1])", "np.logical_or(X[:, 0], X[:, 1])", "np.logical_xor(X[:, 0], X[:, 1])",
    "np.logical_not(X)", "np.logical_and(X > 0, X < 2)", "np.greater(X, 1)", "np.less_equal(X, 1)", "np.equal(X, 1)",
    "np.not_equal(X, 1)", "np.ldexp(X, 2)", "np.left_shift(X, 2)", "np.right_shift(X, 2)", "np.bitwise_and(X, 3)",
    "np.divmod(X, 3)[0]", "np.divmod(X, 3)[1]", "np.conj(X)", "np.real(X)", "np.nan_to_num(X)",
    "np.nan_to_num(X, nan=-1.0)", "np.nan_to_num(X, nan=1, posinf=2, neginf=3)", "np.nan_to_num(X, copy=False)",
    "np.ptp(X, axis=1)",
    "(X > 0) * np.isnan(X)",
    "np.where(np.isinf(X), 1, X)",
]  # fmt: skip
# Functions whose last digit depends on the machine.
ROUNDED = [
    "X ** 3", "2.0 ** X", "np.power(X, 3.0)", "np.power(X, 4.0)", "np.float_power(X, 2)", "np.cbrt(X)", "np.exp(X)",
    "np.exp2(X)", "np.expm1(X)", "np.log(X)", "np.log2(X)", "np.log10(X)", "np.log1p(X)", "np.sin(X)", "np.cos(X)",
    "np.tan(X)", "np.arcsin(X)", "np.arccos(X)", "np.arctan(X)", "np.arctan2(X[:, 0], X[:, 1])", "np.arctan2(X, 1)",
    "np.hypot(X[:, 0], X[:, 1])", "np.sinh(X)", "np.cosh(X)", "np.tanh(X)", "np.arcsinh(X)", "np.arccosh(X)",
    "np.arctanh(X)", "np.logaddexp(X[:, 0], X[:, 1])", "np.sinc(X)", "special.expit(X)", "special.logit(X)",
    "special.log1p(X)", "special.expm1(X)", "special.xlogy(X[:, 0], X[:, 1])", "special.boxcox(np.abs(X), 0.5)",
    "np.exp(-((X[:, None] - np.zeros((2, 3))) ** 2).sum(-1))",
    "np.exp(X * 1.0) / np.exp(X * 1.0).sum(axis=1, keepdims=True)",
    "X ** 0.5",
    "abs(X) ** 1.5",
    "1.0 * X ** -1.0",
    "np.power(10, np.floor(np.log10(np.abs(X) + 1)))",
]  # fmt: skip
CHOICES = [
    "np.where(X > 0, X, 0)", "np.where(X > 0, 1, 0)", "np.where(X > 0, 1.5, -1)",
    "np.where(X[:, 0] > X[:, 1], X[:, 0], X[:, 1])", "np.where(np.isnan(X), 0, X)", "np.where(X > 0, X, np.nan)",
    "np.where(X, 1, 2)", "np.where(X > 0, True, False)", "np.where(X[:, [0]] > 0, X, -X)",
    "np.where((X > 0) & (X < 2), 'a', 'b') == 'a'", "np.select([X < 0, X < 1], [0, 1], default=2)",
    "np.select([X < 0, X < 1], [X, X * 2], default=np.nan)",
    "np.select([X[:, 0] < 0, X[:, 1] < 1], [X[:, 0], X[:, 1]])",
    "np.choose((X[:, 0] > 0).astype(int), [X[:, 1], X[:, 2]])", "np.piecewise(X, [X < 0, X >= 0], [-1, 1])",
    "np.digitize(X, [0, 1, 2])", "np.digitize(X, [0, 1, 2], right=True)",
    "np.digitize(X, bins=np.array([-1.5, 0.5, 2.5]))", "np.searchsorted([0, 1, 2], X)",
    "np.searchsorted(np.array([0.0, 1.0]), X[:, 0], side='right')", "np.interp(X, [0, 1, 2], [0, 10, 5])",
    "np.interp(X[:, 0], [-1, 0.3, 2], [0.1, 10, 5], left=-1, right=99)", "np.clip(X, 0, 1)", "np.clip(X, -1, None)",
    "np.clip(X, None, 2.5)", "np.clip(X, a_min=0, a_max=2)", "np.clip(X, [0, 0, 0], [1, 2, 3])",
    "np.clip(X, X[:, [0]], None)", "X.clip(0, 1)", "X.clip(min=0)", "X.clip(max=1)", "np.isin(X, [0, 1, 7])",
    "np.isin(X, [0, 1], invert=True)", "np.isin(X, [np.nan, 1])", "~np.isin(X, [0, 1])", "np.isclose(X, 0.1)",
    "np.isclose(X[:, 0], X[:, 1])", "np.isclose(X, 0, atol=0.2)", "np.isclose(X[:, 0], X[:, 1], equal_nan=True)",
    "np.divide(X[:, 0], X[:, 1], out=np.zeros_like(X[:, 0]), where=X[:, 1] != 0)",
    "np.divide(X, X[:, [0]], out=np.full(X.shape, -1.0), where=X[:, [0]] != 0)",
    "np.log(X, out=np.zeros_like(X), where=X > 0) == 0", "np.where(X[:, 1] == 0, 0, X[:, 0] / X[:, 1])",
    "np.digitize(X, [2, 1, 0])",
    "np.digitize(X, [2, 1, 0], right=True)",
    "np.take([10.0, 20.0, 30.0], X.argmax(axis=1))",
]  # fmt: skip
REDUCTIONS = [
    "X.sum(axis=1)", "X.mean(axis=1)", "X.min(axis=1)", "X.max(axis=1)", "X.prod(axis=1)", "X.std(axis=1)",
    "X.var(axis=1)", "X.std(axis=1, ddof=1)", "X.any(axis=1)", "X.all(axis=1)", "X.argmax(axis=1)",
    "X.argmin(axis=1)", "X.sum(axis=-1, keepdims=True)", "X.sum(1)", "X.mean(1)",
    "X.ptp(axis=1) if hasattr(X, 'ptp') else X.max(1)", "np.sum(X, axis=1)", "np.sum(X, axis=1, keepdims=True)",
    "np.mean(X, axis=1)", "np.median(X, axis=1)", "np.std(X, axis=1)", "np.var(X, axis=1)", "np.min(X, axis=1)",
    "np.max(X, axis=1)", "np.amin(X, axis=1)", "np.amax(X, axis=1)", "np.prod(X, axis=1)", "np.any(X > 1, axis=1)",
    "np.all(X > 0, axis=1)", "np.argmax(X, axis=1)", "np.argmin(X, axis=1)", "np.count_nonzero(X, axis=1)",
    "np.count_nonzero(X > 0, axis=1)", "np.nansum(X, axis=1)", "np.nanmean(X, axis=1)", "np.nanmedian(X, axis=1)",
    "np.nanmin(X, axis=1)", "np.nanmax(X, axis=1)", "np.nanprod(X, axis=1)", "np.average(X, axis=1)",
    "np.average(X, axis=1, weights=[1, 2, 3])", "np.average(X, axis=1, weights=[0.2, 0.3, 0.5])",
    "np.cumsum(X, axis=1)", "np.cumprod(X, axis=1)", "X.cumsum(axis=1)", "np.diff(X, axis=1)", "np.diff(X)",
    "np.diff(X, n=2)", "np.linalg.norm(X, axis=1)", "np.linalg.norm(X, ord=1, axis=1)",
    "np.linalg.norm(X, ord=np.inf, axis=1)", "np.linalg.norm(X[:, :2] - X[:, 1:], axis=1, keepdims=True)",
    "np.sort(X, axis=1)", "np.quantile(X, 0.25, axis=1)", "(X > 0).sum(axis=1)", "(X > 0).mean(axis=1)",
    "np.add.reduce(X, axis=1)", "np.multiply.reduce(X, axis=1)", "np.logical_or.reduce(X > 1, axis=1)",
    "np.maximum.reduce(X, axis=1)", "X @ np.array([1.0, 2.0, 3.0])", "X @ np.array([1, 2, 3])", "X @ np.eye(3)",
    "X @ np.arange(6.0).reshape(3, 2)", "X @ np.arange(6).reshape(3, 2)", "np.dot(X, np.array([1.0, -2.0, 0.5]))",
    "np.dot(X, 2)", "np.matmul(X, np.arange(6.0).reshape(3, 2))", "X.dot(np.arange(6.0).reshape(3, 2))",
    "np.inner(X, [1.0, 2.0, 3.0])", "np.nancumsum(X, axis=1)", "np.minimum.accumulate(X, axis=1)",
    "np.sum((X - np.array([1.0, 2.0, 3.0])) ** 2, axis=1)", "X[:, 0] > X.mean(axis=1)",
    "X / X.sum(axis=1, keepdims=True)", "X - X.mean(axis=1)[:, None]", "X / np.linalg.norm(X, axis=1, keepdims=True)",
    "(X.T / X.sum(axis=1)).T", "(X.T - X.mean(axis=1)).T", "X.max(axis=1) - X.min(axis=1)", "np.sum(X > 0, axis=1)",
    "np.sum(X, axis=1, dtype=float)", "X.max(axis=1, keepdims=True)",
    "np.isnan(X).sum(axis=1)",
    "np.isnan(X).any(axis=1)",
    "np.isnan(X).mean(axis=1)",
    "np.nanstd(X, axis=1)",
    "np.nanvar(X, axis=1)",
    "np.percentile(X, 50, axis=1)",
    "np.median(np.c_[X, np.ones(len(X))], axis=1)",
    "np.logical_and.reduce(np.array([X[:, 0] > 0, X[:, 1] > 0]))",
]  # fmt: skip
SHAPES = [
    "sum([X[:, 0], X[:, 1], X[:, 2]])", "np.outer(X[:, 0], [1, 2, 3])", "X[:, 0]", "X[:, -1]", "X[:, [0]]",
    "X[:, [2, 0]]", "X[:, 1:]", "X[:, ::-1]", "X[:, ::2]", "X[..., 0]", "X[:, 0][:, None]", "X[:, 0, None]",
    "X[:, 0, np.newaxis]", "X[:, np.array([True, False, True])]", "X[:, np.arange(2)]", "X[:]", "X.T[0]",
    "X.T[0] + X.T[1]", "X.T.T", "np.transpose(X).T", "X[:, 0].reshape(-1, 1)", "X.reshape(len(X), -1)",
    "X.reshape(X.shape[0], X.shape[1])", "X.reshape(-1, 3)", "X.reshape(X.shape)", "X[:, 0].ravel()",
    "X[:, [0]].flatten()", "X[:, [0]].ravel()", "np.ravel(X[:, [0]])", "np.squeeze(X[:, [0]], axis=1)",
    "np.c_[X, X[:, 0]]", "np.c_[X[:, 0], X[:, 1] * 2]", "np.c_[X, X ** 2]", "np.c_[X, np.ones(len(X))]",
    "np.column_stack([X[:, 0], X[:, 1]])", "np.column_stack((X, X[:, 0] > 0))",
    "np.column_stack([X, np.ones(len(X))])", "np.hstack([X, X * 2])",
    "np.hstack((X, X[:, [0]], np.ones((X.shape[0], 1))))", "np.concatenate([X, X[:, :1]], axis=1)",
    "np.concatenate((X, np.zeros((len(X), 2))), axis=-1)", "np.vstack([X[:, 0], X[:, 1]]).T",
    "np.stack([X[:, 0], X[:, 1]], axis=1)", "np.stack((X[:, 0], X[:, 1]), axis=-1)", "np.array([X[:, 0], X[:, 1]]).T",
    "np.array([X[:, 0], X[:, 1]]).sum(axis=0)", "np.append(X, X[:, [0]], axis=1)", "np.insert(X, 0, 1, axis=1)",
    "np.insert(X, 1, X[:, 0], axis=1)", "np.delete(X, 1, axis=1)", "np.delete(X, [0, 2], axis=1)",
    "np.take(X, [0, 2], axis=1)", "X.take([1, 0], axis=1)", "np.repeat(X, 2, axis=1)", "np.tile(X, (1, 2))",
    "np.flip(X, axis=1)", "np.fliplr(X)", "np.roll(X, 1, axis=1)", "np.split(X, 3, axis=1)[0]", "np.hsplit(X, 3)[1]",
    "np.array_split(X, 2, axis=1)[0]", "np.broadcast_to(X[:, [0]], X.shape)", "np.swapaxes(X, 0, 1).T",
    "np.moveaxis(X, 0, 1).T", "np.expand_dims(X[:, 0], 1)", "np.expand_dims(X[:, 0], axis=-1)", "np.atleast_2d(X)",
    "np.atleast_1d(X[:, 0])", "np.zeros_like(X)", "np.ones_like(X) * X", "np.full_like(X, 2) + X",
    "np.zeros_like(X[:, 0]) + X[:, 1]", "np.full(len(X), 2.5) + X[:, 0]", "np.zeros(len(X)) + X[:, 0]",
    "np.zeros(X.shape) + X", "np.ones((len(X), 1)) * X", "np.ones_like(X, dtype=int)", "np.full_like(X, 2.7)",
    "np.polyval([1, 2, 3], X)", "np.apply_along_axis(np.sum, 1, X)", "X.astype(float)", "X.astype(bool)",
    "X.astype(np.float32)", "X.astype('float64')", "(X > 0).astype(int)", "(X > 0).astype(float)",
    "(X > 0).astype(np.uint8)", "(X > 0).astype(np.int8) * 2", "X.copy()", "np.copy(X)", "np.array(X)",
    "np.array(X, dtype=float)", "np.asarray(X, dtype=np.float64)", "np.asarray(X)", "np.ascontiguousarray(X)",
    "X.shape[1] * X", "X.size / len(X) * X[:, 0]", "X * X.ndim", "np.add.outer(X[:, 0], [1, 2])",
    "np.multiply.outer(X[:, 0], np.array([1, 2]))", "np.subtract.outer(X[:, 0], [1, 2])",
    "np.sqrt(((X[:, None, :] - np.arange(6.0).reshape(1, 2, 3)) ** 2).sum(axis=2))",
    "((X[:, :, None] - np.arange(2.0)) ** 2).reshape(len(X), -1)",
    "(X[:, :, None] * X[:, None, :]).reshape(len(X), -1)", "X.tolist()", "np.unravel_index(0, (2, 2))[0] + X",
    "X[:, X.shape[1] - 1]", "np.mean(X, axis=(1,))", "np.mean([X[:, 0], X[:, 1]], axis=0)",
    "np.max([X[:, 0], X[:, 1]], axis=0)", "np.sum([X[:, 0], X[:, 1]], axis=0)", "X.conj()", "X.real",
    "X.round(decimals=1)", "np.array_split(X, 3, axis=1)[2]", "np.logspace(0, 1, 3) * X", "np.linspace(0, 1, 3) + X",
    "np.arange(3) * X", "np.polynomial.polynomial.polyval(X, [1, 2, 3])", "np.nan_to_num(X[:, 0] / X[:, 1])",
]  # fmt: skip
ROWS = [
    "np.apply_along_axis(lambda r: r[0] + r[1] * 2, 1, X)", "np.apply_along_axis(lambda r: r[::-1], 1, X)",
    "np.vectorize(lambda v: v * 2)(X)", "np.vectorize(lambda v: 1.0 if v > 0 else 0.0)(X)", "len(X[0]) * X",
    "np.array([row[0] + row[1] for row in X])", "np.array([[row[0], row[1] * 2] for row in X])",
    "np.array([max(row) for row in X])", "np.array([row.sum() for row in X])", "np.array([sum(row) for row in X])",
    "np.array([min(row[0], row[1]) for row in X])", "np.array([math.sqrt(abs(v)) for v in X[:, 0]])",
    "np.array([abs(v) for v in X[:, 0]])", "np.array([float(v) for v in X[:, 0]])",
    "np.array(list(map(lambda r: r[0] * 2, X)))", "np.array([v.item() for v in X[:, 0]])",
    "np.array([X[i, 0] for i in range(len(X))])", "np.array([X[i][1] for i in range(X.shape[0])])",
]  # fmt: skip
# Functions for which the graph refuses rows that have no answer, or one that loses digits.
OF_SOME_ROWS = [
    "X.astype(int)", "X.astype(np.int32)", "X.astype(np.int8)", "np.floor(X).astype(int)",
    "np.floor(X).astype(int) % 2",
    "2 ** np.abs(X)",
]  # fmt: skip
REFUSED = [
    ("np.reciprocal(X.astype(int))", "write 1 / x"),
    ("np.array([10, 20, 30])[X.argmax(axis=1)]", "np.select"),
    ("np.minimum.reduce([X[:, 0], X[:, 1]])", "np.array"),
    ("X - X.mean(axis=0)", "other rows"),
    ("np.sort(X, axis=0)", "other rows"),
    ("np.max(X, axis=1, initial=0)", "initial="),
    ("np.sum(X, axis=1, where=X > 0)", "where="),
    ("np.float32(X)", "code that needs its values now"),
    ("X.view()", "'view'"),
    ("np.argsort(X, axis=1)", "np.argsort"),
    ("np.quantile(X, [0.1, 0.9], axis=1).T", "one at a time"),
    ("np.linalg.norm(X, ord=3, axis=1)", "ord=3"),
    ("X.astype(int) << X.astype(int)", "shifts bits by a number that only a request has"),
    ("X.astype(int) << 63", "shifts bits by 63; shift by a number from 0 to 62"),
    ("np.frexp(X)[0]", "frexp"),
]  # fmt: skip


def kinds_of(code):
    """Yields the kinds of arrays for which numpy has an answer."""
    for kind in KINDS:
        try:
            with np.errstate(all="ignore"):
                function_of(code, kind)(rows_of(kind)[0].copy())
        except (TypeError, ValueError):
            continue
        yield kind


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("code", [*OPERATORS, *FUNCTIONS, *CHOICES, *REDUCTIONS, *SHAPES, *ROWS])
def test_it_is_the_same_to_the_last_bit(code):
    kinds = list(kinds_of(code))
    assert kinds
    for kind in kinds:
        check(function_of(code, kind), kind)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("code", ROUNDED)
def test_it_is_the_same_but_for_the_last_digits(code):
    for kind in kinds_of(code):
        check(function_of(code, kind), kind, within=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("code", OF_SOME_ROWS)
def test_rows_without_an_answer_are_refused(code):
    for kind in kinds_of(code):
        check(function_of(code, kind), kind, may_refuse=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("code", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_a_way_out(code, reason):
    for kind in kinds_of(code):
        with pytest.raises(NotImplementedError, match=reason) as error:
            check(function_of(code, kind), kind)
        assert "; " in str(error.value)


def largest_of_some(X):
    return X / X[X > 0].max()


def set_where_missing(X):
    X = X.copy()
    X[np.isnan(X)] = -1
    X[X[:, 0] > 1, 1] = 7
    X[:, 2] = X[:, 0] + X[:, 1]
    return X


def cut_off(X):
    """An array of whole numbers cuts off the fractions of what is written into it."""
    made = np.zeros_like(X)
    made[:, 0] = 2.7
    made[:, 1] = np.where(X[:, 1] > 0, 1.5, -1.5)
    return made


def in_place(X):
    X = X.astype(float)
    Y = X
    X += 1.5
    X *= np.array([1.0, 2.0, 3.0])
    X[:, 0] -= X[:, 1]
    return np.c_[X, Y]


def of_a_view(X):
    X = X * 1.0
    first = X[:, 0]
    first += 1
    copy = np.array(X)
    copy[:, 1] = 0
    same = np.asarray(X)
    same[:, 2] = 5
    return np.c_[X, copy]


def filled(X):
    made = np.empty((len(X), 2))
    made[:, 0] = X[:, 0] > X[:, 1]
    made[:, 1] = X.max(axis=1)
    flags = np.zeros(len(X), dtype=bool)
    flags[X[:, 0] > 0] = True
    return np.column_stack([made, ~flags])


def sums_by_loop(X):
    total = np.zeros(len(X))
    for column in range(X.shape[1]):
        total += X[:, column] * (column + 1)
    return total.reshape(-1, 1)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("function", [set_where_missing, cut_off, in_place, of_a_view, filled, sums_by_loop])
def test_what_is_written_into_an_array(function, kind):
    made_of = {"float": lambda X: X, "int": lambda X: X.astype(int), "bool": lambda X: X > 0}[kind]
    check(lambda X: function(made_of(X)), kind)


def test_the_largest_of_the_elements_that_a_condition_picks_is_refused():
    with pytest.raises(NotImplementedError, match="looks at other rows than its own"):
        check(largest_of_some, "float")


def test_a_refusal_is_one_that_names_a_way_out():
    assert issubclass(NotFollowed, NotImplementedError)
