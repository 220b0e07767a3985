package io.jnet.firewalld;

import java.util.Map;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.types.Variant;

/** What firewalld.dbus(5) calls the interface {@code org.fedoraproject.FirewallD1}, as far as jnet asks. */
@DBusInterfaceName("org.fedoraproject.FirewallD1")
public interface MainInterface extends DBusInterface {
    /** The zone of interfaces that are in none. */
    String getDefaultZone();

    /** What a service is: {@code ports} and more. */
    Map<String, Variant<?>> getServiceSettings2(String service);
}
