/** What the engine needs of the host itself: kernel settings, and which network namespace this is. */
package io.jnet.engine.host;
