# SAM builds this with Docker's classic builder: no RUN --mount, no here-documents, no COPY --link.
ARG BASE=public.ecr.aws/lambda/nodejs:24

FROM $BASE AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY build build
COPY functions functions
RUN npm run build
COPY local local
COPY models models
ARG MODEL=iris
# Each package must be unchanged since it was exported or sealed, and the served one must exist.
RUN npm run model -- check && test -f models/$MODEL/model.json
# Starts the function with the settings of SnapStart, so that it answers an example. Then it stores V8's compiled code in
# the file predict.code, which cold starts load.
ENV MODEL=$MODEL ORT_DISABLE_TELEMETRY=1
RUN cp -r dist/onnxruntime/. models dist/function/. /var/task && AWS_LAMBDA_INITIALIZATION_TYPE=snap-start node build/warm-up.mjs
# Lambda runs the function as another user, who must be able to read the files.
RUN chmod -R a+rX /var/task

FROM $BASE
# The package that is served if the environment names no other.
ARG MODEL=iris
# The base image sets TZ to a path. The logger cannot read it, and would load time zones and warn at every cold start.
ENV MODEL=$MODEL ORT_DISABLE_TELEMETRY=1 TZ=UTC
# Without this label Lambda takes no snapshot of the image, so it publishes no version if SnapStart is on.
LABEL com.amazonaws.lambda.feature.snapstart="Allow"
# What changes least comes first, so that its layers are reused.
COPY --from=build /var/task/onnxruntime_binding.node /var/task/libonnxruntime.so.1 ./
COPY --from=build /var/task/models/ models/
COPY --from=build /var/task/app.mjs /var/task/predict.* /var/task/batch.mjs* ./
COPY --from=build /var/task/playground/ playground/
CMD ["app.handler"]
