FROM rust:1-trixie AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git/db cargo build --release

FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /src
COPY --from=build /src/target/release/echo-server /src/target/release/echo-server
EXPOSE 8080
CMD ["./target/release/echo-server"]

# Rust
# - runtime-base: the last stage is built on gcr.io/distroless/cc-debian13:nonroot: the same C library as rust:1-trixie; the program needs no other and no shell
# - files: only /src/target/release/echo-server is copied: the project's sources name no other file
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
