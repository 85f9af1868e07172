package tap.redemption;

import org.junit.jupiter.api.Test;
import tap.testkit.architecture.ServiceArchitecture;

class ArchitectureTest {
    @Test
    void the_service_keeps_to_the_architecture_of_the_house() {
        ServiceArchitecture.check("tap.redemption");
    }
}
