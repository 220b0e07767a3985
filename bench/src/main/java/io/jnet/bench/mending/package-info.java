/** How long until what others have undone of jnet's works again. */
package io.jnet.bench.mending;
