package tap.graph.error;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class GraphProtocolTest {
    private final GraphProtocol graph =
            new GraphProtocol(List.of("/q"), Clock.fixed(Instant.parse("2026-01-02T03:04:05.999Z"), ZoneOffset.UTC));

    @Test
    void the_envelope_is_that_of_graph() {
        assertThat(graph.errorBody(GraphError.badRequest("m \"quoted\""), new RequestIds("r", "c")))
                .isEqualTo("{\"error\":{\"code\":\"badRequest\",\"message\":\"m \\\"quoted\\\"\",\"innerError\":"
                        + "{\"date\":\"2026-01-02T03:04:05\",\"request-id\":\"r\",\"client-request-id\":\"c\"}}}");
    }

    @Test
    void a_detail_goes_into_the_inner_error_and_a_missing_client_id_is_ours() {
        assertThat(graph.errorBody(GraphError.accessDenied().detail("why"), new RequestIds("r", null)))
                .isEqualTo(
                        "{\"error\":{\"code\":\"accessDenied\",\"message\":\"Request Authorization failed\",\"innerError\":"
                                + "{\"message\":\"why\",\"date\":\"2026-01-02T03:04:05\",\"request-id\":\"r\",\"client-request-id\":\"r\"}}}");
    }

    @Test
    void midnight_keeps_its_seconds() {
        GraphProtocol midnight =
                new GraphProtocol(List.of(), Clock.fixed(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC));
        assertThat(midnight.errorBody(GraphError.ofStatus(500), new RequestIds("r", null)))
                .contains("\"date\":\"2026-01-02T00:00:00\"");
    }

    @Test
    void it_is_spoken_wherever_it_is_not_excepted() {
        assertThat(List.of("/", "/v1.0/users", "/nowhere", "/quarkus")).allMatch(graph::covers);
        assertThat(List.of("/q", "/q/health", "/q/metrics")).noneMatch(graph::covers);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 418, 429, 431, 500, 501, 502, 503, 599})
    void every_error_status_has_words(int status) {
        GraphError error = GraphError.ofStatus(status);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.code()).isNotBlank();
        assertThat(error.message()).isNotBlank();
        assertThat(error.retryAfter() != null).isEqualTo(status == 429 || status == 503);
    }
}
