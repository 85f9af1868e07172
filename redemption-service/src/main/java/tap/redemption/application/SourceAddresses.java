package tap.redemption.application;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a request comes from. What a header says counts only as far as trusted proxies have said it: from the peer
 * backwards, the first address that is no trusted proxy's is the source, and whatever stands to its left is the sender's own claim.
 * (Quarkus' {@code proxy-address-forwarding} takes the left-most address, which a client behind a proxy that appends can make up.)
 */
public final class SourceAddresses {
    private static final Pattern RANGE = Pattern.compile("([^/]+)(?:/(\\d{1,3}))?");
    // 192.0.2.1, 192.0.2.1:4711, [2001:db8::1], [2001:db8::1]:4711, 2001:db8::1
    private static final Pattern WITH_PORT =
            Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[^\\]]*\\]):[0-9A-Za-z._-]+");
    // a forwarded-pair (RFC 7239 §4): a token, and a token or a quoted text
    private static final Pattern PAIR =
            Pattern.compile("\\s*([^=;,\\s\"]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;,\"\\s]*))\\s*");

    private final List<IpSubnetFilterRule> proxies;
    private final ForwardedHeader header;

    /** The header that the proxies write. Only one is believed: the other passes through most proxies as the client sent it. */
    public enum ForwardedHeader {
        /** What most proxies write. */
        X_FORWARDED_FOR("X-Forwarded-For"),
        /** RFC 7239. */
        FORWARDED("Forwarded");

        private final String field;

        ForwardedHeader(String field) {
            this.field = field;
        }
    }

    /**
     * @param trustedProxies addresses and ranges ({@code 10.0.0.0/8}, {@code fd00::/8}) of the proxies between clients and this service
     * @throws IllegalArgumentException if one is no address or range
     */
    public SourceAddresses(List<String> trustedProxies, ForwardedHeader header) {
        this.proxies = trustedProxies.stream().map(SourceAddresses::range).toList();
        this.header = header;
    }

    /** The name of the header that {@link #of} wants to see. */
    public String header() {
        return header.field;
    }

    /**
     * The source of a request.
     *
     * @param peer the address at the other end of the connection, or {@code null} if it has none
     * @param lines each value of the header, in their order
     */
    public Source of(@Nullable String peer, List<String> lines) {
        InetAddress address = peer == null ? null : address(peer);
        if (address == null) {
            return Source.UNKNOWN;
        }
        List<Optional<InetAddress>> hops = lines.isEmpty() || !isTrusted(address) ? List.of() : hops(lines);
        for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
            if (hops.get(i).isEmpty()) {
                break; // hidden, or not understood: the proxy that said so is as far as anybody knows
            }
            address = hops.get(i).get();
        }
        return Source.of(address);
    }

    private boolean isTrusted(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, 0);
        return proxies.stream().anyMatch(proxy -> proxy.matches(socket));
    }

    private List<Optional<InetAddress>> hops(List<String> lines) {
        String all = String.join(",", lines);
        return (switch (header) {
                    case X_FORWARDED_FOR -> List.of(all.split(",", -1));
                    case FORWARDED -> Elements.of(all);
                })
                .stream().map(hop -> Optional.ofNullable(node(hop.strip()))).toList();
    }

    private static @Nullable InetAddress node(String text) {
        Matcher withPort = WITH_PORT.matcher(text);
        return address(withPort.matches() ? withPort.group(1) : text);
    }

    // Never a name: nothing that a client sends is looked up.
    private static @Nullable InetAddress address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static IpSubnetFilterRule range(String text) {
        Matcher range = RANGE.matcher(text.strip());
        InetAddress network = range.matches() ? address(range.group(1)) : null;
        if (network == null) {
            throw noRange(text, null);
        }
        int bits = range.group(2) == null ? network.getAddress().length * Byte.SIZE : Integer.parseInt(range.group(2));
        try {
            return new IpSubnetFilterRule(network, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw noRange(text, e);
        }
    }

    private static IllegalArgumentException noRange(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "tap.sources.trusted-proxies: '" + text + "' is no address and no range such as 10.0.0.0/8", cause);
    }

    /** The elements of {@code Forwarded}: of each what its {@code for} says, or nothing. */
    private static final class Elements {
        private Elements() {}

        static List<String> of(String value) {
            List<String> nodes = new java.util.ArrayList<>();
            Matcher pair = PAIR.matcher(value);
            String node = "";
            int at = 0;
            while (at < value.length()) {
                char next = value.charAt(at);
                if (next == ',') {
                    nodes.add(node);
                    node = "";
                    at++;
                } else if (next == ';' || Character.isWhitespace(next)) {
                    at++;
                } else if (pair.region(at, value.length()).lookingAt()) {
                    if (pair.group(1).toLowerCase(Locale.ROOT).equals("for")) {
                        String quoted = pair.group(2);
                        node = quoted == null ? pair.group(3) : quoted.replaceAll("\\\\(.)", "$1");
                    }
                    at = pair.end();
                } else {
                    // From here on to the left nobody knows where an element ends: what is to the right still counts.
                    nodes.clear();
                    node = "";
                    int comma = value.indexOf(',', at);
                    at = comma < 0 ? value.length() : comma;
                }
            }
            nodes.add(node);
            return nodes;
        }
    }
}
