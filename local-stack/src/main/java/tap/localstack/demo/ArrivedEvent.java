package tap.localstack.demo;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * An event as a consumer of the public topics gets it.
 *
 * @param topic where
 * @param partition where
 * @param type the CloudEvents type
 * @param subject the stream
 * @param sequence the stream's version
 * @param data the JSON payload
 * @param arrived {@link System#nanoTime()} when it arrived
 */
record ArrivedEvent(
        String topic, int partition, String type, String subject, long sequence, String data, long arrived) {
    static ArrivedEvent of(ConsumerRecord<String, byte[]> message) {
        String sequence = header(message, "ce_sequence");
        return new ArrivedEvent(
                message.topic(),
                message.partition(),
                header(message, "ce_type"),
                header(message, "ce_subject"),
                sequence.isEmpty() ? 0 : Long.parseLong(sequence),
                message.value() == null ? "" : new String(message.value(), StandardCharsets.UTF_8),
                System.nanoTime());
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
