/*
 * jnet-cni: what a container runtime calls as the CNI plugin "jnet".
 *
 * It opens the container's network namespace and its own, for an ADD a socket in the container's too, passes them with its environment and
 * standard input to the daemon over a Unix socket (daemon.h), and prints the answer. Opened here, a namespace is the one that the caller means, whatever becomes of its path or
 * process id. Where no daemon answers, or the daemon is one of another network namespace than the caller's, "jnet cni" of the distribution
 * that this file belongs to answers in its place (alone.h).
 *
 * Where the configuration names another IPAM plugin, the answer is that plugin's name first: it is called here (delegate.h), with the
 * runtime's environment and in its mount namespace, and what it gives goes along with the question when it is asked again. A plugin that
 * needs the container's interface finds it made. So it is with a file that the configuration names.
 *
 * Called by the name "loopback" it is that plugin (loopback.h), and needs no daemon.
 *
 * It is C because a runtime waits for it: it starts in less than a millisecond, a Java runtime in fifty.
 *
 * Environment of its own: JNET_CNI_SOCKET, the daemon's socket; JNET_HOME, the distribution's folder; JNET_STATE_DIR, for "jnet cni".
 */
#define _GNU_SOURCE
#include "alone.h"
#include "call.h"
#include "daemon.h"
#include "delegate.h"
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSIONS "\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

/* At least, for what a plugin or the daemon has had its time with. */
enum { REMOVAL_MILLISECONDS = 5000 };
/* Of a plugin that is asked how it is, after the daemon. */
enum { DELEGATED_STATUS_MILLISECONDS = 2000 };

struct command {
    const char *name;
    int of_container;
    int milliseconds;
};

/* Runtimes wait for minutes, but an ADD that takes longer than this is better tried again; a kubelet asks STATUS every few seconds. */
static const struct command COMMANDS[] = {
    {"ADD", 1, 30000}, {"DEL", 1, 20000}, {"CHECK", 1, 20000}, {"GC", 0, 20000}, {"STATUS", 0, 100},
};

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

static _Noreturn void finish(const struct answer *answer) {
    exit(write_all(STDOUT_FILENO, answer->output, answer->length) == 0 ? answer->status : 1);
}

/* The answer of the daemon, or of "jnet cni". */
static void ask(const struct command *command, char *addition, struct answer *answer) {
    if (ask_daemon(command->name, command->of_container, addition, answer) == 0) {
        return;
    }
    int why = errno;
    int is_status = strcmp(command->name, "STATUS") == 0;
    int code = is_status ? NOT_AVAILABLE : TRY_AGAIN;
    if (why == ETIMEDOUT) {
        /* It is there, and has the state: nobody else can do it now. What it still does is not done twice. */
        fail(code, "the jnet daemon did not answer in time", "", 0);
    }
    if (is_status && why != EXDEV) {
        fail(code, "the jnet daemon does not answer", "", why);
    }
    answer_alone(why, command->name, command->of_container, addition, answer);
}

static char *variable(const char *name, const char *value) {
    char *text = malloc(strlen(name) + strlen(value) + 2);
    if (text == NULL) {
        fail(IO_FAILURE, "cannot pass on ", name, ENOMEM);
    }
    sprintf(text, "%s=%s", name, value);
    return text;
}

/* A regular file of no more than 64 KiB, ended by a zero byte. Nothing of it is ever shown. */
static char *read_file(const char *path) {
    enum { LARGEST = 64 * 1024 };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(INVALID_CONFIGURATION, "cannot read ipam.resolvConf ", path, errno);
    }
    if (!S_ISREG(status.st_mode) || status.st_size > LARGEST) {
        fail(INVALID_CONFIGURATION, "ipam.resolvConf is no regular file of at most 64 KiB: ", path, 0);
    }
    char *content = malloc(LARGEST + 1);
    ssize_t length = content != NULL ? read(fd, content, LARGEST) : -1;
    if (length < 0) {
        fail(INVALID_CONFIGURATION, "cannot read ipam.resolvConf ", path, errno);
    }
    content[length] = 0;
    close(fd);
    return content;
}

/* Has given addresses that are in no result yet, or has failed and may have kept some. */
static const char *giver;

static void give_back(void) {
    struct answer undone;
    if (left() < REMOVAL_MILLISECONDS) {
        start_clock(REMOVAL_MILLISECONDS);
    }
    call_delegate(giver, "DEL", &undone);
    /* What the daemon is still asked is about the addition. */
    setenv("CNI_COMMAND", "ADD", 1);
}

/* The call of the IPAM plugin that the answer names, and what follows from it. */
static void delegate(const struct command *command, struct answer *answer) {
    char *plugin = answer->output;
    int has_interface = answer->status == DELEGATE_WITH_INTERFACE;
    struct answer given;
    if (strcmp(command->name, "STATUS") == 0) {
        start_clock(DELEGATED_STATUS_MILLISECONDS);
    }
    call_delegate(plugin, command->name, &given);
    int is_addition = strcmp(command->name, "ADD") == 0;
    giver = plugin;
    if (is_addition && given.status != 0) {
        give_back();
    }
    if (has_interface && (given.status != 0 || !is_addition)) {
        if (left() < REMOVAL_MILLISECONDS) {
            start_clock(REMOVAL_MILLISECONDS);
        }
        ask(command, variable("JNET_IPAM_RESULT", ""), answer);
    }
    if (given.status != 0) {
        finish(&given);
    }
    if (!is_addition) {
        if (has_interface) {
            finish(answer);
        }
        exit(0);
    }
    undo_by(give_back);
    ask(command, variable("JNET_IPAM_RESULT", given.output), answer);
    undo_by(NULL);
    if (answer->status != 0) {
        give_back();
    }
}

int main(int count, char **arguments) {
    /* A caller that does not care for its own children has left that behind: how a plugin ended would not be told. */
    signal(SIGCHLD, SIG_DFL);
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
    struct answer answer;
    ask(command, NULL, &answer);
    if (answer.status == READ_FILE) {
        ask(command, variable("JNET_RESOLVER_FILE", read_file(answer.output)), &answer);
    }
    if (answer.status == DELEGATE || answer.status == DELEGATE_WITH_INTERFACE) {
        delegate(command, &answer);
    }
    finish(&answer);
}
