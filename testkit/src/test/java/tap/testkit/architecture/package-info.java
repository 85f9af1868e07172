/** Two services on paper, a straight one and a crooked one, which show that the rules hold and that they bite. */
@NullMarked
package tap.testkit.architecture;

import org.jspecify.annotations.NullMarked;
