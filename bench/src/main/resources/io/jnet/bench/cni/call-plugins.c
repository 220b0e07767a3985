/*
 * Calls a CNI plugin for each container named, all at the same time, as a runtime does: a process each, without a shell between.
 *
 * usage: call-plugins PROGRAM FOLDER CONTAINER...     with CNI_COMMAND, CNI_IFNAME and CNI_PATH in the environment
 *
 * FOLDER/CONTAINER is what a plugin reads, FOLDER/CONTAINER.answer what it writes; the network namespace is /run/netns/CONTAINER. Prints the
 * microseconds from the first start to the last end. When a plugin fails, its answer goes to standard error, and the status is 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void fail(const char *what, int error) {
    fprintf(stderr, "call-plugins: %s: %s\n", what, strerror(error));
    exit(1);
}

static char *text(const char *beginning, const char *middle, const char *end) {
    char *all;

    if (asprintf(&all, "%s%s%s", beginning, middle, end) < 0)
        fail("text", ENOMEM);
    return all;
}

/* The caller's environment, and what tells the plugin which container it is about. */
static char **environment_of(const char *container) {
    size_t count = 0;

    while (environ[count] != NULL)
        count++;
    char **all = calloc(count + 3, sizeof *all);
    if (all == NULL)
        fail("environment", ENOMEM);
    memcpy(all, environ, count * sizeof *all);
    all[count] = text("CNI_CONTAINERID=", container, "");
    all[count + 1] = text("CNI_NETNS=/run/netns/", container, "");
    return all;
}

static void show(const char *path) {
    char buffer[4096];
    FILE *file = fopen(path, "r");

    if (file == NULL)
        return;
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fwrite(buffer, 1, length, stderr);
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: call-plugins PROGRAM FOLDER CONTAINER...\n");
        return 2;
    }
    char *program = argv[1], *folder = text(argv[2], "/", ""), **containers = argv + 3;
    int count = argc - 3, failed = 0;
    pid_t *processes = calloc(count, sizeof *processes);
    posix_spawn_file_actions_t *files = calloc(count, sizeof *files);
    char ***environments = calloc(count, sizeof *environments), **answers = calloc(count, sizeof *answers);
    struct timespec start, end;

    if (processes == NULL || files == NULL || environments == NULL || answers == NULL)
        fail("containers", ENOMEM);
    for (int i = 0; i < count; i++) {
        environments[i] = environment_of(containers[i]);
        answers[i] = text(folder, containers[i], ".answer");
        posix_spawn_file_actions_init(&files[i]);
        posix_spawn_file_actions_addopen(&files[i], 0, text(folder, containers[i], ""), O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files[i], 1, answers[i], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < count; i++) {
        int error = posix_spawn(&processes[i], program, &files[i], NULL, (char *[]){program, NULL}, environments[i]);
        if (error != 0)
            fail(program, error);
    }
    for (int i = 0; i < count; i++) {
        int status;
        if (waitpid(processes[i], &status, 0) < 0)
            fail("wait", errno);
        if (status != 0) {
            failed = 1;
            show(answers[i]);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%ld\n", (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000);
    return failed;
}
