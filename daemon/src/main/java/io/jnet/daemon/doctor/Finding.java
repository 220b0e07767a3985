package io.jnet.daemon.doctor;

import java.util.List;

/**
 * Something that is wrong.
 *
 * @param id which check has found it: {@code forwarding-off}
 * @param severity {@code error}, {@code warning} or {@code note}
 * @param what what is so, with the object's name
 * @param why what follows from it
 * @param mend what mends it: commands, or a sentence where no command does
 */
public record Finding(String id, String severity, String what, String why, List<String> mend) {
    public Finding {
        mend = List.copyOf(mend);
    }
}
