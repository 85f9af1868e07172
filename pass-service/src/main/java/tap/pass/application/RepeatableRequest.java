package tap.pass.application;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import tap.pass.domain.PassRequest;

/**
 * A request to issue that its caller may repeat without getting a second pass, as the database knows it again.
 *
 * @param caller the caller's opaque id
 * @param keyHash SHA-256 of the Idempotency-Key
 * @param contentHash SHA-256 of what is asked for, however it is written
 */
record RepeatableRequest(String caller, Buffer keyHash, Buffer contentHash) {
    private static final String FORGET = """
            DELETE FROM issue_request WHERE ctid = ANY (ARRAY(SELECT ctid FROM issue_request
              WHERE created_at <= tap_now() - interval '24 hours' ORDER BY created_at LIMIT 10000))""";

    private static final String FORGET_BULKS = """
            DELETE FROM bulk_request WHERE ctid = ANY (ARRAY(SELECT ctid FROM bulk_request
              WHERE created_at <= tap_now() - interval '24 hours' ORDER BY created_at LIMIT 10000))""";

    /** Reads a request. */
    static RepeatableRequest of(String caller, String key, PassRequest request) {
        return of(caller, key, request, "");
    }

    /** Reads a request that asks for something beside the pass. */
    static RepeatableRequest of(String caller, String key, PassRequest request, String more) {
        String content = request.startsAt() + "\n" + request.lifetimeInMinutes() + "\n" + request.isUsableOnce() + "\n"
                + request.maximumUses();
        return new RepeatableRequest(caller, hash(key), hash(more.isEmpty() ? content : content + "\n" + more));
    }

    /** Forgets requests of more than 24 hours ago, some of them if they are many. */
    static Uni<Void> forgetOld(SqlClient client) {
        return client.query(FORGET)
                .execute()
                .chain(() -> client.query(FORGET_BULKS).execute())
                .replaceWithVoid();
    }

    private static Buffer hash(String text) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
