package tap.redemption.application;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tap.codes.Argon2Cost;
import tap.codes.Argon2Pool;
import tap.codes.Code;
import tap.codes.KeyRing;
import tap.codes.KeyRingException;
import tap.codes.SealedVerifier;
import tap.codes.Verifier;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.eventsourcing.StateCodec;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.Pass;
import tap.redemption.domain.Passes;
import tap.redemption.publishing.StoredAllowance;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoredKeysIT {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private KeyRing ring(String name, String... keyIds) throws Exception {
        Path ring = Files.createDirectories(folder.resolve(name));
        for (String keyId : keyIds) {
            byte[] key = new byte[KeyRing.KEY_LENGTH];
            RANDOM.nextBytes(key);
            Files.writeString(ring.resolve(keyId), Base64.getEncoder().encodeToString(key));
            Files.writeString(ring.resolve("current"), keyId);
        }
        return KeyRing.load(ring);
    }

    @Test
    void a_key_that_an_open_pass_needs_and_nobody_mounted_is_named_at_the_start() throws Exception {
        KeyRing peppers = ring("pepper", "pepper-1");
        KeyRing sealing = ring("sealing", "sealing-1");
        try (Argon2Pool argon2 = new Argon2Pool(1, 1, Argon2Cost.DEFAULT);
                TestDatabase database = TestDatabase.create(
                        "stored_keys",
                        TestDatabase.EVENT_SOURCING,
                        "classpath:db/directory-copy",
                        "classpath:db/migration")) {
            Pass pass = new Pass(Passes.USER, UUID.randomUUID(), null, Passes.END, true, null, 1);
            Verifier verifier = new Verifiers(peppers, argon2)
                    .make(pass.passId(), Code.draw(23, RANDOM), RANDOM)
                    .toCompletableFuture()
                    .join();
            store(
                    database,
                    new Allowance.Open(
                            pass, 0, new VerifierSeal(sealing).seal(verifier, pass.passId(), 1, RANDOM), List.of()));

            assertThat(check(database, argon2, peppers, sealing)).isNull();
            assertThatThrownBy(() -> check(database, argon2, peppers, ring("sealing-2", "sealing-2")))
                    .isInstanceOf(KeyRingException.class)
                    .hasMessageContaining("[sealing-1]")
                    .hasMessageContaining(folder.resolve("sealing-2").toString());
            assertThatThrownBy(() -> check(database, argon2, ring("pepper-2", "pepper-2"), sealing))
                    .isInstanceOf(KeyRingException.class)
                    .hasMessageContaining("[pepper-1]");
        }
    }

    private static Void check(TestDatabase database, Argon2Pool argon2, KeyRing peppers, KeyRing sealing) {
        CodeCheck codes = new CodeCheck(new Verifiers(peppers, argon2), new VerifierSeal(sealing), peppers);
        return new StoredKeys(database.pool(1), codes).require().await().atMost(Duration.ofSeconds(20));
    }

    private static void store(TestDatabase database, Allowance.Open open) throws Exception {
        StateCodec.Written written = StoredAllowance.HEAD.write(open);
        SealedVerifier verifier = open.verifier();
        try (Connection owner = database.connectAsOwner();
                var insert =
                        owner.prepareStatement("INSERT INTO head VALUES (?, 1, ?, false, ?::jsonb, ?, ?, now())")) {
            insert.setString(1, open.pass().passId().toString());
            insert.setString(2, written.partitionKey());
            insert.setString(3, written.json());
            insert.setInt(4, StoredAllowance.HEAD.stateVersion());
            insert.setBytes(5, verifier == null ? null : verifier.encoded());
            insert.executeUpdate();
        }
    }
}
