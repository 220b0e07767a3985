/*
 * Runs a program to which the kernel refuses something.
 *
 *   refuse --count CONTROL COMMAND...      the N-th request, as the file CONTROL says while the program runs
 *   refuse --unknown WORD COMMAND...       whatever is named WORD in a netlink message: a kind of link, an expression of nftables
 *   refuse --protocol NUMBER COMMAND...    netlink sockets of this protocol (EPROTONOSUPPORT)
 *
 * The program and its children make their system calls under a filter that stops those that ask for something about the network and
 * tells a supervisor (seccomp_unotify(2)), which lets the kernel go on with the call or answers an error in its place. For --unknown it
 * misspells the name in the caller's memory: the refusal is the kernel's own, as from one that was built without the feature.
 *
 * Requests are: opening and binding a socket of netlink or IP, sending and receiving on a socket by send(2), recv(2) and the like,
 * opening a file of /proc/sys/net for writing, starting a program of iptables. Threads whose names begin with QUIET are not counted: they
 * follow what others do, at any time. Nor are requests of iptables, which takes a chain that it cannot read for one that is not there, and
 * sets its policy to ACCEPT.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the AUDIT_ARCH_ of this processor"
#endif

#define QUIET "jnet-"
#define IPTABLES "tables"
#define SETTINGS "/proc/sys/net/"
#define MAX_MESSAGE (1 << 20)
#define MAX_PARTS 64

/* The file CONTROL: what the test writes, and what it reads. Native byte order. */
struct control {
    int32_t seen;    /* requests since the test set this to 0 */
    int32_t refused; /* the one to refuse, counted from 1; 0: none */
    int32_t error;   /* the errno that it gets */
    char what[116];  /* what was refused: the call, and the thread that made it */
};

static struct control *control;
static const char *unknown;
static int protocol = -1;

static void fail(const char *what) {
    fprintf(stderr, "refuse: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static int install_filter(void) {
#define NOTIFY BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
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
    struct sock_fprog program = {sizeof instructions / sizeof *instructions, instructions};
    int listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener < 0) {
        fail("install a filter");
    }
    return listener;
}

static ssize_t read_memory(pid_t task, uint64_t address, void *buffer, size_t length) {
    struct iovec here = {buffer, length}, there = {(void *)(uintptr_t)address, length};
    return process_vm_readv(task, &here, 1, &there, 1, 0);
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

static void name_of(pid_t task, char name[16]) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", task);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? 0 : read(file, name, 15);
    name[length > 0 ? length : 0] = 0;
    name[strcspn(name, "\n")] = 0;
    if (file >= 0) {
        close(file);
    }
}

/* The errno for a call that is counted, or 0. */
static int counted(const struct seccomp_notif *request, const char *call) {
    char thread[16] = "";
    name_of(request->pid, thread);
    if (control == NULL || strncmp(thread, QUIET, strlen(QUIET)) == 0 || strstr(thread, IPTABLES) != NULL) {
        return 0;
    }
    if (++control->seen != control->refused) {
        return 0;
    }
    snprintf(control->what, sizeof control->what, "%s by %s", call, thread);
    return control->error;
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

static void supervise(int listener) {
    struct seccomp_notif_sizes sizes;
    if (syscall(__NR_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0) {
        fail("ask for sizes");
    }
    struct seccomp_notif *request = malloc(sizes.seccomp_notif);
    struct seccomp_notif_resp *response = malloc(sizes.seccomp_notif_resp);
    struct pollfd events = {listener, POLLIN, 0};
    while (poll(&events, 1, -1) >= 0 && !(events.revents & POLLHUP)) { /* hung up: nobody is left under the filter */
        memset(request, 0, sizes.seccomp_notif);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, request) < 0) {
            continue; /* the caller was interrupted meanwhile */
        }
        memset(response, 0, sizes.seccomp_notif_resp);
        response->id = request->id;
        response->error = -verdict(request);
        response->flags = response->error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, response);
    }
    _exit(0);
}

/* A child that shares the table of descriptors: the listener needs not be sent to it, which the filter would stop. */
static pid_t fork_sharing_descriptors(void) {
    pid_t child = syscall(__NR_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child < 0) {
        fail("fork");
    }
    return child;
}

static void start_supervisor(void) {
    int *listener = mmap(NULL, sizeof *listener, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (listener == MAP_FAILED) {
        fail("mmap");
    }
    __atomic_store_n(listener, -1, __ATOMIC_SEQ_CST);
    pid_t between = fork_sharing_descriptors();
    if (between == 0) {
        /* A grandchild: the program shall not find a child that it does not know. */
        if (fork_sharing_descriptors() != 0) {
            _exit(0);
        }
        int mine;
        while ((mine = __atomic_load_n(listener, __ATOMIC_SEQ_CST)) < 0) {
            usleep(1000);
        }
        supervise(mine);
    }
    waitpid(between, NULL, 0);
    __atomic_store_n(listener, install_filter(), __ATOMIC_SEQ_CST);
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: refuse --count CONTROL | --unknown WORD | --protocol NUMBER   COMMAND...\n");
        return 125;
    }
    if (strcmp(arguments[1], "--count") == 0) {
        int file = open(arguments[2], O_RDWR | O_CLOEXEC);
        control = file < 0 ? MAP_FAILED
                           : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (control == MAP_FAILED) {
            fail(arguments[2]);
        }
        close(file);
    } else if (strcmp(arguments[1], "--unknown") == 0) {
        unknown = arguments[2];
    } else {
        protocol = atoi(arguments[2]);
    }
    start_supervisor();
    execvp(arguments[3], arguments + 3);
    fail(arguments[3]);
}
