/** What kernel tests of all modules share: fresh network namespaces. */
package io.jnet.netlink.testkit;
