/**
 * containerd with its CRI service on a machine, and a client of that service. Requests are built field by field, since what the tests
 * ask for is a small part of the interface: the numbers are those of {@code runtime/v1/api.proto} of the CRI.
 *
 * <p>Thread rules: a client may be used by any number of threads. Failure rules: a request that the service refuses is a
 * {@link io.grpc.StatusRuntimeException} with the service's words.
 */
package io.jnet.testbed.cri;
