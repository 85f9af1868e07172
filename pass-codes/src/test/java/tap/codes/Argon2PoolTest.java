package tap.codes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class Argon2PoolTest {

    private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

    private final Argon2Pool pool = new Argon2Pool(1, 2, CHEAP);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        pool.close();
    }

    @Test
    void work_is_done_on_a_worker_and_counted() {
        assertThat(answer(submit(Thread.currentThread()::equals))).isFalse();
        assertThat(pool.computed()).isOne();
        assertThat(pool.computedFor()).isPositive();
        assertThat(pool.waited()).isPositive();
        assertThat(pool.refused()).isZero();
    }

    @Test
    void what_finds_the_queue_full_is_refused_at_once_and_says_when_to_come_back() {
        CompletableFuture<?> running = occupyTheWorker();
        CompletableFuture<Boolean> first = submit(_ -> true);
        CompletableFuture<Boolean> second = submit(_ -> true);
        assertThat(pool.queueLength()).isEqualTo(2);
        assertThat(pool.busyWorkers()).isOne();

        CompletableFuture<Boolean> refused = submit(_ -> true);

        assertThat(refused.exceptionNow()).isInstanceOfSatisfying(Argon2PoolFull.class, full -> {
            assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(1));
            assertThat(full.getStackTrace()).isEmpty();
        });
        assertThat(pool.refused()).isOne();
        released.countDown();
        answer(running);
        assertThat(answer(first)).isTrue();
        assertThat(answer(second)).isTrue();
        assertThat(answer(submit(_ -> true))).as("after the queue has drained").isTrue();
    }

    @Test
    void what_nobody_waits_for_any_more_is_not_computed() {
        CompletableFuture<Boolean> running = occupyTheWorker();
        CompletableFuture<Boolean> cancelled = submit(_ -> true);
        CompletableFuture<Boolean> wanted = submit(_ -> true);
        cancelled.cancel(false);
        released.countDown();

        assertThat(answer(running)).isTrue();
        assertThat(answer(wanted)).isTrue();
        assertThat(pool.abandoned()).isOne();
        assertThat(pool.computed()).isEqualTo(2);
    }

    @Test
    void a_failure_reaches_its_caller_and_harms_nobody_else() {
        IllegalStateException failure = new IllegalStateException("for the test");
        CompletableFuture<Boolean> failing = submit(_ -> {
            throw failure;
        });
        assertThat(answer(submit(_ -> true))).isTrue();
        assertThat(failing.exceptionNow()).isSameAs(failure);
    }

    @Test
    void racing_computations_do_not_share_memory() {
        try (Argon2Pool racing = new Argon2Pool(4, 200, CHEAP)) {
            List<CompletableFuture<String>> hashes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                hashes.add(racing.submit(argon2 -> hash(argon2, number)).toCompletableFuture());
            }
            for (int i = 0; i < 200; i++) {
                assertThat(answer(hashes.get(i))).isEqualTo(hash(new Argon2(CHEAP), i));
            }
        }
    }

    @Test
    void closing_finishes_what_was_queued_and_refuses_what_comes() {
        CompletableFuture<Boolean> queued = submit(_ -> true);
        pool.close();
        assertThat(queued).isCompletedWithValue(true);
        assertThat(submit(_ -> true).exceptionNow()).isInstanceOf(Argon2PoolFull.class);
    }

    @Test
    void closing_answers_also_what_it_cannot_finish() {
        CompletableFuture<?> running = occupyTheWorker();
        CompletableFuture<Boolean> queued = submit(_ -> true);
        pool.close(Duration.ZERO);
        assertThat(queued.exceptionNow()).isInstanceOf(Argon2PoolFull.class);
        assertThatThrownBy(() -> answer(running)).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void patient_work_waits_behind_a_full_queue_instead_of_being_refused() {
        CompletableFuture<?> running = occupyTheWorker();
        CompletableFuture<Boolean> first = submit(_ -> true);
        CompletableFuture<Boolean> second = submit(_ -> true);
        CompletableFuture<Boolean> patient = submitPatiently(() -> true);
        assertThat(pool.patientLength()).isOne();
        released.countDown();
        answer(running);
        assertThat(answer(first)).isTrue();
        assertThat(answer(second)).isTrue();
        assertThat(answer(patient)).isTrue();
        assertThat(pool.refused()).isZero();
    }

    @Test
    void who_comes_for_one_computation_waits_for_at_most_one_patient_one() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<?> running = occupyTheWorker();
        List<CompletableFuture<Boolean>> patient = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            patient.add(submitPatiently(() -> order.add("patient")));
        }
        CompletableFuture<Boolean> single = submit(_ -> order.add("single"));
        assertThat(pool.queueLength()).isEqualTo(2);
        released.countDown();
        answer(running);
        answer(single);
        patient.forEach(Argon2PoolTest::answer);
        assertThat(order.indexOf("single")).isLessThanOrEqualTo(1);
        assertThat(order).hasSize(51);
    }

    @Test
    void racing_singles_and_patient_work_all_end() {
        try (Argon2Pool racing = new Argon2Pool(2, 1, CHEAP)) {
            List<CompletableFuture<String>> patient = new ArrayList<>();
            List<CompletableFuture<String>> singles = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                int number = i;
                patient.add(
                        racing.submitPatiently(argon2 -> hash(argon2, number)).toCompletableFuture());
                singles.add(racing.submit(argon2 -> hash(argon2, number)).toCompletableFuture());
            }
            patient.forEach(work -> assertThat(answer(work)).isNotEmpty());
            singles.forEach(
                    work -> assertThat(work.handle((hash, full) -> true).join()).isTrue());
            assertThat(racing.patientLength()).isZero();
        }
    }

    @Test
    void closing_refuses_patient_work_that_was_not_let_in() {
        CompletableFuture<?> running = occupyTheWorker();
        List<CompletableFuture<Boolean>> queued = List.of(submit(_ -> true), submit(_ -> true));
        assertThat(pool.queueLength()).isEqualTo(queued.size());
        CompletableFuture<Boolean> waiting = submitPatiently(() -> true);
        pool.close(Duration.ZERO);
        assertThatThrownBy(() -> answer(running)).hasRootCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> answer(waiting)).hasCauseInstanceOf(Argon2PoolFull.class);
        assertThatThrownBy(() -> answer(submitPatiently(() -> true))).hasCauseInstanceOf(Argon2PoolFull.class);
    }

    @Test
    void a_pool_without_workers_or_queue_is_refused() {
        assertThatThrownBy(() -> new Argon2Pool(0, 1, CHEAP)).hasMessageContaining("not 0 and 1");
        assertThatThrownBy(() -> new Argon2Pool(1, 0, CHEAP)).hasMessageContaining("not 1 and 0");
    }

    private CompletableFuture<Boolean> submit(Predicate<Thread> work) {
        return pool.submit(_ -> work.test(Thread.currentThread())).toCompletableFuture();
    }

    private CompletableFuture<Boolean> submitPatiently(BooleanSupplier work) {
        return pool.submitPatiently(_ -> work.getAsBoolean()).toCompletableFuture();
    }

    private CompletableFuture<Boolean> occupyTheWorker() {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> running = submit(_ -> {
            begun.countDown();
            await(released);
            return true;
        });
        await(begun);
        return running;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(Argon2 argon2, int number) {
        return HexFormat.of().formatHex(argon2.hash(new byte[] {(byte) number}, Known.SALT, CHEAP));
    }

    private static <T> T answer(CompletableFuture<T> stage) {
        return stage.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
