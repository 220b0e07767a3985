package io.jnet.daemon.doctor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kernel that jnet was never run on. */
final class OldKernel extends Check {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
    private static final int MAJOR = 6;
    private static final int MINOR = 1;

    OldKernel() {
        super(
                "kernel-old",
                Severity.ERROR,
                "the kernel is older than 6.1",
                "jnet asks for what older kernels lack, and was not tried on one",
                "boot a newer one: Debian has had one since Debian 12");
    }

    @Override
    List<Finding> look(HostView host) {
        String release = host.setting("kernel/osrelease").orElse("");
        Matcher numbers = RELEASE.matcher(release);
        if (!numbers.matches() || isNewEnough(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))) {
            return List.of();
        }
        return List.of(finding(
                "the kernel is Linux %s, and jnet needs %d.%d".formatted(release, MAJOR, MINOR),
                "boot Linux %d.%d or later".formatted(MAJOR, MINOR)));
    }

    private static boolean isNewEnough(int major, int minor) {
        return major > MAJOR || (major == MAJOR && minor >= MINOR);
    }
}
