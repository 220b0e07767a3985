#define _GNU_SOURCE
#include "alone.h"
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ONE_SHOT_LOCK "/run/jnet/cni.lock"
/* Whoever has the lock answers there for those that wait (CniCommand.java). */
#define TURN_SOCKET "/run/jnet/cni-turn.sock"

/* For one's turn, and then for the answer. */
enum { PATIENCE_MILLISECONDS = 60000, ANSWER_MILLISECONDS = 30000 };

/* A copy of this file that is called jnet, as CNI has it, is not the command of that name. */
static int is_own(const char *path) {
    struct stat own;
    struct stat other;
    return stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 && own.st_dev == other.st_dev
           && own.st_ino == other.st_ino;
}

static void find_launcher(char *launcher, size_t size) {
    char own[PATH_MAX];
    const char *home = getenv("JNET_HOME");
    if (home != NULL && *home != 0) {
        snprintf(launcher, size, "%s/bin/jnet", home);
    } else {
        ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
        own[length > 0 ? length : 0] = 0;
        snprintf(launcher, size, "%s/jnet", dirname(own));
    }
}

/* Whether this caller's state is the one that others have without a word in their environment. */
static int has_common_state(void) {
    const char *given = getenv("JNET_STATE_DIR");
    return given == NULL || *given == 0;
}

/*
 * One at a time, by a lock that lasts as long as the process; a hundred at once would be a hundred Java runtimes, and one after the other a
 * minute. So who waits asks the one that works. Returns the lock, or -1 when that one has answered.
 */
static int wait_for_turn(int code, const char *command, int of_container, const char *addition, struct answer *answer) {
    mkdir("/run/jnet", 0700);
    int lock = open(ONE_SHOT_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        fail(code, "cannot open ", ONE_SHOT_LOCK, errno);
    }
    int asks = has_common_state();
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (left() == 0) {
            fail(code, "other calls of jnet cni take too long", "", 0);
        }
        if (asks && ask_at(TURN_SOCKET, command, of_container, addition, answer) == 0) {
            close(lock);
            return -1;
        }
        asks = asks && errno != EXDEV;
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    return lock;
}

void answer_alone(int why, const char *command, int of_container, char *addition, struct answer *answer) {
    int code = strcmp(command, "STATUS") == 0 ? NOT_AVAILABLE : TRY_AGAIN;
    char launcher[PATH_MAX + 16];
    find_launcher(launcher, sizeof launcher);
    if (access(launcher, X_OK) != 0) {
        fail(code, "the jnet daemon does not answer, and there is no ", launcher, why);
    }
    if (is_own(launcher)) {
        fail(code, "the jnet daemon does not answer, and JNET_HOME does not name the distribution: this is no part of one: ",
             launcher, why);
    }
    start_clock(PATIENCE_MILLISECONDS);
    int lock = wait_for_turn(code, command, of_container, addition, answer);
    if (lock < 0) {
        return;
    }
    unsetenv("JNET_IPAM_RESULT");
    unsetenv("JNET_RESOLVER_FILE");
    if (addition != NULL && putenv(addition) != 0) {
        fail(code, "cannot pass on what was asked for", "", errno);
    }
    start_clock(ANSWER_MILLISECONDS);
    int ran = run(launcher, "cni", answer);
    int refused = errno;
    close(lock);
    if (ran != 0) {
        fail(code, "cannot run ", launcher, refused);
    }
    /* It was killed, or could not start: a runtime needs an error that it can read. */
    if (answer->status != 0 && answer->length == 0) {
        fail(code, "no answer came from ", launcher, 0);
    }
}
