package tap.consumer.kit;

import org.junit.jupiter.api.Test;
import tap.testkit.architecture.LibraryArchitecture;

class ArchitectureTest {
    @Test
    void the_kit_follows_the_house_rules() {
        LibraryArchitecture.check("tap.consumer.kit");
    }
}
