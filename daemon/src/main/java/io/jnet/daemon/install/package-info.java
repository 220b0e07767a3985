/**
 * jnet as a part of a host: the distribution below {@code /usr/lib}, the units that run it, and what keeps other network services off its
 * links. What is put on a host is written down there, so that it can be removed again, and so that what its owner has changed is known.
 */
package io.jnet.daemon.install;
