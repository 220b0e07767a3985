#!/bin/bash
# Times ADD and DEL of a container with a published port: jnet-cni, and the reference plugins bridge, host-local and portmap as libcni runs
# them. With so many published already jnet comes first, then the chain, since containers of the chain keep the kernel busy with what
# they send on their own. Each round is in a namespace of its own that is made and removed outside of what is timed. What is timed is
# the plugins' processes alone, from start to end, of the chain one after the other.
#
# usage: cni-times.sh JNET-CNI CALL-PLUGINS ROUNDS WARM-UP PUBLISHED...
#     WARM-UP: so many ADDs and DELs of jnet after the first rounds, which are its daemon's first and are told apart
#     PUBLISHED: so many other containers with a port each are there already, on both
# prints: LABEL|MILLISECONDS
set -euo pipefail
jnet=$1
call_plugins=$2
rounds=$3
warm_up=$4
shift 4
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

# Calls a plugin for containers at once, whose configurations are in $work, and adds the microseconds to $taken.
call() { # COMMAND PROGRAM CONTAINER...
    local microseconds
    microseconds=$(CNI_COMMAND=$1 "$call_plugins" "$2" "$work" "${@:3}")
    taken=$((taken + microseconds))
}

add_jnet() { # CONTAINER PORT
    jnet_configuration "$2" >"$work/$1"
    call ADD "$jnet" "$1"
}

del_jnet() {
    jnet_configuration "$2" >"$work/$1"
    call DEL "$jnet" "$1"
}

add_reference() {
    bridge_configuration >"$work/$1"
    call ADD $plugins/bridge "$1"
    portmap_configuration "$2" "$(<"$work/$1.answer")" >"$work/$1"
    call ADD $plugins/portmap "$1"
    cp "$work/$1.answer" "$work/$1.result"
}

del_reference() {
    portmap_configuration "$2" "$(<"$work/$1.result")" >"$work/$1"
    call DEL $plugins/portmap "$1"
    bridge_configuration >"$work/$1"
    call DEL $plugins/bridge "$1"
}

timed() { # LABEL COMMAND...
    local label=$1
    shift
    taken=0
    "$@"
    echo "$label|$((taken / 1000)).$(printf '%03d' $((taken % 1000)))"
}

# KIND LABEL: an ADD and a DEL, of a container that is there for them only.
round_of() {
    ip netns add "bench-$1"
    sleep 0.2 # The kernel still takes the last namespace down.
    timed "$1, ADD, $2" "add_$1" "bench-$1" 19000
    timed "$1, DEL, $2" "del_$1" "bench-$1" 19000
    ip netns delete "bench-$1"
}

a_hundred() { # PUBLISHED
    local name names=()
    for ((i = 0; i < 100; i++)); do
        name=many-$i
        ip netns add "$name"
        jnet_configuration $((18000 + i)) >"$work/$name"
        names+=("$name")
    done
    sleep 1
    for ((round = 0; round < 5; round++)); do
        timed "jnet, 100 ADDs at once, $1" call ADD "$jnet" "${names[@]}"
        sleep 1
        timed "jnet, 100 DELs at once, $1" call DEL "$jnet" "${names[@]}"
        sleep 1
    done
    for name in "${names[@]}"; do ip netns delete "$name"; done
    sleep 1
}

taken=0
for ((round = 0; round < rounds; round++)); do
    round_of jnet "the daemon's first"
done
ip netns add warm-up
for ((round = 0; round < warm_up; round++)); do
    add_jnet warm-up 19000
    del_jnet warm-up 19000
done
ip netns delete warm-up

present=0
for published in "$@"; do
    for kind in jnet reference; do
        for ((i = present; i < published; i++)); do
            ip netns add "fill-$kind-$i"
            add_$kind "fill-$kind-$i" $((20000 + i + (${#kind} == 4 ? 0 : 10000)))
        done
        for ((round = 0; round < rounds; round++)); do round_of $kind "$published"; done
    done
    present=$published
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
