package tap.endtoend;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.microsoft.graph.core.requests.BaseGraphRequestAdapter;
import com.microsoft.graph.models.AuthenticationMethod;
import com.microsoft.graph.models.AuthenticationMethodConfiguration;
import com.microsoft.graph.models.AuthenticationMethodState;
import com.microsoft.graph.models.AuthenticationMethodTarget;
import com.microsoft.graph.models.AuthenticationMethodTargetType;
import com.microsoft.graph.models.ExcludeTarget;
import com.microsoft.graph.models.TemporaryAccessPassAuthenticationMethod;
import com.microsoft.graph.models.TemporaryAccessPassAuthenticationMethodConfiguration;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.policies.authenticationmethodspolicy.AuthenticationMethodsPolicyRequestBuilder;
import com.microsoft.graph.policies.authenticationmethodspolicy.authenticationmethodconfigurations.item.AuthenticationMethodConfigurationItemRequestBuilder;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.graph.users.item.authentication.AuthenticationRequestBuilder;
import com.microsoft.graph.users.item.authentication.temporaryaccesspassmethods.TemporaryAccessPassMethodsRequestBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** The unmodified Microsoft Graph SDK for Java configures the policy and manages passes, and does not notice. */
class GraphClientIT {
    private static final String POLICY = "TemporaryAccessPass";
    private static final String OUT_OF_POLICY =
            "Converged UserCredentialPolicy does not allow creating or updating this"
                    + " authentication method. AuthMethodType [TemporaryAccessPass].";

    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final GraphServiceClient graph = client("v1.0", administrator.token());
    private final String name = "graph-" + UUID.randomUUID() + "@example.com";

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @AfterEach
    void leaveThePolicyAsItWas() {
        configuration(graph).delete();
    }

    @Test
    void the_policy_is_read_in_every_form_that_the_builders_offer() {
        AuthenticationMethodsPolicyRequestBuilder policy = graph.policies().authenticationMethodsPolicy();
        assertThat(policy.get().getAuthenticationMethodConfigurations())
                .singleElement()
                .isInstanceOf(TemporaryAccessPassAuthenticationMethodConfiguration.class);
        List<AuthenticationMethodConfiguration> configurations =
                policy.authenticationMethodConfigurations().get().getValue();
        assertThat(configurations)
                .singleElement()
                .isInstanceOf(TemporaryAccessPassAuthenticationMethodConfiguration.class)
                .returns(POLICY, AuthenticationMethodConfiguration::getId);
        assertThat(policy.authenticationMethodConfigurations().count().get()).isEqualTo(1);
    }

    @Test
    void the_policy_is_changed_and_reset() {
        AuthenticationMethodTarget included = new AuthenticationMethodTarget();
        included.setId("all_users");
        included.setTargetType(AuthenticationMethodTargetType.Group);
        included.setIsRegistrationRequired(false);
        ExcludeTarget excluded = new ExcludeTarget();
        excluded.setId(UUID.randomUUID().toString());
        excluded.setTargetType(AuthenticationMethodTargetType.User);
        TemporaryAccessPassAuthenticationMethodConfiguration change =
                new TemporaryAccessPassAuthenticationMethodConfiguration();
        change.setState(AuthenticationMethodState.Enabled);
        change.setMinimumLifetimeInMinutes(30);
        change.setMaximumLifetimeInMinutes(600);
        change.setDefaultLifetimeInMinutes(45);
        change.setDefaultLength(12);
        change.setIsUsableOnce(true);
        change.setIncludeTargets(List.of(included));
        change.setExcludeTargets(List.of(excluded));

        assertThat(configuration(graph).patch(change)).isNull();
        // of a model that it has sent the SDK sends only what has changed since: nothing
        assertThat(configuration(graph).patch(change)).isNull();

        TemporaryAccessPassAuthenticationMethodConfiguration changed = settings(graph);
        assertThat(changed.getState()).isEqualTo(AuthenticationMethodState.Enabled);
        assertThat(changed.getMinimumLifetimeInMinutes()).isEqualTo(30);
        assertThat(changed.getMaximumLifetimeInMinutes()).isEqualTo(600);
        assertThat(changed.getDefaultLifetimeInMinutes()).isEqualTo(45);
        assertThat(changed.getDefaultLength()).isEqualTo(12);
        assertThat(changed.getIsUsableOnce()).isTrue();
        assertThat(changed.getIncludeTargets())
                .singleElement()
                .returns("all_users", AuthenticationMethodTarget::getId)
                .returns(AuthenticationMethodTargetType.Group, AuthenticationMethodTarget::getTargetType)
                .returns(false, AuthenticationMethodTarget::getIsRegistrationRequired);
        assertThat(changed.getExcludeTargets())
                .singleElement()
                .returns(excluded.getId(), ExcludeTarget::getId)
                .returns(AuthenticationMethodTargetType.User, ExcludeTarget::getTargetType);

        configuration(graph).delete();
        TemporaryAccessPassAuthenticationMethodConfiguration reset = settings(graph);
        assertThat(reset.getState()).isEqualTo(AuthenticationMethodState.Disabled);
        assertThat(reset.getDefaultLifetimeInMinutes()).isEqualTo(60);
        assertThat(reset.getExcludeTargets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1.0", "beta"})
    void a_pass_is_issued_read_redeemed_and_deleted(String version) {
        administrator.user(name);
        AuthenticationRequestBuilder methods = methods(client(version, administrator.token()), name);
        TemporaryAccessPassMethodsRequestBuilder passes = methods.temporaryAccessPassMethods();
        assertThat(passes.get().getValue()).isEmpty();

        TemporaryAccessPassAuthenticationMethod asked = new TemporaryAccessPassAuthenticationMethod();
        asked.setLifetimeInMinutes(90);
        asked.setIsUsableOnce(false);
        asked.setAdditionalData(Map.of("maximumUses", 2));
        TemporaryAccessPassAuthenticationMethod issued = passes.post(asked);
        assertThat(issued.getTemporaryAccessPass()).hasSize(8);
        assertThat(issued.getIsUsable()).isTrue();
        assertThat(issued.getMethodUsabilityReason()).isEqualTo("EnabledByPolicy");
        assertThat(issued.getLifetimeInMinutes()).isEqualTo(90);
        assertThat(issued.getStartDateTime()).isBeforeOrEqualTo(OffsetDateTime.now(ZoneOffset.UTC));
        assertThat(issued.getAdditionalData()).containsKeys("maximumUses", "usageCount");

        stack.signIn().redeem(name, issued.getTemporaryAccessPass()).then().statusCode(200);

        var one = passes.byTemporaryAccessPassAuthenticationMethodId(issued.getId());
        assertThat(one.get().getTemporaryAccessPass()).isNull();
        await("the use to be shown").until(() -> one.get().getAdditionalData().get("lastUsedDateTime") != null);
        assertThat(passes.get(query -> {
                            query.queryParameters.select = new String[] {"id", "isUsable"};
                            query.queryParameters.top = 5;
                            query.queryParameters.count = true;
                        })
                        .getValue())
                .extracting(AuthenticationMethod::getId)
                .containsExactly(issued.getId());
        assertThat(passes.count().get()).isEqualTo(1);
        assertThat(methods.methods().get().getValue())
                .singleElement()
                .isInstanceOf(TemporaryAccessPassAuthenticationMethod.class)
                .returns(issued.getId(), AuthenticationMethod::getId);
        assertThat(methods.methods().count().get()).isEqualTo(1);
        assertThat(methods.methods().byAuthenticationMethodId(issued.getId()).get())
                .isInstanceOf(TemporaryAccessPassAuthenticationMethod.class);

        one.delete();
        await("the pass to be gone").until(() -> passes.get().getValue().isEmpty());
        stack.signIn().redeem(name, issued.getTemporaryAccessPass()).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+b", "o'brien", "guest_partner.example#EXT#", "percent%41", "ümlaut"})
    void a_user_is_named_by_whatever_name_or_by_id(String local) {
        String named = local + "-" + name;
        String id = administrator.user(named);
        String pass = passes(named)
                .post(new TemporaryAccessPassAuthenticationMethod())
                .getId();
        assertThat(passes(id)
                        .byTemporaryAccessPassAuthenticationMethodId(pass)
                        .get()
                        .getId())
                .isEqualTo(pass);
    }

    @Test
    void an_error_arrives_with_its_code_message_and_ids() {
        administrator.user(name);
        TemporaryAccessPassAuthenticationMethod asked = new TemporaryAccessPassAuthenticationMethod();
        asked.setLifetimeInMinutes(9);
        ODataError error = refused(() -> passes(name).post(asked));
        assertError(
                error, 400, "badRequest", "Invalid LifetimeInMinutes specified. The valid range between 60 and 480.");
        assertThat(error.getError().getInnerError().getRequestId()).isNotBlank();
        assertThat(error.getError().getInnerError().getClientRequestId()).isNotBlank();
        assertThat(error.getError().getInnerError().getDate()).isNotNull();
    }

    @Test
    void what_the_policy_does_not_allow_is_refused() {
        administrator.user(name);
        TemporaryAccessPassAuthenticationMethod past = new TemporaryAccessPassAuthenticationMethod();
        past.setStartDateTime(OffsetDateTime.parse("2020-01-01T00:00:00Z"));
        assertError(
                refused(() -> passes(name).post(past)),
                400,
                "badRequest",
                "Invalid StartDateTime specified. It can not be a time in the past.");

        administrator.configure(Map.of("isUsableOnce", true)).then().statusCode(204);
        TemporaryAccessPassAuthenticationMethod many = new TemporaryAccessPassAuthenticationMethod();
        many.setIsUsableOnce(false);
        assertError(
                refused(() -> passes(name).post(many)),
                400,
                "badRequest",
                "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass"
                        + " method.");

        administrator.configure(Map.of("state", "disabled")).then().statusCode(204);
        assertError(
                refused(() -> passes(name).post(new TemporaryAccessPassAuthenticationMethod())),
                400,
                "badRequest",
                OUT_OF_POLICY);
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertError(
                refused(() -> passes(name).get()),
                404,
                "Request_ResourceNotFound",
                "Resource '" + name
                        + "' does not exist or one of its queried reference-property objects are not present.");
        administrator.user(name);
        ODataError noPass = refused(() -> passes(name)
                .byTemporaryAccessPassAuthenticationMethodId(UUID.randomUUID().toString())
                .get());
        assertThat(noPass.getError().getCode()).isEqualTo("resourceNotFound");
        assertThat(refused(() -> graph.policies()
                                .authenticationMethodsPolicy()
                                .authenticationMethodConfigurations()
                                .byAuthenticationMethodConfigurationId("Fido2")
                                .get())
                        .getResponseStatusCode())
                .isEqualTo(404);
    }

    @Test
    void who_may_not_is_refused() {
        administrator.user(name);
        GraphServiceClient reader =
                client("v1.0", stack.administrator("Global Reader").token());
        assertError(
                refused(() -> methods(reader, name)
                        .temporaryAccessPassMethods()
                        .post(new TemporaryAccessPassAuthenticationMethod())),
                403,
                "accessDenied",
                "Request Authorization failed");
        assertThat(refused(() -> settings(client("v1.0", "no-token")))
                        .getError()
                        .getCode())
                .isEqualTo("InvalidAuthenticationToken");
    }

    @Test
    void what_the_builders_offer_and_nobody_serves_is_refused_as_an_error() {
        AuthenticationMethodsPolicyRequestBuilder policy = graph.policies().authenticationMethodsPolicy();
        assertThat(refused(policy::delete).getResponseStatusCode()).isEqualTo(405);
        assertThat(refused(() -> policy.authenticationMethodConfigurations()
                                .post(new TemporaryAccessPassAuthenticationMethodConfiguration()))
                        .getResponseStatusCode())
                .isEqualTo(405);
        assertThat(refused(() -> methods(graph, name).fido2Methods().get()).getResponseStatusCode())
                .isEqualTo(404);
    }

    @Test
    void the_caller_sees_only_the_own_pass() {
        // the administrator has none, and nobody issues one for the own account
        assertThat(graph.me()
                        .authentication()
                        .temporaryAccessPassMethods()
                        .get()
                        .getValue())
                .isEmpty();
        assertThat(graph.me()
                        .authentication()
                        .temporaryAccessPassMethods()
                        .count()
                        .get())
                .isZero();
        assertThat(graph.me().authentication().methods().get().getValue()).isEmpty();
        assertThat(refused(() -> graph.me()
                                .authentication()
                                .temporaryAccessPassMethods()
                                .post(new TemporaryAccessPassAuthenticationMethod()))
                        .getResponseStatusCode())
                .isEqualTo(405);
    }

    private TemporaryAccessPassMethodsRequestBuilder passes(String user) {
        return methods(graph, user).temporaryAccessPassMethods();
    }

    private static AuthenticationRequestBuilder methods(GraphServiceClient graph, String user) {
        return graph.users().byUserId(user).authentication();
    }

    private static AuthenticationMethodConfigurationItemRequestBuilder configuration(GraphServiceClient graph) {
        return graph.policies()
                .authenticationMethodsPolicy()
                .authenticationMethodConfigurations()
                .byAuthenticationMethodConfigurationId(POLICY);
    }

    private static TemporaryAccessPassAuthenticationMethodConfiguration settings(GraphServiceClient graph) {
        return (TemporaryAccessPassAuthenticationMethodConfiguration)
                configuration(graph).get();
    }

    private GraphServiceClient client(String version, String token) {
        return new GraphServiceClient(new BaseGraphRequestAdapter(
                (request, context) -> request.headers.add("Authorization", "Bearer " + token),
                stack.gateway() + "/" + version));
    }

    private static ODataError refused(ThrowingCallable call) {
        ODataError error = catchThrowableOfType(ODataError.class, call);
        assertThat(error).as("the error").isNotNull();
        return error;
    }

    private static void assertError(ODataError error, int status, String code, String message) {
        assertThat(error.getResponseStatusCode()).isEqualTo(status);
        assertThat(error.getError().getCode()).isEqualTo(code);
        assertThat(error.getError().getMessage()).isEqualTo(message);
    }
}
