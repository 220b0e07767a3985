/**
 * Address management: {@link io.jnet.ipam.AddressPools} is what front ends map their operations onto, {@link io.jnet.ipam.IpamDriver} is
 * Docker's protocol on it, {@link io.jnet.ipam.AddressManagement} connects both to a host.
 *
 * <p>Thread-safe. Nothing is kept in memory: pools and leases are records in the engine's store, and each operation is one transaction that
 * is on the disk before the answer leaves. Failures are {@link io.jnet.engine.failure.EngineException}s with one line, and leave nothing changed.
 *
 * <p>Specification: moby's {@code libnetwork/docs/ipam.md} and {@code libnetwork/ipams/remote}.
 */
package io.jnet.ipam;
