/**
 * Says by which commands networks of Docker's bridge driver become networks of jnet. Part of the command line's process: it asks Docker, and
 * changes nothing.
 */
package io.jnet.daemon.migrate;
