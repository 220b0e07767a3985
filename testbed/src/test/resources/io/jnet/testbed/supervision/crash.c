/*
 * Runs a program that dies at a step.
 *
 *   crash CONTROL COMMAND...      before the N-th step, as the file CONTROL says while the program runs
 *
 * A step is a system call by which something that outlives the process may change, or by which others learn what it has done: a request of
 * netlink that asks for more than information, a packet, an answer on a Unix socket, a write to a file or to a setting of the kernel, a name
 * in a file system that comes or goes, a port that is bound, a program of iptables that is started. The program is ended by SIGKILL before
 * the kernel does the call; a program that dies after a step dies before the next one.
 *
 * Every system call is either in the table of those that cannot be one, or is looked at. One that is in neither is named in CONTROL: nothing
 * can be reached without passing a step that this program does not know. The steps that there were are in the file CONTROL.told, a line each.
 */
#include "supervisor.h"
#include <limits.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/nsfs.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/sock_diag.h>
#include <sys/stat.h>

/* System calls that change nothing that outlives the process: memory, threads, time, reading, the process's own descriptors. */
static const int NEUTRAL[] = {
    __NR_futex, __NR_read, __NR_readv, __NR_pread64, __NR_preadv, __NR_recvfrom, __NR_recvmsg, __NR_ppoll, __NR_pselect6,
    __NR_epoll_ctl, __NR_epoll_pwait, __NR_epoll_create1, __NR_eventfd2, __NR_pipe2, __NR_close, __NR_close_range, __NR_dup, __NR_dup3,
    __NR_fcntl, __NR_fstat, __NR_newfstatat, __NR_statx, __NR_statfs, __NR_fstatfs, __NR_faccessat, __NR_faccessat2,
    __NR_readlinkat, __NR_getdents64, __NR_lseek, __NR_getcwd, __NR_chdir, __NR_fchdir, __NR_flock,
    __NR_mprotect, __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk, __NR_mincore, __NR_membarrier, __NR_get_mempolicy,
    __NR_clone, __NR_clone3, __NR_exit, __NR_exit_group, __NR_wait4, __NR_waitid, __NR_set_tid_address, __NR_set_robust_list, __NR_rseq,
    __NR_prctl, __NR_gettid, __NR_getpid, __NR_getppid, __NR_getpgid, __NR_setsid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid, __NR_umask,
    __NR_tgkill, __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_rt_sigtimedwait, __NR_sigaltstack, __NR_restart_syscall,
    __NR_sched_yield, __NR_sched_getaffinity, __NR_sched_setaffinity, __NR_getcpu, __NR_getpriority, __NR_setpriority,
    __NR_clock_gettime, __NR_clock_getres, __NR_clock_nanosleep, __NR_nanosleep, __NR_gettimeofday, __NR_times, __NR_getrusage,
    __NR_uname, __NR_sysinfo, __NR_prlimit64, __NR_getrandom, __NR_capget,
    __NR_socket, __NR_socketpair, __NR_connect, __NR_listen, __NR_accept, __NR_accept4, __NR_getsockname, __NR_getpeername,
    __NR_getsockopt, __NR_setsockopt, __NR_shutdown, __NR_setns, __NR_unshare, __NR_pidfd_open, __NR_process_vm_readv,
#ifdef __x86_64__
    __NR_open, __NR_stat, __NR_lstat, __NR_access, __NR_readlink, __NR_poll, __NR_select, __NR_epoll_wait, __NR_pipe, __NR_dup2,
    __NR_arch_prctl, __NR_fork, __NR_vfork, __NR_time, __NR_getdents, __NR_getpgrp,
#endif
};

/* System calls that are looked at. */
static const int LOOKED_AT[] = {
    __NR_sendto, __NR_sendmsg, __NR_sendmmsg, __NR_write, __NR_writev, __NR_pwrite64, __NR_pwritev, __NR_pwritev2, __NR_sendfile, __NR_splice,
    __NR_fsync, __NR_fdatasync, __NR_msync, __NR_sync_file_range, __NR_ftruncate, __NR_truncate, __NR_fallocate, __NR_openat,
    __NR_unlinkat, __NR_renameat, __NR_renameat2, __NR_mkdirat, __NR_linkat, __NR_symlinkat, __NR_mknodat, __NR_fchmod, __NR_fchmodat,
    __NR_fchown, __NR_fchownat, __NR_utimensat, __NR_mount, __NR_umount2, __NR_kill, __NR_bind, __NR_execve, __NR_mmap, __NR_ioctl,
#ifdef __x86_64__
    __NR_unlink, __NR_rename, __NR_mkdir, __NR_rmdir, __NR_link, __NR_symlink, __NR_mknod, __NR_chmod, __NR_chown, __NR_lchown, __NR_creat,
#endif
};

/* Requests of ioctl(2) that ask for something, or are about the descriptor alone. */
static const unsigned QUESTIONS[] = {FIONREAD, FIONBIO, FIOCLEX, TCGETS, TIOCGWINSZ, TIOCGPGRP, NS_GET_NSTYPE, NS_GET_USERNS, NS_GET_PARENT,
    SIOCGIFNAME, SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFCONF, SIOCGIFHWADDR, SIOCGIFMTU, SIOCGSKNS};

/* Files that are written through memory and outlive the process, but mean nothing without it: its locks (LMDB's), its counters. */
static const char *const PASSING[] = {"/lock.mdb", "-lock", "/hsperfdata_", "/memfd:"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Fields of a message of netlink: its header, as the kernel will read it. */
#define IS_GET_OF_ROUTES(type) (((type) - RTM_BASE) % 4 == RTM_GETLINK - RTM_NEWLINK)
#define NF_TABLES_GETS(type) (1 << (type) & GETS)
#define GETS                                                                                                                          \
    (1 << NFT_MSG_GETTABLE | 1 << NFT_MSG_GETCHAIN | 1 << NFT_MSG_GETRULE | 1 << NFT_MSG_GETSET | 1 << NFT_MSG_GETSETELEM                \
     | 1 << NFT_MSG_GETGEN | 1 << NFT_MSG_GETOBJ | 1 << NFT_MSG_GETFLOWTABLE)

static int install_filter(void) {
    static struct sock_filter instructions[10 + 2 * COUNT(NEUTRAL)];
    size_t count = 0;
    instructions[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    instructions[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    instructions[count++] = (struct sock_filter)ALLOW;
    instructions[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    /* Private memory, which a Java runtime maps hundreds of times, is nobody else's: only the rest is looked at. */
    instructions[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 0, 5);
    instructions[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[3]));
    instructions[count++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, MAP_TYPE);
    instructions[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAP_PRIVATE, 0, 1);
    instructions[count++] = (struct sock_filter)ALLOW;
    instructions[count++] = (struct sock_filter)NOTIFY;
    for (size_t i = 0; i < COUNT(NEUTRAL); i++) {
        instructions[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NEUTRAL[i], 0, 1);
        instructions[count++] = (struct sock_filter)ALLOW;
    }
    instructions[count++] = (struct sock_filter)NOTIFY;
    return install(instructions, count);
}

/* The name of what a descriptor of the caller leads to, or of a file in its folder. */
static void name_of_descriptor(pid_t task, int descriptor, char name[PATH_MAX]) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", task, descriptor);
    ssize_t length = readlink(path, name, PATH_MAX - 1);
    name[length > 0 ? length : 0] = 0;
}

/* An integer option of a socket of the program; -1 where there is none. */
static int socket_option(int descriptor, int option) {
    int value = -1;
    socklen_t length = sizeof value;
    int process = syscall(__NR_pidfd_open, program, 0);
    int copy = process < 0 ? -1 : syscall(__NR_pidfd_getfd, process, descriptor, 0);
    if (copy >= 0) {
        getsockopt(copy, SOL_SOCKET, option, &value, &length);
        close(copy);
    }
    if (process >= 0) {
        close(process);
    }
    return value;
}

static const char *step_of_netlink(int protocol, const struct nlmsghdr *message) {
    static char name[48];
    int type = message->nlmsg_type;
    if (protocol == NETLINK_ROUTE) {
        if (IS_GET_OF_ROUTES(type)) {
            return NULL;
        }
        snprintf(name, sizeof name, "rtnetlink %d", type);
        return name;
    }
    if (protocol == NETLINK_NETFILTER) {
        int subsystem = NFNL_SUBSYS_ID(type);
        int request = NFNL_MSG_TYPE(type);
        if (subsystem == NFNL_SUBSYS_NFTABLES && request < 32 && NF_TABLES_GETS(request)) {
            return NULL;
        }
        if (subsystem == NFNL_SUBSYS_CTNETLINK && request != IPCTNL_MSG_CT_NEW && request != IPCTNL_MSG_CT_DELETE) {
            return NULL;
        }
        snprintf(name, sizeof name, "nfnetlink %d", type);
        return name;
    }
    return protocol == NETLINK_SOCK_DIAG ? NULL : "netlink";
}

/* What a message is that begins at an address. */
static const char *step_of_message(const struct seccomp_notif *request, int descriptor, uint64_t address) {
    int domain = socket_option(descriptor, SO_DOMAIN);
    switch (domain) {
    case AF_NETLINK: {
        struct nlmsghdr message = {0};
        read_memory(request->pid, address, &message, sizeof message);
        return step_of_netlink(socket_option(descriptor, SO_PROTOCOL), &message);
    }
    case AF_UNIX:
        return "answer";
    case AF_PACKET:
        return "packet";
    default:
        return "send";
    }
}

static const char *step_of_send(const struct seccomp_notif *request) {
    struct msghdr header = {0};
    struct iovec part = {0};
    if (request->data.nr == __NR_sendto) {
        return step_of_message(request, request->data.args[0], request->data.args[1]);
    }
    read_memory(request->pid, request->data.args[1], &header, sizeof header);
    read_memory(request->pid, (uintptr_t)header.msg_iov, &part, sizeof part);
    return step_of_message(request, request->data.args[0], (uintptr_t)part.iov_base);
}

/* By write(2) and the like: to sockets, files and settings; not to pipes and what a descriptor counts, nor into the log. */
static const char *step_of_write(const struct seccomp_notif *request) {
    static char name[PATH_MAX];
    int descriptor = request->data.args[0];
    name_of_descriptor(request->pid, descriptor, name);
    if (strncmp(name, "socket:", 7) == 0) {
        return step_of_message(request, descriptor, request->data.args[1]);
    }
    /* Of a process that is asked by its standard input (CNI) this is the answer. */
    if (descriptor == STDOUT_FILENO && strncmp(name, "pipe:", 5) == 0) {
        return "answer";
    }
    if (name[0] != '/' || descriptor <= 2 || strncmp(name, "/dev/", 5) == 0 || strstr(name, "/fd/") != NULL) {
        return NULL;
    }
    return name;
}

static int is_known(int call) {
    for (size_t i = 0; i < COUNT(LOOKED_AT); i++) {
        if (LOOKED_AT[i] == call) {
            return 1;
        }
    }
    return 0;
}

static const char *step_of_open(const struct seccomp_notif *request) {
    static char path[PATH_MAX];
    if (!(request->data.args[2] & (O_CREAT | O_TRUNC))) {
        return NULL;
    }
    memset(path, 0, sizeof path);
    read_memory(request->pid, request->data.args[1], path, 256);
    return strncmp(path, "/dev/", 5) == 0 ? NULL : path;
}

/* Whether a file is mapped so that writing to memory changes it: no system call would tell of the change. */
static int changes_unseen(const struct seccomp_notif *request) {
    char name[PATH_MAX];
    int is_file = (int)request->data.args[4] >= 0 && !(request->data.args[3] & MAP_ANONYMOUS);
    if (!is_file || (request->data.args[3] & MAP_TYPE) == MAP_PRIVATE || !(request->data.args[2] & PROT_WRITE)) {
        return 0;
    }
    name_of_descriptor(request->pid, request->data.args[4], name);
    for (size_t i = 0; i < COUNT(PASSING); i++) {
        if (strstr(name, PASSING[i]) != NULL) {
            return 0;
        }
    }
    return 1;
}

static int is_question(unsigned command) {
    for (size_t i = 0; i < COUNT(QUESTIONS); i++) {
        if (QUESTIONS[i] == command) {
            return 1;
        }
    }
    return 0;
}

/* Whether it is known what a call does. */
static int is_understood(const struct seccomp_notif *request) {
    switch (request->data.nr) {
    case __NR_mmap:
        return !changes_unseen(request);
    case __NR_ioctl:
        return is_question(request->data.args[1]);
    default:
        return is_known(request->data.nr);
    }
}

/* What a call that is looked at is a step of, or NULL. */
static const char *step(const struct seccomp_notif *request) {
    switch (request->data.nr) {
    case __NR_sendto:
    case __NR_sendmsg:
    case __NR_sendmmsg:
        return step_of_send(request);
    case __NR_write:
    case __NR_writev:
    case __NR_pwrite64:
    case __NR_pwritev:
    case __NR_pwritev2:
        return step_of_write(request);
    case __NR_fsync:
    case __NR_fdatasync:
    case __NR_msync:
        return "flush";
    case __NR_openat:
        return step_of_open(request);
    case __NR_mmap:
    case __NR_ioctl:
        return NULL;
    case __NR_bind: {
        int domain = socket_option(request->data.args[0], SO_DOMAIN);
        return domain == AF_NETLINK || domain == AF_PACKET ? NULL : "bind";
    }
    case __NR_execve: {
        char path[64] = "";
        read_memory(request->pid, request->data.args[0], path, sizeof path - 1);
        return strstr(path, IPTABLES) != NULL ? "execve" : NULL;
    }
    default: {
        static char name[16];
        snprintf(name, sizeof name, "file %d", request->data.nr);
        return name;
    }
    }
}

static int verdict(const struct seccomp_notif *request) {
    if (!is_understood(request)) {
        control->error = request->data.nr;
        return 0;
    }
    const char *what = step(request);
    if (what != NULL && is_chosen(request, what)) {
        kill(program, SIGKILL);
        /* Where it is a child that does the work. */
        kill(request->pid, SIGKILL);
        /* The kernel would still do the call: it looks for signals after that. */
        return EIO;
    }
    return 0;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: crash CONTROL COMMAND...\n");
        return 125;
    }
    map_control(arguments[1]);
    start_supervisor();
    execvp(arguments[2], arguments + 2);
    fail(arguments[2]);
}
