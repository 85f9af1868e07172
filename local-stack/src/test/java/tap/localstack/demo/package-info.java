/** Tests of {@code tap.localstack.demo}. */
@NullMarked
package tap.localstack.demo;

import org.jspecify.annotations.NullMarked;
