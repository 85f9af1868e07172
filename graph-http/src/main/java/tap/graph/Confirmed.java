package tap.graph;

/** How an answer says whether what it answers is effective everywhere. */
public final class Confirmed {
    /** Ours: {@code confirmed} or {@code pending}. */
    public static final String HEADER = "Tap-Confirmation";

    private Confirmed() {}

    /** What the header says. */
    public static String word(boolean confirmed) {
        return confirmed ? "confirmed" : "pending";
    }
}
