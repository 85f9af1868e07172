package tap.policy.api;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.contract.Topics;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.scim;

/** Groups as the provisioning of Entra, Okta and Keycloak sends them. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class ScimGroupsIT {
    private static final String USERS = "/scim/v2/Users";
    private static final String GROUPS = "/scim/v2/Groups";

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static String user() {
        return scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"}""".formatted(unique("member")))
                .post(USERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static List<String> users(int count) {
        return IntStream.range(0, count).mapToObj(i -> user()).toList();
    }

    private static String members(List<String> ids) {
        return ids.stream().map(id -> "{\"value\":\"" + id + "\"}").collect(Collectors.joining(",", "[", "]"));
    }

    private static Response create(String name, List<String> members) {
        return scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"%s","members":%s}""".formatted(name, members(members))).post(GROUPS);
    }

    private static String group(List<String> members) {
        return create(unique("group"), members).then().statusCode(201).extract().path("id");
    }

    private static Response patch(String group, String... operations) {
        return scim("""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}""".formatted(String.join(",", operations))).patch(GROUPS + "/" + group);
    }

    private static ValidatableResponse read(String group) {
        return administrator().get(GROUPS + "/" + group).then().statusCode(200);
    }

    private static List<Message> published(String stream) {
        TestTopics topics = ServiceTestResource.topics();
        return topics.records(Topics.DIRECTORY).stream()
                .map(published -> CloudEventRecords.message(published, topics.prefix()))
                .filter(message -> message.streamId().equals(stream))
                .toList();
    }

    private static void awaitPublished(String stream, String... payloads) {
        await(stream)
                .untilAsserted(() -> assertThat(published(stream))
                        .extracting(Message::payload)
                        .containsExactly(payloads));
    }

    @Test
    void a_group_is_created_with_users_and_groups_and_everybody_reads_it_at_once() {
        String ada = user();
        String inner = group(List.of());
        String name = unique("Finance");
        String id = create(name, List.of(ada, inner))
                .then()
                .statusCode(201)
                .contentType("application/scim+json")
                .header("Tap-Confirmation", "confirmed")
                .header("Location", containsString("/scim/v2/Groups/"))
                .body("displayName", equalTo(name))
                .body("members.value", containsInAnyOrder(ada, inner))
                .body("meta.resourceType", equalTo("Group"))
                .extract()
                .path("id");
        read(id).body("members.find { it.value == '" + ada + "' }.type", equalTo("User"))
                .body("members.find { it.value == '" + inner + "' }.type", equalTo("Group"));
        administrator()
                .get(USERS + "/" + ada)
                .then()
                .body("groups.value", contains(id))
                .body("groups[0].display", equalTo(name));
        administrator()
                .queryParam("excludedAttributes", "members")
                .get(GROUPS + "/" + id)
                .then()
                .statusCode(200)
                .body("displayName", equalTo(name))
                .body("members", nullValue());
    }

    @Test
    void only_ids_are_published_by_the_members_themselves() {
        String ada = user();
        String inner = group(List.of());
        String id = group(List.of(ada, inner));
        awaitPublished(id, "{\"groupId\":\"" + id + "\",\"parentGroupIds\":[]}");
        awaitPublished(
                inner,
                "{\"groupId\":\"" + inner + "\",\"parentGroupIds\":[]}",
                "{\"groupId\":\"" + inner + "\",\"parentGroupIds\":[\"" + id + "\"]}");
        await().untilAsserted(
                        () -> assertThat(published(ada).getLast().payload()).contains("\"groupIds\":[\"" + id + "\"]"));
    }

    @Test
    void groups_are_found_by_name_external_id_id_and_member() {
        String ada = user();
        String name = unique("Ärzte");
        String id = scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"%s","externalId":"e-%s",
                 "members":[{"value":"%s"}]}""".formatted(name, name, ada)).post(GROUPS).path("id");
        for (String filter : List.of(
                "displayName eq \"" + name.toUpperCase(java.util.Locale.ROOT) + "\"",
                "externalId eq \"e-" + name + "\"",
                "id eq \"" + id + "\" and members.value eq \"" + ada + "\"",
                "members eq \"" + ada + "\"",
                "members[value eq \"" + ada + "\"]")) {
            Response found = administrator().queryParam("filter", filter).get(GROUPS);
            assertThat(found.statusCode()).as(filter + ": " + found.asString()).isEqualTo(200);
            found.then().body("totalResults", equalTo(1)).body("Resources[0].id", equalTo(id));
        }
        administrator()
                .queryParam("filter", "id eq \"" + id + "\" and members.value eq \"" + user() + "\"")
                .get(GROUPS)
                .then()
                .body("totalResults", equalTo(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"displayName sw \"a\"", "meta.created gt \"2020-01-01T00:00:00Z\"", "not (id eq \"a\")"})
    void another_filter_is_refused_and_says_what_is_supported(String filter) {
        administrator()
                .queryParam("filter", filter)
                .get(GROUPS)
                .then()
                .statusCode(400)
                .body("scimType", equalTo("invalidFilter"))
                .body("detail", containsString("displayName, externalId and members.value"));
    }

    @Test
    void entra_adds_removes_and_renames() {
        List<String> all = users(3);
        String id = group(List.of());
        patch(id, "{\"op\":\"Add\",\"path\":\"members\",\"value\":" + members(all) + "}")
                .then()
                .statusCode(200)
                .header("Tap-Confirmation", "confirmed");
        read(id).body("members.value", containsInAnyOrder(all.toArray()));
        patch(id, "{\"op\":\"Remove\",\"path\":\"members\",\"value\":" + members(all.subList(0, 1)) + "}")
                .then()
                .statusCode(200);
        read(id).body("members.value", containsInAnyOrder(all.get(1), all.get(2)));
        String name = unique("renamed");
        patch(id, "{\"op\":\"Replace\",\"path\":\"displayName\",\"value\":\"" + name + "\"}")
                .then()
                .statusCode(200);
        read(id).body("displayName", equalTo(name)).body("members", hasSize(2));
    }

    @Test
    void okta_removes_by_path_and_replaces_without_one() {
        List<String> all = users(2);
        String id = group(all);
        String name = unique("okta");
        patch(
                        id,
                        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + all.getFirst() + "\\\"]\"}",
                        "{\"op\":\"replace\",\"value\":{\"id\":\"" + id + "\",\"displayName\":\"" + name + "\"}}")
                .then()
                .statusCode(200);
        read(id).body("displayName", equalTo(name)).body("members.value", contains(all.getLast()));
        patch(id, "{\"op\":\"replace\",\"path\":\"members\",\"value\":" + members(all.subList(0, 1)) + "}")
                .then()
                .statusCode(200);
        read(id).body("members.value", contains(all.getFirst()));
        patch(id, "{\"op\":\"remove\",\"path\":\"members\"}").then().statusCode(200);
        read(id).body("members", nullValue());
    }

    @Test
    void keycloak_replaces_the_whole_group() {
        List<String> all = users(3);
        String id = group(all.subList(0, 2));
        String name = unique("keycloak");
        scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"%s","displayName":"%s","members":%s}""".formatted(id, name, members(all.subList(1, 3))))
                .put(GROUPS + "/" + id)
                .then()
                .statusCode(200)
                .body("displayName", equalTo(name))
                .body("members.value", containsInAnyOrder(all.get(1), all.get(2)));
        administrator().get(USERS + "/" + all.getFirst()).then().body("groups", nullValue());
    }

    @Test
    void the_last_operation_of_a_patch_decides_and_one_that_changes_nothing_is_no_event() {
        String ada = user();
        String id = group(List.of(ada));
        patch(
                        id,
                        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + ada + "\\\"]\"}",
                        "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(ada)) + "}")
                .then()
                .statusCode(200);
        patch(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(ada)) + "}")
                .then()
                .statusCode(200);
        String marker = user();
        group(List.of(marker));
        await().until(() -> published(marker).size() == 2);
        assertThat(published(ada)).hasSize(2);
    }

    @Test
    void a_member_who_is_nobody_is_named_and_nothing_changes() {
        String ada = user();
        String id = group(List.of());
        String nobody = UUID.randomUUID().toString();
        patch(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(ada, nobody)) + "}")
                .then()
                .statusCode(400)
                .body("scimType", equalTo("invalidValue"))
                .body("detail", containsString(nobody));
        patch(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"ada\"}]}")
                .then()
                .statusCode(400)
                .body("scimType", equalTo("invalidValue"));
        read(id).body("members", nullValue());
        create(unique("other"), List.of(nobody)).then().statusCode(400);
        scim("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\" \"}")
                .post(GROUPS)
                .then()
                .statusCode(400);
    }

    @Test
    void no_group_becomes_a_member_of_itself() {
        String inner = group(List.of());
        String middle = group(List.of(inner));
        String outer = group(List.of(middle));
        for (String group : List.of(outer, middle, inner)) {
            patch(inner, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(group)) + "}")
                    .then()
                    .statusCode(400)
                    .body("scimType", equalTo("invalidValue"))
                    .body("detail", containsString(group));
        }
    }

    @Test
    void of_two_nestings_that_would_make_a_cycle_together_one_is_refused() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 5; i++) {
                String one = group(List.of());
                String other = group(List.of());
                List<Callable<Integer>> both = List.of(() -> nest(one, other), () -> nest(other, one));
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> done : clients.invokeAll(both)) {
                    statuses.add(done.get());
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 400);
            }
        }
    }

    private static int nest(String outer, String inner) {
        return patch(outer, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(inner)) + "}")
                .statusCode();
    }

    @Test
    void groups_are_nested_in_sixteen_levels() {
        String innermost = group(List.of());
        String outermost = innermost;
        for (int level = 2; level <= 16; level++) {
            outermost = group(List.of(outermost));
        }
        create(unique("seventeenth"), List.of(outermost))
                .then()
                .statusCode(400)
                .body("detail", containsString("16 levels"));
        patch(innermost, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(group(List.of()))) + "}")
                .then()
                .statusCode(400);
    }

    @Test
    void a_group_that_is_deleted_leaves_nobody_behind() {
        String ada = user();
        String inner = group(List.of());
        String id = group(List.of(ada, inner));
        administrator().delete(GROUPS + "/" + id).then().statusCode(204).header("Tap-Confirmation", "confirmed");
        administrator().get(GROUPS + "/" + id).then().statusCode(404).body("status", equalTo("404"));
        administrator().delete(GROUPS + "/" + id).then().statusCode(404);
        administrator().get(USERS + "/" + ada).then().body("groups", nullValue());
        patch(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(List.of(ada)) + "}")
                .then()
                .statusCode(404);
        awaitPublished(id, "{\"groupId\":\"" + id + "\",\"parentGroupIds\":[]}", "{\"groupId\":\"" + id + "\"}");
        assertThat(published(inner).getLast().payload()).contains("\"parentGroupIds\":[]");
    }

    @Test
    void a_user_who_is_deleted_is_in_no_group() {
        List<String> both = users(2);
        String id = group(both);
        administrator().delete(USERS + "/" + both.getFirst()).then().statusCode(204);
        read(id).body("members.value", contains(both.getLast()));
    }

    @Test
    void hundreds_of_members_come_and_go_in_one_request() {
        List<String> all = bulkOfUsers(300);
        String id = group(List.of());
        patch(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":" + members(all) + "}")
                .then()
                .statusCode(200);
        read(id).body("members", hasSize(300));
        scim("""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations":[{"op":"add","path":"members","value":%s}]}""".formatted(members(List.of(user()))))
                .queryParam("excludedAttributes", "members")
                .patch(GROUPS + "/" + id)
                .then()
                .statusCode(200)
                .body("members", nullValue());
        patch(id, "{\"op\":\"replace\",\"path\":\"members\",\"value\":" + members(all.subList(0, 10)) + "}")
                .then()
                .statusCode(200);
        read(id).body("members", hasSize(10));
    }

    private static List<String> bulkOfUsers(int count) {
        List<String> ids = new ArrayList<>();
        for (int done = 0; done < count; done += 100) {
            List<String> locations = bulk(IntStream.range(0, 100)
                            .mapToObj(i -> """
                                    {"method":"POST","path":"/Users","bulkId":"u%d","data":{
                                     "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"}}""".formatted(i, unique("bulk")))
                            .collect(Collectors.joining(",")))
                    .then()
                    .statusCode(200)
                    .header("Tap-Confirmation", "confirmed")
                    .extract()
                    .path("Operations.location");
            locations.forEach(location -> ids.add(location.substring(location.lastIndexOf('/') + 1)));
        }
        return ids;
    }

    private static Response bulk(String operations) {
        return scim("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":[" + operations
                        + "]}")
                .post("/scim/v2/Bulk");
    }

    @Test
    void a_bulk_creates_a_user_and_the_group_that_the_user_is_in() {
        ValidatableResponse done = bulk("""
                {"method":"POST","path":"/Groups","bulkId":"g","data":{
                 "schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"%s",
                 "members":[{"type":"User","value":"bulkId:u"}]}},
                {"method":"POST","path":"/Users","bulkId":"u","data":{
                 "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"}}""".formatted(unique("bulk"), unique("bulk")))
                .then()
                .statusCode(200)
                .body("Operations.status", contains(201, 201));
        String group = done.extract().path("Operations.find { it.bulkId == 'g' }.location.tokenize('/').last()");
        String user = done.extract().path("Operations.find { it.bulkId == 'u' }.location.tokenize('/').last()");
        read(group).body("members.value", contains(user));
    }

    @Test
    void a_bulk_says_of_each_operation_what_became_of_it() {
        String taken = unique("taken");
        String create = """
                {"method":"POST","path":"/Users","bulkId":"%s","data":{
                 "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"}}""";
        bulk(create.formatted("a", taken) + "," + create.formatted("b", taken) + ","
                        + "{\"method\":\"DELETE\",\"path\":\"/Groups/" + UUID.randomUUID() + "\"}")
                .then()
                .statusCode(200)
                .body("Operations.status", contains(201, 409, 404));
    }

    @Test
    void the_configuration_says_what_is_served() {
        administrator()
                .get("/scim/v2/ServiceProviderConfig")
                .then()
                .statusCode(200)
                .body("patch.supported", equalTo(true))
                .body("bulk.supported", equalTo(true))
                .body("bulk.maxOperations", equalTo(100))
                .body("bulk.maxPayloadSize", equalTo(1_048_576))
                .body("filter.supported", equalTo(true))
                .body("sort.supported", equalTo(false))
                .body("etag.supported", equalTo(false));
        administrator().get("/scim/v2/ResourceTypes").then().body("Resources.endpoint", hasItems("/Users", "/Groups"));
        administrator()
                .get("/scim/v2/Schemas")
                .then()
                .body("Resources.id", hasItem("urn:ietf:params:scim:schemas:core:2.0:Group"))
                .body("Resources", not(empty()));
    }
}
