package tap.eventsourcing;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventCodec} that writes each event as a public record in JSON. Built event by event, so that the list in a
 * service's {@code publishing} is the table of its stored names.
 *
 * @param <E> domain events, sealed
 */
public final class JsonEventCodec<E> implements EventCodec<E> {
    private final JsonMapper mapper;
    private final Map<Class<?>, Writer<E>> writers;
    private final Map<String, Reader<E>> readers;
    private final Map<Class<?>, Function<E, UUID>> ids;

    private JsonEventCodec(Builder<E> builder) {
        this.mapper = builder.mapper;
        this.writers = Map.copyOf(builder.writers);
        this.readers = Map.copyOf(builder.readers);
        this.ids = Map.copyOf(builder.ids);
    }

    /** Starts a codec of records that the mapper makes JSON of. */
    public static <E> Builder<E> with(JsonMapper mapper) {
        return new Builder<>(mapper);
    }

    @Override
    public Written write(E event) {
        Writer<E> writer = writers.get(event.getClass());
        if (writer == null) {
            throw new IllegalStateException(
                    "no stored name for " + event.getClass().getName());
        }
        try {
            return new Written(
                    writer.type,
                    mapper.writeValueAsString(writer.toRecord.apply(event)),
                    writer.sealedPart.apply(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + writer.type, e);
        }
    }

    @Override
    public E read(Written written) {
        Reader<E> reader = readers.get(written.type());
        if (reader == null) {
            throw new UnknownEventType(written.type());
        }
        try {
            return reader.read(written);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("payload of " + written.type() + " is not what its schema says", e);
        }
    }

    @Override
    public Optional<UUID> id(E event) {
        return Optional.ofNullable(ids.get(event.getClass())).map(id -> id.apply(event));
    }

    private record Writer<E>(String type, Function<E, Object> toRecord, Function<E, @Nullable SealedPart> sealedPart) {}

    private interface Reader<E> {
        E read(Written written) throws JsonProcessingException;
    }

    /**
     * Collects the stored names of an aggregate.
     *
     * @param <E> domain events, sealed
     */
    public static final class Builder<E> {
        private final JsonMapper mapper;
        private final Map<Class<?>, Writer<E>> writers = new HashMap<>();
        private final Map<String, Reader<E>> readers = new HashMap<>();
        private final Map<Class<?>, Function<E, UUID>> ids = new HashMap<>();

        private Builder(JsonMapper mapper) {
            this.mapper = mapper;
        }

        /**
         * An event without a sealed part.
         *
         * @param type stored name and version of its newest record
         * @param event its class
         * @param record the class of the public record
         * @param toRecord event to record
         * @param toEvent record to event
         */
        public <D extends E, P> Builder<E> event(
                String type, Class<D> event, Class<P> record, Function<D, P> toRecord, Function<P, D> toEvent) {
            return sealedEvent(type, event, record, toRecord, e -> null, (r, part) -> toEvent.apply(r));
        }

        /** As {@link #event}, with a part that is stored and sent sealed, beside the record. */
        public <D extends E, P> Builder<E> sealedEvent(
                String type,
                Class<D> event,
                Class<P> record,
                Function<D, P> toRecord,
                Function<D, @Nullable SealedPart> sealedPart,
                BiFunction<P, @Nullable SealedPart, D> toEvent) {
            Writer<E> writer =
                    new Writer<>(type, e -> toRecord.apply(event.cast(e)), e -> sealedPart.apply(event.cast(e)));
            if (writers.put(event, writer) != null) {
                throw new IllegalArgumentException("two stored names for " + event.getName());
            }
            return older(type, record, toEvent);
        }

        /** An older stored version, or one that a later build will write, that is only read: its upcaster makes today's event of it. */
        public <P> Builder<E> older(
                String type, Class<P> record, BiFunction<P, @Nullable SealedPart, ? extends E> upcast) {
            // A newer build may have added members; whatever the mapper thinks of them, they are no reason to stop.
            ObjectReader lenient = mapper.readerFor(record).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
            Reader<E> reader = written -> upcast.apply(lenient.readValue(written.payload()), written.sealed());
            if (readers.put(type, reader) != null) {
                throw new IllegalArgumentException("stored name " + type + " is used twice");
            }
            return this;
        }

        /** An event whose content names its own id. */
        public <D extends E> Builder<E> identified(Class<D> event, Function<D, UUID> id) {
            ids.put(event, e -> id.apply(event.cast(e)));
            return this;
        }

        /** The finished codec. */
        public JsonEventCodec<E> build() {
            return new JsonEventCodec<>(this);
        }
    }
}
