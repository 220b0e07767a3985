/**
 * The packet filter and address translation of all networks: {@code table inet jnet}, and {@code table bridge jnet}
 * for what passes between the ports of one bridge, both of constant size.
 *
 * <p>{@link io.jnet.engine.firewall.Firewall} is the engine's port; {@link io.jnet.engine.firewall.NftFirewall} fulfils it.
 * {@link io.jnet.engine.firewall.Ruleset} and {@link io.jnet.engine.firewall.BridgeRuleset} are the tables as text,
 * {@link io.jnet.engine.firewall.Elements} says which elements of its sets and maps stand for a network or a published port; all are pure.
 * {@link io.jnet.engine.firewall.ForwardCoexistence} keeps a foreign iptables FORWARD chain from dropping what the table accepts.
 *
 * <p>Threads: all implementations of the port are thread-safe; values are immutable.
 *
 * <p>Failures: {@link io.jnet.engine.failure.EngineException}; invalid values are {@link IllegalArgumentException}s of their constructors.
 *
 * <p>Obeys nft(8); netfilter hooks and priorities as in include/uapi/linux/netfilter_ipv4.h.
 */
package io.jnet.engine.firewall;
