/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI machine made of the bytes: bridges that lead anywhere, any bus numbers, masks and
 * capability lists, and a moment from which nobody answers. It is enumerated, every
 * function's lists are walked and, in every other machine, printed, buses are numbered and
 * addresses given.
 * The scan is compared with the model; an assignment has to pass the check.
 */
#include "drydock/arch/hosted_machine.h"
#include "drydock/pci_buses.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_print.h"
#include "drydock/pci_resource.h"
#include "drydock/pci_scan.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/pci_model.h"
#include "tests/unit/pci_random.h"

enum {
    MAX_BRIDGES = 32,
    MAX_RANGES = 256
};

static struct pci_tree tree;
static struct pci_model_scan expected;
static struct dd_pci_numbered numbered[255];
static struct dd_pci_resource_bridge bridges[MAX_BRIDGES];
static struct dd_pci_resource list[MAX_RANGES];
static struct dd_pci_resource_root roots[PCI_TREE_ROOTS];

/* What a scan found, in its order. */
struct found {
    unsigned int count;
    bool is_expected;
    bool is_printed;
};

/* The machine is reached through the ops of its handle, and executes nothing. */
void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    (void)insn;
    (void)operands;
    fuzz_require(false, "no instruction is executed");
}

static uint32_t next(void *context)
{
    return fuzz_take32(context);
}

static void ignore_line(void *context, const char *line)
{
    (void)context;
    fuzz_require(strlen(line) < 4096, "a line has an end");
}

static enum dd_pci_visit count_capability(void *context, const struct dd_pci_capability *capability)
{
    unsigned int *count = context;

    fuzz_require(capability->offset >= 0x40 && capability->offset % 4 == 0,
                 "a capability is above the header");
    ++*count;
    return DD_PCI_VISIT_CONTINUE;
}

/* Everything the library can tell about a function. */
static void look(const struct dd_pci_function *function, bool is_printed)
{
    unsigned int count = 0;
    const struct dd_pci_capability_visitor visitor = {count_capability, &count};
    const struct dd_pci_print print = {
        .access = &tree.access, .address = function->address, .emit = ignore_line};

    (void)!dd_pci_walk_capabilities(&tree.access, function->address, &visitor);
    fuzz_require(count <= 48, "a list is no longer than its space");
    (void)!dd_pci_walk_extended_capabilities(&tree.access, function->address, &visitor);
    fuzz_require(count <= 48 + 960, "both lists are no longer than their spaces");
    if (is_printed) {
        (void)!dd_pci_print_capabilities(&print);
    }
}

static enum dd_pci_visit compare(void *context, const struct dd_pci_function *function)
{
    struct found *found = context;
    unsigned int where = (unsigned int)function->address.bus << 8 |
                         (unsigned int)function->address.device << 3 | function->address.function;

    found->is_expected = found->is_expected && found->count < expected.count &&
                         expected.found[found->count] == where;
    found->count++;
    look(function, found->is_printed);
    return DD_PCI_VISIT_CONTINUE;
}

static void scan(bool is_printed)
{
    struct found found = {.is_expected = true, .is_printed = is_printed};
    const struct dd_pci_visitor visitor = {compare, &found};

    pci_model_scan(&tree, &expected);
    fuzz_require(dd_pci_scan(&tree.access, tree.root_numbers, tree.root_count, &visitor) == DD_OK,
                 "a scan is DD_OK");
    fuzz_require(found.is_expected && found.count == expected.count,
                 "a scan finds what the model finds");
}

static void assign(enum dd_pci_policy policy)
{
    struct dd_pci_resources resources = {
        .roots = roots,
        .root_count = tree.root_count,
        .bridges = bridges,
        .bridge_capacity = MAX_BRIDGES,
        .list = list,
        .capacity = MAX_RANGES,
    };
    struct dd_pci_resource_fault fault;

    for (unsigned int i = 0; i < tree.root_count; i++) {
        const uint64_t below = UINT64_C(0x30000000) * i;

        roots[i] = (struct dd_pci_resource_root){
            .bus = tree.root_numbers[i],
            .range = {{0x1000 + 0x3000u * i, 0x3FFF + 0x3000u * i},
                      {0x20000000 + below, 0x4FFFFFFF + below},
                      {UINT64_C(0x40000000000) * (i + 1), UINT64_C(0x40000000000) * (i + 2) - 1}},
        };
    }
    if (dd_pci_collect_resources(&tree.access, &resources) == DD_OK &&
        dd_pci_assign_resources(&resources, policy) == DD_OK) {
        fuzz_require(dd_pci_check_resources(&resources, &fault) == DD_OK,
                     "an assignment passes the check");
        (void)!dd_pci_write_resources(&tree.access, &resources);
    }
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    const uint8_t what = fuzz_take8(&input);
    const uint16_t vanish_after = fuzz_take16(&input);
    const struct pci_choices choices = {next, &input};
    const struct dd_pci_bus_request request = {
        .first_bus = 0,
        .last_bus = 255,
        .vf_buses = what >> 4,
        .bridges = numbered,
        .capacity = 255,
    };
    size_t count;

    pci_random_build(&tree, &choices, (what & 1) != 0 ? PCI_MANNERS_GOOD : PCI_MANNERS_HOSTILE);
    scan((what & 8) == 0);
    if ((what & 2) != 0) {
        tree.vanish_at = tree.reads + tree.writes + vanish_after;
    }
    assign((what & 4) != 0 ? DD_PCI_KEEP : DD_PCI_FROM_SCRATCH);
    (void)!dd_pci_assign_buses(&tree.access, &request, &count);
}
