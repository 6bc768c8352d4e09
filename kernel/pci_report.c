/* SPDX-License-Identifier: MIT */
/*
 * The PCI report. A function is printed completely before the next is looked for,
 * so nothing is stored.
 */
#include "kernel/pci_report.h"

#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/text.h"
#include "kernel/console.h"
#include "kernel/pci_buses.h"
#include "kernel/protocol.h"

#define CLASS_BRIDGE         0x06
#define SUBCLASS_HOST_BRIDGE 0x00

static void print_header(struct dd_pci_address address, const struct dd_pci_header *header)
{
    char buffer[2 * sizeof header->dwords + 1];
    struct dd_text text;

    dd_text_init(&text, buffer, sizeof buffer);
    dd_text_put_bytes(&text, header->dwords, sizeof header->dwords); /* little-endian, as PCI */
    kpci_print_start(KPROTOCOL_PCI, address);
    kprint(" %s\n", buffer);
}

static enum dd_pci_visit print_capability(void *context, const struct dd_pci_capability *capability)
{
    const struct dd_pci_address *address = context;

    kpci_print_start(KPROTOCOL_CAP, *address);
    kprint(" %02x %02x\n", (unsigned int)capability->id, (unsigned int)capability->offset);
    return DD_PCI_VISIT_CONTINUE;
}

static enum dd_pci_visit print_extended_capability(void *context,
                                                   const struct dd_pci_capability *capability)
{
    const struct dd_pci_address *address = context;

    kpci_print_start(KPROTOCOL_ECAP, *address);
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
        kpci_print_trouble(address, status, "capability list");
    }
    if (dd_pci_config_size(access, address.bus) == DD_PCI_CONFIG_SIZE) {
        return;
    }
    status = dd_pci_walk_extended_capabilities(access, address, &extended);
    if (status != DD_OK) {
        kpci_print_trouble(address, status, "extended capability list");
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

    kpci_print_start(KPROTOCOL_BAR, address);
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
        kpci_print_trouble(address, status, "base address registers");
        return;
    }
    for (unsigned int i = 0; i < DD_PCI_BARS; i++) {
        if (bars[i].status == DD_OK) {
            print_bar(address, i, &bars[i]);
        } else if (bars[i].status != DD_ENOENT) {
            kpci_print_trouble(address, bars[i].status, bar_names[i]);
        }
    }
}

static void report_function(void *context, const struct dd_pci_access *access,
                            const struct dd_pci_function *function)
{
    unsigned int *count = context;
    struct dd_pci_header header;
    struct dd_pci_common common;
    enum dd_status status = dd_pci_read_header(access, function->address, &header);

    if (status != DD_OK) {
        kpci_print_trouble(function->address, status, "header");
        return;
    }
    (*count)++;
    print_header(function->address, &header);
    report_capabilities(access, function->address);
    dd_pci_decode_common(&header, &common);
    if (common.base_class != CLASS_BRIDGE || common.subclass != SUBCLASS_HOST_BRIDGE) {
        report_bars(access, function->address);
    }
    if (function->behind != DD_OK && function->behind != DD_ENOENT) {
        kpci_print_trouble(function->address, function->behind, "bus behind the bridge");
    }
}

void kpci_report(uint32_t mechanism)
{
    unsigned int count = 0;

    kpci_visit(mechanism, &(struct kpci_visitor){report_function, &count});
    kprint("%s pci %u\n", KPROTOCOL_END, count);
}
