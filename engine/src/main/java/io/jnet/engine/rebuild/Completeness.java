package io.jnet.engine.rebuild;

/** What becomes of what an adoption finds and cannot prove to be the lost state's. */
public enum Completeness {
    /** It keeps the adoption from being done at all. */
    REQUIRED,
    /** It is removed. */
    NOT_REQUIRED
}
