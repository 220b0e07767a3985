package io.jnet.netlink.nftables;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One field of a set element's key or data, as text for nft and as bytes for the kernel. A field is one value or an interval; the bytes
 * are those of nft's data types ({@code nft describe TYPE}).
 */
public sealed interface ElementField {
    /** The field as nft(8) writes it. */
    String text();

    /** The first value, without padding. */
    byte[] first();

    /** The last value, inclusive; equal to {@link #first()} for a single value. */
    byte[] last();

    /** Whether the field stands for an interval, be it of a single value: that belongs into sets with the flag {@code interval} only. */
    default boolean isInterval() {
        return false;
    }

    /** {@code ifname}: the name in IFNAMSIZ bytes, filled with zeros. */
    record Name(InterfaceName name) implements ElementField {
        private static final int IFNAMSIZ = 16;

        @Override
        public String text() {
            return '"' + name.value() + '"';
        }

        @Override
        public byte[] first() {
            return Arrays.copyOf(name.value().getBytes(StandardCharsets.US_ASCII), IFNAMSIZ);
        }

        @Override
        public byte[] last() {
            return first();
        }
    }

    /** {@code ipv4_addr} or {@code ipv6_addr}: one address. */
    record Address(IpAddress address) implements ElementField {
        @Override
        public String text() {
            return address.toString();
        }

        @Override
        public byte[] first() {
            return address.bytes();
        }

        @Override
        public byte[] last() {
            return address.bytes();
        }
    }

    /** {@code ether_addr}: an Ethernet address. */
    record Mac(MacAddress mac) implements ElementField {
        @Override
        public String text() {
            return mac.toString();
        }

        @Override
        public byte[] first() {
            return mac.bytes();
        }

        @Override
        public byte[] last() {
            return mac.bytes();
        }
    }

    /** An address as the number that nft takes it for where a set's type is that of raw payload: {@code typeof @th,64,128}. */
    record AddressBits(IpAddress address) implements ElementField {
        @Override
        public String text() {
            return "0x" + HexFormat.of().formatHex(address.bytes());
        }

        @Override
        public byte[] first() {
            return address.bytes();
        }

        @Override
        public byte[] last() {
            return address.bytes();
        }
    }

    /** {@code ipv4_addr} or {@code ipv6_addr}: all addresses of a prefix. */
    record Prefix(IpPrefix prefix) implements ElementField {
        @Override
        public String text() {
            boolean single = prefix.length() == prefix.family().addressBits();
            return single ? prefix.address().toString() : prefix.network().toString();
        }

        @Override
        public byte[] first() {
            return prefix.network().address().bytes();
        }

        @Override
        public byte[] last() {
            return prefix.last().bytes();
        }

        @Override
        public boolean isInterval() {
            return true;
        }
    }

    /** {@code inet_proto}: an IP protocol number, 0 to 255. */
    record Protocol(int number) implements ElementField {
        public Protocol {
            if (number < 0 || number > 0xff) {
                throw new IllegalArgumentException("invalid IP protocol number " + number);
            }
        }

        @Override
        public String text() {
            return Integer.toString(number);
        }

        @Override
        public byte[] first() {
            return new byte[] {(byte) number};
        }

        @Override
        public byte[] last() {
            return first();
        }
    }

    /** {@code inet_service}: one port, 0 to 65535. */
    record Port(int number) implements ElementField {
        public Port {
            if (number < 0 || number > 0xffff) {
                throw new IllegalArgumentException("invalid port " + number);
            }
        }

        @Override
        public String text() {
            return Integer.toString(number);
        }

        @Override
        public byte[] first() {
            return new byte[] {(byte) (number >> Byte.SIZE), (byte) number};
        }

        @Override
        public byte[] last() {
            return first();
        }
    }

    /** {@code inet_service}: ports {@code from} to {@code to}, inclusive, each 0 to 65535; a run of one port is an interval too. */
    record Ports(int from, int to) implements ElementField {
        public Ports {
            if (from < 0 || to > 0xffff || from > to) {
                throw new IllegalArgumentException("invalid ports " + from + "-" + to);
            }
        }

        @Override
        public String text() {
            return from == to ? Integer.toString(from) : from + "-" + to;
        }

        @Override
        public byte[] first() {
            return new Port(from).first();
        }

        @Override
        public byte[] last() {
            return new Port(to).last();
        }

        @Override
        public boolean isInterval() {
            return true;
        }
    }
}
