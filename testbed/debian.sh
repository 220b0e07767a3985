# Sourced by the commands that make a Debian in a folder.

# usage: make_debian SUITE FOLDER MIRROR [PACKAGE,PACKAGE...]
# What packages do when they are installed happens in a network namespace that is then gone, and starts no service.
make_debian() {
    local suite=$1 root=$2 mirror=$3 packages=${4:-} log=$2.log
    if ! {
        debootstrap --foreign --variant=minbase ${packages:+"--include=$packages"} "$suite" "$root" "$mirror" &&
            printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d" &&
            unshare --net --mount --propagation private -- chroot "$root" /debootstrap/debootstrap --second-stage &&
            rm -f "$root/usr/sbin/policy-rc.d"
    } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
