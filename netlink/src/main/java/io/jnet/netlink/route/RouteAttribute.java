package io.jnet.netlink.route;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.address.AddressAttribute;
import io.jnet.netlink.address.IpAddress;
import java.util.List;

/** The attributes of routes, with the kernel's names (include/uapi/linux/rtnetlink.h). */
public final class RouteAttribute {
    public static final Attribute<IpAddress> RTA_DST = Attribute.of(1, "RTA_DST", AddressAttribute.IP);
    public static final Attribute<Integer> RTA_OIF = Attribute.of(4, "RTA_OIF", AttributeCodec.S32);
    public static final Attribute<IpAddress> RTA_GATEWAY = Attribute.of(5, "RTA_GATEWAY", AddressAttribute.IP);
    public static final Attribute<Long> RTA_PRIORITY = Attribute.of(6, "RTA_PRIORITY", AttributeCodec.U32);
    public static final Attribute<IpAddress> RTA_PREFSRC = Attribute.of(7, "RTA_PREFSRC", AddressAttribute.IP);
    /** Several next hops; such a route has neither RTA_OIF nor RTA_GATEWAY. */
    public static final Attribute<List<NextHop>> RTA_MULTIPATH =
            Attribute.of(9, "RTA_MULTIPATH", AttributeCodec.of(NextHop::readAll, NextHop::writeAll));

    public static final Attribute<Attributes> RTA_METRICS = Attribute.of(8, "RTA_METRICS", AttributeCodec.NESTED);

    public static final Attribute<Long> RTA_TABLE = Attribute.of(15, "RTA_TABLE", AttributeCodec.U32);

    private RouteAttribute() {}
}
