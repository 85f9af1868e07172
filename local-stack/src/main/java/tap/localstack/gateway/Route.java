package tap.localstack.gateway;

/**
 * One line of the route table.
 *
 * @param path the path prefix, matched by whole segments
 * @param service who answers
 * @param errors in which protocol's form the gateway answers when the service cannot
 */
public record Route(String path, String service, ErrorForm errors) {
    boolean matches(String requested) {
        return path.equals("/") || requested.equals(path) || requested.startsWith(path + "/");
    }
}
