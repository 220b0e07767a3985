# Sourced after lab.sh: each way that a packet may take, with real sockets.

# What the kernel's own stack answers, from whoever asks; the outside's servers do not outlive a restart of the machine.
serve_outside() {
    ss -N outside -lnt 2>/dev/null | grep -q ':7000 ' && return
    outside socat TCP4-LISTEN:7000,fork,reuseaddr "SYSTEM:$TELL" </dev/null >/dev/null 2>&1 &
    outside socat TCP6-LISTEN:7000,ipv6only=1,fork,reuseaddr "SYSTEM:$TELL" </dev/null >/dev/null 2>&1 &
    outside socat SCTP4-LISTEN:7001,fork,reuseaddr "SYSTEM:$TELL" </dev/null >/dev/null 2>&1 &
    eventually 20 eval "ss -N outside -lnt | grep -c ':7000 ' | grep -q 2"
    outside ip route replace 10.90.0.0/16 via "$HOST"
}

# usage: ways SITUATION
ways() {
    local in=$1 address
    serve_outside
    eventually 60 eval "in_container server ss -lnt | grep -q ':80 '" || failed "$in: the server listens" "no"
    address=$(address_of server red)
    expect "$in: outside to a published TCP port" "$OUTSIDE" asks outside TCP "$HOST" 8080
    expect "$in: outside to a published UDP port" "$OUTSIDE" asks outside UDP "$HOST" 5353
    expect "$in: outside to a published SCTP port" "$OUTSIDE" asks outside SCTP "$HOST" 3868
    expect "$in: outside to a published port over IPv6" "2001:0db8:0000:0000:0000:0000:0000:0020" asks outside TCP "$HOST6" 8080
    expect "$in: outside to a published port by VLAN 10" "$TAGGED_OUTSIDE" asks outside TCP "$TAGGED_HOST" 8080
    check "$in: the host to its published port by 127.0.0.1" reaches host TCP 127.0.0.1 8080
    check "$in: the host to its published port by ::1" reaches host TCP ::1 8080
    check "$in: the host to its published port by its address" reaches host TCP "$HOST" 8080
    check "$in: a neighbour to the published port" reaches in_container neighbour TCP "$HOST" 8080
    check "$in: the container to its own published port" reaches in_container server TCP "$HOST" 8080
    check "$in: another network to the published port" reaches in_container stranger TCP "$HOST" 8080
    check "$in: a neighbour to the container" reaches in_container neighbour TCP "$address" 80
    check "$in: not another network to the container" refuses reaches in_container stranger TCP "$address" 80
    check "$in: not outside to the container's own address" refuses reaches outside TCP "$address" 80
    expect "$in: a container to the outside, with the host's address" "$HOST" asks in_container neighbour TCP "$OUTSIDE" 7000
    expect "$in: a container to the outside over IPv6" "2001:0db8:0000:0000:0000:0000:0000:0010" \
        asks in_container neighbour TCP "$OUTSIDE6" 7000
    expect "$in: a container to the outside by SCTP" "$HOST" asks in_container neighbour SCTP "$OUTSIDE" 7001
}
