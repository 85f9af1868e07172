package tap.pass.api;

import tap.graph.json.Members;
import tap.graph.json.RequestBody;
import tap.pass.domain.PassRequest;

/** Reads a POST of a pass: Graph's members, and {@code maximumUses}, which is ours. */
final class IssueRequest {
    private IssueRequest() {}

    /** What the body asks for; 400 for what is no request of a pass. */
    static PassRequest of(RequestBody body) {
        return body.read(PassResponse.TYPE, members -> {
            // what an SDK may send back as it got it
            members.ignore(
                    "id",
                    "createdDateTime",
                    "isUsable",
                    "methodUsabilityReason",
                    "temporaryAccessPass",
                    "usageCount",
                    "lastUsedDateTime");
            return pass(members);
        });
    }

    /** What the members say of a pass. */
    static PassRequest pass(Members members) {
        return new PassRequest(
                members.instant("startDateTime"),
                members.integer("lifetimeInMinutes"),
                members.bool("isUsableOnce"),
                members.integer("maximumUses"));
    }
}
