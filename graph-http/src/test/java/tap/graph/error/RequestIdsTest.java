package tap.graph.error;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RequestIdsTest {
    @Test
    void our_own_id_is_a_fresh_guid() {
        String one = RequestIds.arriving(null).requestId();
        assertThat(UUID.fromString(one)).hasToString(one);
        assertThat(RequestIds.arriving(null).requestId()).isNotEqualTo(one);
    }

    @Test
    void a_sane_client_id_is_kept() {
        assertThat(RequestIds.arriving("a").clientRequestId()).isEqualTo("a");
        assertThat(RequestIds.arriving("!".repeat(128)).clientRequestId()).hasSize(128);
        assertThat(RequestIds.arriving("~9f6a-1f2f").clientRequestId()).isEqualTo("~9f6a-1f2f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "a\r\nSet-Cookie: x", "ü", "\u007f"})
    void what_could_not_stand_in_a_header_counts_as_not_sent(String id) {
        assertThat(RequestIds.arriving(id).clientRequestId()).isNull();
        assertThat(RequestIds.arriving("!".repeat(129)).clientRequestId()).isNull();
    }
}
