package tap.localstack.gateway;

/** What the gateway itself may have to answer. */
enum GatewayError {
    /** No pod of the service accepts connections: nothing was sent, so the request may be repeated. */
    UNAVAILABLE(503, "serviceUnavailable", "The service is not reachable at the moment. Try again in a second."),
    /** The pod went away with the request: whether it took effect is not known, so clients must not repeat it blindly. */
    BROKEN_OFF(
            502,
            "badGateway",
            "The service broke off before it answered. Whether the request took effect is not known."),
    /** More than the gateway passes on. */
    TOO_LARGE(413, "requestEntityTooLarge", "The request body is larger than 1 MiB."),
    /** Not HTTP, or headers beyond measure. */
    MALFORMED(400, "badRequest", "The request is not valid HTTP.");

    private final int status;
    private final String code;
    private final String message;

    GatewayError(int status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }
}
