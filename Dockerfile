# The managed plugin's root file system (docs/plugin.md) as an image: daemon/managed-plugin makes it, within a Debian that has what it needs,
# jlink, libnftables and iptables. Build the distribution first, with a JDK, here or elsewhere: mvn -B -ntp package -DskipTests
#
#   docker build --tag jnet-plugin .
#   mkdir -p plugin/rootfs && cp plugin-config.json plugin/config.json
#   docker export "$(docker create jnet-plugin)" | tar --extract --directory plugin/rootfs
#   docker plugin create jnet:latest plugin
#
# A base that has the packages already needs no network: --build-arg BASE=IMAGE
ARG BASE=debian:12
FROM ${BASE} AS debian
RUN dpkg-query --show openjdk-17-jdk-headless libnftables1 iptables >/dev/null 2>&1 \
    || { apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless libnftables1 iptables; }
COPY daemon/managed-plugin /build/daemon/managed-plugin
COPY daemon/target/jnet /build/daemon/target/jnet
COPY plugin-config.json /build/plugin-config.json
RUN /build/daemon/managed-plugin /plugin

FROM scratch
COPY --from=debian /plugin/rootfs /
WORKDIR /jnet
ENTRYPOINT ["/jnet/runtime/bin/java", "@lib/java.options", "@lib/plugin.options", "io.jnet.daemon.Main"]
CMD ["--help"]
