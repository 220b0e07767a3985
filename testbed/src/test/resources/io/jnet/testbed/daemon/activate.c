/*
 * What systemd does for a service that is started by its sockets: binds them, waits until somebody connects, starts the command with the
 * sockets as descriptors 3 and following, tells on standard output what that says to NOTIFY_SOCKET, and waits again when it has ended.
 *
 *   activate NOTIFY SOCKET... -- COMMAND...
 */
#define _GNU_SOURCE
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

enum { FIRST = 3, MOST = 8 };

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

static void run(const int *sockets, int count, char **command) {
    int parked[MOST];
    char number[16];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < count; i++) {
        parked[i] = dup(sockets[i]);
        if (parked[i] < FIRST + MOST) {
            parked[i] = dup2(sockets[i], FIRST + MOST + i);
        }
    }
    for (int i = 0; i < count; i++) {
        dup2(parked[i], FIRST + i);
        close(parked[i]);
    }
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
                char told[512];
                ssize_t length = recv(polled[MOST].fd, told, sizeof told - 1, 0);
                told[length > 0 ? length : 0] = 0;
                printf("told: %s\n", told);
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
