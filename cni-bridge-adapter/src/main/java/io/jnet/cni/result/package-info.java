/** What an ADD answers, in the shape of each version of the spec. Pure. */
package io.jnet.cni.result;
