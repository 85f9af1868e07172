package tap.localstack.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.vertx.core.net.SocketAddress;

/** Takes a service's pods in turn: each call begins with the next one and has the others behind it, in case it refuses. */
final class Rotation {
    private final Function<String, List<SocketAddress>> pods;
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    Rotation(Function<String, List<SocketAddress>> pods) {
        this.pods = pods;
    }

    List<SocketAddress> next(String service) {
        List<SocketAddress> all = pods.apply(service);
        if (all.size() < 2) {
            return all;
        }
        int first = Math.floorMod(
                turns.computeIfAbsent(service, name -> new AtomicInteger()).getAndIncrement(), all.size());
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get((first + i) % all.size()))
                .toList();
    }
}
