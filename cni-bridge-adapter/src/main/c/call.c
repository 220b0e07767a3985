#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_INPUT = 8 * 1024 * 1024 };

char *input;
size_t input_length;
static struct timespec deadline;
static void (*undo)(void);

void make_failure(struct answer *answer, int code, const char *text, const char *object, int error) {
    char shown[256];
    size_t length = 0;
    for (const char *c = object; *c != 0 && length < sizeof shown - 1; c++) {
        shown[length++] = *c < ' ' || *c > '~' || *c == '"' || *c == '\\' ? '?' : *c;
    }
    shown[length] = 0;
    int written = asprintf(&answer->output, "{\"cniVersion\":\"1.0.0\",\"code\":%d,\"msg\":\"%s%s%s%s\"}\n", code, text, shown,
            error ? ": " : "", error ? strerror(error) : "");
    answer->status = 1;
    answer->length = written > 0 ? (size_t) written : 0;
}

void undo_by(void (*function)(void)) {
    undo = function;
}

void fail(int code, const char *text, const char *object, int error) {
    void (*undoing)(void) = undo;
    undo = NULL;
    if (undoing != NULL) {
        undoing();
    }
    struct answer answer;
    make_failure(&answer, code, text, object, error);
    write_all(STDOUT_FILENO, answer.output, answer.length);
    exit(1);
}

void read_input(void) {
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

void start_clock(int milliseconds) {
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += milliseconds / 1000;
    deadline.tv_nsec += milliseconds % 1000 * 1000000L;
    if (deadline.tv_nsec >= 1000000000L) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }
}

int left(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long milliseconds = (deadline.tv_sec - now.tv_sec) * 1000LL + (deadline.tv_nsec - now.tv_nsec) / 1000000;
    return milliseconds > 0 ? (int) milliseconds : 0;
}

int wait_for(int fd, short events) {
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

int write_all(int fd, const char *data, size_t length) {
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

/* Standard input again, as a file. */
static int copy_of_input(void) {
    int fd = memfd_create("stdin", MFD_CLOEXEC);
    if (fd >= 0 && (write_all(fd, input, input_length) != 0 || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Reads to the end, or to the deadline. */
static int read_all(int fd, struct answer *answer) {
    size_t capacity = 4096;
    answer->length = 0;
    answer->output = malloc(capacity);
    while (answer->output != NULL) {
        if (wait_for(fd, POLLIN) != 0) {
            return -1;
        }
        ssize_t length = read(fd, answer->output + answer->length, capacity - 1 - answer->length);
        if (length == 0) {
            answer->output[answer->length] = 0;
            return 0;
        }
        if (length < 0 && errno != EINTR) {
            return -1;
        }
        answer->length += length > 0 ? (size_t) length : 0;
        if (answer->length > LARGEST_ANSWER) {
            errno = EMSGSIZE;
            return -1;
        }
        if (answer->length == capacity - 1) {
            capacity *= 2;
            answer->output = realloc(answer->output, capacity);
        }
    }
    errno = ENOMEM;
    return -1;
}

int run(const char *program, const char *argument, struct answer *answer) {
    int pipes[2];
    int in = copy_of_input();
    if (in < 0 || pipe2(pipes, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child < 0) {
        return -1;
    }
    if (child == 0) {
        /* A runtime that gives up kills this process only, and then waits for whoever still holds its pipes. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (dup2(in, STDIN_FILENO) == STDIN_FILENO && dup2(pipes[1], STDOUT_FILENO) == STDOUT_FILENO) {
            execl(program, program, argument, (char *) NULL);
        }
        _exit(127);
    }
    close(in);
    close(pipes[1]);
    int refused = read_all(pipes[0], answer) == 0 ? 0 : errno;
    close(pipes[0]);
    /* Before Linux 5.3 there is no such descriptor, and no deadline for a program that has said all. */
    int ended = refused == 0 ? (int) syscall(SYS_pidfd_open, child, 0) : -1;
    if (ended >= 0) {
        refused = wait_for(ended, POLLIN) == 0 ? 0 : errno;
        close(ended);
    }
    if (refused != 0) {
        kill(child, SIGKILL);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    answer->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    errno = refused;
    return refused == 0 ? 0 : -1;
}
