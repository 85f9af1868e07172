package tap.policy.api;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/** Adds to the description of the API what every operation has alike: path parameters that no method reads, and errors. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {
    private static final Pattern PARAMETER = Pattern.compile("\\{(version|path)}");
    private static final Map<String, String> MEANINGS = Map.of(
            "version", "v1.0 or beta; both are served alike",
            "path", "Users, Users/{id}, Groups, Groups/{id}, Bulk, ServiceProviderConfig, ResourceTypes or Schemas");

    @Override
    public void filterOpenAPI(OpenAPI openApi) {
        if (openApi.getPaths() == null) {
            return;
        }
        openApi.getPaths().getPathItems().forEach((path, item) -> {
            Matcher parameters = PARAMETER.matcher(path);
            while (parameters.find()) {
                item.addParameter(parameter(parameters.group(1)));
            }
            String mediaType = path.startsWith("/scim") ? ScimProtocol.MEDIA_TYPE : "application/json";
            item.getOperations().values().forEach(operation -> describeErrors(operation, mediaType));
        });
    }

    private static Parameter parameter(String name) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.PATH)
                .required(true)
                .description(MEANINGS.get(name))
                .schema(OASFactory.createSchema().type(List.of(Schema.SchemaType.STRING)));
    }

    private static void describeErrors(Operation operation, String mediaType) {
        operation
                .getResponses()
                .addAPIResponse(
                        "default",
                        OASFactory.createAPIResponse()
                                .description(
                                        "Refused or failed: an error as "
                                                + (mediaType.equals(ScimProtocol.MEDIA_TYPE)
                                                        ? "RFC 7644 §3.12 has it"
                                                        : "Microsoft Graph has it: error.code, error.message, error.innerError"))
                                .content(OASFactory.createContent()
                                        .addMediaType(mediaType, OASFactory.createMediaType())));
    }
}
