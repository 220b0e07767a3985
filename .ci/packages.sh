# Sourced by ./verify and ./quickstart: installs Debian packages of which a program is missing, and starts no service by it.

# usage: install_missing PROGRAM=PACKAGE...     PROGRAM is a command, or the path of a file; PROGRAM=PACKAGE-static wants one without libraries
install_missing() {
    local pair program packages=()
    for pair in "$@"; do
        program=${pair%%=*}
        case $program in
            */*) compgen -G "$program" >/dev/null && continue ;;
            *)
                program=$(PATH=$PATH:/usr/sbin:/sbin type -P "$program") \
                    && { [[ $pair != *-static ]] || is_static "$program"; } && continue
                ;;
        esac
        packages+=("${pair#*=}")
    done
    [ ${#packages[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing packages, and not root to install them: ${packages[*]}" >&2
        return 1
    fi
    echo "installing ${packages[*]}"
    install_packages "${packages[@]}"
}

# A program that runs alone, in an image or an initial RAM disk that has no libraries. Debian's package busybox, which comes with initramfs-tools,
# is none; busybox-static takes its place.
is_static() {
    local libraries
    # ldd(1) fails for a program without an interpreter, and says "statically linked" of one that was made to be moved (static-pie).
    libraries=$(LC_ALL=C ldd "$1" 2>&1) || return 0
    [[ $libraries == *"statically linked"* ]]
}

install_packages() {
    local status=0 made_policy=no
    # invoke-rc.d(8): status 101 forbids every start of a service while packages are configured.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
        made_policy=yes
    fi
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"; } \
        >/tmp/jnet-packages.log 2>&1 || status=$?
    [ "$made_policy" = no ] || rm -f /usr/sbin/policy-rc.d
    if [ "$status" -ne 0 ]; then
        tail -n 20 /tmp/jnet-packages.log >&2
    fi
    rm -f /tmp/jnet-packages.log
    return "$status"
}

# A JDK of at least 17, Maven, and a C compiler: with musl for jnet-cni, with glibc for what the tests and benchmarks compile.
install_build_tools() {
    install_missing javac=default-jdk-headless mvn=maven gcc=gcc /usr/include/stdio.h=libc6-dev musl-gcc=musl-tools
}

# From Debian 13 on, the docker command is a package of its own.
install_docker() {
    install_missing dockerd=docker.io
    if ! type -P docker >/dev/null; then
        install_packages docker-cli
    fi
}
