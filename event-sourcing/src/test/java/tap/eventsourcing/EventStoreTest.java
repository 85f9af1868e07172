package tap.eventsourcing;

import io.vertx.sqlclient.SqlConnectOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventStoreTest {
    @Test
    void the_append_is_short_enough_to_be_prepared_once() {
        assertThat(SqlConnectOptions.DEFAULT_PREPARED_STATEMENT_CACHE_FILTER).accepts(EventStore.APPEND);
    }
}
