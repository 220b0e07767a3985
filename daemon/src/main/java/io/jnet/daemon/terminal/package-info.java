/**
 * What commands print: tables, facts, colours where there is a terminal, and how ports read; and how wrong usage is told. Texts of others are
 * shown in one line that can be printed.
 */
package io.jnet.daemon.terminal;
