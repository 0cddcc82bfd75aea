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
# Each package must be what was exported, and the one to serve must be there.
RUN npm run model -- check && test -f models/$MODEL/model.json
# Started as for a snapshot, it answers an example, so that V8 has compiled what a request needs.
ENV MODEL=$MODEL ORT_DISABLE_TELEMETRY=1
RUN cp -r dist/onnxruntime/. models dist/function/. /var/task && AWS_LAMBDA_INITIALIZATION_TYPE=snap-start node build/warm-up.mjs
# Lambda runs the function as a user of its own.
RUN chmod -R a+rX /var/task

FROM $BASE
# The package that is served where the environment names no other.
ARG MODEL=iris
# The base's TZ is a path, which the logger cannot read: it would load time zones and warn at every cold start.
ENV MODEL=$MODEL ORT_DISABLE_TELEMETRY=1 TZ=UTC
# Lambda makes no snapshot of an image that does not say that it may be restored, and publishes no version where SnapStart is on.
LABEL com.amazonaws.lambda.feature.snapstart="Allow"
# In the order in which they change.
COPY --from=build /var/task/onnxruntime_binding.node /var/task/libonnxruntime.so.1 ./
COPY --from=build /var/task/models/ models/
COPY --from=build /var/task/app.mjs /var/task/predict.* /var/task/batch.mjs* ./
COPY --from=build /var/task/playground/ playground/
CMD ["app.handler"]
