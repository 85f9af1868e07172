package tap.codes;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;

import com.sun.management.ThreadMXBean;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class Argon2Test {

    private final Argon2 argon2 = new Argon2(new Argon2Cost(1_024, 2, 1));

    @Test
    void the_vector_of_rfc_9106_section_5_3_comes_out() {
        byte[] password = filled(32, 1);
        var parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(32)
                .withIterations(3)
                .withParallelism(4)
                .withSalt(filled(16, 2))
                .withSecret(filled(8, 3))
                .withAdditional(filled(12, 4));
        assertThat(hex(argon2.hash(password, parameters)))
                .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    @ParameterizedTest
    @CsvSource({
        // from test.c of the reference implementation
        "65536, 2, 1, 09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
        "256, 2, 1, 9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        "256, 2, 2, 6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"
    })
    void the_reference_vectors_come_out(int memoryKib, int iterations, int parallelism, String expected) {
        Argon2Cost cost = new Argon2Cost(memoryKib, iterations, parallelism);
        assertThat(hex(hash(argon2, cost))).isEqualTo(expected);
        assertThat(hex(hash(argon2, cost))).as("in used memory").isEqualTo(expected);
    }

    @Test
    void the_memory_of_one_computation_serves_the_next() {
        Argon2Cost usual = new Argon2Cost(1_024, 2, 1);
        assertThat(allocatedBy(() -> hash(argon2, usual))).isGreaterThan(1_024 * 1_024);
        assertThat(allocatedBy(() -> hash(argon2, usual))).isLessThan(128 * 1_024);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 1, 1, 'Argon2id memory in KiB must be between 8 and 262144, not 7.'",
        "31, 1, 4, 'Argon2id memory in KiB must be between 32 and 262144, not 31.'",
        "262145, 1, 1, 'Argon2id memory in KiB must be between 8 and 262144, not 262145.'",
        "1024, 0, 1, 'Argon2id iterations must be between 1 and 64, not 0.'",
        "1024, 65, 1, 'Argon2id iterations must be between 1 and 64, not 65.'",
        "1024, 1, 0, 'Argon2id parallelism must be between 1 and 16, not 0.'",
        "1024, 1, 17, 'Argon2id parallelism must be between 1 and 16, not 17.'"
    })
    void a_cost_out_of_range_is_refused(int memoryKib, int iterations, int parallelism, String message) {
        assertThatThrownBy(() -> new Argon2Cost(memoryKib, iterations, parallelism))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void the_default_cost_is_the_documented_one() {
        assertThat(Argon2Cost.DEFAULT).isEqualTo(new Argon2Cost(19_456, 2, 1));
    }

    /** Bytes that this thread takes from the heap for some work. */
    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] hash(Argon2 argon2, Argon2Cost cost) {
        return argon2.hash("password".getBytes(US_ASCII), "somesalt".getBytes(US_ASCII), cost);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
