import pandas as pd
import requests

frame = pd.DataFrame([[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]])
body, headers = frame.to_csv(index=False, header=False), {"content-type": "text/csv", "accept": "text/csv"}
answer = requests.post("http://127.0.0.1:3000/invocations", data=body, headers=headers, timeout=30).text
print([line.split(",")[0] for line in answer.splitlines()])
