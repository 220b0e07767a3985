package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleTextsTest {
    private static final String LISTING =
            """
            table inet jnet { # handle 12
            	map published4 { # handle 3
            		type inet_proto . inet_service : ipv4_addr . inet_service
            	}

            	chain forward { # handle 1
            		type filter hook forward priority filter - 10; policy accept;
            		iifname @bridges goto out_of_network # handle 7
            		ip daddr { 10.0.0.1, 10.0.0.2,
            			   10.0.0.3 } drop # handle 8
            	}
            }
            """;

    @Test
    void findsRulesByTheirHandles() {
        assertThat(RuleTexts.parse(LISTING))
                .containsOnlyKeys(7L, 8L)
                .containsEntry(7L, "iifname @bridges goto out_of_network")
                .containsEntry(8L, "ip daddr { 10.0.0.1, 10.0.0.2, 10.0.0.3 } drop");
    }
}
