/** Networks: what is asked of them and what the store keeps of them. */
package io.jnet.engine.network;
