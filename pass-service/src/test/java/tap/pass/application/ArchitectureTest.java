package tap.pass.application;

import org.junit.jupiter.api.Test;
import tap.testkit.architecture.ServiceArchitecture;

class ArchitectureTest {
    @Test
    void the_six_rooms_are_kept_apart() {
        ServiceArchitecture.check("tap.pass");
    }
}
