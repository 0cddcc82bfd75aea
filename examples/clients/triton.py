import numpy as np
import tritonclient.http as triton

rows = np.array([[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]])
tensor = triton.InferInput("X", rows.shape, "FP64")
tensor.set_data_from_numpy(rows)
with triton.InferenceServerClient("127.0.0.1:3000") as client:
    print([label.decode() for label in client.infer("iris", [tensor]).as_numpy("label")])
