package tap.graph.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.graph.error.GraphException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RequestBodyTest {
    private static final String TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethod";

    record Target(@Nullable String kind, @Nullable String id) {}

    record Read(
            @Nullable Integer minutes,
            @Nullable Boolean once,
            @Nullable Instant start,
            @Nullable String state,
            @Nullable String name,
            @Nullable List<Target> targets) {}

    private static Read read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Read read(byte[] bytes) {
        return new RequestBody(bytes).read(TYPE, members -> {
            members.ignore("id");
            return new Read(
                    members.integer("lifetimeInMinutes"),
                    members.bool("isUsableOnce"),
                    members.instant("startDateTime"),
                    members.oneOf("state", Map.of("enabled", "on", "disabled", "off")),
                    members.text("name", 8),
                    members.list(
                            "targets",
                            target -> new Target(
                                    target.oneOf("targetType", Map.of("group", "group", "user", "user")),
                                    target.text("id", 64))));
        });
    }

    private static AbstractStringAssert<?> refusal(String json) {
        GraphException refused = catchRefusal(json.getBytes(StandardCharsets.UTF_8));
        assertThat(refused.error().status()).isEqualTo(400);
        assertThat(refused.error().code()).isEqualTo("badRequest");
        return assertThat(refused.error().message());
    }

    private static GraphException catchRefusal(byte[] bytes) {
        try {
            Read read = read(bytes);
            throw new AssertionError("was not refused but read as " + read);
        } catch (GraphException refused) {
            return refused;
        }
    }

    @Nested
    class Members_of_the_right_kind {
        @Test
        void are_read() {
            assertThat(read("""
                    {"lifetimeInMinutes": 60, "isUsableOnce": true, "startDateTime": "2026-01-02 03:04:05", "state": "enabled",
                     "name": "Größe😀", "targets": [{"targetType": "group", "id": "all_users"}, {"targetType": "user", "id": "u1"}]}
                    """))
                    .isEqualTo(new Read(
                            60,
                            true,
                            Instant.parse("2026-01-02T03:04:05Z"),
                            "on",
                            "Größe😀",
                            List.of(new Target("group", "all_users"), new Target("user", "u1"))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"lifetimeInMinutes\":null,\"isUsableOnce\":null,\"startDateTime\":null,\"state\":null,\"targets\":null}",
                    "{\"@odata.type\":null}",
                    "{\"id\":\"anything\"}",
                    " \n{ }\n "
                })
        void may_be_left_out_or_null(String json) {
            assertThat(read(json)).isEqualTo(new Read(null, null, null, null, null, null));
        }

        @Test
        void an_empty_list_is_not_a_missing_one() {
            assertThat(read("{\"targets\":[]}").targets()).isNotNull().isEmpty();
        }
    }

    @Nested
    class Annotations {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"@odata.type\":\"#microsoft.graph.temporaryAccessPassAuthenticationMethod\"}",
                    "{\"@odata.type\":\"microsoft.graph.temporaryAccessPassAuthenticationMethod\"}",
                    "{\"@odata.context\":\"x\",\"@odata.etag\":1,\"targets@odata.bind\":[{\"any\":\"thing\"}]}",
                    "{\"targets\":[{\"@odata.type\":\"#microsoft.graph.authenticationMethodTarget\"}]}"
                })
        void are_ignored(String json) {
            assertThat(read(json).minutes()).isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"#microsoft.graph.emailAuthenticationMethod\"", "7", "\"\"", "{}"})
        void of_another_type_are_refused(String type) {
            refusal("{\"@odata.type\":" + type + "}")
                    .isEqualTo("The value of '@odata.type' is not valid. Expected: " + TYPE + ".");
        }
    }

    @Nested
    class Members_of_a_wrong_kind {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"lifetimeInMinutes\":\"60\"}|lifetimeInMinutes|an integer",
                    "{\"lifetimeInMinutes\":60.0}|lifetimeInMinutes|an integer",
                    "{\"lifetimeInMinutes\":2147483648}|lifetimeInMinutes|an integer",
                    "{\"lifetimeInMinutes\":1e99}|lifetimeInMinutes|an integer",
                    "{\"lifetimeInMinutes\":true}|lifetimeInMinutes|an integer",
                    "{\"lifetimeInMinutes\":[60]}|lifetimeInMinutes|an integer",
                    "{\"isUsableOnce\":\"true\"}|isUsableOnce|true or false",
                    "{\"isUsableOnce\":1}|isUsableOnce|true or false",
                    "{\"startDateTime\":1767323045}|startDateTime|a date and time",
                    "{\"startDateTime\":\"soon\"}|startDateTime|a date and time",
                    "{\"state\":\"Enabled\"}|state|one of disabled, enabled",
                    "{\"state\":1}|state|one of disabled, enabled",
                    "{\"name\":\"\"}|name|text of 1 to 8",
                    "{\"name\":\"123456789\"}|name|text of 1 to 8",
                    "{\"name\":\"a\\u0000b\"}|name|text of 1 to 8",
                    "{\"name\":\"a\\ud800b\"}|name|text of 1 to 8",
                    "{\"targets\":{}}|targets|a list",
                    "{\"targets\":[1]}|targets[0]|an object",
                    "{\"targets\":[{},null]}|targets[1]|an object",
                    "{\"targets\":[{\"id\":\"a\"},{\"id\":7}]}|targets[1].id|text of 1 to 64",
                })
        void are_refused_by_their_path(String json, String member, String expectation) {
            refusal(json)
                    .startsWith("The value of '" + member + "' is not valid. Expected: " + expectation)
                    .endsWith(".");
        }
    }

    @Nested
    class Unknown_and_repeated_members {
        @Test
        void are_named_with_what_is_known() {
            refusal("{\"lifeTimeInMinutes\":60}")
                    .isEqualTo("The member 'lifeTimeInMinutes' is not known here. Expected: one of id, isUsableOnce,"
                            + " lifetimeInMinutes, name, startDateTime, state, targets.");
        }

        @Test
        void are_found_in_nested_objects() {
            refusal("{\"targets\":[{\"targetType\":\"group\"},{\"target\":1}]}")
                    .isEqualTo("The member 'targets[1].target' is not known here. Expected: one of id, targetType.");
        }

        @Test
        void twice_is_once_too_often() {
            refusal("{\"isUsableOnce\":true,\"isUsableOnce\":false}")
                    .isEqualTo("The member 'isUsableOnce' appears more than once.");
            refusal("{\"targets\":[{\"id\":\"a\",\"id\":\"a\"}]}")
                    .isEqualTo("The member 'targets[0].id' appears more than once.");
            refusal("{\"@odata.type\":null,\"@odata.type\":null}").contains("'@odata.type'");
        }

        @Test
        void are_shown_within_bounds() {
            refusal("{\"" + "x".repeat(250) + "\":1}").contains("'" + "x".repeat(100) + "…'");
            refusal("{\"a\\u0007b\":1}").contains("'a?b'");
        }
    }

    @Nested
    class What_is_no_json_object {
        @ParameterizedTest
        @ValueSource(strings = {"", "  \n"})
        void nothing(String body) {
            refusal(body).isEqualTo("Empty Payload. JSON content expected.");
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "7", "\"text\"", "null", "true"})
        void another_value(String body) {
            refusal(body).isEqualTo("The request body must be one JSON object.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "{\"a\"",
                    "{\"a\":",
                    "{\"a\":1",
                    "{\"a\":1,}",
                    "{a:1}",
                    "{'a':1}",
                    "{\"a\":tru}",
                    "{\"a\":01}",
                    "{\"a\":NaN}",
                    "{\"a\":[1,}",
                    "{\"a\":\"\u0001\"}",
                    "{} // comment"
                })
        void malformed_names_the_place(String body) {
            refusal(body).matches("Unable to read JSON request payload: malformed at line \\d+, column \\d+\\.");
        }

        @Test
        void a_second_value() {
            refusal("{} {}").isEqualTo("The request body must be one JSON object, with nothing after it.");
        }

        @Test
        void the_body_is_never_repeated() {
            refusal("{\"temporaryAccessPass\":S3CR3T}").doesNotContain("S3CR3T");
            refusal("{\"a\":1} S3CR3T").doesNotContain("S3CR3T");
        }

        @ParameterizedTest
        @ValueSource(ints = {JsonTree.MAX_DEPTH, 1_000, 100_000})
        void too_deep(int depth) {
            refusal("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}").contains("nested deeper than 16");
        }

        @Test
        void too_long_a_name_text_or_number() {
            refusal("{\"" + "n".repeat(100_000) + "\":1}").contains("too long");
            refusal("{\"name\":\"" + "t".repeat(100_000) + "\"}").contains("too long");
            refusal("{\"lifetimeInMinutes\":" + "9".repeat(1_000) + "}").contains("too long");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1e99999999999", "0e99999999999", "0.0e-2147483648", "-1E+99999999999"})
        void a_number_beyond_all_numbers(String number) {
            refusal("{\"lifetimeInMinutes\":" + number + "}").contains("out of range");
            refusal("{\"unknown\":[" + number + "]}").contains("out of range");
        }

        @Test
        void broken_utf_8() {
            byte[] bytes = "{\"name\":\"ab\"}".getBytes(StandardCharsets.UTF_8);
            bytes[9] = (byte) 0xC3;
            assertThat(catchRefusal(bytes).error().message()).startsWith("Unable to read JSON request payload");
        }
    }

    @Test
    void random_damage_is_read_or_refused_but_never_fails() {
        long seed = System.nanoTime();
        System.out.println("RequestBodyTest seed " + seed);
        Random random = new Random(seed);
        byte[] sound =
                "{\"lifetimeInMinutes\":60,\"startDateTime\":\"2026-01-02T03:04:05Z\",\"targets\":[{\"id\":\"ü\"}]}"
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(sound, random.nextInt(1, sound.length + 1));
            for (int hits = random.nextInt(4); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                read(damaged);
            } catch (GraphException refused) {
                assertThat(refused.error().status()).isEqualTo(400);
            }
        }
    }

    @Test
    void lists_and_objects_of_texts_are_read_as_they_are_or_named() {
        RequestBody sound = body("{\"names\":[\"a\",\"b\"],\"headers\":{\"A\":\"1\",\"b\":\"2\"}}");
        sound.read(TYPE, members -> {
            assertThat(members.texts("names", 2, 1)).containsExactly("a", "b");
            assertThat(members.textByName("headers", 2, 1)).isEqualTo(Map.of("A", "1", "b", "2"));
            assertThat(members.texts("none", 2, 1)).isNull();
            assertThat(members.textByName("none", 2, 1)).isNull();
            return members;
        });
        named("{\"names\":[\"a\",\"b\",\"c\"]}", members -> members.texts("names", 2, 1), "a list of at most 2 texts");
        named("{\"names\":\"a\"}", members -> members.texts("names", 2, 1), "a list of at most 2 texts");
        named("{\"names\":[\"a\",null]}", members -> members.texts("names", 2, 1), "'names[1]'");
        named("{\"names\":[\"ab\"]}", members -> members.texts("names", 2, 1), "'names[0]'");
        named("{\"h\":{\"A\":1}}", members -> members.textByName("h", 2, 1), "'h.A'");
        named("{\"h\":{\"A\":\"1\"}}", members -> members.textByName("h", 0, 1), "an object of at most 0 texts");
        named("{\"h\":[]}", members -> members.textByName("h", 2, 1), "an object of at most 2 texts");
    }

    private static void named(String json, Function<Members, @Nullable Object> reading, String named) {
        assertThatThrownBy(() -> body(json).read(TYPE, members -> List.of(Optional.ofNullable(reading.apply(members)))))
                .isInstanceOfSatisfying(
                        GraphException.class,
                        refused -> assertThat(refused.error().message()).contains(named));
    }

    private static RequestBody body(String json) {
        return new RequestBody(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_domain_rule_names_the_member_in_the_same_words() {
        assertThatThrownBy(() -> new RequestBody("{\"minutes\":5}".getBytes(StandardCharsets.UTF_8))
                        .read(TYPE, members -> {
                            if (Objects.equals(members.integer("minutes"), 5)) {
                                throw members.expected("minutes", "10 or more");
                            }
                            return members;
                        }))
                .isInstanceOfSatisfying(
                        GraphException.class,
                        refused -> assertThat(refused.error().message())
                                .isEqualTo("The value of 'minutes' is not valid. Expected: 10 or more."));
    }
}
