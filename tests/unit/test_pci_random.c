/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines nobody drew: enumerated, numbered, given addresses, and compared with the
 * models in pci_model.c. A failure names its seed; PCI_RANDOM_SEED runs that one alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/pci_buses.h"
#include "drydock/pci_resource.h"
#include "drydock/pci_scan.h"
#include "tests/unit/pci_model.h"
#include "tests/unit/pci_random.h"
#include "tests/unit/unit.h"

enum {
    BATCHES = 50,
    BATCH = 2000, /* 100,000 machines in all, half of them hostile */
    MAX_RANGES = 512
};

static struct pci_tree tree;
static struct pci_tree_function before[PCI_TREE_FUNCTIONS];
static struct pci_model_scan expected;
static struct dd_pci_numbered numbered[255];
static struct dd_pci_resource_bridge bridges[64];
static struct dd_pci_resource list[MAX_RANGES], again[MAX_RANGES];
static struct dd_pci_resource_root roots[PCI_TREE_ROOTS];

static struct pci_model_roots room;
static uint64_t seed_now;

static void require(bool holds, const char *sentence)
{
    if (!holds) {
        ck_abort_msg("seed %llu: this does not hold: %s", (unsigned long long)seed_now, sentence);
    }
}

/* ---- Enumeration ---- */

static uint16_t found[PCI_MODEL_FUNCTIONS];
static unsigned int found_count;

static enum dd_pci_visit note(void *context, const struct dd_pci_function *function)
{
    (void)context;
    found[found_count++] = (uint16_t)(function->address.bus << 8 | function->address.device << 3 |
                                      function->address.function);
    return DD_PCI_VISIT_CONTINUE;
}

static void scan_roots(void)
{
    const struct dd_pci_visitor visitor = {note, NULL};

    found_count = 0;
    require(dd_pci_scan(&tree.access, tree.root_numbers, tree.root_count, &visitor) == DD_OK,
            "a scan is DD_OK");
}

static void compare_scan(void)
{
    scan_roots();
    pci_model_scan(&tree, &expected);
    require(found_count == expected.count, "the scan finds as many functions as the model");
    require(memcmp(found, expected.found, found_count * sizeof found[0]) == 0,
            "the scan finds the functions of the model in its order");
}

/* ---- Numbers ---- */

static void drop_numbers(void)
{
    for (unsigned int i = 0; i < tree.function_count; i++) {
        if (tree.functions[i].behind != PCI_TREE_NONE) {
            pci_tree_put32(&tree.functions[i], 0x18, 0);
        }
    }
    tree.is_routed = false;
}

static void remember_functions(void)
{
    memcpy(before, tree.functions, tree.function_count * sizeof before[0]);
}

static bool are_functions_as_before(void)
{
    return memcmp(tree.functions, before, tree.function_count * sizeof before[0]) == 0;
}

/* The numbers of the machine were given depth first by the generator: those are the right ones. */
static void compare_numbers(void)
{
    remember_functions();
    drop_numbers();
    for (unsigned int i = 0; i < tree.root_count; i++) {
        const struct dd_pci_bus_request request = {
            .first_bus = tree.root_numbers[i],
            .last_bus = (uint8_t)(tree.root_numbers[i] + 0x3F),
            .bridges = numbered,
            .capacity = 255,
        };
        size_t count;

        require(dd_pci_assign_buses(&tree.access, &request, &count) == DD_OK,
                "there are numbers enough");
    }
    require(are_functions_as_before(), "numbers are given depth first");
}

/* With fewer numbers than buses nothing may have changed. */
static void expect_numbers_put_back(void)
{
    for (unsigned int i = 0; i < tree.root_count; i++) {
        const struct dd_pci_bus_request request = {
            .first_bus = tree.root_numbers[i],
            .last_bus = (uint8_t)(tree.root_numbers[i] + 2),
            .bridges = numbered,
            .capacity = 255,
        };
        size_t count;

        remember_functions();
        if (dd_pci_assign_buses(&tree.access, &request, &count) != DD_OK) {
            require(are_functions_as_before(), "a failure puts every number back");
        }
    }
}

/* ---- Addresses ---- */

static void give_room(unsigned int shift)
{
    for (unsigned int i = 0; i < PCI_TREE_ROOTS; i++) {
        room.io[i][0] = 0x1000 + 0x3000u * i;
        room.io[i][1] = room.io[i][0] + (0x2FFFu >> shift | 0xFFFu);
        room.memory[i][0] = 0x20000000 + UINT64_C(0x30000000) * i;
        room.memory[i][1] = room.memory[i][0] + (0x2FFFFFFFu >> shift);
        room.prefetchable[i][0] = UINT64_C(0x40000000000) * (i + 1);
        room.prefetchable[i][1] = room.prefetchable[i][0] + (UINT64_C(0x3FFFFFFFFFF) >> shift);
        roots[i] = (struct dd_pci_resource_root){
            .bus = tree.root_numbers[i],
            .range = {{room.io[i][0], room.io[i][1]},
                      {room.memory[i][0], room.memory[i][1]},
                      {room.prefetchable[i][0], room.prefetchable[i][1]}},
        };
    }
}

static struct dd_pci_resources collect(struct dd_pci_resource *ranges)
{
    struct dd_pci_resources resources = {
        .roots = roots,
        .root_count = tree.root_count,
        .bridges = bridges,
        .bridge_capacity = sizeof bridges / sizeof bridges[0],
        .list = ranges,
        .capacity = MAX_RANGES,
    };

    require(dd_pci_collect_resources(&tree.access, &resources) == DD_OK, "ranges are collected");
    return resources;
}

/* What a root's windows are asked for: twice the sum, and a step for each bridge. */
static void add_needs(const struct dd_pci_resources *resources, unsigned int root, uint64_t *need)
{
    for (unsigned int w = 0; w < 3; w++) {
        need[w] = resources->bridge_count * (w == 0 ? 0x2000u : 0x200000u);
    }
    for (size_t i = 0; i < resources->count; i++) {
        if (resources->list[i].root == root) {
            need[resources->list[i].span.home] += 2 * resources->list[i].size;
        }
    }
}

/* Whether so much is asked for that it may not fit. */
static bool is_tight(const struct dd_pci_resources *resources)
{
    bool is_tight = false;

    for (unsigned int root = 0; root < resources->root_count; root++) {
        const struct dd_pci_range *range = roots[root].range;
        uint64_t need[3];

        add_needs(resources, root, need);
        for (unsigned int w = 0; w < 3; w++) {
            is_tight = is_tight || need[w] > range[w].limit - range[w].base + 1;
        }
    }
    return is_tight;
}

/* Decoding is as it was, but where a range has no place. */
static void expect_commands(const struct dd_pci_resources *resources)
{
    unsigned int off = 0;
    unsigned int without_place = 0;

    for (unsigned int i = 0; i < tree.function_count; i++) {
        off += (tree.functions[i].bytes[0x04] & 7) != 7 ? 1 : 0;
    }
    for (size_t i = 0; i < resources->count; i++) {
        without_place +=
            resources->list[i].status != DD_OK && resources->list[i].kind != DD_PCI_BAR_KIND_ROM;
    }
    require(off <= without_place, "decoding is as it was");
}

/* What was assigned stays when it is asked for once more. */
static void expect_kept(const struct dd_pci_resources *first)
{
    struct dd_pci_resource_fault fault;
    struct dd_pci_resources second = collect(again);

    require(second.count == first->count, "ranges are collected alike");
    require(dd_pci_assign_resources(&second, DD_PCI_KEEP) == DD_OK, "what fits can stay");
    require(dd_pci_check_resources(&second, &fault) == DD_OK, "what stays passes the check");
    for (size_t i = 0; i < second.count; i++) {
        require(first->list[i].status != DD_OK || second.list[i].base == first->list[i].base,
                "what can stay stays");
    }
}

static void assign_addresses(unsigned int shift)
{
    struct dd_pci_resource_fault fault;
    struct dd_pci_resources resources;
    enum dd_status status;
    const char *trouble;

    give_room(shift);
    remember_functions();
    resources = collect(list);
    require(are_functions_as_before(), "collecting leaves every register as it was");
    status = dd_pci_assign_resources(&resources, DD_PCI_FROM_SCRATCH);
    if (status != DD_OK) {
        require(status == DD_EFULL && is_tight(&resources), "there is room");
        return;
    }
    require(dd_pci_check_resources(&resources, &fault) == DD_OK, "it passes the library's check");
    require(dd_pci_write_resources(&tree.access, &resources) == DD_OK, "it can be written");
    trouble = pci_model_check(&tree, &room);
    require(trouble == NULL, trouble);
    expect_commands(&resources);
    if (seed_now % 8 == 0) {
        expect_kept(&resources);
    }
}

/* ---- Whatever the machine is like ---- */

/* All calls end, and what fails says so; on a machine that may stop answering. */
static void try_everything(void)
{
    struct dd_pci_resources resources = {
        .roots = roots,
        .root_count = tree.root_count,
        .bridges = bridges,
        .bridge_capacity = sizeof bridges / sizeof bridges[0],
        .list = list,
        .capacity = MAX_RANGES,
    };
    const struct dd_pci_bus_request request = {
        .first_bus = 0, .last_bus = 255, .vf_buses = 255, .bridges = numbered, .capacity = 255};
    struct dd_pci_resource_fault fault;
    size_t count;

    give_room(0);
    if (dd_pci_collect_resources(&tree.access, &resources) == DD_OK &&
        dd_pci_assign_resources(&resources, DD_PCI_KEEP) == DD_OK) {
        require(dd_pci_check_resources(&resources, &fault) == DD_OK,
                "an assignment passes the check whatever was collected");
        (void)!dd_pci_write_resources(&tree.access, &resources);
    }
    (void)!dd_pci_assign_buses(&tree.access, &request, &count);
}

static void run_good(const struct pci_choices *choices)
{
    pci_random_build(&tree, choices, PCI_MANNERS_GOOD);
    compare_scan();
    require(found_count == tree.function_count, "a scan finds every function of a good machine");
    compare_numbers();
    expect_numbers_put_back();
    assign_addresses(pci_choose(choices, 4) == 0 ? pci_choose(choices, 8) : 0);
}

static void run_hostile(const struct pci_choices *choices)
{
    pci_random_build(&tree, choices, PCI_MANNERS_HOSTILE);
    compare_scan();
    if (pci_choose(choices, 2) == 0) {
        tree.vanish_at = tree.reads + pci_choose(choices, 2000);
    }
    try_everything();
}

static void run(uint64_t seed)
{
    uint64_t state = seed;
    const struct pci_choices choices = pci_choices_from_seed(&state);

    seed_now = seed;
    if (seed % 2 == 0) {
        run_good(&choices);
    } else {
        run_hostile(&choices);
    }
}

START_TEST(machines_nobody_drew_are_enumerated_numbered_and_given_addresses)
{
    const char *alone = getenv("PCI_RANDOM_SEED");

    if (alone != NULL) {
        run(strtoull(alone, NULL, 0));
        return;
    }
    for (uint64_t i = 0; i < BATCH; i++) {
        run((uint64_t)_i * BATCH + i);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_random");
    TCase *machines = tcase_create("machines");

    tcase_set_timeout(machines, 60);
    tcase_add_loop_test(machines, machines_nobody_drew_are_enumerated_numbered_and_given_addresses,
                        0, BATCHES);
    suite_add_tcase(suite, machines);
    return suite;
}
