package io.jnet.firewalld;

import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.Variant;

/** What firewalld.dbus(5) calls the interface {@code org.fedoraproject.FirewallD1.policy}, as far as jnet asks. */
@DBusInterfaceName("org.fedoraproject.FirewallD1.policy")
public interface PolicyInterface extends DBusInterface {
    /** All policies. */
    List<String> getPolicies();

    /** What a policy says: {@code target}, {@code ingress_zones}, {@code egress_zones}, {@code ports}, {@code services} and more. */
    Map<String, Variant<?>> getPolicySettings(String policy);
}
