# A small image of Farol, built in two stages: docker build -t farol .
#
#   docker run --init -v farol-data:/data -p 127.0.0.1:3000:3000 -e FAROL_BEHIND_PROXY=true farol
#
# Inside a container Farol listens on every address, so it refuses to start until somebody says, by FAROL_BEHIND_PROXY,
# that a proxy in front speaks HTTPS. Scripts reach the confinement "files" here (docs/confinement.md). `--init` reaps what a stopped shell step leaves behind. The tools that your
# runbooks call (psql, kubectl, …) go into an image of your own: FROM farol, USER root, install, USER nobody.

FROM rust:1.95.0-bookworm AS build
WORKDIR /src
COPY . .
RUN make build

FROM debian:12.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bash ca-certificates git \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=nobody --group=nogroup /data
COPY --from=build /src/target/release/farol /usr/local/bin/farol
COPY --from=build /src/target/site /usr/share/farol/site
ENV FAROL_LISTEN=0.0.0.0:3000 \
    FAROL_DATA=/data \
    FAROL_SITE=/usr/share/farol/site
EXPOSE 3000
VOLUME /data
WORKDIR /data
USER nobody
ENTRYPOINT ["/usr/local/bin/farol"]
CMD ["serve"]
