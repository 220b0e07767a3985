package io.jnet.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer to {@code Plugin.Activate}.
 *
 * @param subsystems the protocols that this plugin speaks
 */
record Activation(@JsonProperty("Implements") List<String> subsystems) {}
