# SAM builds this with Docker's classic builder: no RUN --mount, no here-documents, no COPY --link.
ARG BASE=public.ecr.aws/lambda/nodejs:24

FROM $BASE AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY functions functions
RUN npm run build
COPY models dist/models
# Lambda runs the function as a user of its own.
RUN chmod -R a+rX dist
ARG MODEL=iris
RUN test -f dist/models/$MODEL/model.json

FROM $BASE
# The package that is served where the environment names no other.
ARG MODEL=iris
# The base's TZ is a path, which the logger cannot read: it would load time zones and warn at every cold start.
ENV MODEL=$MODEL ORT_DISABLE_TELEMETRY=1 TZ=UTC
# In the order in which they change.
COPY --from=build /build/dist/onnxruntime/ ./
COPY --from=build /build/dist/models/ models/
COPY --from=build /build/dist/function/ ./
CMD ["app.handler"]
