import requests

rows = [[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]]
tensor = {"name": "X", "shape": [len(rows), 4], "datatype": "FP64", "data": rows}
document = {"inputs": [tensor], "outputs": [{"name": "label"}]}
answer = requests.post("http://127.0.0.1:3000/v2/models/iris/infer", json=document, timeout=30).json()
print(answer["outputs"][0]["data"])
