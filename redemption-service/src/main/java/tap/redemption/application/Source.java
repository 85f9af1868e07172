package tap.redemption.application;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a request comes from, as far as buckets tell sources apart: an IPv4 address, or the /64 of an IPv6 address, which is what
 * one customer or host is given at least (RFC 6177 §2).
 *
 * @param network the address in text; of IPv6 the first address of its /64
 */
public record Source(String network) {
    private static final int BYTES_OF_64_BITS = 8;

    /** Nobody knows. All such requests are one source. */
    public static final Source UNKNOWN = new Source("unknown");

    /** The source that an address belongs to; an IPv4 address mapped to IPv6 is an IPv4 address. */
    static Source of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return new Source(address.getHostAddress());
        }
        byte[] network = address.getAddress();
        Arrays.fill(network, BYTES_OF_64_BITS, network.length, (byte) 0);
        try {
            return new Source(InetAddress.getByAddress(network).getHostAddress() + "/64");
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return "Source[hidden]";
    }
}
