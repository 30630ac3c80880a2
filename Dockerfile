FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin afwd && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/afwd /usr/local/bin/afwd
COPY --from=build --chown=nonroot:nonroot /data /data
USER nonroot
ENV AFWD_DATA=/data AFWD_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s CMD ["/usr/local/bin/afwd", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/afwd"]
CMD ["serve"]
