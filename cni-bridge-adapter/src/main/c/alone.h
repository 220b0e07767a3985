/* "jnet cni": one call without a daemon. */
#ifndef ALONE_H
#define ALONE_H

#include "call.h"

/*
 * Has "jnet cni" of the distribution that this file belongs to answer, or the one that another caller has started; ends the process with an
 * error object when that is impossible.
 *
 *   why        errno: why the daemon does not answer
 *   addition   as for ask_daemon, and what is added to this process's environment; stays there
 *
 * The rest is as for ask_daemon.
 */
void answer_alone(int why, const char *command, int of_container, char *addition, struct answer *answer);

#endif
