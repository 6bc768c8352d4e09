/* SPDX-License-Identifier: MIT */
/*
 * Writing an assignment. While registers change, an address may be claimed by nobody or
 * by two, so every function and bridge concerned has its decoding off until all are
 * written. Whatever goes wrong, what was collected is put back, and then Command.
 */
#include "drydock/pci_extended_regs.h"
#include "pci_resource_place.h"

#define DECODING (DD_BITS(DD_PCI_COMMAND_IO_SPACE) | DD_BITS(DD_PCI_COMMAND_MEMORY_SPACE))

struct writing {
    const struct dd_pci_access *access;
    struct dd_pci_resources *resources;
};

/* The first range of a function's, which keeps the function's Command register. */
static bool is_first(const struct dd_pci_resources *resources, size_t index)
{
    return index == 0 || !dd_pci_address_is_same(resources->list[index - 1].address,
                                                 resources->list[index].address);
}

/* ---- Ranges with an enable bit of their own: ROM Enable, VF Memory Space Enable ---- */

/* Whether it has one, and no place. */
static bool is_off(const struct dd_pci_resource *range)
{
    return range->status != DD_OK && dd_pci_place_is_extra(range);
}

static uint16_t enable_offset(const struct dd_pci_resource *range)
{
    return range->sriov == 0 ? range->offset : (uint16_t)(range->sriov + DD_PCI_SRIOV_CONTROL);
}

/* SR-IOV Control shares its dword with Status, whose bits a written 1 clears. */
static void disable(const struct dd_pci_access *access, const struct dd_pci_resource *range)
{
    uint32_t rom = range->enable & ~(uint32_t)DD_BITS(DD_PCI_ROM_ENABLE);
    uint32_t virtual = range->enable & UINT16_MAX &
                       ~(uint32_t)DD_BITS(DD_PCI_SRIOV_VF_MEMORY_SPACE);

    (void)!dd_pci_write32(access, range->address, enable_offset(range),
                          range->sriov == 0 ? rom : virtual);
}

static void disable_all(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;

    for (size_t i = 0; i < resources->count; i++) {
        if (is_off(&resources->list[i])) {
            disable(writing->access, &resources->list[i]);
        }
    }
}

/* ---- Decoding ---- */

static enum dd_status read_commands(const struct writing *writing)
{
    struct dd_pci_resources *resources = writing->resources;
    enum dd_status status = DD_OK;

    for (size_t i = 0; i < resources->bridge_count && status == DD_OK; i++) {
        status = dd_pci_read16(writing->access, resources->bridges[i].address, DD_PCI_COMMAND,
                               &resources->bridges[i].command);
    }
    for (size_t i = 0; i < resources->count && status == DD_OK; i++) {
        if (is_first(resources, i)) {
            status = dd_pci_read16(writing->access, resources->list[i].address, DD_PCI_COMMAND,
                                   &resources->list[i].command);
        }
        if (status == DD_OK && is_off(&resources->list[i])) {
            status = dd_pci_read32(writing->access, resources->list[i].address,
                                   enable_offset(&resources->list[i]), &resources->list[i].enable);
        }
    }
    return status;
}

static void write_command(const struct writing *writing, struct dd_pci_address address,
                          uint64_t command)
{
    (void)!dd_pci_write16(writing->access, address, DD_PCI_COMMAND, (uint16_t)command);
}

static void turn_off(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;

    for (size_t i = 0; i < resources->count; i++) {
        if (is_first(resources, i)) {
            write_command(writing, resources->list[i].address,
                          resources->list[i].command & ~DECODING);
        }
    }
    for (size_t i = resources->bridge_count; i > 0; i--) {
        write_command(writing, resources->bridges[i - 1].address,
                      resources->bridges[i - 1].command & ~DECODING);
    }
}

/* Bits of Command that must stay off: those of ranges without a place and an enable bit of their own. */
static uint64_t without_place(const struct dd_pci_resources *resources, size_t first)
{
    uint64_t bits = 0;

    for (size_t i = first;
         i < resources->count &&
         dd_pci_address_is_same(resources->list[i].address, resources->list[first].address);
         i++) {
        if (resources->list[i].status != DD_OK && resources->list[i].offset != 0 &&
            !is_off(&resources->list[i])) {
            bits |= resources->list[i].kind == DD_PCI_BAR_KIND_IO
                        ? DD_BITS(DD_PCI_COMMAND_IO_SPACE)
                        : DD_BITS(DD_PCI_COMMAND_MEMORY_SPACE);
        }
    }
    return bits;
}

/* A bridge's own ranges share its Command with its windows: of the two the ranges have the last word. */
static void turn_back_on(const struct writing *writing, enum dd_status outcome)
{
    const struct dd_pci_resources *resources = writing->resources;

    for (size_t i = 0; i < resources->bridge_count; i++) {
        write_command(writing, resources->bridges[i].address, resources->bridges[i].command);
    }
    for (size_t i = 0; i < resources->count; i++) {
        if (is_first(resources, i)) {
            uint64_t off = outcome == DD_OK ? without_place(resources, i) : 0;

            write_command(writing, resources->list[i].address, resources->list[i].command & ~off);
        }
    }
}

/* ---- Windows and ranges ---- */

/* Those that the bridge has. */
static enum dd_status write_windows_of(const struct writing *writing,
                                       const struct dd_pci_resource_bridge *bridge)
{
    enum dd_status status = DD_OK;

    for (unsigned int w = 0; w < DD_PCI_WINDOWS && status == DD_OK; w++) {
        if (bridge->ability.highest[w] != 0) {
            status = dd_pci_set_window(writing->access, bridge->address, (enum dd_pci_window)w,
                                       &bridge->range[w]);
        }
    }
    return status;
}

static enum dd_status write_windows(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;
    enum dd_status status = DD_OK;

    for (size_t i = 0; i < resources->bridge_count && status == DD_OK; i++) {
        status = write_windows_of(writing, &resources->bridges[i]);
    }
    return status;
}

static void put_back_windows(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;

    for (size_t i = 0; i < resources->bridge_count; i++) {
        const struct dd_pci_resource_bridge *bridge = &resources->bridges[i];

        (void)!dd_pci_write16(writing->access, bridge->address, DD_PCI_BRIDGE_IO_BASE,
                              (uint16_t)bridge->registers[0]);
        for (unsigned int r = 1; r < 6; r++) {
            (void)!dd_pci_write32(writing->access, bridge->address,
                                  (uint16_t)(DD_PCI_BRIDGE_IO_BASE + 4 * r), bridge->registers[r]);
        }
    }
}

static uint64_t address_bits(enum dd_pci_bar_kind kind)
{
    switch (kind) {
    case DD_PCI_BAR_KIND_IO:
        return DD_BITS(DD_PCI_BAR_IO_BASE);
    case DD_PCI_BAR_KIND_ROM:
        return DD_BITS(DD_PCI_ROM_BASE);
    case DD_PCI_BAR_KIND_MEMORY32:
    case DD_PCI_BAR_KIND_MEMORY64:
        break;
    }
    return DD_BITS(DD_PCI_BAR_MEMORY_BASE);
}

/* Write the address bits of a register, or a pair; the others stay. DD_EMALFORMED: it is not kept. */
static enum dd_status write_base(const struct writing *writing, const struct dd_pci_resource *range,
                                 uint64_t base)
{
    const uint32_t bits = (uint32_t)address_bits(range->kind);
    const uint16_t high = (uint16_t)(range->offset + 4);
    uint32_t value;
    uint32_t taken;
    enum dd_status status = dd_pci_read32(writing->access, range->address, range->offset, &value);

    if (status == DD_OK) {
        status = dd_pci_write32(writing->access, range->address, range->offset,
                                (value & ~bits) | (uint32_t)base);
    }
    if (status == DD_OK && range->kind == DD_PCI_BAR_KIND_MEMORY64) {
        status = dd_pci_write32(writing->access, range->address, high, (uint32_t)(base >> 32));
    }
    if (status == DD_OK) {
        status = dd_pci_read32(writing->access, range->address, range->offset, &taken);
    }
    if (status != DD_OK || (taken & bits) != (uint32_t)base) {
        return status == DD_OK ? DD_EMALFORMED : status;
    }
    if (range->kind == DD_PCI_BAR_KIND_MEMORY64) {
        status = dd_pci_read32(writing->access, range->address, high, &taken);
    }
    if (status != DD_OK || range->kind != DD_PCI_BAR_KIND_MEMORY64) {
        return status;
    }
    return taken == (uint32_t)(base >> 32) ? DD_OK : DD_EMALFORMED;
}

static enum dd_status write_bases(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;
    enum dd_status status = DD_OK;

    for (size_t i = 0; i < resources->count && status == DD_OK; i++) {
        const struct dd_pci_resource *range = &resources->list[i];

        if (range->status == DD_OK && range->offset != 0) {
            status = write_base(writing, range, range->base);
        }
    }
    return status;
}

static void put_back_bases(const struct writing *writing)
{
    const struct dd_pci_resources *resources = writing->resources;

    for (size_t i = 0; i < resources->count; i++) {
        if (resources->list[i].offset != 0) {
            (void)!write_base(writing, &resources->list[i], resources->list[i].found);
        }
    }
}

enum dd_status dd_pci_write_resources(const struct dd_pci_access *access,
                                      struct dd_pci_resources *resources)
{
    const struct writing writing = {access, resources};
    enum dd_status status = read_commands(&writing);

    if (status != DD_OK) {
        return status;
    }
    turn_off(&writing);
    status = write_windows(&writing);
    if (status == DD_OK) {
        status = write_bases(&writing);
    }
    if (status != DD_OK) {
        put_back_windows(&writing);
        put_back_bases(&writing);
    }
    if (status == DD_OK) {
        disable_all(&writing);
    }
    turn_back_on(&writing, status);
    return status;
}
