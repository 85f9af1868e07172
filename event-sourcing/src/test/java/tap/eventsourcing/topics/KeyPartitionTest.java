package tap.eventsourcing.topics;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyPartitionTest {
    @Test
    void a_key_has_the_partition_that_kafkas_producer_gives_it() {
        // murmur2 of Kafka's own UtilsTest: "21" -> -973932308
        assertThat(KeyPartition.of("21", 12)).isEqualTo((-973932308 & 0x7fffffff) % 12);
    }
}
