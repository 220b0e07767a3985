#!/bin/bash
# PID 1 of a testbed machine, started in new mount, network, PID, UTS and IPC namespaces.
# usage: machine-init.sh DISK HOSTNAME     DISK is the folder that outlives a reboot.
# It lives as long as its standard input. bash, not dash: it reaps the orphans that containerd's shims become.
set -eu
disk=$1
hostname "$2"
mount -t proc proc /proc

# sysfs shows the links of the network namespace of its mounter; the control groups stay those of the kernel.
mkdir -p "$disk/cgroup" "$disk/etc" "$disk/var-lib"
mount --rbind /sys/fs/cgroup "$disk/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$disk/cgroup" /sys/fs/cgroup
umount --recursive --lazy "$disk/cgroup"

mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs "$disk/etc"
mkdir "$disk/etc/upper" "$disk/etc/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$disk/etc/upper,workdir=$disk/etc/work" /etc
rm -f /etc/resolv.conf
echo 'nameserver 198.51.100.1' >/etc/resolv.conf
mount --bind "$disk/var-lib" /var/lib

# A new network namespace inherits some values of the first one: a freshly booted kernel has these.
for family in ipv4/ip_forward ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter \
        ipv6/conf/all/forwarding ipv6/conf/default/forwarding; do
    echo 0 >"/proc/sys/net/$family"
done
ip link set lo up

echo ready
while read -r _; do :; done
