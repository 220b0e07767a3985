# Sourced by the commands that boot a virtual machine.

# Sets accelerator to qemu's options for KVM where that runs this kernel, and for emulation where it does not; says which, and sets
# accelerated to the word for it.
# usage: choose_accelerator KERNEL FOLDER          FOLDER takes files of the attempt
choose_accelerator() {
    local kernel=$1 tree=$2/probe answer=
    mkdir -p "$tree/bin"
    cp "$(type -P busybox)" "$tree/bin/busybox"
    printf '#!/bin/busybox sh\necho this kernel runs\n/bin/busybox poweroff -f\n' >"$tree/init"
    chmod +x "$tree/init"
    (cd "$tree" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$tree.gz"
    accelerator=(-enable-kvm -cpu host)
    if [ -w /dev/kvm ]; then
        # There are machines whose /dev/kvm makes virtual machines and runs no kernel in them but its own kind.
        answer=$(timeout --foreground 15 qemu-system-x86_64 "${accelerator[@]}" -m 512 -nographic -no-reboot -nic none \
            -kernel "$kernel" -initrd "$tree.gz" -append "console=ttyS0 quiet panic=-1" </dev/null 2>/dev/null | tr -d '\0') || true
    fi
    if [[ $answer == *"this kernel runs"* ]]; then
        accelerated="with KVM"
        echo "the virtual machine runs with KVM"
    else
        accelerator=(-accel "tcg,thread=multi" -cpu max)
        accelerated=emulated
        echo "KVM does not run this kernel here: the virtual machine is emulated"
    fi
}
