/* "jnet cni": one call without a daemon. */
#ifndef ALONE_H
#define ALONE_H

#include "call.h"

/*
 * Has "jnet cni" of the distribution that this file belongs to answer; ends the process with an error object when that is impossible.
 *
 *   code          the error's
 *   why           errno: why the daemon does not answer
 *   addition      one more variable for the environment, NAME=VALUE, or NULL
 */
void answer_alone(int code, int why, char *addition, struct answer *answer);

#endif
