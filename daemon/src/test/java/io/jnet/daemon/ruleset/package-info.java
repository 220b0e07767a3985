/** The documents in {@code docs/rulesets}, written from what the kernel has. */
package io.jnet.daemon.ruleset;
