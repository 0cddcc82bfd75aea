"""Of many thresholds, the proof tries some of each feature and tree, and those that change the answer most."""

import numpy as np
import pytest
from exactness import blobs
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.converters.tree_ensemble import Tree, jumps_of
from sepal_export.data.dataset import read_dataset
from sepal_export.graphs.graph import Graph, Splits
from sepal_export.proof import points
from sepal_export.proof.points import Points
from sepal_export.proof.sampling import choose

X, Y = blobs()


@pytest.fixture(scope="module")
def forest():
    return to_onnx_model(RandomForestRegressor(20, random_state=0).fit(X, Y), read_dataset(X, None))


def of_each(splits, name):
    return np.concatenate([getattr(split, name) for split in splits])


def test_few_thresholds_are_all_tried(forest):
    total = sum(len(split.thresholds) for split in forest.splits)
    assert choose(forest.splits, total) == forest.splits


def test_many_are_tried_of_every_feature_and_every_tree(forest):
    chosen = choose(forest.splits, 100)
    assert len(of_each(chosen, "thresholds")) == 100
    assert {split.column for split in chosen} == {0, 1, 2, 3}
    assert set(of_each(chosen, "trees")) == set(range(20))


def test_the_farthest_jumps_are_tried_first(forest):
    chosen = {
        (split.column, *tried)
        for split in choose(forest.splits, 300)
        for tried in zip(split.trees, split.thresholds, strict=True)
    }
    for split in forest.splits:
        for tree in range(20):
            own = split.trees == tree
            is_tried = np.array([(split.column, tree, threshold) in chosen for threshold in split.thresholds[own]])
            assert split.jumps[own][is_tried].min(initial=np.inf) >= split.jumps[own][~is_tried].max(initial=0)


def test_more_trees_than_can_be_tried_leave_no_feature_out(forest):
    assert {split.column for split in choose(forest.splits, 10)} == {0, 1, 2, 3}


def test_what_no_tree_has_is_tried_from_all_over_its_range():
    [chosen] = choose([Splits(Graph().input("X", np.float64, 1), 0, np.arange(1000.0))], 10)
    assert chosen.thresholds[[0, -1]].tolist() == [0, 999]
    assert np.diff(chosen.thresholds).max() < 260


def test_a_jump_is_what_the_leaves_below_a_node_span():
    #        0
    #    1       2
    #          3   4
    leaf = [False, True, False, True, True]
    left, right = np.array([1, -1, 3, -1, -1]), np.array([2, -1, 4, -1, -1])
    tree = Tree(np.zeros(5, int), np.zeros(5), left, right, np.array([9.0, 1.0, 9.0, 2.0, 5.0]))
    assert tree.is_leaf.tolist() == leaf
    assert jumps_of(tree).tolist() == [4, 0, 3, 0, 0]


@pytest.mark.parametrize(("most", "tried"), [(10_000, "all"), (50, 50)])
def test_the_share_that_was_tried_is_told(forest, most, tried, monkeypatch):
    monkeypatch.setattr(points, "MOST_THRESHOLDS", most)
    total = sum(len(split.thresholds) for split in forest.splits)
    maker = Points(forest.dataset, forest.known)
    made = maker.by_kind(forest.model, forest.splits)["thresholds"]
    assert maker.tried.total == total
    assert maker.tried.tried == (total if tried == "all" else tried)
    assert len(made) == 6 * maker.tried.tried


def test_a_model_without_thresholds_tells_no_share():
    conversion = to_onnx_model(Ridge().fit(X, Y), read_dataset(X, None))
    maker = Points(conversion.dataset, conversion.known)
    maker.by_kind(conversion.model, conversion.splits)
    assert maker.tried is None


def test_bins_and_trees_are_chosen_beside_each_other():
    binned = make_pipeline(KBinsDiscretizer(20, quantile_method="averaged_inverted_cdf"), RandomForestRegressor(5))
    conversion = to_onnx_model(binned.fit(X, Y), read_dataset(X, None))
    values = {split.value.name for split in conversion.splits}
    assert {split.value.name for split in choose(conversion.splits, 60)} == values
