package tap.graph.access;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may do what: the tables of the contract's §5, in its own words, and every cell of caller × permission × operation × target
 * judged by them. Nothing here is taken from {@link Operation} or {@link Access}.
 */
class AccessMatrixTest {
    /** {@code any}: whoever it is about; {@code plain}: only users without an administrator role; {@code -}: nobody. */
    private static final String ROLES = """
            role                                  | READ_POLICY | WRITE_POLICY | CREATE_PASS | READ_PASS | DELETE_PASS | WRITE_DIRECTORY | READ_AUDIT
            Global Administrator                  | any         | any          | any         | any       | any         | any             | any
            Privileged Authentication Administrator | any       | -            | any         | any       | any         | -               | -
            Authentication Administrator          | any         | -            | plain       | plain     | plain       | -               | -
            Authentication Policy Administrator   | any         | any          | -           | -         | -           | -               | -
            Global Reader                         | any         | -            | -           | any       | -           | -               | any
            none                                  | -           | -            | -           | -         | -           | -               | -
            application                           | any         | any          | any         | any       | any         | any             | any
            """;

    /** {@code all}: about anybody, oneself included where that is allowed at all; {@code own}: about oneself; {@code -}: nothing. */
    private static final String PERMISSIONS = """
            permission                             | READ_POLICY | WRITE_POLICY | CREATE_PASS | READ_PASS | DELETE_PASS | WRITE_DIRECTORY | READ_AUDIT
            UserAuthMethod-TAP.Read                | -           | -            | -           | own       | -           | -               | -
            UserAuthMethod-TAP.Read.All            | -           | -            | -           | all       | -           | -               | -
            UserAuthMethod-TAP.ReadWrite           | -           | -            | -           | own       | own         | -               | -
            UserAuthMethod-TAP.ReadWrite.All       | -           | -            | all         | all       | all         | -               | -
            UserAuthenticationMethod.Read          | -           | -            | -           | own       | -           | -               | -
            UserAuthenticationMethod.Read.All      | -           | -            | -           | all       | -           | -               | -
            UserAuthenticationMethod.ReadWrite     | -           | -            | -           | own       | own         | -               | -
            UserAuthenticationMethod.ReadWrite.All | -           | -            | all         | all       | all         | -               | -
            Policy.Read.All                        | all         | -            | -           | -         | -           | -               | -
            Policy.ReadWrite.AuthenticationMethod  | all         | all          | -           | -         | -           | -               | -
            Tap.Directory.ReadWrite.All            | -           | -            | -           | -         | -           | all             | -
            Tap.Audit.Read.All                     | -           | -            | -           | -         | -           | -               | all
            none                                   | -           | -            | -           | -         | -           | -               | -
            """;

    private static final String SELF = "11111111-aaaa-4aaa-8aaa-111111111111";
    private static final Set<Operation> ABOUT_PASSES =
            Set.of(Operation.CREATE_PASS, Operation.READ_PASS, Operation.DELETE_PASS);

    @SuppressWarnings("ImmutableEnumChecker") // a record of a text and a boolean
    private enum About {
        PLAIN_USER(new Access.Target("22222222-bbbb-4bbb-8bbb-222222222222", false)),
        ADMINISTRATOR(new Access.Target("33333333-cccc-4ccc-8ccc-333333333333", true)),
        ONESELF(new Access.Target(SELF, false)),
        ONESELF_AS_ADMINISTRATOR(new Access.Target(SELF, true));

        private final Access.Target target;

        About(Access.Target target) {
            this.target = target;
        }

        boolean oneself() {
            return this == ONESELF || this == ONESELF_AS_ADMINISTRATOR;
        }
    }

    record Row(String who, String permission) {
        Caller caller() {
            Set<Permission> permissions = permission.equals("none")
                    ? Set.of()
                    : Set.of(Permission.of(permission).orElseThrow());
            return switch (who) {
                case "application" -> new Caller.Application("application", permissions);
                case "none" -> new Caller.Delegated(SELF, permissions, Set.of());
                default ->
                    new Caller.Delegated(
                            SELF,
                            permissions,
                            Set.of(AdministratorRole.named(who).orElseThrow()));
            };
        }
    }

    private static final Map<String, Map<Operation, String>> BY_ROLE = table(ROLES);
    private static final Map<String, Map<Operation, String>> BY_PERMISSION = table(PERMISSIONS);

    static Stream<Row> rows() {
        return BY_ROLE.keySet().stream()
                .flatMap(who -> BY_PERMISSION.keySet().stream().map(permission -> new Row(who, permission)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void every_cell_is_as_the_contract_has_it(Row row) {
        for (Operation operation : columns()) {
            if (!ABOUT_PASSES.contains(operation)) {
                check(row, operation, About.PLAIN_USER, SELF, Access.decide(row.caller(), operation));
                continue;
            }
            for (About about : About.values()) {
                for (String acting : new String[] {SELF, null}) {
                    check(row, operation, about, acting, Access.decide(row.caller(), operation, about.target, acting));
                }
            }
        }
    }

    private static void check(Row row, Operation operation, About about, @Nullable String acting, Access access) {
        assertThat(access.granted())
                .as("%s with %s: %s, %s, known as %s: %s", row.who, row.permission, operation, about, acting, access)
                .isEqualTo(expected(row, operation, about, acting));
        if (access.granted()) {
            assertThat(Access.foreseen(row.caller(), operation))
                    .as("%s foreseen", operation)
                    .isEqualTo(Access.GRANTED);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void roles_of_the_directory_count_as_those_of_a_token_do_once_they_are_known(Row row) {
        if (row.caller() instanceof Caller.Delegated delegated) {
            Caller asking = Caller.Delegated.ofDirectory(delegated.subject(), delegated.permissions());
            Set<AdministratorRole> roles = AdministratorRole.listed(row.who);
            assertThat(asking.knownWith(roles)).isEqualTo(delegated);
            for (Operation operation : columns()) {
                if (!ABOUT_PASSES.contains(operation)) {
                    assertThat(Access.decide(asking, operation).granted())
                            .as("%s before the directory was asked", operation)
                            .isFalse();
                }
                assertThat(Access.foreseen(asking, operation).granted())
                        .as("%s foreseen with %s", operation, row.permission)
                        .isEqualTo(
                                !cell(BY_PERMISSION, row.permission, operation).equals("-"));
            }
        }
    }

    @Test
    void the_tables_name_all_there_is() {
        assertThat(BY_PERMISSION).hasSize(Permission.values().length + 1);
        assertThat(BY_ROLE).hasSize(AdministratorRole.values().length + 2);
        assertThat(columns())
                .containsExactlyInAnyOrder(Arrays.stream(Operation.values())
                        .filter(operation -> !operation.own())
                        .toArray(Operation[]::new));
    }

    private static boolean expected(Row row, Operation operation, About about, @Nullable String acting) {
        String permission = cell(BY_PERMISSION, row.permission, operation);
        String role = cell(BY_ROLE, row.who, operation);
        boolean application = row.who.equals("application");
        boolean passes = ABOUT_PASSES.contains(operation);
        if (passes && !application && about.oneself() && acting != null) {
            // any user: own only, read and delete; nobody creates a pass for the account they act as
            return operation != Operation.CREATE_PASS && !permission.equals("-");
        }
        if (!permission.equals("all")) {
            return false; // another's pass needs .All
        }
        if (passes && !application && operation == Operation.CREATE_PASS && acting == null) {
            return false; // not mapped to a user of the directory
        }
        boolean administrator = about == About.ADMINISTRATOR || about == About.ONESELF_AS_ADMINISTRATOR;
        return role.equals("any") || (role.equals("plain") && !administrator);
    }

    private static String cell(Map<String, Map<Operation, String>> table, String row, Operation operation) {
        String cell = table.getOrDefault(row, Map.of()).get(operation);
        if (cell == null) {
            throw new AssertionError("no cell for " + row + " and " + operation);
        }
        return cell;
    }

    private static Set<Operation> columns() {
        return BY_ROLE.values().iterator().next().keySet();
    }

    private static Map<String, Map<Operation, String>> table(String text) {
        List<List<String>> lines = text.lines()
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .toList();
        List<String> head = lines.getFirst();
        Map<String, Map<Operation, String>> table = new LinkedHashMap<>();
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<Operation, String> cells = new HashMap<>();
            for (int column = 1; column < head.size(); column++) {
                cells.put(Operation.valueOf(head.get(column)), line.get(column));
            }
            table.put(line.getFirst(), cells);
        }
        return table;
    }
}
