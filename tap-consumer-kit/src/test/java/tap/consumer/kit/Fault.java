package tap.consumer.kit;

import java.util.Set;

import static tap.consumer.kit.Scenario.CLEAN;
import static tap.consumer.kit.Scenario.EVERY_EVENT_TWICE;
import static tap.consumer.kit.Scenario.FORK;
import static tap.consumer.kit.Scenario.GAP;
import static tap.consumer.kit.Scenario.KILLS;
import static tap.consumer.kit.Scenario.NEWER_VERSION;
import static tap.consumer.kit.Scenario.OPTIONAL_MEMBER;
import static tap.consumer.kit.Scenario.RESENT_PREFIXES;
import static tap.consumer.kit.Scenario.RESTARTS;
import static tap.consumer.kit.Scenario.UNKNOWN_TYPE;

/** What is wrong with a {@link BadConsumer}, and where the kit must find it at least. */
enum Fault {
    NO_DUPLICATE_CHECK(EVERY_EVENT_TWICE, RESENT_PREFIXES),
    REMEMBERS_ONLY_THE_LAST_EVENT(RESENT_PREFIXES),
    SKIPS_GAPS(GAP),
    SKIPS_GAPS_BUT_RAISES_AN_ALARM(GAP),
    TAKES_FORKS(FORK),
    SKIPS_UNKNOWN_TYPES(UNKNOWN_TYPE, NEWER_VERSION),
    TAKES_NEWER_VERSIONS_FOR_THE_OLD(NEWER_VERSION),
    REFUSES_ADDITIONS(OPTIONAL_MEMBER),
    STOPS_ALL_STREAMS_AT_A_FAULT(GAP, FORK, UNKNOWN_TYPE, NEWER_VERSION),
    OFFSET_BEFORE_EFFECT(KILLS),
    EFFECT_BEFORE_OFFSET(KILLS),
    STARTS_AT_THE_END(CLEAN, RESTARTS);

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes no other
    private final Set<Scenario> foundWith;

    Fault(Scenario... foundWith) {
        this.foundWith = Set.of(foundWith);
    }

    Set<Scenario> foundWith() {
        return foundWith;
    }

    /** How many more plays it may take to find it. */
    int luck() {
        return foundWith.contains(KILLS) ? 20 : 0;
    }
}
