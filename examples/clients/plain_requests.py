import requests

rows = [[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]]
answer = requests.post("http://127.0.0.1:3000/predict", json=rows, timeout=30).json()
print([prediction["label"] for prediction in answer["predictions"]])
