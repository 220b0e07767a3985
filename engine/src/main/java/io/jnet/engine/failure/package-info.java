/** What every operation of the engine fails with: a category that a front end can map, and one line for a person. */
package io.jnet.engine.failure;
