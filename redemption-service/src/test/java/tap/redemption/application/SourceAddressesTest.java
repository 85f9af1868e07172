package tap.redemption.application;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.redemption.application.SourceAddresses.ForwardedHeader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SourceAddressesTest {
    private static final List<String> PROXIES = List.of("10.0.0.0/8", "192.0.2.1", "fd00::/8");

    private final SourceAddresses xForwardedFor = new SourceAddresses(PROXIES, ForwardedHeader.X_FORWARDED_FOR);
    private final SourceAddresses forwarded = new SourceAddresses(PROXIES, ForwardedHeader.FORWARDED);

    private static String network(SourceAddresses sources, String peer, String... lines) {
        return sources.of(peer, List.of(lines)).network();
    }

    @Test
    void what_an_untrusted_peer_says_is_ignored() {
        assertThat(network(xForwardedFor, "198.51.100.1", "203.0.113.9")).isEqualTo("198.51.100.1");
        assertThat(network(forwarded, "198.51.100.1", "for=203.0.113.9")).isEqualTo("198.51.100.1");
        SourceAddresses trustingNobody = new SourceAddresses(List.of(), ForwardedHeader.X_FORWARDED_FOR);
        assertThat(network(trustingNobody, "10.0.0.1", "203.0.113.9")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9                        | 203.0.113.9",
                "1.2.3.4, 203.0.113.9               | 203.0.113.9",
                "1.2.3.4, 203.0.113.9, 10.9.9.9     | 203.0.113.9",
                "10.1.1.1, 10.9.9.9                 | 10.1.1.1",
                "203.0.113.9:4711                   | 203.0.113.9",
                "nonsense, 203.0.113.9              | 203.0.113.9",
                "203.0.113.9, nonsense              | 10.0.0.1",
                "203.0.113.9,                       | 10.0.0.1",
                "a.name.example                     | 10.0.0.1",
            })
    void the_right_most_address_that_is_no_proxy_counts(String header, String source) {
        assertThat(network(xForwardedFor, "10.0.0.1", header)).isEqualTo(source);
    }

    @Test
    void lines_are_one_list_in_their_order() {
        assertThat(network(xForwardedFor, "10.0.0.1", "1.2.3.4", "203.0.113.9, 10.2.2.2"))
                .isEqualTo("203.0.113.9");
        assertThat(network(xForwardedFor, "10.0.0.1")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.9                                            | 203.0.113.9",
                "For=\"203.0.113.9:4711\";proto=https;by=10.0.0.1           | 203.0.113.9",
                "for=1.2.3.4, proto=https; for=203.0.113.9                  | 203.0.113.9",
                "for=\"1.2.3.4, for=5.6.7.8\", for=203.0.113.9              | 203.0.113.9",
                "for=203.0.113.9, for=10.3.3.3                              | 203.0.113.9",
                "for=\"[2001:db8:1:2:3:4:5:6]:4711\"                        | 2001:db8:1:2:0:0:0:0/64",
                "for=203.0.113.9, for=unknown                               | 10.0.0.1",
                "for=203.0.113.9, for=_hidden                               | 10.0.0.1",
                "for=203.0.113.9, proto=https                               | 10.0.0.1",
                "for=\"never closed, for=203.0.113.9                        | 203.0.113.9",
                "for=\"never closed, for=\"[2001:db8::9]:80\"               | 10.0.0.1",
            })
    void forwarded_is_read_as_rfc_7239_writes_it(String header, String source) {
        assertThat(network(forwarded, "10.0.0.1", header)).isEqualTo(source);
    }

    @Test
    void of_ipv6_the_64_counts_and_a_mapped_address_is_an_ipv4_address() {
        assertThat(network(xForwardedFor, "2001:db8:1:2:3:4:5:6"))
                .isEqualTo(network(xForwardedFor, "2001:db8:1:2:ffff::1"))
                .isNotEqualTo(network(xForwardedFor, "2001:db8:1:3::1"));
        assertThat(network(xForwardedFor, "::ffff:10.0.0.1", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(network(xForwardedFor, "fd00::1", "[2001:db8::7]")).isEqualTo("2001:db8:0:0:0:0:0:0/64");
    }

    @Test
    void a_peer_without_an_address_is_one_unknown_source() {
        assertThat(xForwardedFor.of(null, List.of("203.0.113.9"))).isEqualTo(Source.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "proxy.example", "10.0.0.0/", "", "fd00::/129", "10.0.0.0/8/8"})
    void what_is_no_range_names_its_key(String range) {
        assertThatThrownBy(() -> new SourceAddresses(List.of(range), ForwardedHeader.FORWARDED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tap.sources.trusted-proxies");
    }
}
