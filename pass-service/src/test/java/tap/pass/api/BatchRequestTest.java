package tap.pass.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.graph.error.GraphException;
import tap.graph.json.RequestBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchRequestTest {
    @Test
    void each_part_comes_after_all_that_it_depends_on() {
        BatchRequest batch = read("""
                {"requests":[
                  {"id":"3","method":"DELETE","url":"/x","dependsOn":["a","2"]},
                  {"id":"2","method":"post","url":"x","dependsOn":["A"],"headers":{"Content-Type":"application/json"},"body":{"n":1}},
                  {"id":"A","method":"GET","url":"/v1.0/x"}]}""");
        assertThat(batch.parts()).extracting(BatchRequest.Part::id).containsExactly("A", "2", "3");
        BatchRequest.Part second = batch.parts().get(1);
        assertThat(second.method()).isEqualTo("POST");
        assertThat(second.headers()).isEqualTo(Map.of("Content-Type", "application/json"));
        assertThat(second.body()).hasToString("{\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|requests",
                "{\"requests\":[]}|1 to 20",
                "{\"requests\":[{\"method\":\"GET\",\"url\":\"/x\"}]}|requests[0].id",
                "{\"requests\":[{\"id\":\"1\",\"url\":\"/x\"}]}|requests[0].method",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\"}]}|requests[0].url",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"TRACE\",\"url\":\"/x\"}]}|requests[0].method",
                "{\"requests\":[{\"id\":1,\"method\":\"GET\",\"url\":\"/x\"}]}|requests[0].id",
                "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/x\"},{\"id\":\"A\",\"method\":\"GET\",\"url\":\"/x\"}]}|Two requests",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"2\"]}]}|depends on '2'",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"1\"]}]}|circle",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"2\"]},{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"1\"]}]}|circle",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"headers\":{\"a b\":\"c\"}}]}|headers",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"headers\":{\"a\":\"\u00e9\"}}]}|headers",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"headers\":{\"a\":1}}]}|headers.a",
                "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"header\":{}}]}|requests[0].header",
            })
    void what_is_no_batch_is_named(String body, String named) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(GraphException.class, refused -> {
            assertThat(refused.error().status()).isEqualTo(400);
            assertThat(refused.error().message()).contains(named);
        });
    }

    @Test
    void twenty_are_a_batch_and_more_are_none() {
        assertThat(read(many(20)).parts()).hasSize(20);
        assertThatThrownBy(() -> read(many(21)))
                .isInstanceOfSatisfying(
                        GraphException.class,
                        refused -> assertThat(refused.error().message()).contains("1 to 20"));
    }

    private static String many(int parts) {
        return IntStream.range(0, parts)
                .mapToObj(i -> "{\"id\":\"" + i + "\",\"method\":\"GET\",\"url\":\"/x\"}")
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
    }

    @Test
    void who_calls_and_how_the_connection_works_is_not_a_parts_to_say() {
        BatchRequest.Part part = read("""
                {"requests":[{"id":"1","method":"GET","url":"/x","headers":{"Authorization":"Bearer other","HOST":"elsewhere",
                 "X-Forwarded-Host":"elsewhere","Transfer-Encoding":"chunked","Content-Length":"5","Idempotency-Key":"k"}}]}""").parts().getFirst();
        assertThat(part.headers()).isEqualTo(Map.of("Idempotency-Key", "k"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/users/u/authentication/methods, /beta/users/u/authentication/methods",
                "users/u/authentication/methods, /beta/users/u/authentication/methods",
                "/v1.0/users/u, /v1.0/users/u",
                "beta/users/u, /beta/users/u",
                "/users/ada@example.org?$select=id, /beta/users/ada@example.org?$select=id",
                "/users('ada')/x, /beta/users('ada')/x",
                "/users/a%2Fb, /beta/users/a%2Fb",
                "/users?$filter=x%20eq%20'https://y', /beta/users?$filter=x%20eq%20'https://y'",
                "/users/a..b/x, /beta/users/a..b/x",
            })
    void urls_are_relative_to_the_api_with_or_without_its_version(String url, String target) {
        assertThat(part(url).target("beta")).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://graph.microsoft.com/v1.0/me",
                "//graph.microsoft.com/v1.0/me",
                "/v1.0/../q/metrics",
                "/v1.0/%2e%2E/q/metrics",
                "../q/metrics",
                "/v1.0/users/./x",
                "/v1.0/.%2e/q/metrics",
                "/users/a b",
                "/users/\u00e9",
                "/users/x#fragment",
                "/users/%zz",
                "\\\\\\\\host",
                "/$batch",
                "/v1.0/%24batch",
                "/beta/$BATCH/",
                "/temporaryAccessPassMethods/bulk",
            })
    void urls_that_lead_elsewhere_are_refused(String url) {
        BatchRequest.Part part = part(url);
        assertThatThrownBy(() -> part.target("v1.0"))
                .isInstanceOfSatisfying(
                        GraphException.class,
                        refused -> assertThat(refused.error().status()).isEqualTo(400));
    }

    private static BatchRequest.Part part(String url) {
        return new BatchRequest.Part("1", "GET", url, Map.of(), null, List.of());
    }

    private static BatchRequest read(String body) {
        return BatchRequest.of(new RequestBody(body.getBytes(StandardCharsets.UTF_8)));
    }
}
