#define _GNU_SOURCE
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INCOMPATIBLE_VERSION = 1, BAD_ENVIRONMENT = 4, NOT_AS_MADE = 103, KERNEL = 102 };

static const char *const VERSIONS[] = {"0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"};

/* The configuration's cniVersion: a literal of VERSIONS; NULL for another one. None means the first. */
static const char *version_of(const char *input) {
    const char *key = strstr(input, "\"cniVersion\"");
    if (key == NULL) {
        return VERSIONS[0];
    }
    const char *value = key + strlen("\"cniVersion\"");
    value += strspn(value, " \t\r\n");
    value += *value == ':' ? 1 : 0;
    value += strspn(value, " \t\r\n");
    for (size_t i = 0; i < sizeof VERSIONS / sizeof VERSIONS[0]; i++) {
        size_t length = strlen(VERSIONS[i]);
        if (value[0] == '"' && strncmp(value + 1, VERSIONS[i], length) == 0 && value[length + 1] == '"') {
            return VERSIONS[i];
        }
    }
    return NULL;
}

static int fail(const char *version, int code, const char *text, int error) {
    printf("{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"%s%s%s\"}\n", version, code, text, error ? ": " : "",
            error ? strerror(error) : "");
    return 1;
}

/* A path as a JSON string takes it; what it does not take is replaced. */
static void print_path(const char *path) {
    for (; *path != 0; path++) {
        putchar(*path < ' ' || *path > '~' || *path == '"' || *path == '\\' ? '?' : *path);
    }
}

static void print_result(const char *version, const char *namespace) {
    if (strcmp(version, "0.3.0") < 0) {
        printf("{\"cniVersion\":\"%s\",\"ip4\":{\"ip\":\"127.0.0.1/8\"},\"ip6\":{\"ip\":\"::1/128\"}}\n", version);
        return;
    }
    int named = strcmp(version, "1.0.0") < 0;
    printf("{\"cniVersion\":\"%s\",\"interfaces\":[{\"name\":\"lo\",\"mac\":\"00:00:00:00:00:00\",\"sandbox\":\"", version);
    print_path(namespace);
    printf("\"}],\"ips\":[{%s\"address\":\"127.0.0.1/8\",\"interface\":0},{%s\"address\":\"::1/128\",\"interface\":0}]}\n",
            named ? "\"version\":\"4\"," : "", named ? "\"version\":\"6\"," : "");
}

/* A path by a process id that has another process by now may be one to the caller's own. */
static int is_own(int fd) {
    struct stat own;
    struct stat other;
    return stat("/proc/self/ns/net", &own) == 0 && fstat(fd, &other) == 0 && own.st_dev == other.st_dev
           && own.st_ino == other.st_ino;
}

int loopback(const char *command, const char *namespace, const char *input) {
    const char *version = version_of(input);
    if (version == NULL) {
        return fail("1.0.0", INCOMPATIBLE_VERSION, "this cniVersion is not supported", 0);
    }
    int adds = strcmp(command, "ADD") == 0;
    int deletes = strcmp(command, "DEL") == 0;
    if (!adds && !deletes && strcmp(command, "CHECK") != 0) {
        return 0;
    }
    int fd = namespace == NULL || *namespace == 0 ? -1 : open(namespace, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        /* Gone, and lo with it. */
        return deletes ? 0 : fail(version, BAD_ENVIRONMENT, "cannot open CNI_NETNS", namespace == NULL ? 0 : errno);
    }
    if (is_own(fd)) {
        return deletes ? 0 : fail(version, BAD_ENVIRONMENT, "CNI_NETNS is the host's own network namespace", 0);
    }
    struct ifreq request = {.ifr_name = "lo"};
    int socket_fd = -1;
    if (setns(fd, CLONE_NEWNET) != 0 || (socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0
            || ioctl(socket_fd, SIOCGIFFLAGS, &request) != 0) {
        return fail(version, errno == EINVAL ? BAD_ENVIRONMENT : KERNEL, "cannot look at lo in CNI_NETNS", errno);
    }
    if (!adds && !deletes) {
        return request.ifr_flags & IFF_UP ? 0 : fail(version, NOT_AS_MADE, "lo is down", 0);
    }
    request.ifr_flags = (short) (adds ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
    if (ioctl(socket_fd, SIOCSIFFLAGS, &request) != 0) {
        return fail(version, KERNEL, "cannot set lo in CNI_NETNS", errno);
    }
    if (adds) {
        print_result(version, namespace);
    }
    return 0;
}
