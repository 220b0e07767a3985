package io.jnet.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkAttribute;
import io.jnet.netlink.link.LinkHeader;
import org.junit.jupiter.api.Test;

class LinkNewsTest {
    private static final int AF_UNSPEC = 0;
    private static final int AF_BRIDGE = 7;
    private static final int UP = 0x1;
    private static final int RUNNING = 0x40;
    private static final int CARRIER = 0x10000;

    private final LinkNews news = new LinkNews();

    @Test
    void aBridgeIsNewOnceAndWhenItChanges() {
        assertThat(news.isNew(bridge(UP))).isTrue();
        assertThat(news.isNew(bridge(UP))).isFalse();
        assertThat(news.isNew(bridge(0))).isTrue();
        assertThat(news.isNew(bridge(UP))).isTrue();
    }

    /** With its first container, and its last one. */
    @Test
    void aBridgeThatCarriesSomethingIsNotNewForThat() {
        news.isNew(bridge(UP));
        assertThat(news.isNew(bridge(UP | RUNNING | CARRIER))).isFalse();
        assertThat(news.isNew(bridge(UP))).isFalse();
    }

    @Test
    void aBridgeThatIsMadeAgainOrWhoseNewsWereLostIsNew() {
        news.isNew(bridge(UP));
        news.end(bridge(UP));
        assertThat(news.isNew(bridge(UP))).isTrue();
        news.forget();
        assertThat(news.isNew(bridge(UP))).isTrue();
    }

    @Test
    void aPortIsNotNewWhileItBegins() {
        assertThat(news.isNew(port(UP, 0))).isFalse();
        assertThat(news.isNew(port(UP, 1))).isFalse();
        assertThat(news.isNew(port(UP | CARRIER, 1))).isFalse();
        assertThat(news.isNew(port(UP | CARRIER, 1))).isFalse();
    }

    @Test
    void aPortInUseThatGetsOtherSettingsIsNew() {
        news.isNew(port(UP, 1));
        news.isNew(port(UP | CARRIER, 1));

        assertThat(news.isNew(port(UP | CARRIER, 0))).isTrue();
    }

    /** It was there before anybody listened. */
    @Test
    void aPortThatNobodyKnewIsNewWhenItIsInUse() {
        assertThat(news.isNew(port(UP | CARRIER, 0))).isTrue();
        assertThat(news.isNew(port(UP | CARRIER, 0))).isFalse();
    }

    @Test
    void aContainersLinkIsNeverNewByItself() {
        assertThat(news.isNew(link(AF_UNSPEC, UP, kind("veth")))).isFalse();
        assertThat(news.isNew(link(AF_UNSPEC, 0, kind("veth")))).isFalse();
    }

    private static Link bridge(int flags) {
        return link(AF_UNSPEC, flags, kind("bridge"));
    }

    private static Attributes kind(String kind) {
        return Attributes.of(LinkAttribute.IFLA_LINKINFO, Attributes.of(LinkAttribute.IFLA_INFO_KIND, kind));
    }

    private static Link port(int flags, int isolated) {
        Attributes settings = Attributes.of(Attribute.of(33, "IFLA_BRPORT_ISOLATED", AttributeCodec.U8), isolated);
        return link(AF_BRIDGE, flags, Attributes.of(LinkAttribute.IFLA_PROTINFO, settings));
    }

    private static Link link(int family, int flags, Attributes attributes) {
        return new Link(
                new LinkHeader(family, 1, 7, flags, 0), attributes.with(LinkAttribute.IFLA_IFNAME, "jv1234567890abc"));
    }
}
