package tap.endtoend.torture.invariants;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import tap.endtoend.torture.invariants.Store.Event;
import tap.endtoend.torture.invariants.Store.Head;
import tap.eventsourcing.Decider;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.StateCodec;
import tap.pass.domain.PassDecider;
import tap.pass.publishing.StoredPass;
import tap.policy.domain.GroupDecider;
import tap.policy.domain.PolicyDecider;
import tap.policy.domain.UserDecider;
import tap.policy.publishing.StoredGroup;
import tap.policy.publishing.StoredPolicy;
import tap.policy.publishing.StoredUser;
import tap.redemption.domain.AllowanceDecider;
import tap.redemption.publishing.StoredAllowance;

/** The log is the truth: every head is the fold of its stream, by the services' own rules and codecs. */
final class HeadsEqualFolds extends Invariant {
    HeadsEqualFolds() {
        super("every head is the fold of its stream");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        return Stream.of(Service.values()).flatMap(service -> violated(service, evidence.store(service)).stream());
    }

    private static List<String> violated(Service service, Store store) {
        List<String> violated = new ArrayList<>();
        store.streams().forEach((stream, events) -> {
            Head head = store.heads().get(stream);
            if (head == null) {
                violated.add(service + " has events of stream " + stream + " and no head");
                return;
            }
            Head folded = aggregate(service, events.getFirst().type()).head(events);
            if (!Objects.equals(head, folded)) {
                violated.add("the head of stream " + stream + " in " + service + " is " + head + ", its events make "
                        + folded);
            }
        });
        store.heads().keySet().stream()
                .filter(stream -> store.stream(stream).isEmpty())
                .forEach(stream -> violated.add(service + " has a head of stream " + stream + " and no event"));
        return violated;
    }

    private static Aggregate<?, ?> aggregate(Service service, String type) {
        return switch (service) {
            case POLICY ->
                switch (type.substring(0, type.indexOf('-'))) {
                    case "policy" -> new Aggregate<>(new PolicyDecider(), StoredPolicy.EVENTS, StoredPolicy.HEAD);
                    case "group" -> new Aggregate<>(new GroupDecider(), StoredGroup.EVENTS, StoredGroup.HEAD);
                    default -> new Aggregate<>(new UserDecider(), StoredUser.EVENTS, StoredUser.HEAD);
                };
            case PASS -> new Aggregate<>(new PassDecider(), StoredPass.EVENTS, StoredPass.HEAD);
            case REDEMPTION -> new Aggregate<>(new AllowanceDecider(), StoredAllowance.EVENTS, StoredAllowance.HEAD);
        };
    }

    private record Aggregate<S, E>(Decider<?, S, E, ?> decider, EventCodec<E> events, StateCodec<S> states) {
        Head head(List<Event> stream) {
            S state = decider.initial();
            for (Event event : stream) {
                state = decider.evolve(state, events.read(event.written()));
            }
            StateCodec.Written written = states.write(state);
            return new Head(
                    stream.getLast().version(),
                    written.partitionKey(),
                    written.ended(),
                    Store.json(written.json()),
                    states.stateVersion(),
                    written.sealed(),
                    stream.getLast().occurredAt());
        }
    }
}
