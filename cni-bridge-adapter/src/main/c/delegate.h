/* Other plugins that jnet calls: for addresses (spec 1.1.0, section 4). */
#ifndef DELEGATE_H
#define DELEGATE_H

#include "call.h"

/*
 * Calls a plugin of CNI_PATH with the runtime's environment and standard input.
 *
 *   plugin    its name, without a slash
 *   command   its CNI_COMMAND
 *   answer    what it says, or an error object when it cannot be run or fails without a word. A plugin that knows no GC or STATUS has
 *             nothing against it
 */
void call_delegate(const char *plugin, const char *command, struct answer *answer);

#endif
