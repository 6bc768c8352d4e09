/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/base/addr_step.c: vectors, every place near an edge with every
 * size, and laws that hold for all addresses, tried on random ones.
 */
#include "drydock/addr_step.h"

#include <stdlib.h>

#include "sim/util/random.h"
#include "tests/claims/address_vectors.h"
#include "tests/unit/unit.h"

#define UNTOUCHED UINT64_C(0xDEADBEEFDEADBEEF)

/* ---- Vectors ---- */

START_TEST(steps_forward_jump_the_hole)
{
    const struct step_vector *vector = &forward_vectors[_i];
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_vaddr_forward(dd_vaddr_from(vector->from), vector->count, vector->size,
                                      vector->width, &result),
                     vector->status);
    ck_assert_uint_eq(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
}
END_TEST

START_TEST(steps_backward_jump_the_hole)
{
    const struct step_vector *vector = &backward_vectors[_i];
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);

    ck_assert_int_eq(dd_vaddr_backward(dd_vaddr_from(vector->from), vector->count, vector->size,
                                       vector->width, &result),
                     vector->status);
    ck_assert_uint_eq(result.raw, vector->status == DD_OK ? vector->expected : UNTOUCHED);
}
END_TEST

START_TEST(distances_leave_the_hole_out)
{
    const struct distance_vector *vector = &distance_vectors[_i];
    uint64_t count = UNTOUCHED;

    ck_assert_int_eq(dd_vaddr_distance(dd_vaddr_from(vector->from), dd_vaddr_from(vector->to),
                                       vector->size, vector->width, &count),
                     vector->status);
    ck_assert_uint_eq(count, vector->status == DD_OK ? vector->expected : UNTOUCHED);
}
END_TEST

/* ---- Edges ---- */

static const uint64_t sizes[] = {1, 0x1000, 0x200000, 0x40000000};

struct space {
    uint64_t lower_end;   /* first byte of the hole */
    uint64_t upper_start; /* first byte after it */
    unsigned int width;
};

/* [SDM 1] 3.3.7.1 */
static const struct space spaces[] = {
    {0x0000800000000000, 0xFFFF800000000000, 48},
    {0x0100000000000000, 0xFF00000000000000, 57},
};

enum {
    NEAR = 5 /* places around an edge: two before it, it, two after it */
};

static void check_step(uint64_t from, uint64_t to, uint64_t count, uint64_t size,
                       unsigned int width)
{
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);
    uint64_t distance = UNTOUCHED;

    ck_assert_int_eq(dd_vaddr_forward(dd_vaddr_from(from), count, size, width, &result), DD_OK);
    ck_assert_uint_eq(result.raw, to);
    ck_assert_int_eq(dd_vaddr_backward(dd_vaddr_from(to), count, size, width, &result), DD_OK);
    ck_assert_uint_eq(result.raw, from);
    ck_assert_int_eq(
        dd_vaddr_distance(dd_vaddr_from(from), dd_vaddr_from(to), size, width, &distance), DD_OK);
    ck_assert_uint_eq(distance, count);
}

/* All pairs of five pages in a row. */
static void check_row(const uint64_t pages[NEAR], uint64_t size, unsigned int width)
{
    for (unsigned int from = 0; from < NEAR; from++) {
        for (unsigned int to = from; to < NEAR; to++) {
            check_step(pages[from], pages[to], to - from, size, width);
        }
    }
}

START_TEST(pages_around_the_hole_follow_each_other)
{
    for (unsigned int i = 0; i < 2; i++) {
        uint64_t size = sizes[_i];
        uint64_t lower_end = spaces[i].lower_end;
        uint64_t upper_start = spaces[i].upper_start;
        const uint64_t last[NEAR] = {lower_end - 3 * size, lower_end - 2 * size, lower_end - size,
                                     upper_start, upper_start + size};
        const uint64_t first[NEAR] = {lower_end - 2 * size, lower_end - size, upper_start,
                                      upper_start + size, upper_start + 2 * size};

        check_row(last, size, spaces[i].width);
        check_row(first, size, spaces[i].width);
    }
}
END_TEST

START_TEST(pages_end_at_0_and_at_the_top)
{
    for (unsigned int i = 0; i < 2; i++) {
        uint64_t size = sizes[_i];
        unsigned int width = spaces[i].width;
        const uint64_t bottom[NEAR] = {0, size, 2 * size, 3 * size, 4 * size};
        const uint64_t top[NEAR] = {0 - 5 * size, 0 - 4 * size, 0 - 3 * size, 0 - 2 * size,
                                    0 - size};
        dd_vaddr result = dd_vaddr_from(UNTOUCHED);

        check_row(bottom, size, width);
        check_row(top, size, width);
        for (unsigned int place = 0; place < NEAR; place++) {
            ck_assert_int_eq(
                dd_vaddr_backward(dd_vaddr_from(bottom[place]), place + 1, size, width, &result),
                DD_EWRAP);
            ck_assert_int_eq(
                dd_vaddr_forward(dd_vaddr_from(top[place]), NEAR - place, size, width, &result),
                DD_EWRAP);
        }
        ck_assert_uint_eq(result.raw, UNTOUCHED);
    }
}
END_TEST

START_TEST(a_space_has_as_many_pages_as_its_width_says)
{
    for (unsigned int i = 0; i < 2; i++) {
        uint64_t size = sizes[_i];
        uint64_t half = spaces[i].lower_end / size;

        check_step(0, spaces[i].lower_end - size, half - 1, size, spaces[i].width);
        check_step(0, spaces[i].upper_start, half, size, spaces[i].width);
        check_step(0, 0 - size, 2 * half - 1, size, spaces[i].width);
        check_step(spaces[i].upper_start, 0 - size, half - 1, size, spaces[i].width);
    }
}
END_TEST

START_TEST(nothing_steps_out_of_the_hole)
{
    for (unsigned int i = 0; i < 2; i++) {
        const uint64_t places[] = {spaces[i].lower_end, spaces[i].lower_end + sizes[_i],
                                   spaces[i].upper_start - 2 * sizes[_i],
                                   spaces[i].upper_start - sizes[_i]};

        for (unsigned int place = 0; place < 4; place++) {
            dd_vaddr hole = dd_vaddr_from(places[place]);
            dd_vaddr zero = dd_vaddr_from(0);
            dd_vaddr result = dd_vaddr_from(UNTOUCHED);
            uint64_t count = UNTOUCHED;
            unsigned int width = spaces[i].width;

            ck_assert_int_eq(dd_vaddr_forward(hole, 0, sizes[_i], width, &result), DD_ECANONICAL);
            ck_assert_int_eq(dd_vaddr_backward(hole, 0, sizes[_i], width, &result), DD_ECANONICAL);
            ck_assert_int_eq(dd_vaddr_distance(hole, zero, sizes[_i], width, &count),
                             DD_ECANONICAL);
            ck_assert_int_eq(dd_vaddr_distance(zero, hole, sizes[_i], width, &count),
                             DD_ECANONICAL);
            ck_assert_uint_eq(result.raw, UNTOUCHED);
            ck_assert_uint_eq(count, UNTOUCHED);
        }
    }
}
END_TEST

START_TEST(steps_are_powers_of_two_up_to_a_half)
{
    dd_vaddr result = dd_vaddr_from(UNTOUCHED);
    dd_vaddr zero = dd_vaddr_from(0);
    uint64_t half = UINT64_C(1) << 47;

    ck_assert_int_eq(dd_vaddr_forward(zero, 1, half, 48, &result), DD_OK);
    ck_assert_uint_eq(result.raw, 0xFFFF800000000000);
    ck_assert_int_eq(dd_vaddr_forward(zero, 1, 2 * half, 48, &result), DD_EARG);
    ck_assert_int_eq(dd_vaddr_forward(zero, 1, 0x1800, 48, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_forward(dd_paddr_from(0), 1, half, 47, NULL), DD_EARG);
}
END_TEST

/* ---- Frames ---- */

START_TEST(frames_step_from_0_to_the_last_of_every_width)
{
    for (unsigned int width = 36; width <= 52; width++) {
        uint64_t size = sizes[_i];
        uint64_t last = (UINT64_C(1) << width) - size;
        uint64_t steps = last / size;
        dd_paddr result = dd_paddr_from(UNTOUCHED);
        uint64_t count = UNTOUCHED;

        ck_assert_int_eq(dd_paddr_forward(dd_paddr_from(0), steps, size, width, &result), DD_OK);
        ck_assert_uint_eq(result.raw, last);
        ck_assert_int_eq(dd_paddr_backward(result, steps, size, width, &result), DD_OK);
        ck_assert_uint_eq(result.raw, 0);
        ck_assert_int_eq(
            dd_paddr_distance(dd_paddr_from(0), dd_paddr_from(last), size, width, &count), DD_OK);
        ck_assert_uint_eq(count, steps);
        ck_assert_int_eq(dd_paddr_forward(dd_paddr_from(last), 1, size, width, &result), DD_EWRAP);
        ck_assert_int_eq(dd_paddr_forward(dd_paddr_from(0), steps + 1, size, width, &result),
                         DD_EWRAP);
        ck_assert_int_eq(dd_paddr_backward(dd_paddr_from(last), steps + 1, size, width, &result),
                         DD_EWRAP);
        ck_assert_uint_eq(result.raw, 0);
    }
}
END_TEST

START_TEST(frames_that_are_none_do_not_step)
{
    dd_paddr end = dd_paddr_from(UINT64_C(1) << 52);
    dd_paddr zero = dd_paddr_from(0);
    dd_paddr odd = dd_paddr_from(0x800);
    dd_paddr result = dd_paddr_from(UNTOUCHED);
    uint64_t count = UNTOUCHED;

    ck_assert_int_eq(dd_paddr_forward(end, 0, 0x1000, 52, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_backward(end, 1, 0x1000, 52, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_forward(zero, 0, 0x1000, 53, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_forward(zero, 0, 0x1001, 52, &result), DD_EARG);
    ck_assert_int_eq(dd_paddr_forward(odd, 1, 0x1000, 52, &result), DD_EALIGN);
    ck_assert_int_eq(dd_paddr_backward(odd, 0, 0x1000, 52, &result), DD_EALIGN);
    ck_assert_int_eq(dd_paddr_distance(zero, odd, 0x1000, 52, &count), DD_EALIGN);
    ck_assert_int_eq(dd_paddr_distance(odd, zero, 1, 52, &count), DD_EARG);
    ck_assert_int_eq(dd_paddr_distance(zero, end, 1, 52, &count), DD_EARG);
    ck_assert_uint_eq(result.raw, UNTOUCHED);
    ck_assert_uint_eq(count, UNTOUCHED);
}
END_TEST

/* ---- Laws ---- */

enum {
    ROUNDS = 50000
};

static uint64_t seed;
static uint64_t state;

/* Another seed than the usual one: DRYDOCK_SEED. */
static void start_random(void)
{
    const char *wish = getenv("DRYDOCK_SEED");

    seed = wish == NULL ? 20261122 : strtoull(wish, NULL, 0);
    state = seed;
}

/* Any number; one in two is within 4 GiB of an edge, or of the distance between two edges. */
static uint64_t random_number(void)
{
    static const uint64_t edges[] = {
        0,
        0x0000800000000000,
        0xFFFF800000000000,
        0x0100000000000000,
        0xFF00000000000000,
        0x0001000000000000,
        0x0200000000000000,
    };
    uint64_t number = sim_random_next(&state);
    uint64_t choice = sim_random_next(&state);

    if (choice % 2 == 0) {
        return number;
    }
    number >>= 32 + choice / 16 % 32;
    return edges[choice / 2 % 7] + (choice / 1024 % 2 == 0 ? number : 0 - number);
}

/* One round of a law: two counts, two pages of a size in a space, any of which may be refused. */
struct round {
    dd_vaddr a;
    dd_vaddr b;
    uint64_t n;
    uint64_t m;
    uint64_t size;
    unsigned int width;
};

static struct round random_round(void)
{
    uint64_t choice = sim_random_next(&state);
    struct round round = {
        .size = sizes[choice % 4],
        .width = spaces[choice / 4 % 2].width,
    };

    round.a = dd_vaddr_truncate(dd_align_down(random_number(), round.size), round.width);
    round.b = dd_vaddr_truncate(dd_align_down(random_number(), round.size), round.width);
    round.n = random_number() / round.size;
    round.m = random_number() / round.size;
    return round;
}

static bool step(const struct round *round, dd_vaddr from, uint64_t count, dd_vaddr *to)
{
    return dd_vaddr_forward(from, count, round->size, round->width, to) == DD_OK;
}

static bool step_back(const struct round *round, dd_vaddr from, uint64_t count, dd_vaddr *to)
{
    return dd_vaddr_backward(from, count, round->size, round->width, to) == DD_OK;
}

static bool measure(const struct round *round, dd_vaddr from, dd_vaddr to, uint64_t *count)
{
    return dd_vaddr_distance(from, to, round->size, round->width, count) == DD_OK;
}

/* The sums that a law says nothing about: more than 2^64 pages. */
static bool sum_overflows(const struct round *round)
{
    return round->n + round->m < round->n;
}

/* Forward by one: the next number, the upper half after the lower one, nothing after the last. */
static bool successor_law(const struct round *round)
{
    const struct space *space = &spaces[round->width == 57];
    dd_vaddr next;
    bool exists = step(round, round->a, 1, &next);

    if (round->a.raw == space->lower_end - round->size) {
        return exists && next.raw == space->upper_start;
    }
    if (round->a.raw == 0 - round->size) {
        return !exists;
    }
    return exists && next.raw == round->a.raw + round->size;
}

/* Forward by n and then m is forward by n + m. */
static bool addition_law(const struct round *round)
{
    dd_vaddr once = {0};
    dd_vaddr twice = {0};
    bool in_two = step(round, round->a, round->n, &twice) && step(round, twice, round->m, &twice);
    bool in_one = !sum_overflows(round) && step(round, round->a, round->n + round->m, &once);

    return in_one == in_two && (!in_one || once.raw == twice.raw);
}

/* What forward does, backward undoes. */
static bool undo_forward_law(const struct round *round)
{
    dd_vaddr there;
    dd_vaddr back;

    return !step(round, round->a, round->n, &there) ||
           (step_back(round, there, round->n, &back) && back.raw == round->a.raw);
}

/* What backward does, forward undoes. */
static bool undo_backward_law(const struct round *round)
{
    dd_vaddr there;
    dd_vaddr back;

    return !step_back(round, round->a, round->n, &there) ||
           (step(round, there, round->n, &back) && back.raw == round->a.raw);
}

/* Forward by n ends at distance n. */
static bool forward_distance_law(const struct round *round)
{
    dd_vaddr there;
    uint64_t count;

    return !step(round, round->a, round->n, &there) ||
           (measure(round, round->a, there, &count) && count == round->n);
}

/* The distance is how far forward the other page is; there is one in exactly one direction. */
static bool distance_forward_law(const struct round *round)
{
    dd_vaddr there;
    uint64_t count;
    bool ahead = measure(round, round->a, round->b, &count);

    if (ahead && !(step(round, round->a, count, &there) && there.raw == round->b.raw)) {
        return false;
    }
    return ahead == (round->a.raw <= round->b.raw);
}

static const struct {
    const char *name;
    bool (*holds)(const struct round *round);
} laws[] = {
    {"successor", successor_law},
    {"addition", addition_law},
    {"backward after forward", undo_forward_law},
    {"forward after backward", undo_backward_law},
    {"distance after forward", forward_distance_law},
    {"forward by the distance", distance_forward_law},
};

START_TEST(laws_hold_for_random_addresses)
{
    start_random();
    for (unsigned int i = 0; i < ROUNDS; i++) {
        struct round round = random_round();

        ck_assert_msg(laws[_i].holds(&round),
                      "law of %s, seed %llu, round %u: a 0x%llx, b 0x%llx, n 0x%llx, m 0x%llx, "
                      "size 0x%llx, width %u",
                      laws[_i].name, (unsigned long long)seed, i, (unsigned long long)round.a.raw,
                      (unsigned long long)round.b.raw, (unsigned long long)round.n,
                      (unsigned long long)round.m, (unsigned long long)round.size, round.width);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("addr_step");
    TCase *vectors = tcase_create("vectors");
    TCase *edges = tcase_create("edges");
    TCase *random = tcase_create("laws");

    tcase_add_loop_test(vectors, steps_forward_jump_the_hole, 0,
                        (int)VECTOR_COUNT(forward_vectors));
    tcase_add_loop_test(vectors, steps_backward_jump_the_hole, 0,
                        (int)VECTOR_COUNT(backward_vectors));
    tcase_add_loop_test(vectors, distances_leave_the_hole_out, 0,
                        (int)VECTOR_COUNT(distance_vectors));
    suite_add_tcase(suite, vectors);

    tcase_add_loop_test(edges, pages_around_the_hole_follow_each_other, 0, 4);
    tcase_add_loop_test(edges, pages_end_at_0_and_at_the_top, 0, 4);
    tcase_add_loop_test(edges, a_space_has_as_many_pages_as_its_width_says, 0, 4);
    tcase_add_loop_test(edges, nothing_steps_out_of_the_hole, 0, 4);
    tcase_add_test(edges, steps_are_powers_of_two_up_to_a_half);
    tcase_add_loop_test(edges, frames_step_from_0_to_the_last_of_every_width, 0, 4);
    tcase_add_test(edges, frames_that_are_none_do_not_step);
    suite_add_tcase(suite, edges);

    tcase_add_loop_test(random, laws_hold_for_random_addresses, 0,
                        (int)(sizeof laws / sizeof laws[0]));
    suite_add_tcase(suite, random);
    return suite;
}
