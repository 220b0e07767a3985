package io.jnet.engine.name;

import io.jnet.netlink.address.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record that a network answers because its owner says so.
 *
 * @param wildcard whether it is for all names below {@code owner} that nothing else is known of, and not for itself (RFC 4592)
 * @param owner the name
 * @param address what an A or AAAA record says; empty: it is another record
 * @param alias what a CNAME record says
 * @param service what an SRV record says
 */
public record StaticRecord(
        boolean wildcard,
        DomainName owner,
        Optional<IpAddress> address,
        Optional<DomainName> alias,
        Optional<ServiceLocation> service) {
    private static final String WILDCARD = "*.";
    private static final Pattern RECORD = Pattern.compile("(\\*\\.)?([^=\\s]+)\\s*=\\s*(\\S.*)");
    private static final Pattern ALIAS = Pattern.compile("(?i:CNAME)\\s+(\\S+)");
    private static final Pattern SERVICE =
            Pattern.compile("(?i:SRV)\\s+([0-9]{1,5})\\s+([0-9]{1,5})\\s+([0-9]{1,5})\\s+(\\S+)");

    /**
     * Where a service is (RFC 2782).
     *
     * @param priority 0 to 65535, the lowest first
     * @param weight 0 to 65535, among those of one priority
     * @param port 0 to 65535
     * @param target the host's name
     */
    public record ServiceLocation(int priority, int weight, int port, DomainName target) {
        private static final int MOST = 65535;

        /**
         * @throws IllegalArgumentException when a number is out of range
         */
        public ServiceLocation {
            if (priority > MOST || weight > MOST || port > MOST || priority < 0 || weight < 0 || port < 0) {
                throw new IllegalArgumentException("want SRV and numbers up to " + MOST);
            }
        }
    }

    /**
     * Reads {@code db.test=10.77.0.9}, {@code *.apps.test=10.77.0.9}, {@code www.test=CNAME web.test},
     * {@code _http._tcp.test=SRV 0 5 80 web.test}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static StaticRecord parse(String text) {
        Matcher parts = RECORD.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "want NAME=ADDRESS, NAME=CNAME TARGET or NAME=SRV PRIORITY WEIGHT PORT TARGET, *.NAME for all names below");
        }
        boolean wildcard = parts.group(1) != null;
        DomainName owner = DomainName.parse(parts.group(2));
        String data = parts.group(3).strip();
        Matcher alias = ALIAS.matcher(data);
        if (alias.matches()) {
            return new StaticRecord(
                    wildcard, owner, Optional.empty(), Optional.of(DomainName.parse(alias.group(1))), Optional.empty());
        }
        Matcher service = SERVICE.matcher(data);
        if (service.matches()) {
            ServiceLocation location = new ServiceLocation(
                    Integer.parseInt(service.group(1)),
                    Integer.parseInt(service.group(2)),
                    Integer.parseInt(service.group(3)),
                    DomainName.parse(service.group(4)));
            return new StaticRecord(wildcard, owner, Optional.empty(), Optional.empty(), Optional.of(location));
        }
        return new StaticRecord(
                wildcard, owner, Optional.of(IpAddress.parse(data)), Optional.empty(), Optional.empty());
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String data = address.map(IpAddress::toString)
                .or(() -> alias.map(name -> "CNAME " + name))
                .or(() -> service.map(where ->
                        "SRV " + where.priority() + " " + where.weight() + " " + where.port() + " " + where.target()))
                .orElse("");
        return (wildcard ? WILDCARD : "") + owner + "=" + data;
    }
}
