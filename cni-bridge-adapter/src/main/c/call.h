/* One call of the plugin: what came in, how long it may take, and how it fails. */
#ifndef CALL_H
#define CALL_H

#include <stddef.h>
#include <stdint.h>

enum {
    LARGEST_ANSWER = 8 * 1024 * 1024,
    /* Error codes of the spec. */
    BAD_ENVIRONMENT = 4,
    IO_FAILURE = 5,
    INVALID_CONFIGURATION = 7,
    TRY_AGAIN = 11,
    NOT_AVAILABLE = 50,
    /* What the daemon and "jnet cni" answer instead of an exit status. 255: the caller is in another network namespace than the daemon. 254:
     * first another plugin is to be called, whose name is the output. 253: first a file is to be read, whose path it is. 252: as
     * 254, with the container's interface there, which goes when the question comes again without an answer of that plugin. */
    ELSEWHERE = 255,
    DELEGATE = 254,
    READ_FILE = 253,
    DELEGATE_WITH_INTERFACE = 252
};

/* An exit status and what goes to standard output; the output is the receiver's to free. */
struct answer {
    int status;
    /* Of a program that was run: what ended it, or 0. */
    int signal;
    char *output;
    size_t length;
};

/* Standard input, ended by a zero byte that is not counted. */
extern char *input;
extern size_t input_length;

/* What fail() does first, once; NULL: nothing. */
void undo_by(void (*function)(void));

/* Answers an error object and ends. The texts are the program's own, or paths, of which only what JSON takes as it is is shown. */
_Noreturn void fail(int code, const char *text, const char *object, int error);

/* The same as an answer that somebody still has to give. */
void make_failure(struct answer *answer, int code, const char *text, const char *object, int error);

/* Reads all of standard input. */
void read_input(void);

/* From now on left() counts down from so many milliseconds. */
void start_clock(int milliseconds);

/* Milliseconds until the deadline; 0 when it has passed. */
int left(void);

/* Waits until the descriptor is ready; -1 with ETIMEDOUT at the deadline. */
int wait_for(int fd, short events);

/* Writes all of it; -1 when whoever reads has gone. */
int write_all(int fd, const char *data, size_t length);

/*
 * Runs a program with standard input as this process had it, and gives what it answers. At the deadline it is killed, also when it has
 * closed its standard output.
 *
 *   program    its path
 *   argument   its only argument, or NULL
 *   answer     filled in; the status is 1 for a program that a signal ended
 *
 * Returns -1 with errno when it could not be run: ETIMEDOUT at the deadline.
 */
int run(const char *program, const char *argument, struct answer *answer);

#endif
