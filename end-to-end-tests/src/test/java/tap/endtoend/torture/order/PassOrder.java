package tap.endtoend.torture.order;

import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static java.util.Comparator.reverseOrder;

/**
 * Looks for an order in which everything that is known of a pass can have happened, each at an instant of its own time: the search of
 * Wing and Gong (1993), with the memory of Lowe (2017).
 *
 * <p>Two things keep it short without losing an order. What only tells of the pass comes next as soon as it is true: moved forward, it
 * changes nothing for what follows. And of two that do the same and may both come next, the one with the earlier end comes first, and
 * before what may be left out: in any order that had the other first, the two can change places.
 */
final class PassOrder {
    private static final int MOST_TOLD = 12;

    private final PassState initial;
    private final List<Operation> operations;
    private final Set<Place> visited = new HashSet<>();
    private Place furthest;

    private PassOrder(PassState initial, List<Operation> operations) {
        this.initial = initial;
        this.operations = operations.stream()
                .sorted(Comparator.comparingLong(Operation::ended).thenComparing(Operation::happened, reverseOrder()))
                .toList();
        this.furthest = new Place(new BitSet(), initial);
    }

    /** How far an order has come: which operations have happened, and what is so then. */
    private record Place(BitSet done, PassState state) {}

    /**
     * Says why there is no order, or nothing if there is one.
     *
     * @param initial before the first operation
     * @param operations in any order
     */
    static Optional<String> missing(PassState initial, List<Operation> operations) {
        PassOrder order = new PassOrder(initial, operations);
        return order.canEnd(new Place(new BitSet(), initial)) ? Optional.empty() : Optional.of(order.told());
    }

    private boolean canEnd(Place from) {
        Place place = read(from);
        if (place.done.cardinality() > furthest.done.cardinality()) {
            furthest = place;
        }
        if (missing(place.done) == 0) {
            return true;
        }
        return visited.add(place)
                && next(place).values().stream()
                        .anyMatch(index -> place.state
                                .after(operations.get(index).what())
                                .map(state -> new Place(with(place.done, index), state))
                                .filter(this::canEnd)
                                .isPresent());
    }

    private long missing(BitSet done) {
        return operations.stream().filter(Operation::happened).count()
                - done.stream()
                        .filter(index -> operations.get(index).happened())
                        .count();
    }

    // A reading only moves the horizon further away, so what could be read before still can.
    private Place read(Place from) {
        BitSet done = (BitSet) from.done.clone();
        int before;
        do {
            before = done.cardinality();
            long horizon = horizon(done);
            for (int index = done.nextClearBit(0); index < operations.size(); index = done.nextClearBit(index + 1)) {
                Operation operation = operations.get(index);
                if (operation.what().isReading()
                        && operation.begun() <= horizon
                        && from.state.after(operation.what()).isPresent()) {
                    done.set(index);
                }
            }
        } while (done.cardinality() > before);
        return new Place(done, from.state);
    }

    /** By what it does, the operation that may come next; they are sorted by their end. */
    private Map<Operation.What, Integer> next(Place place) {
        Map<Operation.What, Integer> next = new EnumMap<>(Operation.What.class);
        long horizon = horizon(place.done);
        for (int index = place.done.nextClearBit(0);
                index < operations.size();
                index = place.done.nextClearBit(index + 1)) {
            Operation operation = operations.get(index);
            if (!operation.what().isReading() && operation.begun() <= horizon) {
                next.putIfAbsent(operation.what(), index);
            }
        }
        return next;
    }

    /** What begins later than this cannot come next: something else had ended before. */
    private long horizon(BitSet done) {
        for (int index = done.nextClearBit(0); index < operations.size(); index = done.nextClearBit(index + 1)) {
            if (operations.get(index).happened()) {
                return operations.get(index).ended();
            }
        }
        return Operation.NEVER;
    }

    private static BitSet with(BitSet done, int index) {
        BitSet more = (BitSet) done.clone();
        more.set(index);
        return more;
    }

    private String told() {
        long origin = operations.stream().mapToLong(Operation::begun).min().orElse(0);
        long horizon = horizon(furthest.done);
        return operations.size() + " operations have no order, not from " + initial + ". After "
                + furthest.done.cardinality() + " of them, with " + furthest.state
                + ", none of these fits that would have to come next: "
                + IntStream.range(0, operations.size())
                        .filter(index -> !furthest.done.get(index))
                        .mapToObj(operations::get)
                        .filter(operation -> operation.happened() && operation.begun() <= horizon)
                        .limit(MOST_TOLD)
                        .map(operation -> told(operation, origin))
                        .collect(Collectors.joining("; "))
                + ". All: "
                + operations.stream()
                        .sorted(Comparator.comparingLong(Operation::begun))
                        .map(operation -> told(operation, origin))
                        .collect(Collectors.joining("; "));
    }

    private static String told(Operation operation, long origin) {
        return (operation.happened() ? "" : "perhaps ") + operation.what() + " at "
                + milliseconds(operation.begun() - origin) + " to "
                + (operation.ended() == Operation.NEVER ? "any" : milliseconds(operation.ended() - origin)) + " ms";
    }

    private static String milliseconds(long nanoseconds) {
        return String.format("%.3f", nanoseconds / 1e6);
    }
}
