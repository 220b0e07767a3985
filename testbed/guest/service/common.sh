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

# Links, tables and chains of jnet's.
traces() {
    ip -o link | grep -oE '(jv|jbr-|ji|jp)[0-9a-f]+'
    nft list tables | grep jnet
    iptables-save | grep JNET
}
