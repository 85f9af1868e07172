package tap.graph.odata;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ODataTest {
    private static final ODataContext CONTEXT = new ODataContext("https://tap.example", "v1.0");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6e4b|6e4b",
                "adele@contoso.com|adele%40contoso.com",
                "a_b#EXT#@c.d|a_b%23EXT%23%40c.d",
                "a/b|a%2Fb",
                "a b+c|a%20b%2Bc",
                "o'brien@c.d|o%27%27brien%40c.d",
                "größe|gr%C3%B6%C3%9Fe",
            })
    void contexts_hold_the_key_as_called_and_encoded(String key, String encoded) {
        assertThat(CONTEXT.passes(key))
                .isEqualTo("https://tap.example/v1.0/$metadata#users('" + encoded
                        + "')/authentication/temporaryAccessPassMethods");
        assertThat(CONTEXT.pass(key)).isEqualTo(CONTEXT.passes(key) + "/$entity");
        assertThat(CONTEXT.methods(key))
                .isEqualTo("https://tap.example/v1.0/$metadata#users('" + encoded + "')/authentication/methods");
    }

    @Test
    void lists_have_context_and_value_and_a_link_only_where_more_follows() throws Exception {
        JsonMapper json = JsonMapper.builder().build();
        assertThat(json.writeValueAsString(GraphList.whole(CONTEXT.of("x"), List.of(1, 2))))
                .isEqualTo("{\"@odata.context\":\"https://tap.example/v1.0/$metadata#x\",\"value\":[1,2]}");
        assertThat(json.writeValueAsString(new GraphList<>("c", CONTEXT.url("/x?$skiptoken=1"), List.of())))
                .isEqualTo(
                        "{\"@odata.context\":\"c\",\"@odata.nextLink\":\"https://tap.example/v1.0/x?$skiptoken=1\",\"value\":[]}");
    }

    @Test
    void the_configured_base_url_wins() {
        assertThat(BaseUrl.of(
                        Optional.of(URI.create("https://tap.example/")),
                        Map.of("X-Forwarded-Host", "evil.example", "Host", "h")::get,
                        "http"))
                .isEqualTo("https://tap.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // proto|forwarded host|forwarded port|host|expected
                "https|tap.example|''|pod:8081|https://tap.example",
                "https|tap.example|443|pod:8081|https://tap.example",
                "https|tap.example|8443|pod:8081|https://tap.example:8443",
                "http|tap.example:8080|8080|pod:8081|http://tap.example:8080",
                "https, http|tap.example, inner|''|pod:8081|https://tap.example",
                "''|''|''|localhost:8080|http://localhost:8080",
                "''|''|''|[::1]:8080|http://[::1]:8080",
                "gopher|''|''|pod:8081|http://pod:8081",
                "https|<script>|''|pod:8081|https://pod:8081",
                "https|user@evil.example|''|pod:8081|https://pod:8081",
                "https|evil.example/path|''|pod:8081|https://pod:8081",
                "''|''|''|a b|http://localhost",
                "''|''|''|''|http://localhost",
            })
    void without_one_the_headers_tell_if_they_make_sense(
            String proto, String forwardedHost, String port, String host, String expected) {
        Map<String, String> headers = Map.of(
                "X-Forwarded-Proto", proto, "X-Forwarded-Host", forwardedHost, "X-Forwarded-Port", port, "Host", host);
        assertThat(BaseUrl.of(Optional.empty(), headers::get, "http")).isEqualTo(expected);
    }
}
