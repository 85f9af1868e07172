package tap.localstack.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tap.localstack.infrastructure.LocalStackException;

/**
 * What the pods' own histograms say of the time from the commit to the confirmation ({@code tap_confirmation_seconds}): no HTTP, no
 * gateway, no client in it.
 *
 * @param counts confirmed answers by the upper bound of their bucket in seconds, each with those of all lower ones
 */
public record ConfirmationHistogram(TreeMap<Double, Long> counts) {
    private static final Pattern BUCKET = Pattern.compile("(?m)^tap_confirmation_seconds_bucket\\{([^}]*)} (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** The sum of all pods. */
    public static ConfirmationHistogram of(List<String> pods, String operation) {
        TreeMap<Double, Long> sum = new TreeMap<>();
        for (String pod : pods) {
            parse(metrics(pod), operation).counts.forEach((bound, count) -> sum.merge(bound, count, Long::sum));
        }
        return new ConfirmationHistogram(sum);
    }

    /** One pod's, from Prometheus' text format. */
    static ConfirmationHistogram parse(String metrics, String operation) {
        TreeMap<Double, Long> counts = new TreeMap<>();
        Matcher buckets = BUCKET.matcher(metrics);
        while (buckets.find()) {
            Map<String, String> labels = new TreeMap<>();
            Matcher label = LABEL.matcher(buckets.group(1));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            if (operation.equals(labels.get("operation")) && "confirmed".equals(labels.get("outcome"))) {
                String bound = labels.getOrDefault("le", "+Inf");
                counts.put(bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound), (long)
                        Double.parseDouble(buckets.group(2)));
            }
        }
        return new ConfirmationHistogram(counts);
    }

    /** What was counted after an earlier look. */
    public ConfirmationHistogram since(ConfirmationHistogram earlier) {
        TreeMap<Double, Long> later = new TreeMap<>();
        counts.forEach((bound, count) -> later.put(bound, count - earlier.counts.getOrDefault(bound, 0L)));
        return new ConfirmationHistogram(later);
    }

    /** How many answers it holds. */
    public long total() {
        return counts.isEmpty() ? 0 : counts.lastEntry().getValue();
    }

    /** Milliseconds within which this share of the answers was confirmed: the upper bound of the bucket of the nearest rank. */
    public double withinMillis(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total()));
        return counts.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= rank)
                .findFirst()
                .map(bucket -> bucket.getKey() * 1e3)
                .orElse(Double.NaN);
    }

    private static String metrics(String pod) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest question = HttpRequest.newBuilder(URI.create(pod + "/q/metrics"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return client.send(question, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new LocalStackException(pod + " does not show its metrics: " + e + ". See ./tap status.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted.", e);
        }
    }
}
