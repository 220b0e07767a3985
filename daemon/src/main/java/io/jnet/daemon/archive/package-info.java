/**
 * The run during which Java records the classes of the class-data sharing archive. The build starts it through {@code lib/make-archive}; the
 * daemon never does.
 */
package io.jnet.daemon.archive;
