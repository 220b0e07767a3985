/** What keeps the host as the records say: after a start, after changes by others, after containers that ended. */
package io.jnet.engine.upkeep;
