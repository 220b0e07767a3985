/*
 * Runs a program and its children under a filter that stops some of their system calls and tells a supervisor (seccomp_unotify(2)), which lets
 * the kernel go on with the call or answers an error in its place. What is stopped (install_filter) and what is answered (verdict) the program
 * that includes this file says.
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

/* Threads whose names begin so follow what others do, at any time. */
#define QUIET "jnet-"
#define IPTABLES "tables"
#define SETTINGS "/proc/sys/net/"

/* The file CONTROL: what the test writes, and what it reads. Native byte order. */
struct control {
    int32_t seen;   /* calls that count since the test set this to 0 */
    int32_t chosen; /* the one that something happens to, counted from 1; 0: none */
    int32_t error;  /* the errno that it gets */
    char what[116]; /* what it was: the call, and the thread that made it */
};

static struct control *control;
/* Where calls that counted are told, a line each, or nothing. */
static char told[4096];
/* The program's process. */
static pid_t program;

static int install_filter(void);
static int verdict(const struct seccomp_notif *request);

static void fail(const char *what) {
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
    _exit(125);
}

#define NOTIFY BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int install(struct sock_filter *instructions, size_t count) {
    struct sock_fprog filter = {count, instructions};
    int listener = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    if (listener < 0) {
        fail("install a filter");
    }
    return listener;
}

static ssize_t read_memory(pid_t task, uint64_t address, void *buffer, size_t length) {
    struct iovec here = {buffer, length}, there = {(void *)(uintptr_t)address, length};
    return process_vm_readv(task, &here, 1, &there, 1, 0);
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

/* Tells of a call that counts, in their order. */
static void note(const char *call) {
    static int file = -1;
    if (told[0] == 0) {
        return;
    }
    if (file < 0) {
        file = open(told, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    if (file < 0 || dprintf(file, "%s\n", call) < 0) {
        fail(told);
    }
}

/* Counts a call, unless its thread is one of those that do not count. Whether it is the chosen one. */
static int is_chosen(const struct seccomp_notif *request, const char *call) {
    char thread[16] = "";
    name_of(request->pid, thread);
    if (control == NULL || strncmp(thread, QUIET, strlen(QUIET)) == 0 || strstr(thread, IPTABLES) != NULL) {
        return 0;
    }
    note(call);
    if (++control->seen != control->chosen) {
        return 0;
    }
    snprintf(control->what, sizeof control->what, "%.90s by %s", call, thread);
    return 1;
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
    program = getpid();
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

static void map_control(const char *path) {
    int file = open(path, O_RDWR | O_CLOEXEC);
    control = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (control == MAP_FAILED) {
        fail(path);
    }
    close(file);
    snprintf(told, sizeof told, "%s.told", path);
}
