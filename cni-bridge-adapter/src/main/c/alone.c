#define _GNU_SOURCE
#include "alone.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ONE_SHOT_LOCK "/run/jnet/cni.lock"

/* For one's turn, and then for the answer. */
enum { PATIENCE_MILLISECONDS = 60000, ANSWER_MILLISECONDS = 30000 };

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

/* One at a time, by a lock that lasts as long as the process; a hundred at once would be a hundred Java runtimes. */
static int wait_for_turn(int code) {
    mkdir("/run/jnet", 0700);
    int lock = open(ONE_SHOT_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        fail(code, "cannot open ", ONE_SHOT_LOCK, errno);
    }
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (left() == 0) {
            fail(code, "other calls of jnet cni take too long", "", 0);
        }
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    return lock;
}

void answer_alone(int code, int why, char *addition, struct answer *answer) {
    char launcher[PATH_MAX + 16];
    find_launcher(launcher, sizeof launcher);
    if (access(launcher, X_OK) != 0) {
        fail(code, "the jnet daemon does not answer, and there is no ", launcher, why);
    }
    start_clock(PATIENCE_MILLISECONDS);
    int lock = wait_for_turn(code);
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
}
