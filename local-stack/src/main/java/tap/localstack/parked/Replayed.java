package tap.localstack.parked;

import java.util.List;

/**
 * What came of a request to replay parked messages.
 *
 * @param applied messages that were applied
 * @param streamsLeft streams that stay parked
 * @param left the first 100 of them
 */
public record Replayed(long applied, long streamsLeft, List<Left> left) {
    /**
     * A stream that stays parked.
     *
     * @param source the service that publishes it
     * @param reason what it waits for
     */
    public record Left(String source, String stream, String reason) {}
}
