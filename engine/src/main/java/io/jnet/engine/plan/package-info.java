/** What the host should have, worked out from the records alone: bridges, veth pairs, rules, names, and what the marks on links say. */
package io.jnet.engine.plan;
