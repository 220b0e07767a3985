/* The jnet daemon, asked over its Unix socket. */
#ifndef DAEMON_H
#define DAEMON_H

#include "call.h"

/*
 * Asks the daemon.
 *
 *   command        CNI_COMMAND
 *   of_container   whether the command is about one, whose namespace is passed on then
 *   addition       one more variable for the environment, NAME=VALUE, or NULL
 *
 * Returns -1 with errno when there is none, or none for this caller: EXDEV from another network namespace, ETIMEDOUT at the deadline.
 */
int ask_daemon(const char *command, int of_container, const char *addition, struct answer *answer);

/* The same of whoever answers at this path. */
int ask_at(const char *path, const char *command, int of_container, const char *addition, struct answer *answer);

#endif
