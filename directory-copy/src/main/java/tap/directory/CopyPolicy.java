package tap.directory;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyResetV1;
import tap.contract.PolicyV1;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;

/** Keeps the newest revision of the policy, from {@code tap.policies}. */
public final class CopyPolicy implements Reaction {
    private static final String COPY = """
            UPDATE policy_copy SET revision = $1, enabled = $2, default_lifetime_in_minutes = $3,
              minimum_lifetime_in_minutes = $4, maximum_lifetime_in_minutes = $5, default_length = $6, is_usable_once = $7,
              includes_all_users = $8, included_users = $9, included_groups = $10,
              excludes_all_users = $11, excluded_users = $12, excluded_groups = $13
            WHERE revision < $1""";

    private static final String ALL_USERS = "all_users";

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return switch (message.type()) {
            case "policy-configured.v1" -> {
                PolicyConfiguredV1 configured = Payload.read(message, PolicyConfiguredV1.class);
                yield copy(transaction, configured.revision(), configured.policy());
            }
            case "policy-reset.v1" -> {
                PolicyResetV1 reset = Payload.read(message, PolicyResetV1.class);
                yield copy(transaction, reset.revision(), reset.policy());
            }
            default -> Uni.createFrom().failure(new UnknownEventType(message.type()));
        };
    }

    private static Uni<Void> copy(SqlConnection transaction, long revision, PolicyV1 policy) {
        return transaction
                .preparedQuery(COPY)
                .execute(Tuple.tuple()
                        .addLong(revision)
                        .addBoolean(policy.state().equals("enabled"))
                        .addInteger(policy.defaultLifetimeInMinutes())
                        .addInteger(policy.minimumLifetimeInMinutes())
                        .addInteger(policy.maximumLifetimeInMinutes())
                        .addInteger(policy.defaultLength())
                        .addBoolean(policy.isUsableOnce())
                        .addBoolean(Target.included(policy).anyMatch(Target::allUsers))
                        .addArrayOfUUID(Target.ids(Target.included(policy), "user"))
                        .addArrayOfUUID(Target.ids(Target.included(policy), "group"))
                        .addBoolean(Target.excluded(policy).anyMatch(Target::allUsers))
                        .addArrayOfUUID(Target.ids(Target.excluded(policy), "user"))
                        .addArrayOfUUID(Target.ids(Target.excluded(policy), "group")))
                .replaceWithVoid();
    }

    private record Target(String type, String id) {
        static Stream<Target> included(PolicyV1 policy) {
            return policy.includeTargets().stream().map(target -> new Target(target.targetType(), target.id()));
        }

        static Stream<Target> excluded(PolicyV1 policy) {
            return policy.excludeTargets().stream().map(target -> new Target(target.targetType(), target.id()));
        }

        boolean allUsers() {
            return type.equals("group") && id.equals(ALL_USERS);
        }

        // a target that has not the form of an id names nobody here
        static UUID[] ids(Stream<Target> targets, String type) {
            return targets.filter(target -> target.type.equals(type))
                    .map(target -> Optional.ofNullable(UserKey.id(target.id)))
                    .flatMap(Optional::stream)
                    .toArray(UUID[]::new);
        }
    }
}
