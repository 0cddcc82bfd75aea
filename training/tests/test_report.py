"""The HTML report about a model."""

import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.covariance import EllipticEnvelope
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import confusion_matrix, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from sepal_export import export
from sepal_export.data.dataset import Column, read_dataset
from sepal_export.evaluation.cross_validation import cross_validate
from sepal_export.evaluation.evaluate import evaluate
from sepal_export.evaluation.scores import not_measured
from sepal_export.package.manifest import describe_features
from sepal_export.report import diagnostics, to_html

TRAINING = Path(__file__).parent.parent
COMMITTED = TRAINING.parent / "docs" / "iris-report.html"
COLUMNS = [Column(name, unit="cm") for name in ("sepal_length", "sepal_width", "petal_length", "petal_width")]
VOID = {"meta", "link", "img", "br", "hr"}


def page(estimator, X, y, *, features=None, unit=None, metrics=True, **changes):
    """The report of an estimator, which need not be exportable."""
    estimator.fit(X, y)
    dataset = read_dataset(X, features)
    evaluation = evaluate(estimator, X, y) if metrics else not_measured("it takes days")
    classes = {"classes": estimator.classes_.tolist()} if hasattr(estimator, "classes_") else {}
    strings = {
        index: sorted(set(dataset.rows.columns[index]) - {None})
        for index, feature in enumerate(dataset.features)
        if feature.is_string
    }
    manifest = {
        "name": "example",
        "version": "1.0.0",
        "description": "An example.",
        "task": "classification" if classes else "regression",
        "target": {"name": "answer", "unit": unit},
        "features": describe_features(dataset, {}, strings),
        **classes,
        "outputs": dict.fromkeys(["label", "probabilities"] if classes else ["value"], "x"),
        "metrics": evaluation.metrics.to_json(),
        "parity": {
            "rows": 20_000,
            "points": {"training": 150, "thresholds": 19_850},
            "label_agreement": 1.0 if classes else None,
            "mismatches": 0,
            "scale": 346.0,
            "largest_error": 1e-15,
            "tolerance": 1e-9,
        },
        "opset": {"ai.onnx": 21},
        "producers": {"scikit-learn": "1.9.1"},
        "sha256": "0" * 64,
    } | changes
    return to_html(manifest, dataset, estimator, X, y, evaluation)


def classifier():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))


class Reader(HTMLParser):
    """Asserts that every opened tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.extend(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.extend(attributes)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append(" ".join(text.split()))


def check(html):
    """Asserts that the page loads no other file, and that each picture has a description in words."""
    reader = Reader(html.removeprefix("<!doctype html>"))
    names = {name for name, _ in reader.attributes}
    assert not names & {"src", "href", "xlink:href", "id", "clip-path", "srcset"}
    assert not set(reader.tags) & {"script", "link", "img", "iframe", "use"}
    assert not re.search(r"https?:|url\(|@import", html)
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    for picture in pictures:
        assert re.match(r'<svg viewBox="[\d. ]+" role="img" aria-label="[^"]{10,}">', picture)
        ElementTree.fromstring(picture)
    assert len(html.encode()) < 300_000
    return reader


@pytest.fixture(scope="module")
def iris():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    return page(classifier(), X, names, features=COLUMNS)


def sections(html):
    parts = re.split(r"<h2>(.*?)</h2>", html)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows_of(html):
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", html) if "<td" in row]


def test_the_committed_report_is_what_training_writes(tmp_path):
    for seed in ("0", "30"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        arguments = [sys.executable, "iris.py", tmp_path / "package", tmp_path / "report.html"]
        subprocess.run(arguments, cwd=TRAINING, env=environment, stdout=subprocess.DEVNULL, check=True)
        assert (tmp_path / "report.html").read_bytes() == COMMITTED.read_bytes()
    check(COMMITTED.read_text())


def test_the_page_is_complete_in_itself(iris):
    reader = check(iris)
    assert reader.tags.count("svg") == 8
    assert list(sections(iris)) == [
        "How good it is",
        "Which features matter",
        "Features",
        "Agreement with the original",
        "Versions",
    ]


def test_the_settings_of_matplotlib_are_neither_used_nor_changed(iris):
    X, y = load_iris(return_X_y=True)
    with matplotlib.rc_context({"font.size": 40, "svg.fonttype": "path", "text.parse_math": True}):
        again = page(
            classifier(),
            X,
            np.array(["setosa", "versicolor", "virginica"])[y],
            features=[
                Column(name, unit="cm") for name in ("sepal_length", "sepal_width", "petal_length", "petal_width")
            ],
        )
        assert matplotlib.rcParams["font.size"] == 40
    assert again == iris


def test_the_numbers_are_those_of_scikit_learn(iris):
    X, y = load_iris(return_X_y=True)
    held_out = cross_validate(classifier(), X, y).held_out
    counts = confusion_matrix(y, held_out.labels)
    quality = sections(iris)["How good it is"]
    assert f"{np.trace(counts)} of 150 rows are predicted right" in quality
    matrix = re.search(r'<svg[^>]*aria-label="Confusion.*?</svg>', quality, re.DOTALL)[0]
    assert re.findall(r">(\d+)</text>", matrix) == [str(count) for count in counts.ravel() if count]
    assert rows_of(quality) == [
        [
            name,
            "50",
            f"{counts[index, index] / counts[:, index].sum():.3f}",
            f"{counts[index, index] / 50:.3f}",
            f"{roc_auc_score(y == index, held_out.scores[:, index]):.3f}",
        ]
        for index, name in enumerate(["setosa", "versicolor", "virginica"])
    ]


def test_the_features_are_listed_with_their_units(iris):
    rows = rows_of(sections(iris)["Features"])
    assert rows[0] == ["sepal_length", "float64", "cm", "refused", "4.3 to 7.9", "5.843", "0.8253"]
    assert len(rows) == 4
    assert sections(iris)["Features"].count(">cm</text>") == 4


def test_the_comparison_is_shown_by_kind_of_row(iris):
    agreement = sections(iris)["Agreement with the original"]
    assert (
        "same labels as the original on 20,000 rows, probabilities within 1e-15. Errors up to 1e-9 are allowed."
        in agreement
    )
    assert [row[:2] for row in rows_of(agreement)] == [["training", "150"], ["thresholds", "19,850"]]


def test_what_was_not_measured_is_not_drawn():
    X, y = load_iris(return_X_y=True)
    html = page(classifier(), X, y, metrics=False)
    check(html)
    assert "This was not measured: it takes days." in sections(html)["How good it is"]
    assert "<svg" not in sections(html)["How good it is"]
    assert "are shuffled among the training rows" in sections(html)["Which features matter"]


def test_the_scores_of_the_model_itself_are_said_to_be_that():
    X, y = load_iris(return_X_y=True)
    html = page(CalibratedClassifierCV(FrozenEstimator(classifier().fit(X, y))), X, y)
    check(html)
    assert "The scores above are of the model itself on the 150 rows given" in sections(html)["How good it is"]


def test_answers_that_differ_and_were_allowed_are_said_first():
    X, y = load_iris(return_X_y=True)
    parity = {
        "rows": 20_000,
        "points": {"training": 20_000},
        "label_agreement": 0.9,
        "mismatches": 1_234,
        "scale": 1.0,
        "largest_error": 0.1,
        "tolerance": 1e-9,
    }
    html = page(classifier(), X, y, metrics=False, parity=parity)
    assert "<dd>1,234 <small>of 20,000 rows</small></dd>" in html
    assert "differs from the original on 1,234 of 20,000 rows, by up to 0.1; this was allowed." in html


def test_a_regressor_has_pictures_of_its_own():
    X, y = load_diabetes(return_X_y=True)
    html = page(Ridge(), X, y, unit="points")
    check(html)
    quality = sections(html)["How good it is"]
    assert re.findall(r'aria-label="(\w+)', quality) == ["Actual", "Residuals"]
    assert ">predicted answer (points)</text>" in quality
    dots = re.findall(r' d="((?:M \S+ \S+ L \S+ \S+ )+)"[^>]*stroke-linecap: round', quality)
    assert [len(path.split("M")) - 1 for path in dots] == [len(y), len(y)]
    assert "growth of the mean absolute error (points)" in sections(html)["Which features matter"]


def test_a_model_without_an_original_is_not_said_to_agree_with_one():
    X, y = load_diabetes(return_X_y=True)
    html = page(Ridge(), X, y, parity=None)
    check(html)
    assert "largest error" not in html
    assert "Not proven: an ONNX model has no original" in sections(html)["Agreement with the original"]


def test_many_rows_are_not_all_drawn():
    random = np.random.default_rng(0)
    X = random.normal(size=(5_000, 2))
    html = page(Ridge(), X, X[:, 0] + random.normal(size=5_000))
    check(html)
    assert "2,000 of 5,000 rows are drawn" in html


def test_sixty_four_features_and_ten_classes_can_be_read():
    X, y = load_digits(return_X_y=True)
    html = page(classifier(), X[:300], y[:300])
    check(html)
    assert "The 20 most important of 64 features are shown." in sections(html)["Which features matter"]
    assert "The 24 most important of 64 features are drawn." in sections(html)["Features"]
    assert sections(html)["Features"].count("<svg") == 24
    assert len(rows_of(sections(html)["Features"])) == 64
    assert "The 6 of 10 classes with the smallest areas." in html


def test_fifty_classes_can_be_read():
    random = np.random.default_rng(0)
    y = np.repeat(np.arange(50), 12)
    X = random.normal(size=(50, 6))[y] * 2 + random.normal(size=(600, 6))
    html = page(classifier(), X, np.array([f"species number {index:02d} of fifty" for index in range(50)])[y])
    check(html)
    quality = sections(html)["How good it is"]
    assert "The most frequent confusions, actual → predicted." in quality
    assert re.search(r"\d+ pairs of the 50 classes that are confused more rarely are left out", quality)
    assert "The 30 of 50 classes with the lowest recall." in quality
    assert len(rows_of(quality)) == 30


def test_every_type_of_feature_is_drawn_and_names_are_text():
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "<b>age</b> & $x^2$": random.integers(18, 90, 300),
            "town": random.choice([f"<i>{index}</i>" for index in range(12)], 300),
            "member": random.random(300) < 0.3,
            "tiny": random.normal(size=300) * 1e-7,
            "constant": 1.5,
            "heavy": random.standard_cauchy(300),
        }
    )
    frame.loc[::5, "tiny"] = np.nan
    estimator = make_pipeline(
        make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["town"]), (StandardScaler(), ["member"])),
        LogisticRegression(),
    )
    html = page(estimator, frame, random.random(300) < 0.5, description="<script>alert(1)</script>")
    reader = check(html)
    assert not set(reader.tags) & {"b", "i"}
    assert reader.texts.count("<b>age</b> & $x^2$") >= 2
    assert "<script>alert(1)</script>" in reader.texts
    rows = {row[0]: row[1:] for row in rows_of(sections(html)["Features"])}
    assert unescape(rows["town"][3]) == "<i>0</i>, <i>10</i>, <i>11</i>, <i>1</i>, <i>2</i>, … 7 more"
    assert rows["member"][3] == "false or true"
    assert {"false", "true"} < set(reader.texts)
    assert rows["tiny"][2] == "20.0%"
    assert rows["constant"][3:] == ["1.5 to 1.5", "1.5", "0"]
    assert "4 others" in reader.texts


def test_importance_is_of_rows_that_were_held_out():
    """A feature that is useful only for memorizing training rows has no importance for other rows."""
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 3))
    y = 3 * X[:, 0] + random.normal(size=300)
    estimator = Ridge().fit(X, y)
    importances = diagnostics.importances(estimator, X, y, cross_validate(estimator, X, y), range(X.shape[1]))
    assert importances.held_out
    assert importances.order[0] == 0
    assert importances.means[0] > 1
    assert np.abs(importances.means[1:]).max() < 0.1


def test_importances_are_bounded_in_time():
    random = np.random.default_rng(0)
    X, calls = random.normal(size=(100, 200)), []

    class Counting(Ridge):
        def predict(self, X):
            calls.append(len(X))
            return super().predict(X)

    y = X[:, 0]
    estimator = Counting().fit(X, y)
    diagnostics.importances(estimator, X, y, cross_validate(estimator, X, y), range(X.shape[1]))
    assert len(calls) < 2_100


def test_calibration_has_wilsons_interval():
    low, share, high = diagnostics.interval(8, 10)
    assert share == 0.8
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert diagnostics.interval(0, 10)[0] == 0
    assert diagnostics.interval(10, 10)[2] == 1


def test_residuals_are_of_held_out_predictions():
    X, y = load_diabetes(return_X_y=True)
    expected = cross_val_predict(Ridge(), X, y, cv=KFold(5, shuffle=True, random_state=0))
    np.testing.assert_allclose(cross_validate(Ridge(), X, y).held_out.scores[:, 0], expected, rtol=1e-9)


def of_kind(estimator, y, tmp_path, **options):
    """The report that an export writes."""
    X, _ = load_iris(return_X_y=True)
    estimator = estimator.fit(X, y)
    options = {"name": "m", "version": "1", "out": tmp_path, "say": lambda _: None, "features": COLUMNS} | options
    export(estimator, X, y, report=tmp_path / "report.html", **options)
    html = (tmp_path / "report.html").read_text()
    check(html)
    return unescape(html)


def several(y):
    return np.stack([np.array(["a", "b", "c"])[y], np.array(["n", "y"])[(y > 0) * 1]], axis=1)


@pytest.mark.parametrize("classes", [2, 3])
def test_scores_draw_roc_curves_and_no_calibration(classes, tmp_path, few_points):
    y = load_iris().target
    html = of_kind(make_pipeline(StandardScaler(), LinearSVC()), y if classes == 3 else y // 2, tmp_path)
    quality = sections(html)["How good it is"]
    assert "ROC curve" in quality
    assert "Calibration" not in quality
    assert "The model has no probabilities, so no calibration is drawn." in quality
    areas = {row[0]: float(row[-1]) for row in rows_of(quality)}
    X = load_iris().data
    model = make_pipeline(StandardScaler(), LinearSVC())
    held_out = cross_val_predict(
        model, X, y if classes == 3 else y // 2, cv=splitter(), method="decision_function"
    ).reshape(150, -1)
    last = str(classes - 1)
    assert areas[last] == pytest.approx(
        roc_auc_score((y if classes == 3 else y // 2) == classes - 1, held_out[:, -1]), abs=1e-3
    )
    assert "how much the accuracy falls when" in html


def splitter():
    return StratifiedKFold(5, shuffle=True, random_state=0)


def test_labels_alone_draw_their_confusion(tmp_path, few_points):
    html = of_kind(NearestCentroid(metric="manhattan"), load_iris().target, tmp_path)
    quality = sections(html)["How good it is"]
    assert "no ROC curve and no calibration are drawn" in quality
    assert quality.count("<svg") == 1
    assert all(row[2] and not row[-1] for row in rows_of(quality))


def test_the_labels_of_several_targets_are_counted_by_target(tmp_path, few_points):
    y = several(load_iris().target)
    model = DecisionTreeClassifier(max_depth=2, random_state=0)
    html = of_kind(model, y, tmp_path, target=["kind", "large"])
    quality = sections(html)["How good it is"]
    assert "Predicts kind (one of 3), large (one of 2), from 4 features." in html
    held_out = cross_val_predict(model, load_iris().data, y, cv=KFold(5, shuffle=True, random_state=0))
    expected = [f"{(held_out == y).mean(axis=0)[place]:.3f}" for place in range(2)]
    assert [row[:3] for row in rows_of(quality)] == [["kind", "3", expected[0]], ["large", "2", expected[1]]]
    assert quality.count("Confusion matrix of kind, in rows.") == 1


def test_the_values_of_several_targets_are_drawn_by_target(tmp_path, few_points):
    X = load_iris().data
    y = np.stack([X[:, 0] * place + X[:, 3] for place in range(1, 9)], axis=1)
    names = [Column(f"size {place}", unit="cm") for place in range(1, 9)]
    quality = sections(of_kind(Ridge(), y, tmp_path, target=names))["How good it is"]
    assert [row[0] for row in rows_of(quality)] == [name.name for name in names]
    assert all(row[2].endswith(" cm") for row in rows_of(quality))
    assert quality.count("<svg") == 6
    assert "The first 6 of 8 targets are drawn." in quality


@pytest.mark.parametrize(
    ("model", "predicts"),
    [
        (KMeans(3, n_init=1, random_state=0), "Finds one of 3 clusters from 4 features."),
        (EllipticEnvelope(random_state=0), "Tells outliers from inliers from 4 features."),
        (FrozenEstimator(Ridge().fit(*load_iris(return_X_y=True))), "Predicts target, a number, from 4 features."),
    ],
    ids=["clusters", "outliers", "no target"],
)
def test_without_right_answers_the_page_says_so(model, predicts, tmp_path, few_points):
    html = of_kind(model, None, tmp_path)
    assert predicts in html
    assert "This was not measured: " in sections(html)["How good it is"]
    assert "it is not measured how much worse the answers are" in sections(html)["Which features matter"]
    assert "Shapley values of the golden rows" in sections(html)["Which features matter"]
    assert sections(html)["Features"].count("<svg") == 4
