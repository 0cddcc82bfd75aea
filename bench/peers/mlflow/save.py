"""Saves the pickled model in MLflow's format: python save.py model.pickle model"""

import pickle
import shutil
import sys

import mlflow.sklearn

source, out = sys.argv[1:]
shutil.rmtree(out, ignore_errors=True)
with open(source, "rb") as file:
    mlflow.sklearn.save_model(pickle.load(file), out, pyfunc_predict_fn="predict_proba", serialization_format="pickle")
