/**
 * A program under a supervisor of its system calls. It runs as always, but the kernel refuses it something, one request or a whole feature
 * ({@code refuse.c}), or it dies at a step ({@code crash.c}).
 *
 * <p>Thread rules: none; one test at a time has a hand on a program's calls. Failure rules: a tool that cannot be built or a file that
 * cannot be read throws.
 */
package io.jnet.testbed.supervision;
