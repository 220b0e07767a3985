/*
 * jnet-cni: what a container runtime calls as the CNI plugin "jnet".
 *
 * It opens the container's network namespace and its own, passes both with its environment and standard input to the daemon over a Unix
 * socket, and prints the answer. Opened here, a namespace is the one that the caller means, whatever becomes of its path or process id.
 * Where no daemon answers, or the daemon is one of another network namespace than the caller's, the same is done by "jnet cni", once, in
 * this process's place.
 *
 * Called by the name "loopback" it is that plugin (loopback.h), and needs no daemon.
 *
 * It is C because a runtime waits for it: it starts in less than a millisecond, a Java runtime in fifty.
 *
 *   question   struct question, then the environment (NAME=VALUE, each ended by a zero byte), then standard input; with its first byte
 *              the descriptors of the own and, if it could be opened, the container's namespace (SCM_RIGHTS)
 *   answer     struct answer, then what goes to standard output
 *
 * Environment of its own: JNET_CNI_SOCKET, the daemon's socket; JNET_HOME, the distribution's folder; JNET_STATE_DIR, for "jnet cni".
 */
#define _GNU_SOURCE
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/run/jnet/cni.sock"
#define ONE_SHOT_LOCK "/run/jnet/cni.lock"
#define VERSIONS "\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

enum {
    LARGEST_ENVIRONMENT = 256 * 1024,
    LARGEST_INPUT = 8 * 1024 * 1024,
    LARGEST_ANSWER = 8 * 1024 * 1024,
    /* Error codes of the spec. */
    BAD_ENVIRONMENT = 4,
    IO_FAILURE = 5,
    TRY_AGAIN = 11,
    NOT_AVAILABLE = 50,
    /* The daemon's answer to a caller from another network namespace. */
    ELSEWHERE = 255
};

struct question {
    char magic[8];
    uint32_t environment;
    uint32_t input;
};

struct answer {
    uint32_t status;
    uint32_t output;
};

struct command {
    const char *name;
    int of_container;
    int milliseconds;
};

/* Runtimes wait for minutes, but an ADD that takes longer than this is better tried again; a kubelet asks STATUS every few seconds. */
static const struct command COMMANDS[] = {
    {"ADD", 1, 30000}, {"DEL", 1, 20000}, {"CHECK", 1, 20000}, {"GC", 0, 20000}, {"STATUS", 0, 100},
};

static char *input;
static size_t input_length;
static struct timespec deadline;

/* Writes all of it; whoever reads has gone when that fails. */
static int write_all(int fd, const char *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return -1;
        }
        data += written;
        length -= (size_t) written;
    }
    return 0;
}

/* Answers an error object and ends. The texts are this file's own, or paths, of which only what JSON takes as it is is shown. */
static _Noreturn void fail(int code, const char *text, const char *object, int error) {
    char shown[256];
    size_t length = 0;
    for (const char *c = object; *c != 0 && length < sizeof shown - 1; c++) {
        shown[length++] = *c < ' ' || *c > '~' || *c == '"' || *c == '\\' ? '?' : *c;
    }
    shown[length] = 0;
    printf("{\"cniVersion\":\"1.0.0\",\"code\":%d,\"msg\":\"%s%s%s%s\"}\n", code, text, shown, error ? ": " : "",
            error ? strerror(error) : "");
    fflush(stdout);
    exit(1);
}

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

static void start_clock(int milliseconds) {
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += milliseconds / 1000;
    deadline.tv_nsec += milliseconds % 1000 * 1000000L;
    if (deadline.tv_nsec >= 1000000000L) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }
}

/* Milliseconds until the deadline; 0 when it has passed. */
static int left(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long milliseconds = (deadline.tv_sec - now.tv_sec) * 1000LL + (deadline.tv_nsec - now.tv_nsec) / 1000000;
    return milliseconds > 0 ? (int) milliseconds : 0;
}

/* Waits until the descriptor is ready; -1 with ETIMEDOUT at the deadline. */
static int wait_for(int fd, short events) {
    for (;;) {
        struct pollfd polled = {.fd = fd, .events = events};
        int ready = poll(&polled, 1, left());
        if (ready > 0) {
            return 0;
        }
        if (ready == 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        if (errno != EINTR) {
            return -1;
        }
    }
}

static void read_input(void) {
    size_t capacity = 64 * 1024;
    input = malloc(capacity);
    for (;;) {
        if (input == NULL) {
            fail(IO_FAILURE, "cannot read standard input", "", ENOMEM);
        }
        ssize_t length = read(STDIN_FILENO, input + input_length, capacity - input_length);
        if (length < 0 && errno == EINTR) {
            continue;
        }
        if (length < 0) {
            fail(IO_FAILURE, "cannot read standard input", "", errno);
        }
        if (length == 0) {
            input[input_length] = 0;
            return;
        }
        input_length += (size_t) length;
        if (input_length > LARGEST_INPUT) {
            fail(IO_FAILURE, "standard input is larger than 8 MiB", "", 0);
        }
        if (input_length == capacity) {
            capacity *= 2;
            input = realloc(input, capacity);
        }
    }
}

/* The protocol's variables and the runtime's tracing; nothing else of the environment is the daemon's business. */
static int is_passed_on(const char *variable) {
    return strncmp(variable, "CNI_", 4) == 0 || strncmp(variable, "TRACEPARENT=", 12) == 0
            || strncmp(variable, "TRACESTATE=", 11) == 0 || strncmp(variable, "BAGGAGE=", 8) == 0;
}

static char *gather_environment(uint32_t *length) {
    extern char **environ;
    size_t total = 0;
    for (char **variable = environ; *variable != NULL; variable++) {
        total += is_passed_on(*variable) ? strlen(*variable) + 1 : 0;
    }
    if (total > LARGEST_ENVIRONMENT) {
        fail(BAD_ENVIRONMENT, "the environment is larger than 256 KiB", "", 0);
    }
    char *gathered = malloc(total + 1);
    if (gathered == NULL) {
        fail(IO_FAILURE, "cannot read the environment", "", ENOMEM);
    }
    char *end = gathered;
    for (char **variable = environ; *variable != NULL; variable++) {
        if (is_passed_on(*variable)) {
            end = stpcpy(end, *variable) + 1;
        }
    }
    *length = (uint32_t) total;
    return gathered;
}

/* A socket that is connected to the daemon; -1 when none listens. */
static int connect_to_daemon(void) {
    const char *path = getenv("JNET_CNI_SOCKET");
    if (path == NULL || *path == 0) {
        path = DEFAULT_SOCKET;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fail(BAD_ENVIRONMENT, "JNET_CNI_SOCKET is too long: ", path, 0);
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    /* A full queue of a daemon that does not accept says EAGAIN: it is there, and is waited for. */
    while (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        if (errno == EAGAIN && left() > 0) {
            struct timespec pause = {.tv_nsec = 5000000};
            nanosleep(&pause, NULL);
        } else if (errno != EINTR) {
            int refused = errno;
            close(fd);
            errno = refused == EAGAIN ? ETIMEDOUT : refused;
            return -1;
        }
    }
    return fd;
}

static int send_all(int fd, const char *data, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent > 0) {
            data += sent;
            length -= (size_t) sent;
        } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return -1;
        } else if (wait_for(fd, POLLOUT) != 0) {
            return -1;
        }
    }
    return 0;
}

static int receive_all(int fd, char *data, size_t length) {
    while (length > 0) {
        ssize_t received = recv(fd, data, length, 0);
        if (received > 0) {
            data += received;
            length -= (size_t) received;
        } else if (received == 0) {
            errno = ECONNRESET;
            return -1;
        } else if (errno != EAGAIN && errno != EINTR) {
            return -1;
        } else if (wait_for(fd, POLLIN) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The header, with the descriptors beside it. */
static int send_header(int fd, const struct question *question, const int *descriptors, size_t count) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = (void *) question, .iov_len = sizeof *question};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    /* A fresh socket has room for so few bytes. */
    return sent == sizeof *question ? 0 : -1;
}

/* Asks the daemon and prints its answer; ends the process unless the caller has to do it alone. Returns -1 with errno then. */
static int ask_daemon(const struct command *command) {
    int fd = connect_to_daemon();
    if (fd < 0) {
        return -1;
    }
    int descriptors[2];
    size_t count = 0;
    descriptors[count] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (descriptors[count++] < 0) {
        fail(IO_FAILURE, "cannot open /proc/self/ns/net", "", errno);
    }
    const char *path = getenv("CNI_NETNS");
    if (command->of_container && path != NULL && *path != 0) {
        descriptors[count] = open(path, O_RDONLY | O_CLOEXEC);
        if (descriptors[count] >= 0) {
            count++;
        } else if (strcmp(command->name, "DEL") != 0) {
            fail(BAD_ENVIRONMENT, "cannot open CNI_NETNS ", path, errno);
        }
    }
    struct question question = {.magic = "jnetcni1"};
    char *environment = gather_environment(&question.environment);
    question.input = (uint32_t) input_length;
    struct answer answer;
    if (send_header(fd, &question, descriptors, count) != 0 || send_all(fd, environment, question.environment) != 0
            || send_all(fd, input, input_length) != 0 || receive_all(fd, (char *) &answer, sizeof answer) != 0) {
        int refused = errno;
        close(fd);
        errno = refused;
        return -1;
    }
    if (answer.status == ELSEWHERE) {
        close(fd);
        errno = EXDEV;
        return -1;
    }
    char *output = answer.output <= LARGEST_ANSWER ? malloc(answer.output + 1) : NULL;
    if (output == NULL || receive_all(fd, output, answer.output) != 0) {
        fail(TRY_AGAIN, "the jnet daemon broke its answer off", "", 0);
    }
    exit(write_all(STDOUT_FILENO, output, answer.output) == 0 ? (int) answer.status : 1);
}

/* "jnet cni" of the distribution that this file belongs to, in this process's place, with what was read as its standard input. */
static _Noreturn void do_it_alone(const struct command *command, int why) {
    char own[PATH_MAX];
    char launcher[PATH_MAX + 16];
    const char *home = getenv("JNET_HOME");
    if (home != NULL && *home != 0) {
        snprintf(launcher, sizeof launcher, "%s/bin/jnet", home);
    } else {
        ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
        own[length > 0 ? length : 0] = 0;
        snprintf(launcher, sizeof launcher, "%s/jnet", dirname(own));
    }
    int code = strcmp(command->name, "STATUS") == 0 ? NOT_AVAILABLE : TRY_AGAIN;
    if (access(launcher, X_OK) != 0) {
        fail(code, "the jnet daemon does not answer, and there is no ", launcher, why);
    }
    mkdir("/run/jnet", 0700);
    int lock = open(ONE_SHOT_LOCK, O_RDWR | O_CREAT, 0600);
    if (lock < 0) {
        fail(code, "cannot open ", ONE_SHOT_LOCK, errno);
    }
    /* One at a time, by a lock that lasts as long as the process; a hundred at once would be a hundred Java runtimes. */
    start_clock(60000);
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (left() == 0) {
            fail(code, "other calls of jnet cni take too long", "", 0);
        }
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    int stdin_copy = memfd_create("stdin", 0);
    if (stdin_copy < 0 || write_all(stdin_copy, input, input_length) != 0 || lseek(stdin_copy, 0, SEEK_SET) != 0
            || dup2(stdin_copy, STDIN_FILENO) != STDIN_FILENO) {
        fail(IO_FAILURE, "cannot pass standard input on", "", errno);
    }
    close(stdin_copy);
    execl(launcher, launcher, "cni", (char *) NULL);
    fail(code, "cannot run ", launcher, errno);
}

int main(int count, char **arguments) {
    const char *name = getenv("CNI_COMMAND");
    if (name == NULL || *name == 0) {
        fputs("jnet-cni: the CNI plugin of jnet, for container runtimes. CNI spec versions " VERSIONS "\n", stderr);
        return 0;
    }
    if (strcmp(name, "VERSION") == 0) {
        puts("{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[" VERSIONS "]}");
        return 0;
    }
    if (count > 0 && strcmp(basename(arguments[0]), "loopback") == 0) {
        read_input();
        return loopback(name, getenv("CNI_NETNS"), input);
    }
    const struct command *command = find_command(name);
    if (command == NULL) {
        fail(BAD_ENVIRONMENT, "unknown CNI_COMMAND ", name, 0);
    }
    read_input();
    start_clock(command->milliseconds);
    ask_daemon(command);
    int why = errno;
    if (why == ETIMEDOUT) {
        /* It is there, and has the state: nobody else can do it now. What it still does is not done twice. */
        fail(strcmp(name, "STATUS") == 0 ? NOT_AVAILABLE : TRY_AGAIN, "the jnet daemon did not answer in time", "", 0);
    }
    if (strcmp(name, "STATUS") == 0 && why != EXDEV) {
        fail(NOT_AVAILABLE, "the jnet daemon does not answer", "", why);
    }
    do_it_alone(command, why);
}
