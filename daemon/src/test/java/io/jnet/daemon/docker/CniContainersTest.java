package io.jnet.daemon.docker;

import static io.jnet.daemon.docker.EndpointViews.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CniContainersTest {
    private static final EndpointView DOCKER = endpoint("e1", Optional.empty(), "web");
    private static final EndpointView WEB = endpoint("e2", Optional.of("0123456789abcdef"), "web", "www");
    private static final EndpointView WEB_BACK = endpoint("e3", Optional.of("0123456789abcdef"), "web");
    private static final EndpointView SHOP = endpoint("e4", Optional.of("0123777777777777"), "shop");
    private static final EndpointView SHOP_TOO = endpoint("e5", Optional.of("web-1"), "shop");
    private static final EndpointView CTR = endpoint("e6", Optional.of("default-c1"));
    private static final EndpointView CTR_NAMED = endpoint("e7", Optional.of("default-c1"), "named");

    private static final CniContainers ALL =
            new CniContainers(List.of(DOCKER, WEB, WEB_BACK, SHOP, SHOP_TOO, CTR, CTR_NAMED));

    @Test
    void a_container_is_all_its_endpoints_by_its_id_and_by_its_name() {
        assertThat(ALL.withId("0123456789abcdef")).containsExactly(WEB, WEB_BACK);
        assertThat(ALL.called("0123456789abcdef")).containsExactly(WEB, WEB_BACK);
        assertThat(ALL.called("web")).containsExactly(WEB, WEB_BACK);
        assertThat(ALL.called("web-1")).containsExactly(SHOP_TOO);
        assertThat(ALL.called("Web")).as("Podman keeps the case of a name").containsExactly(WEB, WEB_BACK);
        assertThat(ALL.called("c1")).as("as ctr and nerdctl show it").containsExactly(CTR, CTR_NAMED);
        assertThat(ALL.called("default-c1")).containsExactly(CTR, CTR_NAMED);
        assertThat(ALL.called("named")).as("by a name on one of its networks").containsExactly(CTR, CTR_NAMED);
        assertThat(ALL.without("0123456789abcdef").called("web")).isEmpty();
        assertThat(ALL.called("www")).as("an alias may be many containers'").isEmpty();
        assertThat(ALL.called("nobody")).isEmpty();
    }

    @Test
    void several_containers_of_one_name_are_told_apart_by_their_ids() {
        assertThatThrownBy(() -> ALL.called("shop"))
                .isInstanceOf(ClientException.class)
                .hasMessage("2 containers are called shop: name one by its id: 0123777777777777, web-1");
    }

    @Test
    void the_beginning_of_one_id_is_enough() {
        assertThat(ALL.beginning("01234")).containsExactly(WEB, WEB_BACK);
        assertThat(ALL.beginning("c")).containsExactly(CTR, CTR_NAMED);
        assertThat(ALL.beginning("7")).isEmpty();
        assertThatThrownBy(() -> ALL.beginning("0123")).hasMessageContaining("name one by its id");
    }
}
