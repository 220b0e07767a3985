/* The CNI plugin "loopback", which containerd's CRI service needs for every pod: lo of the container comes up. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

/*
 * Answers one call: prints the result, or an error object, and gives the exit status.
 *
 *   command    CNI_COMMAND, not VERSION
 *   namespace  CNI_NETNS, or NULL
 *   input      the configuration, ended by a zero byte
 */
int loopback(const char *command, const char *namespace, const char *input);

#endif
