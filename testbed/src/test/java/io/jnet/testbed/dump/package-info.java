/**
 * What a host is made of, as text that can be compared: for showing that nothing is left, and that a failure changed nothing.
 *
 * <p>Everything volatile that is left out is named in one place, with the reason. Thread rules: none; a dump is a value.
 */
package io.jnet.testbed.dump;
