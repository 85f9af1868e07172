package tap.pass.api;

/** How an answer says whether what it answers is effective everywhere. */
final class Confirmed {
    /** Ours: {@code confirmed} or {@code pending}. */
    static final String HEADER = "Tap-Confirmation";

    private Confirmed() {}

    static String word(boolean confirmed) {
        return confirmed ? "confirmed" : "pending";
    }
}
