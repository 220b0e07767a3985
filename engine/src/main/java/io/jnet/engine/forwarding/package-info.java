/**
 * Making the host forward for jnet's networks, and for nothing else, without the main switch where the kernel allows it.
 *
 * <p>Threads: callers hold the host's lock, but for {@link io.jnet.engine.forwarding.Forwarding#isOpen}.
 *
 * <p>Failures: {@link io.jnet.engine.failure.EngineException}. Each change is recorded with the value before, ahead of being made; what a crash or
 * a failure interrupts is continued by the next call.
 *
 * <p>Obeys Documentation/networking/ip-sysctl of the kernel; net/ipv4/route.c ({@code ip_route_input_slow}), net/ipv6/ip6_output.c
 * ({@code ip6_forward}). docs/decisions/0005-forwarding-for-jnet-only.md has the reasons.
 */
package io.jnet.engine.forwarding;
