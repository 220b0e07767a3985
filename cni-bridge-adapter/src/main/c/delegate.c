#define _GNU_SOURCE
#include "delegate.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The plugin's path in one of the folders of CNI_PATH; 0 when none has it. */
static int find(const char *plugin, char *path, size_t size) {
    const char *folders = getenv("CNI_PATH");
    while (folders != NULL && *folders != 0) {
        size_t length = strcspn(folders, ":");
        int written = snprintf(path, size, "%.*s/%s", (int) length, folders, plugin);
        if (length > 0 && written > 0 && (size_t) written < size && access(path, X_OK) == 0) {
            return 1;
        }
        folders += length + (folders[length] == ':');
    }
    return 0;
}

/* It was killed, or could not start. */
static void make_silence(struct answer *answer, int code, const char *path) {
    char text[96];
    snprintf(text, sizeof text, "a plugin ended %s %d and without an answer: ", answer->signal ? "by signal" : "with exit status",
            answer->signal ? answer->signal : answer->status);
    make_failure(answer, code, text, path, 0);
}

void call_delegate(const char *plugin, const char *command, struct answer *answer) {
    char path[PATH_MAX];
    int is_status = strcmp(command, "STATUS") == 0;
    if (strchr(plugin, '/') != NULL || !find(plugin, path, sizeof path)) {
        make_failure(answer, INVALID_CONFIGURATION, "CNI_PATH has no plugin for ipam.type ", plugin, 0);
        return;
    }
    if (setenv("CNI_COMMAND", command, 1) != 0 || run(path, NULL, answer) != 0) {
        int code = errno == ETIMEDOUT ? TRY_AGAIN : IO_FAILURE;
        make_failure(answer, is_status ? NOT_AVAILABLE : code, "cannot call ", path, errno);
        return;
    }
    if (answer->status != 0 && answer->length == 0) {
        /* A runtime shows what it can read, and would show nothing. */
        make_silence(answer, is_status ? NOT_AVAILABLE : IO_FAILURE, path);
        return;
    }
    /* Plugins from before spec 1.1.0 say so (cni, pkg/skel/skel.go). */
    int optional = strcmp(command, "GC") == 0 || is_status;
    if (optional && answer->status != 0 && strstr(answer->output, "unknown CNI_COMMAND") != NULL) {
        answer->status = 0;
    }
}
