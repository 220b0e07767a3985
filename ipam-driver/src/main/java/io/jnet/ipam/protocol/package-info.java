/**
 * Docker's IpamDriver messages as they are on the wire, and their meaning. Records are immutable; field names are dockerd's.
 *
 * <p>Specification: moby's {@code libnetwork/ipams/remote/api/api.go}, which has kept its shape from Docker 20.10 to 29.
 */
package io.jnet.ipam.protocol;
