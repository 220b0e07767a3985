package io.jnet.daemon.cni;

import io.jnet.daemon.terminal.WrongUsageException;
import java.util.regex.Pattern;

/** The name of a network as a CNI configuration may have it (CNI spec, "Configuration format"). */
public final class NetworkName {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private NetworkName() {}

    /**
     * Looks at what the command line says.
     *
     * @throws WrongUsageException when no network can be called so
     */
    public static void check(String name) {
        if (!FORM.matcher(name).matches()) {
            throw new WrongUsageException(
                    "invalid network name: want a letter or digit and up to 127 letters, digits, \"_\", \".\" or \"-\"");
        }
    }
}
