package tap.localstack.parked;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message that a service could not apply, as {@code ./tap parked --json} shows it.
 *
 * @param service the service that could not apply it
 * @param topic where it stands, with partition and offset
 * @param stream its stream, or its key if it could not be read
 * @param version its version in the stream; if it could not be read, its offset plus one
 * @param type its stored type, null if it could not be read
 * @param key whose passes are fenced: the user's id where there is one
 * @param reason why it could not be applied
 * @param since when it was parked
 */
public record ParkedMessage(
        String service,
        String topic,
        int partition,
        long offset,
        String stream,
        long version,
        @Nullable String type,
        String key,
        String reason,
        Instant since) {}
