/** Who asks for names in the tests, and who answers them outside. */
package io.jnet.testbed.names;
