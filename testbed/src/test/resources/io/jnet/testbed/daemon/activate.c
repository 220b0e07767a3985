/*
 * What systemd does for a service that is started by its sockets: binds them, waits until somebody connects, starts the command with the
 * sockets as descriptors 3 and following, tells on standard output what that says to NOTIFY_SOCKET, and waits again when it has ended. What it
 * is given to keep (FDSTORE) it passes to the next one, behind the sockets.
 *
 *   activate NOTIFY SOCKET... -- COMMAND...
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST = 3, MOST = 8, MOST_KEPT = 64, NAME = 32 };

static struct {
    int fd;
    char name[NAME];
} kept[MOST_KEPT];
static int kept_count;

static int open_socket(const char *path, int type) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    umask(0177);
    if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof address) != 0
            || (type == SOCK_STREAM && listen(fd, 128) != 0)) {
        perror(path);
        exit(1);
    }
    umask(022);
    return fd;
}

static void forget(const char *name) {
    int left = 0;
    for (int i = 0; i < kept_count; i++) {
        if (strcmp(kept[i].name, name) == 0) {
            close(kept[i].fd);
        } else {
            kept[left++] = kept[i];
        }
    }
    kept_count = left;
}

/* Takes a message of the service, and what it passes. */
static void hear(int notify) {
    char told[512], control[CMSG_SPACE(MOST * sizeof(int))];
    char name[NAME] = "stored";
    struct iovec data = {.iov_base = told, .iov_len = sizeof told - 1};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(notify, &message, MSG_CMSG_CLOEXEC);
    told[length > 0 ? length : 0] = 0;
    printf("told: %s\n", told);
    const char *named = strstr(told, "FDNAME=");
    if (named != NULL) {
        snprintf(name, sizeof name, "%.*s", (int) strcspn(named + 7, "\n"), named + 7);
    }
    if (strstr(told, "FDSTOREREMOVE=1") != NULL) {
        forget(name);
    }
    struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
    if (length <= 0 || passed == NULL || passed->cmsg_type != SCM_RIGHTS) {
        return;
    }
    for (size_t i = 0; i < (passed->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(passed) + i * sizeof(int), sizeof fd);
        if (strstr(told, "FDSTORE=1") != NULL && kept_count < MOST_KEPT) {
            kept[kept_count].fd = fd;
            strcpy(kept[kept_count++].name, name);
        } else {
            close(fd);
        }
    }
}

static void run(const int *sockets, int count, char **command) {
    int parked[MOST + MOST_KEPT];
    char number[16], names[(MOST + MOST_KEPT) * NAME] = "";
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < count + kept_count; i++) {
        parked[i] = fcntl(i < count ? sockets[i] : kept[i - count].fd, F_DUPFD, FIRST + MOST + MOST_KEPT);
        if (i > 0) {
            strcat(names, ":");
        }
        strcat(names, i < count ? "jnet.socket" : kept[i - count].name);
    }
    count += kept_count;
    for (int i = 0; i < count; i++) {
        dup2(parked[i], FIRST + i);
        close(parked[i]);
    }
    setenv("LISTEN_FDNAMES", names, 1);
    snprintf(number, sizeof number, "%d", getpid());
    setenv("LISTEN_PID", number, 1);
    snprintf(number, sizeof number, "%d", count);
    setenv("LISTEN_FDS", number, 1);
    execv(command[0], command);
    perror(command[0]);
    _exit(127);
}

int main(int count, char **arguments) {
    struct pollfd polled[MOST + 1];
    int sockets[MOST], opened = 0, next = 2;
    polled[MOST].fd = open_socket(arguments[1], SOCK_DGRAM);
    polled[MOST].events = POLLIN;
    setenv("NOTIFY_SOCKET", arguments[1], 1);
    for (; next < count && strcmp(arguments[next], "--") != 0 && opened < MOST; next++) {
        sockets[opened++] = open_socket(arguments[next], SOCK_STREAM);
    }
    pid_t child = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("listening");
    for (;;) {
        for (int i = 0; i < MOST; i++) {
            /* Of a service that runs the connections are its own business. */
            polled[i].fd = child == 0 && i < opened ? sockets[i] : -1;
            polled[i].events = POLLIN;
        }
        if (poll(polled, MOST + 1, 20) > 0) {
            if (polled[MOST].revents != 0) {
                hear(polled[MOST].fd);
            } else if ((child = fork()) == 0) {
                run(sockets, opened, arguments + next + 1);
            } else {
                printf("started %d\n", child);
            }
        }
        int status;
        if (child > 0 && waitpid(child, &status, WNOHANG) == child) {
            printf("ended: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
            child = 0;
        }
    }
}
