package io.jnet.engine.network;

/** How far a network's creation or deletion has come. What is found half done at start is undone or finished. */
public enum NetworkState {
    /** Recorded; kernel objects may be missing. */
    CREATING,
    /** Complete. */
    READY,
    /** Recorded as going; kernel objects may remain. */
    DELETING
}
