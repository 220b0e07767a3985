package io.jnet.daemon.ruleset;

/** What makes a network, and a container on it. */
sealed interface NetworkRequest permits NetworkCommand, CniConfiguration {

    /** The command lines for the network, as a person types them. */
    String text();

    /** The command line for the container. */
    String container();
}
