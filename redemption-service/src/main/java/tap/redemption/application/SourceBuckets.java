package tap.redemption.application;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * Sheds the load of short codes before it costs a statement or an Argon2: a token bucket for each source and one for all, in each
 * pod. A redemption gives its tokens back, so that only what fails, or is under way, counts. Whoever has used up more than half of
 * their own bucket gets nothing of the last half of the common one, so that one who floods is turned away before one who asks
 * for the first time. What may be guessed is not bounded here but in the database ({@link Guessing}).
 */
public final class SourceBuckets {
    private final Limit ofSource;
    private final Limit ofAll;
    private final TimeMeter time;
    private final Bucket all;
    private final Map<Source, Bucket> sources;

    /**
     * A bucket's size.
     *
     * @param burst how many tokens it holds
     * @param perSecond how many come back a second
     */
    public record Limit(int burst, int perSecond) {
        /** Refuses what would let nothing through. */
        public Limit {
            if (burst < 1 || perSecond < 1) {
                throw new IllegalArgumentException("a bucket needs a burst and a rate of 1 or more");
            }
        }

        private Bucket bucket(TimeMeter time) {
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                    .withCustomTimePrecision(time)
                    .build();
        }

        private boolean halfEmpty(Bucket bucket) {
            return bucket.getAvailableTokens() * 2 < burst;
        }
    }

    /**
     * @param mostSources of how many sources a bucket is kept; whoever was not seen for the longest time goes, and begins anew with a
     *     full one
     * @param time tells the buckets how time passes
     */
    public SourceBuckets(Limit ofSource, Limit ofAll, int mostSources, TimeMeter time) {
        this.ofSource = ofSource;
        this.ofAll = ofAll;
        this.time = time;
        this.all = ofAll.bucket(time);
        this.sources = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Source, Bucket> eldest) {
                return size() > mostSources;
            }
        };
    }

    /** Takes a token of the source and one of all, or nothing if the load is to be shed. */
    Optional<Taken> take(Source source) {
        Bucket own;
        synchronized (sources) {
            own = sources.computeIfAbsent(source, unseen -> ofSource.bucket(time));
        }
        if ((ofAll.halfEmpty(all) && ofSource.halfEmpty(own)) || !own.tryConsume(1)) {
            return Optional.empty();
        }
        if (!all.tryConsume(1)) {
            own.addTokens(1);
            return Optional.empty();
        }
        return Optional.of(new Taken(own, all));
    }

    /** Of how many sources a bucket is kept. */
    public int known() {
        synchronized (sources) {
            return sources.size();
        }
    }

    /** The tokens that an attempt has taken. */
    record Taken(Bucket own, Bucket all) {
        /** Nothing was guessed: the source had a right to it. */
        void giveBack() {
            own.addTokens(1);
            all.addTokens(1);
        }
    }
}
