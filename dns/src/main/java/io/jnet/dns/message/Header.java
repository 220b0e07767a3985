package io.jnet.dns.message;

/** Where things are in a message's first twelve bytes, and its flags (RFC 1035 section 4.1.1, RFC 4035 section 3). */
public final class Header {
    /** Bytes: id, flags, and the numbers of questions, answers, authorities and additional records, two each. */
    public static final int LENGTH = 12;

    /** Where the flags are. */
    public static final int FLAGS = 2;

    /** Where the number of questions is. */
    public static final int QUESTIONS = 4;

    /** Where the number of answers is. */
    public static final int ANSWERS = 6;

    /** Where the number of authority records is. */
    public static final int AUTHORITIES = 8;

    /** Where the number of additional records is. */
    public static final int ADDITIONALS = 10;

    /** It is an answer. */
    public static final int QR = 0x8000;

    /** The answer is from who knows. */
    public static final int AA = 0x0400;

    /** There was more than fits. */
    public static final int TC = 0x0200;

    /** Others are to be asked. */
    public static final int RD = 0x0100;

    /** Others are asked. */
    public static final int RA = 0x0080;

    /** Signatures were checked. */
    public static final int AD = 0x0020;

    /** Signatures are not to be checked. */
    public static final int CD = 0x0010;

    /** What is asked for; 0: a plain query. */
    public static final int OPCODE = 0x7800;

    /** How it went. */
    public static final int RCODE = 0x000f;

    private Header() {}
}
