import asyncio

import kserve
import numpy as np

rows = np.array([[5.1, 3.5, 1.4, 0.2], [5.7, 2.8, 4.5, 1.3]])
tensor = kserve.InferInput("X", list(rows.shape), "FP64")
tensor.set_data_from_numpy(rows)


async def predict() -> list[str]:
    async with kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2")) as client:
        request = kserve.InferRequest("iris", [tensor])
        answer = await client.infer("http://127.0.0.1:3000", request, model_name="iris")
        return answer.get_output_by_name("label").as_numpy().tolist()


print(asyncio.run(predict()))
