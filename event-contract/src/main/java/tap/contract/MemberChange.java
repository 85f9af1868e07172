package tap.contract;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What became of one member of the policy.
 *
 * @param member the member's name, as in {@link PolicyV1}
 * @param from its value before
 * @param to its value since
 */
public record MemberChange(String member, JsonNode from, JsonNode to) {}
