/** Hosts with firewalls of others, for {@code docs/firewalls.md}: each one real, on a machine of the testbed, never on the tests' machine. */
package io.jnet.testbed.firewall;
