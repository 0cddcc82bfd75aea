"""Requests the labels of golden rows from a running Sepal through the clients that people use. Each label must have the
value and the type that it has in golden.json.

    python classes.py http://127.0.0.1:3000 ../fixtures/classes/booleans
"""

import asyncio
import io
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kserve
import numpy as np
import pandas as pd
import requests
import tritonclient.http as triton

SECONDS = 30
URL, PACKAGE = sys.argv[1].rstrip("/"), Path(sys.argv[2])
MODEL = PACKAGE.name
GOLDEN = json.loads((PACKAGE / "golden.json").read_text())
ROWS = np.array(GOLDEN["instances"])
LABELS = [prediction["label"] for prediction in GOLDEN["predictions"]]
# The dtype of the labels in a tensor, by model. Texts arrive as bytes in an array of objects.
DTYPES = {"integers": np.int64, "booleans": np.bool_, "fractions": np.float64, "texts": np.object_}


def post(path: str, **options: Any) -> requests.Response:
    response = requests.post(f"{URL}{path}", timeout=SECONDS, **options)
    response.raise_for_status()
    return response


def native() -> list[Any]:
    return [prediction["label"] for prediction in post("/predict", json=ROWS.tolist()).json()["predictions"]]


def mlflow() -> list[Any]:
    return post("/invocations", json={"instances": ROWS.tolist()}).json()["predictions"]


def open_inference() -> list[Any]:
    tensor = {"name": "X", "shape": [*ROWS.shape], "datatype": "FP64", "data": ROWS.tolist()}
    document = {"inputs": [tensor], "outputs": [{"name": "label"}]}
    return post(f"/v2/models/{MODEL}/infer", json=document).json()["outputs"][0]["data"]


def csv() -> list[Any]:
    headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
    text = post("/invocations", data=pd.DataFrame(ROWS).to_csv(index=False, header=False), headers=headers).text
    # The answer has one line for each row, as SageMaker's clients expect it: the label and then the probabilities.
    labels = pd.read_csv(io.StringIO(text), header=None, dtype={0: str} if MODEL == "texts" else None)[0].tolist()
    # The service writes an apostrophe before a text that a spreadsheet would run as a formula.
    return [label.removeprefix("'") for label in labels] if MODEL == "texts" else labels


def of_tensor(labels: np.ndarray) -> list[Any]:
    if labels.dtype != DTYPES[MODEL]:
        raise AssertionError(f"expected labels of {DTYPES[MODEL]}, got {labels.dtype}")
    return [label.decode() if isinstance(label, bytes) else label for label in labels.reshape(-1).tolist()]


def tritonclient(binary: bool) -> list[Any]:
    with triton.InferenceServerClient(urlsplit(URL).netloc, network_timeout=SECONDS) as client:
        tensor = triton.InferInput("X", list(ROWS.shape), "FP64")
        tensor.set_data_from_numpy(ROWS, binary_data=binary)
        outputs = [triton.InferRequestedOutput("label", binary_data=binary)]
        return of_tensor(client.infer(MODEL, [tensor], outputs=outputs).as_numpy("label"))


def kserve_client(binary: bool) -> list[Any]:
    async def infer() -> list[Any]:
        async with kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2", timeout=SECONDS, retries=0)) as client:
            tensor = kserve.InferInput("X", list(ROWS.shape), "FP64")
            tensor.set_data_from_numpy(ROWS, binary_data=binary)
            request = kserve.InferRequest(MODEL, [tensor], parameters={"binary_data_output": binary})
            response = await client.infer(URL, request, model_name=MODEL)
            return of_tensor(response.get_output_by_name("label").as_numpy())

    return asyncio.run(infer())


CLIENTS: dict[str, Callable[[], list[Any]]] = {
    "requests": native,
    "MLflow": mlflow,
    "requests, Open Inference JSON": open_inference,
    "SageMaker CSV, by pandas": csv,
    "tritonclient, JSON": lambda: tritonclient(False),
    "tritonclient, binary": lambda: tritonclient(True),
    "KServe InferenceRESTClient, JSON": lambda: kserve_client(False),
    "KServe InferenceRESTClient, binary": lambda: kserve_client(True),
}


def is_same(label: Any, expected: Any) -> bool:
    """Compares value and type. A whole number may stand for a float, because JSON does not tell 1.0 from 1."""
    alike = isinstance(label, int | float) if isinstance(expected, float) else type(label) is type(expected)
    return alike and label == expected


def check(name: str, ask: Callable[[], list[Any]]) -> bool:
    """Asks for the labels, compares them, and prints the result. Returns whether they are as expected."""
    try:
        labels = ask()
    except Exception:
        print(f"FAILED  {name}", traceback.format_exc(limit=-2), sep="\n")
        return False
    passed = len(labels) == len(LABELS) and all(map(is_same, labels, LABELS))
    print(f"{'ok    ' if passed else 'FAILED'}  {name:40} {MODEL}, such as {labels[:3]}")
    return passed


if __name__ == "__main__":
    results = [check(name, ask) for name, ask in CLIENTS.items()]
    sys.exit(0 if all(results) else 1)
