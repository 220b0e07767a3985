package io.jnet.engine.store;

/**
 * Which state this is, and for what.
 *
 * @param format the version of the records' format
 * @param instance 32 hex digits, drawn once when the state was made; links and rules carry it
 * @param namespace the host network namespace and boot that the kernel objects were made in
 */
public record StateIdentity(int format, String instance, String namespace) {
    /** The format that this version reads and writes. */
    public static final int CURRENT_FORMAT = 1;

    /** The same, taking over the identity of a state that was lost. */
    public StateIdentity of(String other) {
        return new StateIdentity(format, other, namespace);
    }

    /** The same state, in another namespace or after a reboot. */
    public StateIdentity in(String other) {
        return new StateIdentity(format, instance, other);
    }
}
