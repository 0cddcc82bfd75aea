import pandas as pd
import requests

columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
frame = pd.DataFrame([[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]], columns=columns)
document = {"dataframe_split": frame.to_dict("split")}
print(requests.post("http://127.0.0.1:3000/invocations", json=document, timeout=30).json()["predictions"])
