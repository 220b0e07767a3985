/** What kernel tests of all modules share: fresh network namespaces, frames made by hand. */
package io.jnet.netlink.testkit;
