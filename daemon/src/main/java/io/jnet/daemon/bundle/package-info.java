/**
 * {@code jnet debug bundle}: one archive of what somebody who looks for a fault asks for. {@link io.jnet.daemon.bundle.BundleContent} says what is in it, and
 * what is left out; nothing else gets in. Changes nothing but the one file.
 */
package io.jnet.daemon.bundle;
