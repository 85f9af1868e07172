package tap.consumer;

import org.junit.jupiter.api.Test;
import tap.testkit.architecture.LibraryArchitecture;

class ArchitectureTest {
    @Test
    void the_library_follows_the_house_rules() {
        LibraryArchitecture.check("tap.consumer");
    }
}
