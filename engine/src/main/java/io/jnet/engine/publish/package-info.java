/** Published ports on the host: which one an endpoint gets, who holds it, who may use it. */
package io.jnet.engine.publish;
