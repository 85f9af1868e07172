package tap.pass.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import tap.graph.error.GraphError;
import tap.graph.json.RequestBody;
import tap.pass.application.BulkOrder;
import tap.pass.domain.PassRequest;

/** Reads a POST of a bulk: whom passes are for, and what a single request says of a pass. */
final class BulkRequest {
    /** As long as a user name, or whatever else stands for a user in a path, can be. */
    private static final int LONGEST_KEY = 512;

    private static final Map<String, Boolean> ON_EXISTING = Map.of("skip", true, "replace", false);

    private BulkRequest() {}

    /** What the body asks for; 400 for what is no request of a bulk. */
    static BulkOrder of(RequestBody body, String key) {
        return body.read(PassResponse.TYPE, members -> {
            List<String> users = members.texts("users", BulkOrder.MOST_USERS, LONGEST_KEY);
            String group = members.text("groupId", 36);
            Boolean keepsLivePass = members.oneOf("onExisting", ON_EXISTING);
            PassRequest pass = IssueRequest.pass(members);
            if ((users == null || users.isEmpty()) == (group == null) || (users != null && group != null)) {
                throw GraphError.badRequest("Expected: either 'users', a list of 1 to " + BulkOrder.MOST_USERS
                                + " ids or user names, or 'groupId'.")
                        .exception();
            }
            UUID groupId = group == null
                    ? null
                    : PassReader.guid(group).orElseThrow(() -> members.expected("groupId", "the id of a group"));
            return new BulkOrder(
                    users == null ? List.of() : users, groupId, pass, keepsLivePass == null || keepsLivePass, key);
        });
    }
}
