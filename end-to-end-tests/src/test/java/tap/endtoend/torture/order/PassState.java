package tap.endtoend.torture.order;

import java.util.Optional;

/**
 * The rule of a pass, as its users are promised it: what can come next, and what is so afterwards. Passes live longer here than
 * anybody looks at them, so none expires.
 *
 * @param limit how often it may be used
 * @param uses how often it was used
 * @param admitted whether it can be redeemed at all
 * @param opened whether its window has begun
 * @param withdrawn whether it is gone
 * @param enabled whether the policy allows passes
 */
record PassState(int limit, int uses, boolean admitted, boolean opened, boolean withdrawn, boolean enabled) {

    /** A pass that was asked for just now. */
    static PassState issued(int limit, boolean opened, boolean enabled) {
        return new PassState(limit, 0, false, opened, false, enabled);
    }

    private boolean isUsable() {
        return admitted && opened && !withdrawn && enabled && uses < limit;
    }

    /** What is so after it, or empty if it cannot come next. */
    Optional<PassState> after(Operation.What what) {
        return switch (what) {
            case ADMITTED -> Optional.of(new PassState(limit, uses, true, opened, withdrawn, enabled));
            case OPENED -> Optional.of(new PassState(limit, uses, admitted, true, withdrawn, enabled));
            case USED -> given(isUsable(), new PassState(limit, uses + 1, admitted, opened, withdrawn, enabled));
            case WITHDRAWN -> Optional.of(new PassState(limit, uses, admitted, opened, true, enabled));
            case ENABLED -> Optional.of(new PassState(limit, uses, admitted, opened, withdrawn, true));
            case DISABLED -> Optional.of(new PassState(limit, uses, admitted, opened, withdrawn, false));
            case REFUSED -> given(!isUsable(), this);
            case FOUND -> given(!withdrawn, this);
            case GONE -> given(withdrawn, this);
        };
    }

    private static Optional<PassState> given(boolean condition, PassState state) {
        return condition ? Optional.of(state) : Optional.empty();
    }
}
