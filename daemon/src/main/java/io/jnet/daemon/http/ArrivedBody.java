package io.jnet.daemon.http;

import java.io.IOException;

/** What became of a request's body, as {@link WholeBodies} hands it to the handlers. */
@FunctionalInterface
interface ArrivedBody {
    /** The request attribute that holds it. */
    String ATTRIBUTE = "io.jnet.daemon.http.body";

    /**
     * The whole body.
     *
     * @throws RequestBody.TooLargeException when it is larger than the server takes
     * @throws RequestBody.LateException when it did not arrive in time
     * @throws IOException when the client went away in the middle
     */
    byte[] bytes() throws IOException;
}
