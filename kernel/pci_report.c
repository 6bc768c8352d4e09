/* SPDX-License-Identifier: MIT */
/*
 * The PCI report. One scan for each access handle: mechanism 1 for segment 0, or
 * each ECAM window for the root buses in it. The scan's visitor prints a function
 * completely before the next is looked for, so nothing is stored.
 */
#include "kernel/pci_report.h"

#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/pci_scan.h"
#include "kernel/console.h"
#include "kernel/machine.h"
#include "kernel/protocol.h"

#define BUSES 256

#define CLASS_BRIDGE         0x06
#define SUBCLASS_HOST_BRIDGE 0x00

struct report {
    struct dd_pci_access access;
    unsigned int count; /* functions printed, through all handles */
};

/* The start of every line: the tag and the address. */
static void print_start(const char *tag, struct dd_pci_address address)
{
    kprint("%s %04x:%02x:%02x.%u", tag, address.segment, (unsigned int)address.bus,
           (unsigned int)address.device, (unsigned int)address.function);
}

static void print_trouble(struct dd_pci_address address, enum dd_status status, const char *what)
{
    print_start(KPROTOCOL_TROUBLE, address);
    kprint(" %s %s\n", dd_status_name(status), what);
}

static void print_header(struct dd_pci_address address, const struct dd_pci_header *header)
{
    print_start(KPROTOCOL_PCI, address);
    kprint(" ");
    for (unsigned int i = 0; i < 64; i++) {
        kprint("%02x", (unsigned int)(header->dwords[i / 4] >> (8 * (i % 4)) & 0xFF));
    }
    kprint("\n");
}

static enum dd_pci_visit print_capability(void *context, const struct dd_pci_capability *capability)
{
    const struct dd_pci_address *address = context;

    print_start(KPROTOCOL_CAP, *address);
    kprint(" %02x %02x\n", (unsigned int)capability->id, (unsigned int)capability->offset);
    return DD_PCI_VISIT_CONTINUE;
}

static enum dd_pci_visit print_extended_capability(void *context,
                                                   const struct dd_pci_capability *capability)
{
    const struct dd_pci_address *address = context;

    print_start(KPROTOCOL_ECAP, *address);
    kprint(" %04x %x %03x\n", (unsigned int)capability->id, (unsigned int)capability->version,
           (unsigned int)capability->offset);
    return DD_PCI_VISIT_CONTINUE;
}

static void report_capabilities(const struct dd_pci_access *access, struct dd_pci_address address)
{
    const struct dd_pci_capability_visitor first = {print_capability, &address};
    const struct dd_pci_capability_visitor extended = {print_extended_capability, &address};
    enum dd_status status = dd_pci_walk_capabilities(access, address, &first);

    if (status != DD_OK) {
        print_trouble(address, status, "capability list");
    }
    if (access->size == DD_PCI_CONFIG_SIZE) {
        return;
    }
    status = dd_pci_walk_extended_capabilities(access, address, &extended);
    if (status != DD_OK) {
        print_trouble(address, status, "extended capability list");
    }
}

static void print_bar(struct dd_pci_address address, unsigned int index,
                      const struct dd_pci_bar *bar)
{
    static const char *const kinds[] = {
        [DD_PCI_BAR_KIND_IO] = "io",
        [DD_PCI_BAR_KIND_MEMORY32] = "mem32",
        [DD_PCI_BAR_KIND_MEMORY64] = "mem64",
        [DD_PCI_BAR_KIND_ROM] = "rom",
    };

    print_start(KPROTOCOL_BAR, address);
    kprint(" %u %s%s %lx %lx\n", index, kinds[bar->kind], bar->prefetchable ? "-pf" : "", bar->base,
           bar->size);
}

static const char *const bar_names[DD_PCI_BARS] = {
    "BAR 0", "BAR 1", "BAR 2", "BAR 3", "BAR 4", "BAR 5", "expansion ROM",
};

static void report_bars(const struct dd_pci_access *access, struct dd_pci_address address)
{
    struct dd_pci_bar bars[DD_PCI_BARS];
    enum dd_status status = dd_pci_size_bars(access, address, bars);

    if (status != DD_OK) {
        print_trouble(address, status, "base address registers");
        return;
    }
    for (unsigned int i = 0; i < DD_PCI_BARS; i++) {
        if (bars[i].status == DD_OK) {
            print_bar(address, i, &bars[i]);
        } else if (bars[i].status != DD_ENOENT) {
            print_trouble(address, bars[i].status, bar_names[i]);
        }
    }
}

static enum dd_pci_visit report_function(void *context, const struct dd_pci_function *function)
{
    struct report *report = context;
    struct dd_pci_header header;
    struct dd_pci_common common;
    enum dd_status status = dd_pci_read_header(&report->access, function->address, &header);

    if (status != DD_OK) {
        print_trouble(function->address, status, "header");
        return DD_PCI_VISIT_CONTINUE;
    }
    report->count++;
    print_header(function->address, &header);
    report_capabilities(&report->access, function->address);
    dd_pci_decode_common(&header, &common);
    if (common.base_class != CLASS_BRIDGE || common.subclass != SUBCLASS_HOST_BRIDGE) {
        report_bars(&report->access, function->address);
    }
    if (function->behind != DD_OK && function->behind != DD_ENOENT) {
        print_trouble(function->address, function->behind, "bus behind the bridge");
    }
    return DD_PCI_VISIT_CONTINUE;
}

/* Scan the root buses that the report's handle reaches. */
static void report_buses(struct report *report)
{
    const struct kmachine *machine = kmachine();
    const struct kroot_bus *root_buses = (const struct kroot_bus *)(uintptr_t)machine->root_buses;
    const struct dd_pci_access *access = &report->access;
    const struct dd_pci_visitor visitor = {report_function, report};
    uint8_t roots[BUSES];
    unsigned int count = 0;
    enum dd_status status;

    for (uint32_t i = 0; i < machine->root_bus_count && count < BUSES; i++) {
        const struct kroot_bus *root = &root_buses[i];

        if (root->segment == access->segment && root->bus >= access->first_bus &&
            root->bus <= access->last_bus) {
            roots[count] = (uint8_t)root->bus;
            count++;
        }
    }
    status = dd_pci_scan(access, roots, count, &visitor);
    if (status != DD_OK) {
        print_trouble((struct dd_pci_address){.segment = access->segment}, status, "scan");
    }
}

static void report_windows(struct report *report)
{
    const struct kmachine *machine = kmachine();
    const struct kecam *windows = (const struct kecam *)(uintptr_t)machine->ecam;

    for (uint32_t i = 0; i < machine->ecam_count; i++) {
        const struct dd_pci_ecam window = {
            .base = dd_vaddr_from(windows[i].base),
            .segment = windows[i].segment,
            .first_bus = windows[i].first_bus,
            .last_bus = windows[i].last_bus,
        };
        enum dd_status status = dd_pci_access_init_ecam(&report->access, &window);

        if (status == DD_OK) {
            report_buses(report);
        } else {
            print_trouble((struct dd_pci_address){window.segment, window.first_bus, 0, 0}, status,
                          "configuration window");
        }
    }
}

void kpci_report(uint32_t mechanism)
{
    struct report report = {.count = 0};

    switch (mechanism) {
    case KPCI_MECHANISM_1:
        dd_pci_access_init_mechanism1(&report.access);
        report_buses(&report);
        break;
    case KPCI_ECAM:
        report_windows(&report);
        break;
    default:
        break;
    }
    kprint("%s pci %u\n", KPROTOCOL_END, report.count);
}
