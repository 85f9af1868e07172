package tap.testkit.architecture.crooked.log;

import jakarta.enterprise.context.ApplicationScoped;
import tap.contract.Topic;

/** Breaks, as if it were of event-sourcing: no CDI, no module of ours, no business word. */
@ApplicationScoped
public record PassLog(Topic topic) {}
