package tap.redemption.reactions;

import com.fasterxml.jackson.core.JsonProcessingException;
import tap.contract.ContractJson;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;

/** Reads public records. What is not as its schema says can never be applied. */
final class Payload {
    private Payload() {}

    static <T> T read(Message message, Class<T> record) {
        try {
            return ContractJson.mapper().readValue(message.payload(), record);
        } catch (JsonProcessingException e) {
            throw new NotApplicable(message.type() + " of " + message.streamId() + " is not what its schema says at "
                    + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr());
        }
    }
}
