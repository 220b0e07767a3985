/**
 * The system tests: what a user of jnet sees, with a real dockerd on a machine of namespaces.
 *
 * <p>One lab per class; after each test every container and network of it is removed. The tests need root and the engines' packages:
 * without them they are skipped, but fail where the environment variable {@code CI} is set. A test of a refusal first takes the refusing
 * rule away and sees the packet pass.
 */
package io.jnet.testbed.system;
