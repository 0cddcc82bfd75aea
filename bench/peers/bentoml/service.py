"""Serves the logistic regression with BentoML."""

import pickle

import bentoml


@bentoml.service(workers=1, metrics={"enabled": False}, logging={"access": {"enabled": False}})
class Iris:
    def __init__(self) -> None:
        with open("model.pickle", "rb") as file:
            self.model = pickle.load(file)

    @bentoml.api
    def predict(self, rows: list[list[float]]) -> list[list[float]]:
        return self.model.predict_proba(rows).tolist()
