/** Names, answered by jnet and by aardvark-dns, the server of Podman's own networks, on one host to one kind of client. */
package io.jnet.bench.names;
