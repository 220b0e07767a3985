# Sourced after lab.sh.

IMAGE=jnet-testbed/busybox:1
# Where "jnet install" and the package put the command.
PATH=/usr/sbin:/usr/bin:/sbin:/bin

active() { [ "$(systemctl is-active jnet.socket jnet.service | sort -u)" = active ]; }

# What a client outside gets of the container "web".
page() { outside curl --silent --fail --max-time 5 "http://$HOST:8080/"; }

runs() { docker run --rm --network web -p 9000:80 "$IMAGE" true; }

# usage: run_containers NUMBER                    one after the other; prints how many failed
run_containers() {
    local failed=0 number
    for number in $(seq "$1"); do
        runs >/dev/null 2>>/run/failures || failed=$((failed + 1))
    done
    echo "$failed"
}

# Sentences of dockerd about a plugin that it could not reach.
unreached() { journalctl --boot --unit docker --no-pager | grep -ci 'unable to connect to plugin'; }

# The inodes of the socket's files: a file that was replaced has another.
socket_files() { stat --format '%i %a %n' /run/docker/plugins/jnet.sock /run/jnet/jnet.sock /run/jnet/cni.sock; }

make_image() {
    local root=/root/image applet
    rm -rf "$root"
    mkdir -p "$root/bin" "$root/www" "$root/tmp"
    cp /bin/busybox "$root/bin"
    for applet in $(busybox --list); do
        [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
    done
    echo hello >"$root/www/index.html"
    tar -c -C "$root" . | docker import --change 'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]' - "$IMAGE" >/dev/null
}

make_web() {
    check "a network of jnet" docker network create -d jnet --ipam-driver jnet --subnet 10.90.1.0/24 web
    check "a container that always restarts" docker run -d --name web --restart always --network web -p 8080:80 "$IMAGE"
    check "its page, from outside" eventually 20 page
}

remove_web() {
    docker rm --force web >/dev/null
    docker network rm web >/dev/null
}

# A network of CNI's, and on it a namespace "client", which asks, and "db", which has the address in $address.
make_named_network() {
    local name
    NAMED='{"cniVersion": "1.1.0", "name": "names", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
        "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.97.0.0/24"}], [{"subnet": "fd00:97::/64"}]]}}'
    for name in first db client; do
        ip netns add "$name"
    done
    check "a network with names" named_call ADD /run/netns/first
    address=$(jnet attach /run/netns/db --network names --json | jq -r '.ips[0].address' | cut -d / -f 1)
    check "a namespace that asks" jnet attach /run/netns/client --network names
}

remove_named_network() {
    local name
    named_call DEL ""
    for name in db client; do
        jnet detach "/run/netns/$name" --network names >/dev/null
    done
    for name in first db client; do
        ip netns delete "$name"
    done
    check "the network is removed" jnet network rm names
}

named_call() {
    CNI_COMMAND=$1 CNI_CONTAINERID=first CNI_NETNS=$2 CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin /usr/lib/jnet/bin/jnet-cni <<<"$NAMED"
}

# The first IPv4 address that the C library finds for a name.
named() { ip netns exec client getent ahostsv4 "$1" | head -n 1 | cut -d ' ' -f 1; }

# Links, tables and chains of jnet's.
traces() {
    ip -o link | grep -oE '(jv|jbr-|ji|jp)[0-9a-f]+'
    nft list tables | grep jnet
    iptables-save | grep JNET
}
