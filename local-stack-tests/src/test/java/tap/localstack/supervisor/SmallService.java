package tap.localstack.supervisor;

import java.util.UUID;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** A service that does nothing but be supervised: it is ready at once, makes any user it is asked to, and says where it looks for its servers. */
final class SmallService {
    private SmallService() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> answer(request, arguments[0]))
                .listen(port, "127.0.0.1");
    }

    private static void answer(HttpServerRequest request, String name) {
        JsonObject who = new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("service", name)
                .put("database", System.getenv("QUARKUS_DATASOURCE_REACTIVE_URL"))
                .put("kafka", System.getenv("KAFKA_BOOTSTRAP_SERVERS"))
                .put("pid", ProcessHandle.current().pid());
        request.response()
                .setStatusCode(request.method().name().equals("POST") ? 201 : 200)
                .end(who.encode());
    }
}
