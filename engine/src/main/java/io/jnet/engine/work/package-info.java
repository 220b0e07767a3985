/** How work on a host is done: who waits for whom, what is taken back when a step fails, how often the same thing is mended, what a person should know of it. */
package io.jnet.engine.work;
