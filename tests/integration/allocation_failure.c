/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every allocation fails once. The kernel image's functions are called in the simulated machine,
 * again and again from the same snapshot, and each time another frame allocation fails.
 * Usage: the environment variables KERNEL and DUMP name the image and the machine it runs on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/paging.h"
#include "sim/machine/board.h"
#include "sim/machine/inject.h"
#include "sim/world/matrix.h"
#include "sim/machine/snapshot.h"
#include "tests/unit/unit.h"

#define NO_FRAME   10u                   /* DD_ENOMEM */
#define SPARE      (UINT64_C(128) << 39) /* nobody maps anything in this PML4 entry and the next */
#define MORE_CALLS 1000u

static struct sim_dump dump;
static struct sim_pci_topology topology;
static struct sim_board board;
static struct sim_snapshot *snapshot;
static uint64_t memory; /* the kernel's, for page tables */

static uint64_t call(const char *function, const uint64_t *arguments, size_t count)
{
    struct sim_result result = sim_machine_call(board.machine, function, arguments, count);
    char text[512];

    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s: %s", function, text);
    return result.value;
}

#define CALL(function, ...)                           \
    call((function), (const uint64_t[]){__VA_ARGS__}, \
         sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void setup(void)
{
    struct sim_error error = {""};

    ck_assert_msg(getenv("KERNEL") != NULL && getenv("DUMP") != NULL, "KERNEL or DUMP is not set");
    ck_assert_msg(sim_dump_read(getenv("DUMP"), &dump, &error) == 0, "%s", error.text);
    ck_assert_msg(sim_pci_topology_init(&topology, &dump, &error) == 0, "%s", error.text);
    ck_assert_msg(sim_board_open(&board, getenv("KERNEL"), &error) == 0, "%s", error.text);
    ck_assert_msg(sim_board_connect(&board, &topology, 0, &error) == 0, "%s", error.text);
    (void)CALL("kinit", board.description);
    memory = CALL("world_memory", 0);
    (void)CALL("dd_paging_current", sim_machine_scratch(board.machine), memory);
    snapshot = sim_machine_snapshot(board.machine, &error);
    ck_assert_msg(snapshot != NULL, "%s", error.text);
}

static void teardown(void)
{
    sim_snapshot_free(snapshot);
    sim_board_close(&board);
    sim_pci_topology_free(&topology);
    sim_dump_free(&dump);
}

/* Back to the snapshot, with a machine whose n-th frame allocation will fail. */
static void start(uint64_t n)
{
    struct sim_injection injection = {.count = 0};
    const struct sim_inject fault = {
        .kind = SIM_INJECT_FAIL, .name = "kframe_alloc", .count = n, .value = NO_FRAME};
    struct sim_error error = {""};

    ck_assert_int_eq(sim_machine_restore(board.machine, snapshot, &error), 0);
    ck_assert_int_eq(sim_injection_add(&injection, &fault, &error), 0);
    ck_assert_msg(sim_machine_inject(board.machine, &injection, &error) == 0, "%s", error.text);
}

static bool has_failed(void)
{
    return sim_machine_inject_outcome(board.machine, 0).happened;
}

static uint64_t word_at(uint64_t physical)
{
    uint64_t word = 0;

    memcpy(&word, sim_machine_ram(board.machine, physical, sizeof word), sizeof word);
    return word;
}

/* All entries under a table, without Accessed and Dirty. [SDM 3A] 4.5.4 */
static uint64_t hash_tables(uint64_t table, unsigned int level)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (uint64_t at = table; at < table + 4096; at += 8) {
        uint64_t entry = word_at(at) & ~UINT64_C(0x60);

        hash = (hash ^ entry) * UINT64_C(0x100000001B3);
        if (level > 1 && (entry & 0x81) == 0x01) {
            hash ^= hash_tables(entry & UINT64_C(0x000FFFFFFFFFF000), level - 1);
        }
    }
    return hash;
}

static uint64_t hash_address_space(void)
{
    const uint8_t read_cr3[] = {0x0F, 0x20, 0xD8}; /* mov %cr3, %rax */
    struct sim_registers registers = {0};
    struct sim_result result =
        sim_machine_execute(board.machine, read_cr3, sizeof read_cr3, &registers);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return hash_tables(registers.rax & ~UINT64_C(0xFFF), 4);
}

static void check_no_findings(void)
{
    const struct sim_findings *findings = sim_machine_findings(board.machine);

    ck_assert_msg(findings->count == 0, "%s", findings->count > 0 ? findings->list[0].text : "");
}

/* Ranges, and how many tables they need. 2 MiB pages are possible where they are aligned. */
static const struct {
    uint64_t offset, length;
    unsigned int tables;
} ranges[] = {
    {0x200000, 0x1000, 3},     /* one page */
    {0x1FF000, 0x202000, 4},   /* the last page of one table, 2 MiB, the first of another */
    {0x3FFFF000, 0x2000, 5},   /* on both sides of 1 GiB */
    {0x7FFFFFF000, 0x1000, 3}, /* the last page of the PML4 entry */
    {0x7FFFFFF000, 0x2000, 6}, /* and the first of the next */
};

START_TEST(mapping_fails_without_a_trace_whichever_frame_is_missing)
{
    uint64_t space = sim_machine_scratch(board.machine);
    uint64_t tables = hash_address_space();
    uint64_t frames = CALL("kframes_in_use", 0);
    unsigned int failures = 0;

    for (uint64_t n = 1; n < MORE_CALLS; n++) {
        uint64_t status = 0;

        start(n);
        status = CALL("dd_paging_map_range", space, SPARE + ranges[_i].offset,
                      0x1000000 + ranges[_i].offset % 0x200000, ranges[_i].length, DD_MAP_WRITE);
        if (!has_failed()) {
            ck_assert_uint_eq(status, 0);
            ck_assert_uint_ne(hash_address_space(), tables);
            break;
        }
        failures++;
        ck_assert_uint_eq(status, NO_FRAME);
        ck_assert_uint_eq(hash_address_space(), tables);
        ck_assert_uint_eq(CALL("kframes_in_use", 0), frames);
        check_no_findings();
    }
    ck_assert_uint_eq(failures, ranges[_i].tables);
}
END_TEST

START_TEST(a_new_address_space_needs_a_frame_and_says_so)
{
    uint64_t space = sim_machine_scratch(board.machine);
    uint64_t frames = CALL("kframes_in_use", 0);

    start(1);
    memset(sim_machine_ram(board.machine, space, 64), 0x5A, 64);
    ck_assert_uint_eq(CALL("dd_paging_create", space, memory), NO_FRAME);
    ck_assert_uint_eq(word_at(space), 0x5A5A5A5A5A5A5A5A);
    ck_assert_uint_eq(CALL("kframes_in_use", 0), frames);
    start(2);
    ck_assert_uint_eq(CALL("dd_paging_create", space, memory), 0);
    ck_assert(!has_failed());
}
END_TEST

/* Runs a claim until it does not get to the n-th allocation. How many runs had a failure. */
static uint64_t run_claim(unsigned int claim)
{
    for (uint64_t n = 1; n < MORE_CALLS; n++) {
        size_t before = 0;

        start(n);
        before = sim_board_output_size(&board);
        (void)CALL("kclaim_run", claim);
        ck_assert_ptr_nonnull(strstr(sim_board_output(&board, before), "@claim "));
        if (!has_failed()) {
            return n - 1;
        }
    }
    ck_abort_msg("claim %u allocates without end", claim);
    return 0;
}

/* A claim may fail for want of a frame, but it comes to its end. */
START_TEST(every_claim_ends_whichever_frame_is_missing)
{
    uint64_t runs = 0;

    for (unsigned int claim = 0; claim < sim_matrix_claim_count(); claim++) {
        runs += run_claim(claim);
    }
    (void)printf("%" PRIu64 " allocations of claims have failed\n", runs);
    ck_assert_uint_ge(runs, 100);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("allocation_failure");
    TCase *paging = tcase_create("paging");
    TCase *claims = tcase_create("claims");

    tcase_add_checked_fixture(paging, setup, teardown);
    tcase_add_loop_test(paging, mapping_fails_without_a_trace_whichever_frame_is_missing, 0,
                        (int)(sizeof ranges / sizeof ranges[0]));
    tcase_add_test(paging, a_new_address_space_needs_a_frame_and_says_so);
    suite_add_tcase(suite, paging);

    tcase_add_checked_fixture(claims, setup, teardown);
    tcase_set_timeout(claims, 300);
    tcase_add_test(claims, every_claim_ends_whichever_frame_is_missing);
    suite_add_tcase(suite, claims);
    return suite;
}
