/** A state that is lost or another than what the kernel has: what is found, standing still, records made again, what is cleaned. */
package io.jnet.engine.rebuild;
