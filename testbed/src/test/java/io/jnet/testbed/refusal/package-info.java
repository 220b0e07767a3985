/**
 * A kernel that refuses: one request of a program, or a whole feature. The program runs as always but for what {@code refuse.c}, a
 * supervisor of its system calls, answers in the kernel's place.
 *
 * <p>Thread rules: none; one test at a time has a hand on a program's requests. Failure rules: a tool that cannot be built or a file that
 * cannot be read throws.
 */
package io.jnet.testbed.refusal;
