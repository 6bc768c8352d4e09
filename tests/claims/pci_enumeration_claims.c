/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about what enumeration costs and finds, on the machine that
 * fixtures/pci-dumps/machines/qemu-q35-claims.args describes, through handles that count.
 */
#include "drydock/pci.h"
#include "drydock/pci_cache.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/pci_hotplug.h"
#include "drydock/pci_machine.h"
#include "drydock/pci_mcfg.h"
#include "drydock/pci_scan.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* ---- A handle that counts ---- */

struct counted {
    struct dd_pci_access through;
    struct dd_pci_address address; /* of the function whose dwords are counted */
    uint8_t reads[DD_PCI_EXTENDED_CONFIG_SIZE / 4];
    unsigned int all;
    unsigned int present; /* of Vendor ID and header type, of functions that are there */
    unsigned int absent;  /* of the Vendor ID of others */
    unsigned int nobody;  /* of anything of others */
    unsigned int beside;  /* of devices 1 to 31 on buses 3, 4 and 5, each below a port */
    bool is_gone;         /* nobody answers any more */
};

static struct counted counted;

static bool is_counted(struct dd_pci_address address)
{
    return address.bus == counted.address.bus && address.device == counted.address.device &&
           address.function == counted.address.function;
}

static bool is_present(struct dd_pci_address address)
{
    uint32_t id;

    return dd_pci_read_id(&counted.through, address, &id) == DD_OK;
}

static uint32_t count_read(const struct dd_pci_access *access, struct dd_pci_address address,
                           uint16_t offset, enum dd_pci_width width)
{
    bool is_there = is_present(address);

    (void)access;
    counted.all++;
    counted.present += is_there && (offset == 0x00 || offset == 0x0E) ? 1 : 0;
    counted.absent += !is_there && offset == 0x00 ? 1 : 0;
    counted.nobody += is_there ? 0 : 1;
    counted.beside += address.bus >= 3 && address.bus <= 5 && address.device > 0 ? 1 : 0;
    if (is_counted(address)) {
        counted.reads[offset / 4]++;
    }
    if (counted.is_gone) {
        return UINT32_MAX;
    }
    return counted.through.ops->read(&counted.through, address, offset, width);
}

static void count_write(const struct dd_pci_access *access, struct dd_pci_address address,
                        uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    (void)access;
    counted.through.ops->write(&counted.through, address, offset, width, value);
}

/* A handle on the machine that counts from 0 on. */
static enum dd_status open_counted(struct dd_pci_access *access)
{
    static const struct dd_pci_ops ops = {count_read, count_write};
    static const struct counted none;
    enum dd_status status;

    counted = none;
    status = pci_machine_open_ecam(&counted.through);
    *access = counted.through;
    access->ops = &ops;
    return status;
}

/* ---- What a scan costs: [PCIe 6] 7.3.1 ---- */

CLAIM(pci_a_scan_reads_two_registers_of_a_function_and_one_of_nobody)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    CLAIM_OK(open_counted(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(functions.count, 18);
    CLAIM_EQUAL(counted.present, 36);
    CLAIM_EQUAL(counted.absent, counted.nobody);
}

CLAIM(pci_below_a_port_only_device_0_is_asked)
{
    struct dd_pci_access access;
    struct pci_functions functions;

    CLAIM_OK(open_counted(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(counted.beside, 0);
    CLAIM_TRUE(counted.all < 300);
}

/* A scan tells of a bridge first and then of all on the buses it passes on: [PCI-PCI 1.2] 3.2.5. */
CLAIM(pci_behind_each_bridge_is_what_a_scan_found_after_it)
{
    struct dd_pci_access access;
    struct pci_functions all;
    struct pci_functions behind;
    const struct dd_pci_visitor visitor = pci_collect_functions(&behind);

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &all));
    CLAIM_EQUAL(all.count, 18);
    for (unsigned int i = 0; i < all.count; i++) {
        const struct dd_pci_function *bridge = &all.list[i];

        behind.count = 0;
        CLAIM_STATUS(dd_pci_scan_behind(&access, bridge->address, &visitor), bridge->behind);
        for (unsigned int k = 0; k < behind.count; k++) {
            CLAIM_TRUE(dd_pci_address_is_same(behind.list[k].address, all.list[i + 1 + k].address));
        }
        CLAIM_TRUE(i + 1 + behind.count == all.count ||
                   all.list[i + 1 + behind.count].address.bus <= bridge->address.bus);
    }
}

static enum dd_pci_visit pass_by(void *context, const struct dd_pci_capability *capability)
{
    (void)context;
    (void)capability;
    return DD_PCI_VISIT_CONTINUE;
}

CLAIM(pci_a_cache_reads_each_register_of_a_function_once)
{
    static struct dd_pci_cache cache;
    const struct dd_pci_capability_visitor visitor = {pass_by, NULL};
    const struct dd_pci_address card = pci_at(3, 0, 0);
    struct dd_pci_access access;
    struct dd_pci_header header;
    uint32_t value;

    CLAIM_OK(open_counted(&access));
    counted.address = card;
    dd_pci_cache_init(&cache, &access);
    for (unsigned int i = 0; i < 2; i++) {
        CLAIM_OK(dd_pci_read_header(&cache.access, card, &header));
        CLAIM_OK(dd_pci_walk_capabilities(&cache.access, card, &visitor));
        CLAIM_OK(dd_pci_walk_extended_capabilities(&cache.access, card, &visitor));
    }
    for (unsigned int dword = 0; dword < 1024; dword++) {
        CLAIM_TRUE(counted.reads[dword] <= 1);
    }
    CLAIM_EQUAL(header.dwords[0], 0x10D38086);
    counted.is_gone = true;
    CLAIM_STATUS(dd_pci_read32(&cache.access, card, 0xF00, &value), DD_ENODEV);
    CLAIM_STATUS(dd_pci_read_header(&cache.access, card, &header), DD_ENODEV);
}

/* ---- The machine behind one handle ---- */

static unsigned int held;
static unsigned int times;

static void acquire(void *context)
{
    (void)context;
    held++;
    times++;
}

static void release(void *context)
{
    (void)context;
    held--;
}

/* The window is said to reach buses 0 and 1 only; the others are behind the ports. */
CLAIM(pci_each_register_is_reached_by_the_mechanism_that_has_it)
{
    static const struct dd_pci_lock lock = {acquire, release, NULL};
    struct dd_pci_access window;
    struct dd_pci_access access;
    struct dd_pci_ecam buses;
    const struct dd_pci_machine machine = {&buses, 1, DD_PCI_PORTS_PRESENT, &lock};
    uint32_t value;

    CLAIM_OK(pci_machine_open_ecam(&window));
    buses = (struct dd_pci_ecam){.base = window.base, .first_bus = 0, .last_bus = 1};
    CLAIM_OK(dd_pci_access_init_machine(&access, &machine, 0));
    CLAIM_EQUAL(dd_pci_config_size(&access, 1), 4096);
    CLAIM_EQUAL(dd_pci_config_size(&access, 2), 256);
    times = 0;
    CLAIM_OK(dd_pci_read32(&access, pci_at(0, 2, 0), 0x100, &value));
    CLAIM_OK(dd_pci_read32(&access, pci_at(1, 0, 0), 0, &value));
    CLAIM_EQUAL(value, 0x8232104C);
    CLAIM_EQUAL(times, 0);
    CLAIM_OK(dd_pci_read32(&access, pci_at(3, 0, 0), 0, &value));
    CLAIM_EQUAL(value, 0x10D38086);
    CLAIM_EQUAL(times, 1);
    CLAIM_EQUAL(held, 0);
    CLAIM_STATUS(dd_pci_read32(&access, pci_at(3, 0, 0), 0x100, &value), DD_EARG);
    CLAIM_STATUS(dd_pci_access_init_machine(&access, &machine, 1), DD_ENOENT);
}

/* [PCIFW 3.2] table 4-3: one window, of segment 1 and buses 16 to 31. */
CLAIM(pci_the_table_mcfg_is_read_in_place)
{
    static uint8_t table[60] = {'M', 'C', 'F', 'G', 60};
    static const uint8_t entry[12] = {0, 0, 0, 0xE0, 1, 0, 0, 0, 1, 0, 16, 31};
    struct dd_pci_mcfg_window window;
    size_t count = 0;
    uint8_t sum = 0;

    table[9] = 0;
    for (unsigned int i = 0; i < 12; i++) {
        table[44 + i] = entry[i];
    }
    for (unsigned int i = 0; i < 60; i++) {
        sum = (uint8_t)(sum + table[i]);
    }
    CLAIM_STATUS(dd_pci_mcfg_check(table, sizeof table, &count), DD_EMALFORMED);
    table[9] = (uint8_t)(0 - (unsigned int)sum);
    CLAIM_OK(dd_pci_mcfg_check(table, sizeof table, &count));
    CLAIM_EQUAL(count, 1);
    CLAIM_OK(dd_pci_mcfg_read(table, 0, &window));
    CLAIM_EQUAL(window.base.raw, 0x1E0000000);
    CLAIM_EQUAL(window.segment, 1);
    CLAIM_EQUAL(window.first_bus, 16);
    CLAIM_EQUAL(window.last_bus, 31);
    CLAIM_STATUS(dd_pci_mcfg_read(table, 1, &window), DD_EARG);
}

/* ---- Changes ---- */

static unsigned int came;
static unsigned int went;

static void note_change(void *context, enum dd_pci_change change,
                        const struct dd_pci_function *function)
{
    (void)context;
    (void)function;
    came += change == DD_PCI_ADDED ? 1 : 0;
    went += change == DD_PCI_REMOVED ? 1 : 0;
}

CLAIM(pci_functions_that_come_and_go_are_told)
{
    static struct dd_pci_known list[40];
    static const struct dd_pci_change_visitor visitor = {note_change, NULL};
    struct dd_pci_inventory inventory = {.list = list, .capacity = 40};
    struct dd_pci_access access;

    came = 0;
    went = 0;
    CLAIM_OK(open_counted(&access));
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(came, 18);
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(came, 18);
    CLAIM_EQUAL(went, 0);
    counted.is_gone = true;
    CLAIM_OK(dd_pci_look_again(&access, 0, &inventory, &visitor));
    CLAIM_EQUAL(went, 18);
    CLAIM_EQUAL(inventory.count, 0);
}
