"""Rows that the original answers by chance are left out of the proof and the examples; their number is limited."""

import json

import numpy as np
import pytest
from sklearn.cluster import KMeans

from sepal_export import ConversionError, export
from sepal_export.data.dataset import read_dataset
from sepal_export.proof.points import Points

# Whole numbers without 0, which lies in the middle between both centers.
SYMMETRIC = np.resize([-3, -2, -1, 1, 2, 3], 96).reshape(-1, 1)


def test_a_row_in_the_middle_is_counted_and_not_shown(tmp_path):
    estimator = KMeans(2, init=[[-2.0], [2.0]], n_init=1).fit(SYMMETRIC)
    estimator.cluster_centers_ = np.array([[-2.0], [2.0]])
    said = []
    manifest = export(estimator, SYMMETRIC, name="two", version="1", out=tmp_path, say=said.append)
    assert manifest["parity"]["undecided"] >= 1
    assert f"{manifest['parity']['undecided']:,}  left out, because the original answers them by chance" in said[0]
    golden = json.loads((tmp_path / "golden.json").read_text())
    shown = [row for example in manifest["examples"] for row in example["instances"]] + golden["instances"]
    assert len(shown) > 2
    assert [0] not in shown


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_more_than_half_of_the_rows_in_doubt_prove_nothing(share):
    dataset = read_dataset(SYMMETRIC, None)
    points = Points(dataset, {}, doubts=lambda rows: np.arange(len(rows)) < share * len(rows))
    points.decided(dataset.rows)
    assert points.undecided == np.ceil(share * len(SYMMETRIC))
    if share < 0.5:
        points.require_decided()
        return
    with pytest.raises(
        ConversionError, match=r"the original's answers to 58 of 96 rows of the proof depend on .*; use another"
    ):
        points.require_decided()
