#!/bin/bash
# Times ADD and DEL of a container with a published port: jnet-cni, and the reference plugins bridge, host-local and portmap as libcni runs
# them. Each round does both, in turn, in namespaces of their own that are made and removed outside of what is timed.
#
# usage: cni-times.sh JNET-CNI ROUNDS PUBLISHED...     PUBLISHED: so many other containers with a port each are there already, on both
# prints: LABEL|MILLISECONDS
set -euo pipefail
jnet=$1
rounds=$2
shift 2
plugins=/usr/lib/cni
export CNI_IFNAME=eth0 CNI_PATH=$plugins
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jnet_configuration() { # PORT
    printf '{"cniVersion":"1.0.0","name":"bench-jnet","type":"jnet","isDefaultGateway":true,"ipMasq":true,"ipam":{"type":"jnet","subnet":"10.94.0.0/16"},"runtimeConfig":{"portMappings":[{"hostPort":%d,"containerPort":80,"protocol":"tcp"}]}}' "$1"
}

bridge_configuration() {
    printf '{"cniVersion":"1.0.0","name":"bench-ref","type":"bridge","bridge":"cniref0","isDefaultGateway":true,"ipMasq":true,"hairpinMode":true,"ipam":{"type":"host-local","dataDir":"/run/cni-bench","ranges":[[{"subnet":"10.95.0.0/16"}]]}}'
}

portmap_configuration() { # PORT RESULT
    printf '{"cniVersion":"1.0.0","name":"bench-ref","type":"portmap","capabilities":{"portMappings":true},"runtimeConfig":{"portMappings":[{"hostPort":%d,"containerPort":80,"protocol":"tcp"}]},"prevResult":%s}' "$1" "$2"
}

# One call of a plugin: COMMAND PROGRAM, the configuration in $work/stdin, the answer in $work/stdout.
call() {
    CNI_COMMAND=$1 "$2" <"$work/stdin" >"$work/stdout" || { cat "$work/stdout" >&2; return 1; }
}

add_jnet() { # CONTAINER PORT
    export CNI_CONTAINERID=$1 CNI_NETNS=/run/netns/$1
    jnet_configuration "$2" >"$work/stdin"
    call ADD "$jnet"
}

del_jnet() {
    export CNI_CONTAINERID=$1 CNI_NETNS=/run/netns/$1
    jnet_configuration "$2" >"$work/stdin"
    call DEL "$jnet"
}

add_reference() {
    export CNI_CONTAINERID=$1 CNI_NETNS=/run/netns/$1
    bridge_configuration >"$work/stdin"
    call ADD $plugins/bridge
    local result
    result=$(<"$work/stdout")
    portmap_configuration "$2" "$result" >"$work/stdin"
    call ADD $plugins/portmap
    cp "$work/stdout" "$work/result-$1"
}

del_reference() {
    export CNI_CONTAINERID=$1 CNI_NETNS=/run/netns/$1
    portmap_configuration "$2" "$(<"$work/result-$1")" >"$work/stdin"
    call DEL $plugins/portmap
    bridge_configuration >"$work/stdin"
    call DEL $plugins/bridge
}

timed() { # LABEL COMMAND...
    local label=$1 start end
    shift
    start=${EPOCHREALTIME/./}
    "$@"
    end=${EPOCHREALTIME/./}
    echo "$label|$(((end - start) / 1000)).$(printf '%03d' $(((end - start) % 1000)))"
}

# A hundred at once: a process for each, and as little else as can be. Each must succeed.
many() { # COMMAND
    local i pid
    local pids=()
    for ((i = 0; i < 100; i++)); do
        CNI_COMMAND=$1 CNI_CONTAINERID=many-$i CNI_NETNS=/run/netns/many-$i "$jnet" <"$work/many-$i" >"$work/answer-$i" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || { cat "$work"/answer-* >&2; return 1; }
    done
}

a_hundred() { # PUBLISHED
    local i
    for ((i = 0; i < 100; i++)); do
        ip netns add "many-$i"
        jnet_configuration $((18000 + i)) >"$work/many-$i"
    done
    sleep 1
    for ((round = 0; round < 5; round++)); do
        timed "jnet, 100 ADDs at once, $1" many ADD
        sleep 1
        timed "jnet, 100 DELs at once, $1" many DEL
        sleep 1
    done
    for ((i = 0; i < 100; i++)); do ip netns delete "many-$i"; done
    sleep 1
}

present=0
for published in "$@"; do
    while [ "$present" -lt "$published" ]; do
        for kind in jnet reference; do
            ip netns add "fill-$kind-$present"
            add_$kind "fill-$kind-$present" $((20000 + present + (${#kind} == 4 ? 0 : 10000)))
        done
        present=$((present + 1))
    done
    for ((round = 0; round < rounds; round++)); do
        for kind in jnet reference; do
            ip netns add "bench-$kind"
            sleep 0.2 # The kernel still takes the last namespace down.
            timed "$kind, ADD, $published" add_$kind "bench-$kind" 19000
            timed "$kind, DEL, $published" del_$kind "bench-$kind" 19000
            ip netns delete "bench-$kind"
        done
    done
    # A bridge has 1,023 ports.
    if [ "$present" -le 900 ]; then
        a_hundred "$published"
    fi
done

# The rules of the chain stay: taking a thousand away would take minutes. So this comes last on its machine.
for ((i = 0; i < present; i++)); do
    del_jnet "fill-jnet-$i" $((20000 + i))
    ip netns delete "fill-jnet-$i"
    ip netns delete "fill-reference-$i"
done
ip link delete cniref0
rm -rf /run/cni-bench
