FROM golang:1.24 AS build
WORKDIR /app
COPY . .
ENV CGO_ENABLED=0
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o visits .

FROM gcr.io/distroless/static-debian13:nonroot
WORKDIR /app
COPY --from=build /app/visits /app/visits
COPY --from=build /app/templates /app/templates
EXPOSE 8080
CMD ["./visits"]

# Go
# - runtime-base: the last stage is built on gcr.io/distroless/static-debian13:nonroot: the program is linked without C and needs no shell; certificates, time zones and a user are there
# - cgo: CGO_ENABLED=0 makes a program that needs no C library: no source imports C, and no module it requires needs it
# - files: /app/visits, /app/templates are copied: the project's sources name these paths, or they are called as what servers read
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
