package tap.endtoend.torture.invariants;

import java.util.stream.Stream;

/** No fault makes a message one that never applies: nothing is parked, and so nobody is fenced. */
final class NothingParked extends Invariant {
    NothingParked() {
        super("nothing is parked, nobody is fenced");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        return Stream.of(Service.values())
                .flatMap(service ->
                        evidence.store(service).parked().stream().map(parked -> service + " has parked " + parked));
    }
}
