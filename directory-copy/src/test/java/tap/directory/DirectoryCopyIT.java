package tap.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.contract.ContractJson;
import tap.contract.DirectoryNameV1;
import tap.contract.GroupChangedV1;
import tap.contract.GroupRemovedV1;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyResetV1;
import tap.contract.PolicyV1;
import tap.contract.PolicyV1.ExcludeTarget;
import tap.contract.PolicyV1.IncludeTarget;
import tap.contract.UserChangedV1;
import tap.contract.UserNames;
import tap.contract.UserRemovedV1;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DirectoryCopyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final IncludeTarget EVERYBODY = new IncludeTarget("group", "all_users", false);

    private static TestDatabase database;
    private static Pool pool;

    private final UUID ada = UUID.randomUUID();
    private final UUID inner = UUID.randomUUID();
    private final UUID outer = UUID.randomUUID();
    private static long revision;

    @BeforeAll
    static void create() {
        database = TestDatabase.create("directory_copy", TestDatabase.EVENT_SOURCING, "classpath:db/directory-copy");
        pool = database.pool(2);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void directory() {
        user(ada, inner);
        directory("group-changed.v1", inner, new GroupChangedV1(inner, List.of(outer)));
        // a cycle, which a directory may well hold
        directory("group-changed.v1", outer, new GroupChangedV1(outer, List.of(inner)));
    }

    @Test
    void before_anybody_configured_one_the_policy_is_disabled() {
        try (TestDatabase fresh =
                TestDatabase.create("directory_copy", TestDatabase.EVENT_SOURCING, "classpath:db/directory-copy")) {
            Row row = fresh.pool(1)
                    .query("SELECT " + TermsColumns.POLICY + " FROM policy_copy p")
                    .executeAndAwait()
                    .iterator()
                    .next();
            assertThat(TermsColumns.policy(row)).isEqualTo(new PolicyTerms(0, false, 60, 60, 480, 8, false));
        }
    }

    @Test
    void the_newest_policy_is_kept_and_an_older_one_changes_nothing() {
        policy(List.of(EVERYBODY), List.of());
        PolicyTerms terms = new PolicyTerms(revision, true, 61, 30, 480, 9, true);
        assertThat(policyTerms()).isEqualTo(terms);
        apply(
                new CopyPolicy(),
                message(
                        "policy-reset.v1",
                        "p",
                        new PolicyResetV1(
                                revision - 1, written(false, List.of(), List.of()), List.of(), Instant.EPOCH)));
        assertThat(policyTerms()).isEqualTo(terms);
    }

    @Test
    void users_are_targeted_themselves_or_through_groups_and_exclusion_wins() {
        String user = ada.toString();
        assertThat(targeted(List.of(EVERYBODY), List.of())).isTrue();
        assertThat(targeted(List.of(), List.of())).isFalse();
        assertThat(targeted(List.of(include("user", user)), List.of())).isTrue();
        assertThat(targeted(List.of(include("user", user.toUpperCase(java.util.Locale.ROOT))), List.of()))
                .isTrue();
        assertThat(targeted(List.of(include("group", inner.toString())), List.of()))
                .isTrue();
        assertThat(targeted(List.of(include("group", outer.toString())), List.of()))
                .isTrue();
        assertThat(targeted(List.of(include("group", UUID.randomUUID().toString())), List.of()))
                .isFalse();
        assertThat(targeted(List.of(include("group", user)), List.of())).isFalse();
        assertThat(targeted(List.of(include("user", "all_users")), List.of())).isFalse();
        assertThat(targeted(List.of(EVERYBODY), List.of(new ExcludeTarget("user", user))))
                .isFalse();
        assertThat(targeted(List.of(EVERYBODY), List.of(new ExcludeTarget("group", outer.toString()))))
                .isFalse();
        assertThat(targeted(List.of(EVERYBODY), List.of(new ExcludeTarget("user", outer.toString()))))
                .isTrue();
        directory("group-removed.v1", inner, new GroupRemovedV1(inner));
        assertThat(targeted(List.of(include("group", outer.toString())), List.of()))
                .isFalse();
        assertThat(targeted(List.of(include("group", inner.toString())), List.of()))
                .isTrue();
    }

    @Test
    void a_user_is_found_by_id_or_by_a_name_that_nobody_else_has() {
        String name = "ada-" + ada;
        name(ada, name + "@Example.org", null);
        assertThat(found(ada.toString())).isEqualTo(ada);
        assertThat(found(name.toUpperCase(java.util.Locale.ROOT) + "@example.ORG"))
                .isEqualTo(ada);
        assertThat(found("nobody@example.org")).isNull();
        UUID other = UUID.randomUUID();
        user(other);
        name(other, name + "@example.org", null);
        assertThat(found(name + "@example.org"))
                .as("an ambiguous name matches nobody")
                .isNull();
        apply(new CopyNames(), message("directory-name.v1", ada.toString(), null));
        assertThat(found(name + "@example.org")).isEqualTo(other);
        name(other, "renamed-" + name, null);
        assertThat(found(name + "@example.org")).isNull();
    }

    @Test
    void a_user_who_is_removed_is_nobody() {
        directory("user-removed.v1", ada, new UserRemovedV1(ada));
        assertThat(found(ada.toString())).isNull();
        assertThat(terms()).isNull();
    }

    @Test
    void a_caller_is_found_by_id_external_id_or_name() {
        String name = "caller-" + ada;
        name(ada, name, "hr-" + ada);
        assertThat(caller(ada.toString())).isEqualTo(ada);
        assertThat(caller("hr-" + ada)).isEqualTo(ada);
        assertThat(caller(name)).isEqualTo(ada);
        assertThat(caller("nobody")).isNull();
        UUID other = UUID.randomUUID();
        name(other, "hr-" + ada, "hr-" + ada);
        assertThat(caller("hr-" + ada)).isNull();
    }

    @Test
    void what_could_not_be_applied_fences_the_user() {
        assertThat(terms()).isNotNull().extracting(UserTerms::fenced).isEqualTo(false);
        pool.preparedQuery(
                        "INSERT INTO parked (source, stream_id, version, event_id, partition_key, topic, partition,"
                                + " \"offset\", reason) VALUES ('policy-service', $1, 2, $2, $1, 'tap.directory', 0, 1, 'test')")
                .executeAndAwait(Tuple.of(ada.toString(), UUID.randomUUID()));
        assertThat(terms()).isNotNull().extracting(UserTerms::fenced).isEqualTo(true);
    }

    @Test
    void what_is_unknown_or_malformed_is_told_apart() {
        assertThatThrownBy(() -> apply(new CopyPolicy(), message("policy-configured.v2", "p", null)))
                .isInstanceOf(UnknownEventType.class);
        assertThatThrownBy(() -> apply(new CopyDirectory(), message("user-changed.v2", "u", null)))
                .isInstanceOf(UnknownEventType.class);
        assertThatThrownBy(() -> apply(
                        new CopyDirectory(),
                        message("user-changed.v1", "u", new UserChangedV1(ada, true, "robot", List.of(), List.of()))))
                .isInstanceOf(NotApplicable.class);
        assertThatThrownBy(() -> apply(new CopyDirectory(), message("user-changed.v1", "u", List.of())))
                .isInstanceOf(NotApplicable.class);
    }

    @Test
    void names_are_folded_as_postgresql_folds_them() {
        Integer[] points = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(point -> Character.isDefined(point) && (point < 0xD800 || point > 0xDFFF))
                .boxed()
                .toArray(Integer[]::new);

        String[] keys = IntStream.range(0, points.length)
                .mapToObj(i -> UserNames.key(Character.toString(points[i])))
                .toArray(String[]::new);
        // what PostgreSQL takes for one name must be one name here
        var rows = pool.preparedQuery("SELECT count(*) AS apart FROM (SELECT normalize(casefold(normalize(chr(p), NFKC)"
                        + " COLLATE pg_unicode_fast), NFKC) AS theirs, ours FROM unnest($1::int[], $2::text[]) t(p, ours)) f"
                        + " GROUP BY theirs HAVING count(DISTINCT ours COLLATE \"C\") > 1")
                .executeAndAwait(Tuple.tuple().addArrayOfInteger(points).addArrayOfString(keys));
        assertThat(rows.size()).isZero();
    }

    private boolean targeted(List<IncludeTarget> include, List<ExcludeTarget> exclude) {
        policy(include, exclude);
        UserTerms terms = terms();
        return terms != null && terms.targeted();
    }

    private @Nullable UserTerms terms() {
        return TermsColumns.user(pool.preparedQuery("SELECT " + TermsColumns.USER
                        + " FROM (SELECT $1::uuid AS id) s LEFT JOIN user_terms u USING (id)")
                .executeAndAwait(Tuple.of(ada))
                .iterator()
                .next());
    }

    private static PolicyTerms policyTerms() {
        return TermsColumns.policy(pool.query("SELECT " + TermsColumns.POLICY + " FROM policy_copy p")
                .executeAndAwait()
                .iterator()
                .next());
    }

    private static @Nullable UUID found(String key) {
        UserKey user = UserKey.of(key);
        return pool.preparedQuery("SELECT tap_user_id($1, $2) AS id")
                .executeAndAwait(Tuple.of(user.id(), user.nameKey()))
                .iterator()
                .next()
                .getUUID("id");
    }

    private static @Nullable UUID caller(String subject) {
        UserKey user = UserKey.of(subject);
        return pool.preparedQuery("SELECT tap_caller_id($1, $2, $3) AS id")
                .executeAndAwait(Tuple.of(user.id(), subject, user.nameKey()))
                .iterator()
                .next()
                .getUUID("id");
    }

    private static void policy(List<IncludeTarget> include, List<ExcludeTarget> exclude) {
        revision += 2;
        apply(
                new CopyPolicy(),
                message(
                        "policy-configured.v1",
                        "p",
                        new PolicyConfiguredV1(revision, written(true, include, exclude), List.of(), Instant.EPOCH)));
    }

    private static PolicyV1 written(boolean enabled, List<IncludeTarget> include, List<ExcludeTarget> exclude) {
        return new PolicyV1(enabled ? "enabled" : "disabled", 61, 30, 480, 9, true, include, exclude);
    }

    private static IncludeTarget include(String type, String id) {
        return new IncludeTarget(type, id, false);
    }

    private static void user(UUID id, UUID... groups) {
        directory("user-changed.v1", id, new UserChangedV1(id, true, "member", List.of(), List.of(groups)));
    }

    private static void name(UUID id, String name, @Nullable String externalId) {
        apply(new CopyNames(), message("directory-name.v1", id.toString(), new DirectoryNameV1(id, name, externalId)));
    }

    private static void directory(String type, UUID id, Object record) {
        apply(new CopyDirectory(), message(type, id.toString(), record));
    }

    private static void apply(Reaction reaction, Message message) {
        pool.withTransaction(transaction -> reaction.apply(transaction, message))
                .await()
                .atMost(PATIENCE);
    }

    private static Message message(String type, String key, @Nullable Object record) {
        try {
            return new Message(
                    "tap.test",
                    0,
                    0,
                    "policy-service",
                    UUID.randomUUID(),
                    type,
                    key,
                    1,
                    key,
                    Instant.EPOCH,
                    new Metadata("test", "test", null),
                    ContractJson.mapper().writeValueAsString(record),
                    null);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
