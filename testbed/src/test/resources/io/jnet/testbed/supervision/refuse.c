/*
 * Runs a program to which the kernel refuses something.
 *
 *   refuse --count CONTROL COMMAND...      the N-th request, as the file CONTROL says while the program runs
 *   refuse --unknown WORD COMMAND...       whatever is named WORD in a netlink message: a kind of link, an expression of nftables
 *   refuse --protocol NUMBER COMMAND...    netlink sockets of this protocol (EPROTONOSUPPORT)
 *
 * For --unknown it misspells the name in the caller's memory: the refusal is the kernel's own, as from one that was built without the
 * feature.
 *
 * Requests are: opening and binding a socket of netlink or IP, sending and receiving on a socket by send(2), recv(2) and the like,
 * opening a file of /proc/sys/net for writing, starting a program of iptables. Requests of iptables are not counted: it takes a chain that
 * it cannot read for one that is not there, and sets its policy to ACCEPT.
 */
#include "supervisor.h"

#define MAX_MESSAGE (1 << 20)
#define MAX_PARTS 64

static const char *unknown;
static int protocol = -1;

static int install_filter(void) {
#define NOTIFY_OF(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), NOTIFY
    /* The low halves of arguments: these are ints. */
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        ALLOW,
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        NOTIFY_OF(__NR_socket),
        NOTIFY_OF(__NR_bind),
        NOTIFY_OF(__NR_sendto),
        NOTIFY_OF(__NR_sendmsg),
        NOTIFY_OF(__NR_recvfrom),
        NOTIFY_OF(__NR_recvmsg),
        NOTIFY_OF(__NR_execve),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 1, 0),
        ALLOW,
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, O_RDONLY, 1, 0),
        NOTIFY,
        ALLOW,
    };
    return install(instructions, sizeof instructions / sizeof *instructions);
}

static void write_memory(pid_t task, uint64_t address, const void *buffer, size_t length) {
    struct iovec here = {(void *)buffer, length}, there = {(void *)(uintptr_t)address, length};
    if (process_vm_writev(task, &here, 1, &there, 1, 0) < 0) {
        fail("misspell a message");
    }
}

/* Misspells each attribute that is the word, with or without a zero: struct nlattr { __u16 nla_len; __u16 nla_type; }, text. */
static void misspell(pid_t task, uint64_t address, size_t length) {
    static char message[MAX_MESSAGE];
    size_t size = strlen(unknown);
    if (length > sizeof message || read_memory(task, address, message, length) != (ssize_t)length) {
        return;
    }
    for (size_t i = NLA_HDRLEN; i + size <= length; i++) {
        uint16_t attribute;
        memcpy(&attribute, message + i - NLA_HDRLEN, sizeof attribute);
        size_t value = attribute - NLA_HDRLEN;
        if ((value == size || value == size + 1) && memcmp(message + i, unknown, size) == 0) {
            write_memory(task, address + i, "?", 1);
        }
    }
}

static void misspell_parts(pid_t task, uint64_t address) {
    struct msghdr header;
    struct iovec parts[MAX_PARTS];
    if (read_memory(task, address, &header, sizeof header) != sizeof header || header.msg_iovlen > MAX_PARTS
        || read_memory(task, (uintptr_t)header.msg_iov, parts, header.msg_iovlen * sizeof *parts) < 0) {
        return;
    }
    for (size_t i = 0; i < header.msg_iovlen; i++) {
        misspell(task, (uintptr_t)parts[i].iov_base, parts[i].iov_len);
    }
}

static int writes_setting(const struct seccomp_notif *request) {
    char path[sizeof SETTINGS] = "";
    read_memory(request->pid, request->data.args[1], path, sizeof path - 1);
    return strcmp(path, SETTINGS) == 0;
}

static int starts_iptables(const struct seccomp_notif *request) {
    char path[64] = "";
    read_memory(request->pid, request->data.args[0], path, sizeof path - 1);
    return strstr(path, IPTABLES) != NULL;
}

static int is_of_network(uint64_t family) {
    return family == AF_NETLINK || family == AF_INET || family == AF_INET6;
}

/* The errno for a call that is counted, or 0. */
static int counted(const struct seccomp_notif *request, const char *call) {
    return is_chosen(request, call) ? control->error : 0;
}

/* The errno for a call, or 0 to let the kernel go on with it. */
static int verdict(const struct seccomp_notif *request) {
    const __u64 *arguments = request->data.args;
    switch (request->data.nr) {
    case __NR_socket:
        if (arguments[0] == AF_NETLINK && (int)arguments[2] == protocol) {
            return EPROTONOSUPPORT;
        }
        return is_of_network(arguments[0]) ? counted(request, "socket") : 0;
    case __NR_bind:
        return counted(request, "bind");
    case __NR_sendto:
        if (unknown != NULL) {
            misspell(request->pid, arguments[1], arguments[2]);
        }
        return counted(request, "sendto");
    case __NR_sendmsg:
        if (unknown != NULL) {
            misspell_parts(request->pid, arguments[1]);
        }
        return counted(request, "sendmsg");
    case __NR_recvfrom:
        /* A look at the length of what is there comes before each. */
        return arguments[3] & MSG_PEEK ? 0 : counted(request, "recvfrom");
    case __NR_recvmsg:
        return counted(request, "recvmsg");
    case __NR_execve:
        return starts_iptables(request) ? counted(request, "execve") : 0;
    default:
        return writes_setting(request) ? counted(request, "write setting") : 0;
    }
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: refuse --count CONTROL | --unknown WORD | --protocol NUMBER   COMMAND...\n");
        return 125;
    }
    if (strcmp(arguments[1], "--count") == 0) {
        map_control(arguments[2]);
    } else if (strcmp(arguments[1], "--unknown") == 0) {
        unknown = arguments[2];
    } else {
        protocol = atoi(arguments[2]);
    }
    start_supervisor();
    execvp(arguments[3], arguments + 3);
    fail(arguments[3]);
}
