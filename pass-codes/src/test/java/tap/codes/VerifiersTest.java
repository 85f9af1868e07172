package tap.codes;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class VerifiersTest {

    private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private final Argon2Pool pool = new Argon2Pool(1, 100, CHEAP);
    private KeyRing peppers;
    private Verifiers verifiers;

    @BeforeEach
    void load() {
        peppers = Known.ring(folder.resolve("pepper"), "2026-11", 0);
        verifiers = new Verifiers(peppers, pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Nested
    class KnownAnswers {

        @Test
        void a_short_code_is_stretched_then_keyed() {
            try (Argon2Pool usual = new Argon2Pool(1, 1, Argon2Cost.DEFAULT)) {
                Verifier verifier = answer(new Verifiers(peppers, usual)
                        .make(Known.PASS, Known.code(Known.SHORT_CODE), Known.random(Known.SALT)));
                assertThat(verifier)
                        .isInstanceOfSatisfying(
                                Verifier.Stretched.class,
                                v -> assertThat(v.cost()).isEqualTo(Argon2Cost.DEFAULT));
                assertThat(hex(verifier.mac()))
                        .isEqualTo("76aba97daa8d01011262bd1cbe57259e6f9c71442b33d375ebdd1eb5c564a6a7");
                assertThat(HexFormat.of().formatHex(verifier.encoded()))
                        .isEqualTo("010207323032362d3131" + "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf" + "00004c000201"
                                + "76aba97daa8d01011262bd1cbe57259e6f9c71442b33d375ebdd1eb5c564a6a7");
            }
        }

        @Test
        void a_strong_code_is_keyed_only() {
            Verifier verifier =
                    answer(verifiers.make(Known.PASS, Known.code(Known.STRONG_CODE), Known.random(Known.SALT)));
            assertThat(verifier).isInstanceOf(Verifier.Keyed.class);
            assertThat(HexFormat.of().formatHex(verifier.encoded()))
                    .isEqualTo("010107323032362d3131" + "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
                            + "1aa63b9de6b91ad668758baa4e3ef286e27ca96425f474f7a9f69644adc023f4");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void only_the_code_itself_for_the_pass_itself_is_right(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            UUID pass = new UUID(random.nextLong(), random.nextLong());
            Code code = Code.draw(random.nextInt(Code.SHORTEST, Code.LONGEST + 1), RANDOM);
            Verifier verifier =
                    Verifier.decode(answer(verifiers.make(pass, code, RANDOM)).encoded());

            assertThat(matches(code.clearText(), pass, verifier)).isTrue();
            assertThat(matches(code.clearText(), new UUID(random.nextLong(), 0), verifier))
                    .isFalse();
            assertThat(matches(changed(code.clearText(), random), pass, verifier))
                    .isFalse();
            assertThat(matches(code.clearText().substring(1), pass, verifier)).isFalse();
            assertThat(matches(code.clearText() + "0", pass, verifier)).isFalse();
            assertThat(matches("", pass, verifier)).isFalse();
        }
    }

    @Test
    void a_salt_is_never_used_twice() {
        Code code = Known.code(Known.STRONG_CODE);
        assertThat(answer(verifiers.make(Known.PASS, code, RANDOM)).salt())
                .isNotEqualTo(answer(verifiers.make(Known.PASS, code, RANDOM)).salt());
    }

    @Nested
    class NoOracle {

        @Test
        void a_short_code_costs_one_argon2_and_a_strong_one_none_whatever_is_there() {
            Verifier stretched = make(Known.SHORT_CODE);
            Verifier keyed = make(Known.STRONG_CODE);
            for (String code : new String[] {Known.SHORT_CODE, "WRONGXYZ", "", "7", "UUUUUUUU", "7".repeat(22), "é"}) {
                assertThat(argon2sOf(code, stretched)).as(code).isOne();
                assertThat(argon2sOf(code, keyed)).as(code).isOne();
                assertThat(argon2sOf(code, null)).as(code).isOne();
            }
            for (String code : new String[] {Known.STRONG_CODE, "7".repeat(23), "7".repeat(49), "U".repeat(2_000)}) {
                assertThat(argon2sOf(code, stretched)).as(code).isZero();
                assertThat(argon2sOf(code, keyed)).as(code).isZero();
                assertThat(argon2sOf(code, null)).as(code).isZero();
            }
        }

        @Test
        void without_a_verifier_nothing_is_right() {
            for (String code : new String[] {"", Known.SHORT_CODE, Known.STRONG_CODE, "7".repeat(49)}) {
                assertThat(answer(verifiers.verifyWithoutVerifier(SubmittedCode.of(code))))
                        .isFalse();
            }
        }

        @Test
        void the_argon2_has_the_verifiers_own_cost_else_the_current_one() {
            Argon2Cost old = new Argon2Cost(32, 2, 1);
            assertThat(verifiers.costOf(Optional.of(makeAt(old)))).isEqualTo(old);
            assertThat(verifiers.costOf(Optional.of(make(Known.STRONG_CODE)))).isEqualTo(CHEAP);
            assertThat(verifiers.costOf(Optional.empty())).isEqualTo(CHEAP);
        }

        private long argon2sOf(String code, @Nullable Verifier verifier) {
            long before = pool.computed();
            SubmittedCode submitted = SubmittedCode.of(code);
            answer(
                    verifier == null
                            ? verifiers.verifyWithoutVerifier(submitted)
                            : verifiers.verify(submitted, Known.PASS, verifier));
            return pool.computed() - before;
        }
    }

    @Test
    void a_code_made_at_an_old_cost_and_with_an_old_pepper_stays_verifiable() {
        Verifier old = makeAt(new Argon2Cost(32, 3, 2));
        Known.writeKey(folder.resolve("pepper"), "2027-01", 100);
        Known.write(folder.resolve("pepper/current"), "2027-01");
        verifiers = new Verifiers(KeyRing.load(folder.resolve("pepper")), pool);

        assertThat(matches(Known.SHORT_CODE, Known.PASS, old)).isTrue();
        assertThat(make(Known.SHORT_CODE).keyId()).isEqualTo(new KeyId("2027-01"));
    }

    @Test
    void another_pepper_of_the_same_name_makes_every_code_wrong() {
        Verifier stretched = make(Known.SHORT_CODE);
        Verifier keyed = make(Known.STRONG_CODE);
        verifiers = new Verifiers(Known.ring(folder.resolve("other"), "2026-11", 1), pool);
        assertThat(matches(Known.SHORT_CODE, Known.PASS, stretched)).isFalse();
        assertThat(matches(Known.STRONG_CODE, Known.PASS, keyed)).isFalse();
    }

    @Test
    void a_missing_pepper_is_a_failure_not_a_wrong_code() {
        Verifier keyed = make(Known.STRONG_CODE);
        verifiers = new Verifiers(Known.ring(folder.resolve("other"), "2027-01", 0), pool);
        CompletableFuture<Boolean> check = verifiers
                .verify(SubmittedCode.of(Known.STRONG_CODE), Known.PASS, keyed)
                .toCompletableFuture();
        assertThat(check.exceptionNow()).isInstanceOf(KeyRingException.class).hasMessageContaining("[2026-11]");
    }

    @Test
    void a_closed_pool_refuses_short_codes_and_lets_strong_ones_through() {
        Verifier stretched = make(Known.SHORT_CODE);
        Verifier keyed = make(Known.STRONG_CODE);
        pool.close();
        CompletableFuture<Boolean> check = verifiers
                .verify(SubmittedCode.of(Known.SHORT_CODE), Known.PASS, stretched)
                .toCompletableFuture();
        assertThat(check.exceptionNow()).isInstanceOf(Argon2PoolFull.class);
        assertThat(matches(Known.STRONG_CODE, Known.PASS, keyed)).isTrue();
    }

    private Verifier make(String code) {
        return answer(verifiers.make(Known.PASS, Known.code(code), RANDOM));
    }

    private Verifier makeAt(Argon2Cost cost) {
        try (Argon2Pool other = new Argon2Pool(1, 1, cost)) {
            return answer(new Verifiers(peppers, other).make(Known.PASS, Known.code(Known.SHORT_CODE), RANDOM));
        }
    }

    private boolean matches(String code, UUID pass, Verifier verifier) {
        return answer(verifiers.verify(SubmittedCode.of(code), pass, verifier));
    }

    private static String changed(String code, Random random) {
        int at = random.nextInt(code.length());
        char other = code.charAt(at) == '7' ? '8' : '7';
        return code.substring(0, at) + other + code.substring(at + 1);
    }

    private static String hex(SecretBytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static <T> T answer(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
