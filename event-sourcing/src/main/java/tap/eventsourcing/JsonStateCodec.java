package tap.eventsourcing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a sealed family of state records as JSON, the record's simple name in the member {@code "is"}, so that {@code domain}
 * stays free of annotations.
 *
 * @param <S> states: a sealed interface of records
 */
public final class JsonStateCodec<S> implements StateCodec<S> {
    private final int stateVersion;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final Function<S, String> partitionKey;
    private final Predicate<S> ended;
    private final Function<S, @Nullable SealedPart> sealedPart;
    private final BiFunction<S, @Nullable SealedPart, S> withSealedPart;

    /**
     * A codec of states without a sealed part.
     *
     * @param states the sealed interface
     * @param stateVersion raise it whenever a record of the family changes: older heads are then folded anew
     * @param mapper how records become JSON
     * @param partitionKey the key of the stream's messages
     * @param ended whether the stream is over
     */
    public JsonStateCodec(
            Class<S> states,
            int stateVersion,
            JsonMapper mapper,
            Function<S, String> partitionKey,
            Predicate<S> ended) {
        this(states, stateVersion, mapper, partitionKey, ended, state -> null, (state, part) -> state);
    }

    /**
     * A codec of states with a sealed part, which {@code mapper} must leave out of the JSON.
     *
     * @param sealedPart takes it from a state
     * @param withSealedPart gives it back to a state that was read
     */
    public JsonStateCodec(
            Class<S> states,
            int stateVersion,
            JsonMapper mapper,
            Function<S, String> partitionKey,
            Predicate<S> ended,
            Function<S, @Nullable SealedPart> sealedPart,
            BiFunction<S, @Nullable SealedPart, S> withSealedPart) {
        this.stateVersion = stateVersion;
        JsonMapper named = mapper.rebuild().addMixIn(states, Named.class).build();
        named.registerSubtypes(records(states)
                .map(type -> new NamedType(type, type.getSimpleName()))
                .toArray(NamedType[]::new));
        this.writer = named.writerFor(states);
        this.reader = named.readerFor(states);
        this.partitionKey = partitionKey;
        this.ended = ended;
        this.sealedPart = sealedPart;
        this.withSealedPart = withSealedPart;
    }

    @Override
    public int stateVersion() {
        return stateVersion;
    }

    @Override
    public Written write(S state) {
        try {
            return new Written(
                    writer.writeValueAsString(state),
                    sealedPart.apply(state),
                    partitionKey.apply(state),
                    ended.test(state));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "cannot write state " + state.getClass().getName(), e);
        }
    }

    @Override
    public S read(String json, @Nullable SealedPart sealed) {
        try {
            S state = reader.readValue(json);
            return withSealedPart.apply(state, sealed);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a head of state version " + stateVersion + " cannot be read", e);
        }
    }

    private static Stream<Class<?>> records(Class<?> family) {
        Class<?>[] permitted = family.getPermittedSubclasses();
        if (permitted == null) {
            return Stream.of(family);
        }
        List<Class<?>> all = new ArrayList<>();
        Arrays.stream(permitted).forEach(member -> records(member).forEach(all::add));
        return all.stream();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    private interface Named {}
}
