/**
 * What the daemon needs of its host before it touches anything.
 *
 * <p>Pure reading. What is missing is a {@link io.jnet.daemon.host.HostException} with one line that says how to get it.
 */
package io.jnet.daemon.host;
