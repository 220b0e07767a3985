/**
 * firewalld, over D-Bus: jnet's bridges are put into a zone of it, and what its policies let through to them is read.
 *
 * <p>Threads: one worker speaks with firewalld, which answers one caller at a time and nobody while it loads its rules; nobody waits for it
 * who has not asked to. Nothing of D-Bus is loaded before there is a bridge to put into a zone.
 *
 * <p>Failures stay here: they are told by {@link io.jnet.firewalld.Firewalld#trouble}, and what failed is tried again.
 *
 * <p>Obeys firewalld.dbus(5) of firewalld 1.0 and later.
 */
package io.jnet.firewalld;
