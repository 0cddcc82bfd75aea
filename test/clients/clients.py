"""Sends the golden rows to a running Sepal through the clients that people use, and compares the answers with
those of scikit-learn.

    python clients.py http://127.0.0.1:3000

Prints a line for each client. The exit code is 1 unless all labels are equal and all probabilities are within the
tolerance of the client.
"""

import asyncio
import io
import json
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kserve
import numpy as np
import pandas as pd
import requests
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from tritonclient.utils import InferenceServerException

PACKAGE = Path(__file__).parents[2] / "models" / "iris"
MANIFEST = json.loads((PACKAGE / "model.json").read_text())
GOLDEN = json.loads((PACKAGE / "golden.json").read_text())

MODEL, VERSION, CLASSES = MANIFEST["name"], MANIFEST["version"], MANIFEST["classes"]
FEATURES = [feature["name"] for feature in MANIFEST["features"]]
(MATRIX,) = [tensor["name"] for tensor in MANIFEST["inputs"]]
ROWS = pd.DataFrame(GOLDEN["instances"], columns=FEATURES)
LABELS = [entry["label"] for entry in GOLDEN["predictions"]]
PROBABILITIES = np.array(
    [[prediction["probabilities"][name] for name in CLASSES] for prediction in GOLDEN["predictions"]]
)

SECONDS = 30
EXACT, ROUNDED = 1e-12, 1e-5
"""The largest allowed difference of a probability: for unchanged rows, and for rows rounded to float32."""


@dataclass(frozen=True)
class Answer:
    labels: list[str]
    probabilities: np.ndarray | None = None


# Open Inference Protocol


def matrix(dtype: str) -> list[tuple[str, np.ndarray]]:
    """The golden rows as one tensor of shape [N, F]."""
    return [(MATRIX, ROWS.to_numpy(dtype))]


def columns(dtype: str, width: tuple[int, ...] = (1,)) -> list[tuple[str, np.ndarray]]:
    """The golden rows as one tensor for each column, of shape [N, *width]: [N, 1] or [N]."""
    return [(name, ROWS[name].to_numpy(dtype).reshape(-1, *width)) for name in FEATURES]


def datatype(array: np.ndarray) -> str:
    return {"float64": "FP64", "float32": "FP32"}[array.dtype.name]


def triton_inputs(tensors: list[tuple[str, np.ndarray]], binary: bool, module: Any = triton) -> list[Any]:
    inputs = []
    for name, array in tensors:
        tensor = module.InferInput(name, list(array.shape), datatype(array))
        tensor.set_data_from_numpy(array, binary_data=binary)
        inputs.append(tensor)
    return inputs


def triton_outputs(binary: bool) -> list[Any]:
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in ("label", "probabilities")]


def from_tensors(as_numpy: Callable[[str], np.ndarray | None]) -> Answer:
    labels, probabilities = as_numpy("label"), as_numpy("probabilities")
    require(labels is not None and probabilities is not None, "the answer has both outputs")
    require(probabilities.shape == PROBABILITIES.shape, f"the shape of probabilities, got {probabilities.shape}")
    texts = [value.decode() if isinstance(value, bytes) else value for value in labels.reshape(-1)]
    return Answer(texts, probabilities)


def triton_http(url: str, tensors: list[tuple[str, np.ndarray]], binary: bool, **options: Any) -> Answer:
    with triton.InferenceServerClient(urlsplit(url).netloc, network_timeout=SECONDS) as client:
        result = client.infer(MODEL, triton_inputs(tensors, binary), **options)
        response = result.get_response()
        require(response["model_name"] == MODEL and response["model_version"] == VERSION, "the answer names its model")
        require(response.get("id", "") == options.get("request_id", ""), "the answer has the request's id")
        return from_tensors(result.as_numpy)


def triton_metadata(url: str) -> Answer:
    """Calls all that the client offers for health and metadata, and checks how it shows errors."""
    with triton.InferenceServerClient(urlsplit(url).netloc, network_timeout=SECONDS) as client:
        require(client.is_server_live() and client.is_server_ready(), "the server is live and ready")
        require(client.is_model_ready(MODEL) and client.is_model_ready(MODEL, VERSION), "the model is ready")
        require(not client.is_model_ready("unknown"), "an unknown model is not ready")
        require(client.get_server_metadata()["name"], "the server has a name")
        metadata = client.get_model_metadata(MODEL, VERSION)
        require(metadata["name"] == MODEL and VERSION in metadata["versions"], "the metadata names the model")
        require(metadata["inputs"] == [{"name": MATRIX, "datatype": "FP64", "shape": [-1, len(FEATURES)]}], "inputs")
        outputs = {output["name"]: (output["datatype"], output["shape"][0]) for output in metadata["outputs"]}
        require(outputs == {"label": ("BYTES", -1), "probabilities": ("FP64", -1)}, f"outputs, got {outputs}")
        message = triton_error(lambda: client.infer("unknown", triton_inputs(matrix("float64"), binary=False)))
        require(message, "an unknown model is refused with a message")
        message = triton_error(lambda: client.infer(MODEL, triton_inputs(columns("float64")[:3], binary=True)))
        require(FEATURES[3] in message, f"a missing column is named, got {message}")
        return from_tensors(client.infer(MODEL, triton_inputs(matrix("float64"), binary=True)).as_numpy)


def triton_error(call: Callable[[], object]) -> str:
    try:
        call()
    except InferenceServerException as error:
        require(error.status() in ("400", "404", "422"), f"a client's error, got {error}")
        return error.message()
    raise AssertionError("expected the call to be refused")


def triton_asyncio(url: str) -> Answer:
    async def infer() -> Answer:
        async with triton_aio.InferenceServerClient(urlsplit(url).netloc, conn_timeout=SECONDS) as client:
            require(await client.is_server_ready() and await client.is_model_ready(MODEL), "the model is ready")
            inputs = triton_inputs(matrix("float64"), binary=True, module=triton_aio)
            return from_tensors((await client.infer(MODEL, inputs)).as_numpy)

    return asyncio.run(infer())


def kserve_rest(url: str, tensors: list[tuple[str, np.ndarray]], binary: bool) -> Answer:
    async def infer() -> Answer:
        async with kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2", timeout=SECONDS, retries=0)) as client:
            require(await client.is_server_live(url) and await client.is_server_ready(url), "live and ready")
            require(await client.is_model_ready(url, MODEL), "the model is ready")
            inputs = []
            for name, array in tensors:
                tensor = kserve.InferInput(name, list(array.shape), datatype(array))
                tensor.set_data_from_numpy(array, binary_data=binary)
                inputs.append(tensor)
            request = kserve.InferRequest(MODEL, inputs, parameters={"binary_data_output": binary})
            response = await client.infer(url, request, model_name=MODEL)
            return from_tensors(lambda name: response.get_output_by_name(name).as_numpy())

    return asyncio.run(infer())


def open_inference_requests(url: str) -> Answer:
    """Writes the request by hand, as documentation shows it: nested data, and the version in the path."""
    tensor = {"name": MATRIX, "shape": [*ROWS.shape], "datatype": "FP64", "data": ROWS.to_numpy().tolist()}
    document = {"id": "golden", "inputs": [tensor], "outputs": [{"name": "probabilities"}, {"name": "label"}]}
    answer = post(f"{url}/v2/models/{MODEL}/versions/{VERSION}/infer", json=document).json()
    require(answer["id"] == "golden", "the answer has the request's id")
    require([output["name"] for output in answer["outputs"]] == ["probabilities", "label"], "the outputs asked for")
    outputs = {output["name"]: np.array(output["data"]).reshape(output["shape"]) for output in answer["outputs"]}
    return from_tensors(outputs.get)


# MLflow's scoring server


def mlflow_json(url: str, payload: dict[str, Any]) -> Answer:
    labels = post(f"{url}/invocations", json=payload).json()
    probabilities = post(f"{url}/invocations", json={**payload, "params": {"predict_method": "predict_proba"}}).json()
    require([*labels] == [*probabilities] == ["predictions"], "the answer has predictions and nothing else")
    return Answer(labels["predictions"], np.array(probabilities["predictions"]))


def mlflow_csv(url: str) -> Answer:
    """Asks for labels only, because CSV has no place for the params that ask for probabilities."""
    for path in ("ping", "version"):
        require(requests.get(f"{url}/{path}", timeout=SECONDS).ok, f"/{path} to answer")
    body, headers = ROWS.to_csv(index=False), {"Content-Type": "text/csv"}
    return Answer(post(f"{url}/invocations", data=body, headers=headers).json()["predictions"])


def sagemaker_csv(url: str) -> Answer:
    """Sends CSV as SageMaker's CSVSerializer does, without a header. The answer is CSV with one line for each row."""
    headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
    return from_lines(post(f"{url}/invocations", data=ROWS.to_csv(index=False, header=False), headers=headers).text)


# Sepal's own API


def predict_json(url: str, document: object) -> Answer:
    return from_document(post(f"{url}/predict", json=document).json())


def predict_csv_to_json(url: str) -> Answer:
    headers = {"Content-Type": "text/csv", "Accept": "application/json"}
    return from_document(post(f"{url}/predict", data=ROWS.to_csv(index=False), headers=headers).json())


def predict_csv_to_csv(url: str) -> Answer:
    headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
    reordered = ROWS[FEATURES[::-1]]
    return from_csv(post(f"{url}/predict", data=reordered.to_csv(index=False), headers=headers).text)


def predict_json_to_csv(url: str) -> Answer:
    headers = {"Accept": "text/csv"}
    return from_csv(post(f"{url}/predict", json=ROWS.to_numpy().tolist(), headers=headers).text)


def curl(url: str, *options: str) -> Answer:
    """Sends JSON with `curl -d`, which declares it as application/x-www-form-urlencoded by default."""
    body = json.dumps(ROWS.to_numpy().tolist())
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "--max-time", str(SECONDS), *options]
    result = subprocess.run([*command, "-d", body, f"{url}/predict"], capture_output=True, text=True, check=False)
    require(result.returncode == 0, f"curl ended with {result.returncode}: {result.stderr}{result.stdout[:500]}")
    return from_document(json.loads(result.stdout))


def from_document(document: dict[str, Any]) -> Answer:
    require(document["model"] == {"name": MODEL, "version": VERSION}, "the answer names its model")
    predictions = document["predictions"]
    probabilities = [[prediction["probabilities"][name] for name in CLASSES] for prediction in predictions]
    return Answer([prediction["label"] for prediction in predictions], np.array(probabilities))


def from_csv(text: str) -> Answer:
    # The default parser of pandas sometimes gets the last digit wrong.
    table = pd.read_csv(io.StringIO(text), float_precision="round_trip")
    require([*table.columns] == ["label", *CLASSES], f"the header, got {[*table.columns]}")
    return Answer(table["label"].tolist(), table[CLASSES].to_numpy())


def from_lines(text: str) -> Answer:
    """Reads the CSV of /invocations, which has no header."""
    return from_csv(",".join(["label", *CLASSES]) + "\n" + text)


def post(url: str, **options: Any) -> requests.Response:
    response = requests.post(url, timeout=SECONDS, **options)
    require(response.status_code == 200, f"200, got {response.status_code}: {response.text[:500]}")
    return response


def require(condition: object, expected: str) -> None:
    if not condition:
        raise AssertionError(f"expected {expected}")


@dataclass(frozen=True)
class Client:
    name: str
    predict: Callable[[str], Answer]
    tolerance: float = EXACT


MATRIX_64, MATRIX_32 = matrix("float64"), matrix("float32")
COLUMNS_64, COLUMNS_32 = columns("float64"), columns("float32")
VALUES = ROWS.to_numpy().tolist()
RECORDS = ROWS.to_dict(orient="records")

CLIENTS = [
    Client("tritonclient, health, metadata and errors", triton_metadata),
    Client("tritonclient, binary, [N,4] FP64", lambda url: triton_http(url, MATRIX_64, True)),
    Client("tritonclient, binary, [N,4] FP32", lambda url: triton_http(url, MATRIX_32, True), ROUNDED),
    Client("tritonclient, binary, 4 x [N,1] FP64", lambda url: triton_http(url, COLUMNS_64, True)),
    Client("tritonclient, binary, 4 x [N,1] FP32", lambda url: triton_http(url, COLUMNS_32, True), ROUNDED),
    Client("tritonclient, binary, 4 x [N] FP64", lambda url: triton_http(url, columns("float64", ()), True)),
    Client(
        "tritonclient, binary, outputs by name, version, id",
        lambda url: triton_http(
            url, MATRIX_64, True, outputs=triton_outputs(True), model_version=VERSION, request_id="golden"
        ),
    ),
    Client(
        "tritonclient, binary input, JSON outputs",
        lambda url: triton_http(url, MATRIX_64, True, outputs=triton_outputs(False)),
    ),
    Client(
        "tritonclient, binary, gzip both ways",
        lambda url: triton_http(
            url, MATRIX_64, True, request_compression_algorithm="gzip", response_compression_algorithm="gzip"
        ),
    ),
    Client(
        "tritonclient, JSON, gzip both ways",
        lambda url: triton_http(
            url,
            MATRIX_64,
            False,
            outputs=triton_outputs(False),
            request_compression_algorithm="gzip",
            response_compression_algorithm="gzip",
        ),
    ),
    Client(
        "tritonclient, JSON, [N,4] FP64",
        lambda url: triton_http(url, MATRIX_64, False, outputs=triton_outputs(False)),
    ),
    Client(
        "tritonclient, JSON, [N,4] FP32",
        lambda url: triton_http(url, MATRIX_32, False, outputs=triton_outputs(False)),
        ROUNDED,
    ),
    Client(
        "tritonclient, JSON, 4 x [N,1] FP64",
        lambda url: triton_http(url, COLUMNS_64, False, outputs=triton_outputs(False)),
    ),
    Client("tritonclient, JSON input, default outputs", lambda url: triton_http(url, MATRIX_64, False)),
    Client("tritonclient.http.aio, binary, [N,4] FP64", triton_asyncio),
    Client("KServe InferenceRESTClient, JSON, [N,4] FP64", lambda url: kserve_rest(url, MATRIX_64, False)),
    Client("KServe InferenceRESTClient, JSON, 4 x [N,1] FP64", lambda url: kserve_rest(url, COLUMNS_64, False)),
    Client("KServe InferenceRESTClient, binary, [N,4] FP64", lambda url: kserve_rest(url, MATRIX_64, True)),
    Client("KServe InferenceRESTClient, binary, [N,4] FP32", lambda url: kserve_rest(url, MATRIX_32, True), ROUNDED),
    Client("requests, Open Inference JSON", open_inference_requests),
    Client("MLflow dataframe_split", lambda url: mlflow_json(url, {"dataframe_split": ROWS.to_dict(orient="split")})),
    Client("MLflow dataframe_records", lambda url: mlflow_json(url, {"dataframe_records": RECORDS})),
    Client("MLflow instances, rows", lambda url: mlflow_json(url, {"instances": VALUES})),
    Client("MLflow instances, records", lambda url: mlflow_json(url, {"instances": RECORDS})),
    Client("MLflow inputs, columns", lambda url: mlflow_json(url, {"inputs": ROWS.to_dict(orient="list")})),
    Client("MLflow inputs, rows", lambda url: mlflow_json(url, {"inputs": VALUES})),
    Client("MLflow CSV", mlflow_csv),
    Client("SageMaker CSV, CSV back", sagemaker_csv),
    Client("requests, rows", lambda url: predict_json(url, VALUES)),
    Client("requests, records", lambda url: predict_json(url, RECORDS)),
    Client("requests, instances", lambda url: predict_json(url, {"instances": VALUES})),
    Client("requests, CSV, JSON back", predict_csv_to_json),
    Client("requests, CSV of reordered columns, CSV back", predict_csv_to_csv),
    Client("requests, rows, CSV back", predict_json_to_csv),
    Client("curl -d", curl),
    Client("curl --compressed -d", lambda url: curl(url, "--compressed")),
]


def largest_difference(probabilities: np.ndarray) -> float:
    require(probabilities.shape == PROBABILITIES.shape, f"the shape of probabilities, got {probabilities.shape}")
    return float(np.abs(probabilities - PROBABILITIES).max())


def check(client: Client, url: str) -> bool:
    """Runs a client, compares its answer, and prints the result. Returns whether the client passed."""
    try:
        answer = client.predict(url)
        labels = answer.labels == LABELS
        difference = None if answer.probabilities is None else largest_difference(answer.probabilities)
    except Exception:
        print(f"FAILED  {client.name}", traceback.format_exc(limit=-2), sep="\n")
        return False
    passed = labels and (difference is None or difference <= client.tolerance)
    shown = "labels only" if difference is None else f"largest difference {difference:.1e}"
    verdict = "ok    " if passed else "FAILED"
    print(f"{verdict}  {client.name:51} {len(answer.labels)} rows, labels {'equal' if labels else 'DIFFER'}, {shown}")
    return passed


def main(url: str) -> int:
    results = [check(client, url) for client in CLIENTS]
    print(f"{sum(results)} of {len(results)} clients passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
