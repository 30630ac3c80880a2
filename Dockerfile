FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin afwd && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/afwd /usr/local/bin/afwd
COPY --from=build --chown=nonroot:nonroot /data /data
ENV AFWD_DATA=/data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/afwd"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
