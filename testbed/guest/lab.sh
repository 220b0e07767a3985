# Sourced in the virtual machine: the host, a machine outside, and what is asked of both.

HOST=198.51.100.10 OUTSIDE=198.51.100.20 HOST6=2001:db8::10 OUTSIDE6=2001:db8::20
# The same two machines in VLAN 10 of the same cable.
TAGGED_HOST=203.0.113.10 TAGGED_OUTSIDE=203.0.113.20
IMAGE=jnet-testbed/tools:1
TELL='echo $SOCAT_PEERADDR'
# Seconds that a connection may take: an emulated machine is slow.
PATIENCE=20
# The configuration of the network that the load is on: 61 addresses, and that of the gateway.
CROWD='"isGateway": true, "ipam": {"type": "jnet", "subnet": "10.91.0.0/26"}'
# Where a processor is emulated, compiling takes longer than the short commands have to go.
[ "$(systemd-detect-virt)" != qemu ] || export JNET_JAVA_OPTIONS=-Xint
export PATH=/opt/jnet/bin:$PATH HOME=/root

# usage: check SENTENCE COMMAND...                 the command succeeds
check() {
    local sentence=$1 output started=$SECONDS
    shift
    if output=$(run_limited "$@" 2>&1); then
        passed "$sentence" "$started"
    else
        failed "$sentence" "$output"
    fi
}

# usage: expect SENTENCE WANTED COMMAND...         the command prints just that
expect() {
    local sentence=$1 wanted=$2 output started=$SECONDS
    shift 2
    output=$(run_limited "$@" 2>&1)
    if [ "$output" = "$wanted" ]; then
        passed "$sentence" "$started"
    else
        failed "$sentence" "wanted \"$wanted\", got \"$output\""
    fi
}

# Programs only can be run by timeout(1); functions run programs.
run_limited() {
    if [ "$(type -t "$1")" = file ]; then timeout 240 "$@"; else "$@"; fi
}

passed() {
    local took=$((SECONDS - $2))
    echo "ok      $1$([ "$took" -lt 5 ] || echo " ($took s)")"
}

# usage: failed SENTENCE WHAT-WAS-SEEN
failed() {
    echo "FAILED  $1: $(tail -n 5 <<<"$2" | tr '\n' ' ')"
}

# usage: eventually SECONDS COMMAND...             tries again until the command succeeds
eventually() {
    local end=$((SECONDS + $1))
    shift
    until run_limited "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || { "$@"; return; }
        sleep 0.5
    done
}

refuses() { ! PATIENCE=8 run_limited "$@" >/dev/null 2>&1; }

outside() { ip netns exec outside "$@"; }

# usage: in_container NAME COMMAND...              the host's program, in the container's network
in_container() {
    local pid
    pid=$(docker inspect --format '{{.State.Pid}}' "$1") || return
    shift
    nsenter --net="/proc/$pid/ns/net" "$@"
}

# usage: asks PLACE... PROTOCOL ADDRESS PORT       what the server there says, which is the address that it sees
asks() {
    local place=("${@:1:$#-3}") protocol=${*: -3:1} address=${*: -2:1} port=${*: -1:1}
    [ "${place[0]}" != host ] || place=()
    if [ "$protocol" = UDP ]; then
        "${place[@]}" timeout "$PATIENCE" bash -c 'exec 3<>"/dev/udp/$1/$2" && echo hello >&3 && dd bs=2048 count=1 status=none <&3' \
            asks "$address" "$port"
    else
        case $address in *:*) address=[$address] ;; esac
        # Reads only: who has no more to say ends an SCTP association before it has an answer.
        "${place[@]}" timeout "$PATIENCE" socat -u "$protocol:$address:$port" -
    fi | tr -d '[]'
}

# usage: reaches PLACE... PROTOCOL ADDRESS PORT
reaches() { [ -n "$(asks "$@" 2>/dev/null)" ]; }

# Whether a living daemon has the socket: a killed one leaves its file.
jnet_listens() { socat -u OPEN:/dev/null UNIX-CONNECT:/run/jnet/jnet.sock; }

address_of() { docker inspect --format "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" "$1"; }

# usage: cni COMMAND CONTAINER NETWORK KEYS        calls the CNI plugin for the namespace of that name
cni() {
    CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin \
        timeout 240 /opt/jnet/bin/jnet-cni <<<"{\"cniVersion\": \"1.0.0\", \"name\": \"$3\", \"type\": \"jnet\", $4}"
}
