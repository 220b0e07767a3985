/**
 * What the engine needs of the host itself: kernel settings, which network namespace this is and who else works in it, and which network namespaces of
 * containers live.
 */
package io.jnet.engine.host;
