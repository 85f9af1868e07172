/**
 * Codes and what checks them: alphabet, verifier, Argon2, seal, key rings. Pure Java, no framework, no clock; randomness
 * comes in as an argument. A clear code, a verifier or a key never shows in a toString and never in a message.
 */
@NullMarked
package tap.codes;

import org.jspecify.annotations.NullMarked;
