package tap.policy.api;

import java.util.List;

import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.complex.BulkConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.FilterConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.PatchConfig;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.AuthenticationScheme;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.EndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceEndpoint;
import jakarta.inject.Singleton;

/** The SCIM SDK, told what we serve: users and groups, filters by equality, PATCH, bulk; no sorting, ETags or passwords. */
@Singleton
class ScimEndpoint {
    private static final int MOST_RESULTS = 100;
    // each is a transaction of its own; a client waits for all of them
    private static final int MOST_OPERATIONS = 100;

    private final ResourceEndpoint endpoint;

    ScimEndpoint(ScimUsers users, ScimGroups groups) {
        ServiceProvider provider = ServiceProvider.builder()
                .lenientContentTypeChecking(true) // application/json too (RFC 7644 §8.1)
                .filterConfig(FilterConfig.builder()
                        .supported(true)
                        .maxResults(MOST_RESULTS)
                        .build())
                .bulkConfig(BulkConfig.builder()
                        .supported(true)
                        .maxOperations(MOST_OPERATIONS)
                        .maxPayloadSize(ScimProtocol.MOST_BYTES)
                        .build())
                .patchConfig(PatchConfig.builder()
                        .supported(true)
                        .ignoreUnknownAttributes(true)
                        .build())
                .authenticationSchemes(List.of(AuthenticationScheme.builder()
                        .name("OAuth Bearer Token")
                        .description(
                                "A token with the permission Tap.Directory.ReadWrite.All, or a provisioning client's secret")
                        .specUri("https://www.rfc-editor.org/rfc/rfc6750")
                        .type("oauthbearertoken")
                        .primary(true)
                        .build()))
                .build();
        endpoint = new ResourceEndpoint(
                provider,
                new EndpointDefinition(
                        JsonHelper.loadJsonDocument("/scim/user-resource-type.json"),
                        JsonHelper.loadJsonDocument("/scim/user-schema.json"),
                        List.of(),
                        users),
                new EndpointDefinition(
                        JsonHelper.loadJsonDocument("/scim/group-resource-type.json"),
                        JsonHelper.loadJsonDocument("/scim/group-schema.json"),
                        List.of(),
                        groups));
    }

    ResourceEndpoint endpoint() {
        return endpoint;
    }
}
