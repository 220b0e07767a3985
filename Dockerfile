# jnet's daemon in an image: the root file system of the managed plugin (plugin-config.json), or a container that shares the host's network
# namespace. Build the distribution first: mvn -B -ntp package -DskipTests
FROM debian:12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless libnftables1 iptables \
    && rm -rf /var/lib/apt/lists/*

COPY daemon/target/jnet /opt/jnet
# The archive of the build belongs to another folder and perhaps another Java.
RUN /opt/jnet/lib/make-archive && ln -s /opt/jnet/bin/jnet /usr/local/bin/jnet

ENTRYPOINT ["/opt/jnet/bin/jnet"]
CMD ["daemon"]
