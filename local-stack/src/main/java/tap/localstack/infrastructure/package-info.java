/** PostgreSQL and Kafka as operating-system processes, without a container engine. Knows nothing of services. */
@NullMarked
package tap.localstack.infrastructure;

import org.jspecify.annotations.NullMarked;
