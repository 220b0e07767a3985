package io.jnet.ipam.protocol;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** From the protocol's messages to requests; what they do not say in the right form is refused with one line. */
public final class RequestMapping {
    /** The address space of networks of this host. */
    public static final String LOCAL = "jnet-local";

    /** The address space of networks of a swarm; on one host they share its addresses with all others. */
    public static final String GLOBAL = "jnet-global";

    private static final String STICKY = "io.jnet.sticky";
    private static final String OWN = "io.jnet.";

    private static final String TYPE = "RequestAddressType";
    private static final String GATEWAY = "com.docker.network.gateway";

    /** Sent by Docker 29.0 and later. */
    private static final String NAME = "com.docker.network.endpoint.name";

    private static final String MAC = "com.docker.network.endpoint.macaddress";

    private RequestMapping() {}

    /** Whether an address space is one that dockerd is told of. */
    public static boolean isOfDocker(String space) {
        return space.equals(LOCAL) || space.equals(GLOBAL);
    }

    /**
     * What a network asks for.
     *
     * @param ignored gets the names of options that are not ours
     * @throws EngineException with {@code INVALID_REQUEST}
     */
    public static PoolRequest toRequest(Messages.RequestPool message, Consumer<String> ignored) {
        if (!isOfDocker(message.addressSpace())) {
            throw EngineException.invalid("unknown address space \"" + Printable.of(message.addressSpace())
                    + "\": want " + LOCAL + " or " + GLOBAL);
        }
        AddressFamily family = message.v6() ? AddressFamily.INET6 : AddressFamily.INET;
        Optional<IpPrefix> pool = prefix(message.pool());
        Optional<IpPrefix> part = prefix(message.subPool());
        if (pool.isEmpty() && part.isPresent()) {
            throw EngineException.invalid("range " + part.get() + " needs a pool: give a subnet with it");
        }
        pool.filter(prefix -> prefix.family() != family).ifPresent(prefix -> {
            throw EngineException.invalid("pool " + prefix + " is not one of " + (message.v6() ? "IPv6" : "IPv4"));
        });
        return new PoolRequest(message.addressSpace(), family, pool, part, sticky(message.options(), ignored));
    }

    /**
     * What a network or container asks a pool for.
     *
     * @throws EngineException with {@code INVALID_REQUEST}
     */
    public static AddressRequest toRequest(Messages.RequestAddress message) {
        Optional<IpAddress> address =
                message.address().isEmpty() ? Optional.empty() : Optional.of(toAddress(message.address()));
        boolean gateway = GATEWAY.equals(message.options().get(TYPE));
        Optional<String> owner = owner(message.options(), NAME).or(() -> owner(message.options(), MAC));
        return new AddressRequest(address, gateway, owner);
    }

    /**
     * An address.
     *
     * @throws EngineException with {@code INVALID_REQUEST} for any other text
     */
    public static IpAddress toAddress(String text) {
        return parsed(text, IpAddress::parse);
    }

    private static Optional<IpPrefix> prefix(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(parsed(text, IpPrefix::parse));
    }

    private static <T> T parsed(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException invalid) {
            throw EngineException.invalid(invalid.getMessage());
        }
    }

    private static boolean sticky(Map<String, String> options, Consumer<String> ignored) {
        for (String name : options.keySet()) {
            if (name.startsWith(OWN) && !name.equals(STICKY)) {
                throw EngineException.invalid("unknown option \"" + Printable.of(name) + "\": known is " + STICKY);
            }
            if (!name.equals(STICKY)) {
                ignored.accept(Printable.of(name));
            }
        }
        String value = options.getOrDefault(STICKY, "false").toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            throw EngineException.invalid("invalid " + STICKY + "=\"" + Printable.of(value) + "\": want true or false");
        }
        return value.equals("true");
    }

    private static Optional<String> owner(Map<String, String> options, String name) {
        return Optional.ofNullable(options.get(name)).map(Printable::of).filter(text -> !text.isBlank());
    }
}
