/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All paging functions against a plain model, under random sequences of calls.
 *
 * The model (page_map.h) is a list of intervals. It predicts the status of every
 * call, what it leaves pending, which frames it takes, and where every address
 * leads; that is compared with the library's answers, with the reference walker,
 * and with every entry of every table. A sequence that fails is made as short as
 * it can be and printed with its seed.
 *
 * DRYDOCK_MODEL_SEQUENCES: sequences of 1000 steps; DRYDOCK_SEED: the first one's seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/page_scene.h"
#include "tests/unit/page_world.h"
#include "tests/unit/unit.h"

enum {
    STEPS = 1000, /* of a sequence */
    CHECK_ALL_EVERY = 16,
};

/* Steps of a sequence that are done, by number. */
struct sequence {
    uint64_t seed;
    size_t count;
    unsigned int steps[STEPS];
};

struct outcome {
    bool failed;
    size_t steps; /* done until it failed */
    size_t successes;
    const char *complaint;
};

static struct outcome run(const struct sequence *sequence, bool print)
{
    struct outcome outcome = {.failed = false};

    scene_open(sequence->seed);
    for (size_t i = 0; i < sequence->count && world.complaint == NULL; i++) {
        scene_step(sequence->seed * 0x100000001B3 + sequence->steps[i]);
        outcome.successes += scene_succeeded();
        outcome.steps = i + 1;
        if (world.complaint == NULL && (print || i % CHECK_ALL_EVERY == 0)) {
            scene_check_all();
        }
        if (print && scene_words()[0] != '\0') {
            printf("  %4u: %s\n", sequence->steps[i], scene_words());
        }
    }
    if (world.complaint == NULL) {
        scene_check_all();
    }
    if (world.complaint == NULL) {
        scene_close();
    }
    outcome.complaint = world.complaint;
    outcome.failed = world.complaint != NULL;
    return outcome;
}

/* Leave out @p part steps from @p at on, if it still fails without them. */
static bool leave_out(struct sequence *sequence, size_t at, size_t part)
{
    struct sequence shorter = *sequence;
    struct outcome outcome;

    memmove(&shorter.steps[at], &shorter.steps[at + part],
            (shorter.count - at - part) * sizeof shorter.steps[0]);
    shorter.count -= part;
    outcome = run(&shorter, false);
    if (!outcome.failed) {
        return false;
    }
    *sequence = shorter;
    sequence->count = outcome.steps;
    return true;
}

/* Leave out runs of steps as long as it still fails. */
static void shrink(struct sequence *sequence, size_t length)
{
    sequence->count = length;
    for (size_t part = length / 2; part > 0;) {
        bool got_shorter = false;

        for (size_t at = 0; at + part <= sequence->count;) {
            bool left_out = leave_out(sequence, at, part);

            got_shorter = got_shorter || left_out;
            at += left_out ? 0 : part;
        }
        part = got_shorter && part == 1 ? 1 : part / 2;
    }
}

static struct sequence whole(uint64_t seed)
{
    struct sequence sequence = {.seed = seed, .count = STEPS};

    for (unsigned int i = 0; i < STEPS; i++) {
        sequence.steps[i] = i;
    }
    return sequence;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value != NULL ? strtoull(value, NULL, 0) : otherwise;
}

static void explain(struct sequence *sequence, struct outcome outcome)
{
    printf("seed %llu: %s, at step %zu; the shortest sequence found:\n",
           (unsigned long long)sequence->seed, outcome.complaint, outcome.steps);
    shrink(sequence, outcome.steps);
    outcome = run(sequence, true);
    printf("  %s\n", outcome.complaint);
    (void)fflush(stdout);
}

START_TEST(every_call_does_what_a_list_of_intervals_predicts)
{
    uint64_t sequences = number_from("DRYDOCK_MODEL_SEQUENCES", 1000) / 8;
    uint64_t first = number_from("DRYDOCK_SEED", 20261122);
    size_t successes = 0;
    size_t steps = 0;

    for (uint64_t i = 0; i < sequences; i++) {
        struct sequence sequence = whole(first + (uint64_t)_i * sequences + i);
        struct outcome outcome = run(&sequence, false);

        successes += outcome.successes;
        steps += outcome.steps;
        if (outcome.failed) {
            explain(&sequence, outcome);
            ck_abort_msg("seed %llu: %s", (unsigned long long)sequence.seed, outcome.complaint);
        }
    }
    /* Neither kind of step may be rare, or the test would test little. */
    ck_assert_uint_gt(successes, steps / 4);
    ck_assert_uint_lt(successes, steps - steps / 4);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_model");
    TCase *model = tcase_create("model");

    tcase_set_timeout(model, 1800);
    tcase_add_loop_test(model, every_call_does_what_a_list_of_intervals_predicts, 0, 8);
    suite_add_tcase(suite, model);
    return suite;
}
