package tap.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventTypesTest {
    @Test
    void every_public_record_has_a_stored_type() {
        assertThat(EventTypes.all().values())
                .containsExactlyInAnyOrderElementsOf(List.of(PublicEvent.class.getPermittedSubclasses()).stream()
                        .<Class<? extends PublicEvent>>map(record -> record.asSubclass(PublicEvent.class))
                        .toList());
    }

    @Test
    void a_stored_type_is_the_record_in_kebab_case_with_its_version() {
        for (Map.Entry<String, Class<? extends PublicEvent>> entry :
                EventTypes.all().entrySet()) {
            String kebab = entry.getValue()
                    .getSimpleName()
                    .replaceAll("V(\\d+)$", ".v$1")
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                    .toLowerCase(Locale.ROOT);
            assertThat(entry.getKey()).isEqualTo(kebab);
        }
    }

    @Test
    void types_and_records_lead_to_each_other() {
        assertThat(EventTypes.record("pass-issued.v1")).contains(PassIssuedV1.class);
        assertThat(EventTypes.type(PassIssuedV1.class)).isEqualTo("pass-issued.v1");
        assertThat(EventTypes.record("pass-issued.v9")).isEmpty();
    }

    @Test
    void every_type_has_its_schema_on_the_class_path() {
        for (String type : EventTypes.all().keySet()) {
            assertThat(Objects.requireNonNull(EventTypes.class.getClassLoader()).getResource(EventTypes.schema(type)))
                    .as(type)
                    .isNotNull();
        }
    }
}
