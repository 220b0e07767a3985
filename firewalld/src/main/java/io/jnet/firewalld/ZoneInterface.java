package io.jnet.firewalld;

import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.interfaces.DBusInterface;

/** What firewalld.dbus(5) calls the interface {@code org.fedoraproject.FirewallD1.zone}, as far as jnet asks. */
@DBusInterfaceName("org.fedoraproject.FirewallD1.zone")
public interface ZoneInterface extends DBusInterface {
    /** By zone that is in use: {@code interfaces} and {@code sources}. */
    Map<String, Map<String, List<String>>> getActiveZones();

    /** The names of all zones. */
    List<String> getZones();

    /** The zone of an interface, empty when it is in none. */
    String getZoneOfInterface(String link);

    /**
     * Puts an interface into a zone, until firewalld loads its rules again. Refused with {@code INVALID_ZONE} where there is no such zone,
     * with {@code ZONE_ALREADY_SET} or {@code ZONE_CONFLICT} where it is in that or another one.
     */
    String addInterface(String zone, String link);

    /** Takes an interface out of its zone. */
    String removeInterface(String zone, String link);
}
