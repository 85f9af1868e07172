package tap.endtoend.torture;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A pass as the one who asked for it knows it: the code, and what may become of it. For all threads. */
final class TrackedPass {
    private final String userId;
    private final String id;
    private final String code;
    private final int limit;
    private final boolean sure;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicLong goneSince = new AtomicLong(Long.MAX_VALUE);

    /**
     * @param limit how often it may be used
     * @param sure whether the system has said that it can be redeemed now
     */
    TrackedPass(String userId, String id, String code, int limit, boolean sure) {
        this.userId = userId;
        this.id = id;
        this.code = code;
        this.limit = limit;
        this.sure = sure;
    }

    String userId() {
        return userId;
    }

    String id() {
        return id;
    }

    String code() {
        return code;
    }

    int limit() {
        return limit;
    }

    boolean sure() {
        return sure;
    }

    /** Notes a token's id; false if it was seen before. */
    boolean used(String jti) {
        return tokens.add(jti);
    }

    int uses() {
        return tokens.size();
    }

    boolean exceeded() {
        return uses() > limit;
    }

    /** The system has said that no redemption that starts from then on succeeds. */
    void gone(long since) {
        goneSince.accumulateAndGet(since, Math::min);
    }

    boolean goneBefore(long instant) {
        return goneSince.get() < instant;
    }

    @Override
    public String toString() {
        return "pass " + id + " of user " + userId;
    }
}
