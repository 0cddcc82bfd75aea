import pandas as pd
import requests

frame = pd.DataFrame(
    [["monthly", None, "North", 3, 71.9, 4, True], ["two years", "card", "South", 40, None, 0, False]],
    columns=["contract", "payment", "region", "tenure", "monthly_charge", "support_calls", "paperless"],
)
rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
answer = requests.post("http://127.0.0.1:3000/predict", json=rows, timeout=30).json()
print([prediction["label"] for prediction in answer["predictions"]])
