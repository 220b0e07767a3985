/* "jnet cni": one call without a daemon. */
#ifndef ALONE_H
#define ALONE_H

#include "call.h"

/*
 * Has "jnet cni" of the distribution that this file belongs to answer; ends the process with an error object when that is impossible.
 *
 *   code          the error's
 *   why           errno: why the daemon does not answer
 *   ipam_result   what the IPAM plugin has answered, or NULL
 */
void answer_alone(int code, int why, const char *ipam_result, struct answer *answer);

#endif
