#define _GNU_SOURCE
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/*
 *   question   struct question, then the environment (NAME=VALUE, each ended by a zero byte), then standard input; with its first byte
 *              the descriptors of the own and, if it could be opened, the container's namespace, and, if one could be opened there, of
 *              an rtnetlink socket in that (SCM_RIGHTS)
 *   reply      struct reply, then what goes to standard output
 */
struct question {
    char magic[8];
    uint32_t environment;
    uint32_t input;
};

struct reply {
    uint32_t status;
    uint32_t output;
};

/* linux/netlink.h, which is no part of a C library. */
#define NETLINK_ROUTE 0

#define DEFAULT_SOCKET "/run/jnet/cni.sock"

enum { LARGEST_ENVIRONMENT = 256 * 1024, MOST_DESCRIPTORS = 3 };

/* The protocol's variables and the runtime's tracing; nothing else of the environment is the daemon's business. */
static int is_passed_on(const char *variable) {
    return strncmp(variable, "CNI_", 4) == 0 || strncmp(variable, "TRACEPARENT=", 12) == 0
            || strncmp(variable, "TRACESTATE=", 11) == 0 || strncmp(variable, "BAGGAGE=", 8) == 0;
}

static char *gather_environment(const char *addition, uint32_t *length) {
    extern char **environ;
    size_t total = addition != NULL ? strlen(addition) + 1 : 0;
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
    if (addition != NULL) {
        end = stpcpy(end, addition) + 1;
    }
    *length = (uint32_t) total;
    return gathered;
}

/* A socket that is connected to whoever listens at the path; -1 when nobody does. */
static int connect_to(const char *path) {
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

/* Takes off the first bytes of what is to be sent. */
static void take_off(struct msghdr *message, size_t sent) {
    while (message->msg_iovlen > 0 && sent >= message->msg_iov->iov_len) {
        sent -= message->msg_iov->iov_len;
        message->msg_iov++;
        message->msg_iovlen--;
    }
    if (message->msg_iovlen > 0) {
        message->msg_iov->iov_base = (char *) message->msg_iov->iov_base + sent;
        message->msg_iov->iov_len -= sent;
    }
}

/* All parts of the question in as few messages as the socket has room for, with the descriptors beside the first byte. */
static int send_question(int fd, struct iovec *parts, size_t part_count, const int *descriptors, size_t count) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
    } control = {0};
    struct msghdr message = {
        .msg_iov = parts, .msg_iovlen = part_count, .msg_control = control.space, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent > 0) {
            take_off(&message, (size_t) sent);
            message.msg_control = NULL;
            message.msg_controllen = 0;
        } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return -1;
        } else if (wait_for(fd, POLLOUT) != 0) {
            return -1;
        }
    }
    return 0;
}

/*
 * A socket that speaks to the container's namespace: opening it is done here in passing, and saves the daemon a thread that enters. -1 where this process
 * may not enter; the daemon says why it cannot either.
 */
static int open_inside(int own, int container) {
    /* First to where it is: who may not come back does not go. */
    if (setns(own, CLONE_NEWNET) != 0 || setns(container, CLONE_NEWNET) != 0) {
        return -1;
    }
    int inside = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    /* Plugins that are called yet are to run where the caller is. */
    if (setns(own, CLONE_NEWNET) != 0) {
        fail(IO_FAILURE, "cannot go back to the own network namespace", "", errno);
    }
    return inside;
}

/* The caller's namespace, the container's, and a socket in that where one is of use; gives their number. */
static size_t open_namespaces(const char *command, int of_container, int *descriptors) {
    descriptors[0] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (descriptors[0] < 0) {
        fail(IO_FAILURE, "cannot open /proc/self/ns/net", "", errno);
    }
    const char *path = getenv("CNI_NETNS");
    if (!of_container || path == NULL || *path == 0) {
        return 1;
    }
    descriptors[1] = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptors[1] >= 0) {
        descriptors[2] = strcmp(command, "ADD") == 0 ? open_inside(descriptors[0], descriptors[1]) : -1;
        return descriptors[2] >= 0 ? 3 : 2;
    }
    if (strcmp(command, "DEL") != 0) {
        fail(BAD_ENVIRONMENT, "cannot open CNI_NETNS ", path, errno);
    }
    return 1;
}

/* Closes the socket; errno stays, or becomes what is given. */
static int give_up(int fd, int why) {
    close(fd);
    errno = why;
    return -1;
}

int ask_daemon(const char *command, int of_container, const char *addition, struct answer *answer) {
    const char *path = getenv("JNET_CNI_SOCKET");
    return ask_at(path == NULL || *path == 0 ? DEFAULT_SOCKET : path, command, of_container, addition, answer);
}

int ask_at(const char *path, const char *command, int of_container, const char *addition, struct answer *answer) {
    int fd = connect_to(path);
    if (fd < 0) {
        return -1;
    }
    int descriptors[MOST_DESCRIPTORS];
    size_t count = open_namespaces(command, of_container, descriptors);
    struct question question = {.magic = {'j', 'n', 'e', 't', 'c', 'n', 'i', '1'}};
    char *environment = gather_environment(addition, &question.environment);
    question.input = (uint32_t) input_length;
    struct iovec parts[] = {{&question, sizeof question}, {environment, question.environment}, {input, input_length}};
    struct reply reply;
    int answered = send_question(fd, parts, sizeof parts / sizeof parts[0], descriptors, count) == 0
            && receive_all(fd, (char *) &reply, sizeof reply) == 0;
    int why = errno;
    free(environment);
    for (size_t i = 0; i < count; i++) {
        close(descriptors[i]);
    }
    if (!answered) {
        return give_up(fd, why);
    }
    if (reply.status == ELSEWHERE) {
        return give_up(fd, EXDEV);
    }
    answer->status = (int) reply.status;
    answer->length = reply.output;
    answer->output = reply.output <= LARGEST_ANSWER ? malloc(reply.output + 1) : NULL;
    if (answer->output == NULL || receive_all(fd, answer->output, reply.output) != 0) {
        fail(TRY_AGAIN, "the jnet daemon broke its answer off", "", 0);
    }
    answer->output[reply.output] = 0;
    close(fd);
    return 0;
}
