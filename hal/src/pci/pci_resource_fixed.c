/* SPDX-License-Identifier: MIT */
/*
 * Enhanced Allocation: a function whose addresses are wired, part of the root complex
 * mostly, lists them in a capability, and its base address registers read as zero. Such
 * a range has any size, and can only be gone around. A bridge may list ranges for what is
 * behind it too, which is part of them then. A physical function may list those of its
 * virtual ones: as a VF BAR such an entry tells the first one's, and the others' follow it. The windows of a CardBus bridge are treated
 * alike: cards come and go behind them, and who drives the socket knows where.
 */
#include "pci_resource_fixed.h"

#include "drydock/pci_cap.h"
#include "drydock/pci_ea.h"
#include "drydock/pci_sriov.h"

enum dd_status dd_pci_resource_add(struct dd_pci_resources *resources,
                                   const struct dd_pci_resource *range)
{
    if (resources->count == resources->capacity) {
        return DD_EFULL;
    }
    resources->list[resources->count] = *range;
    resources->count++;
    return DD_OK;
}

/* Whether an entry is a range of the function's own, and of which kind. */
static bool decode_kind(const struct dd_pci_ea_entry *entry, struct dd_pci_resource *range)
{
    if (DD_GET(entry->header, DD_PCI_EA_ENTRY_ENABLE) == 0) {
        return false;
    }
    switch (DD_GET(entry->header, DD_PCI_EA_ENTRY_PRIMARY_PROPERTIES)) {
    case DD_PCI_EA_MEMORY:
    case DD_PCI_EA_VF_MEMORY:
    case DD_PCI_EA_BRIDGE_MEMORY:
        range->kind = DD_PCI_BAR_KIND_MEMORY64;
        return true;
    case DD_PCI_EA_MEMORY_PREFETCHABLE:
    case DD_PCI_EA_VF_MEMORY_PREFETCHABLE:
    case DD_PCI_EA_BRIDGE_MEMORY_PREFETCHABLE:
        range->kind = DD_PCI_BAR_KIND_MEMORY64;
        range->prefetchable = true;
        return true;
    case DD_PCI_EA_IO:
    case DD_PCI_EA_BRIDGE_IO:
        range->kind = DD_PCI_BAR_KIND_IO;
        return true;
    default:
        return false;
    }
}

static bool is_within(const struct dd_pci_resource *range, const struct dd_pci_resource *whole)
{
    return whole->kind == range->kind && range->found >= whole->found &&
           range->found + (range->size - 1) <= whole->found + (whole->size - 1);
}

/* Whether a range is part of one that is fixed for a bridge. */
static bool is_part_of(const struct dd_pci_resources *resources,
                       const struct dd_pci_resource_bridge *bridge,
                       const struct dd_pci_resource *range)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct dd_pci_resource *whole = &resources->list[i];

        if (whole->offset == 0 && dd_pci_address_is_same(whole->address, bridge->address) &&
            is_within(range, whole)) {
            return true;
        }
    }
    return false;
}

/* Whether a range is part of one that is fixed for what is behind a bridge above it. */
static bool is_part(const struct dd_pci_resources *resources, const struct dd_pci_resource *range)
{
    for (uint16_t i = range->parent; i != DD_PCI_NO_PARENT; i = resources->bridges[i].parent) {
        if (is_part_of(resources, &resources->bridges[i], range)) {
            return true;
        }
    }
    return false;
}

/* Add what is fixed at an extent; the whole address space is nobody's. */
static enum dd_status add_extent(struct dd_pci_resources *resources,
                                 const struct dd_pci_resource *like,
                                 const struct dd_pci_range *extent)
{
    struct dd_pci_resource range = *like;

    if (extent->base > extent->limit || extent->limit - extent->base == UINT64_MAX) {
        return DD_OK;
    }
    range.offset = 0;
    range.size = extent->limit - extent->base + 1;
    range.alignment = 1;
    range.highest = UINT64_MAX;
    range.found = extent->base;
    return is_part(resources, &range) ? DD_OK : dd_pci_resource_add(resources, &range);
}

static bool is_of_vfs(const struct dd_pci_ea_entry *entry)
{
    uint64_t properties = DD_GET(entry->header, DD_PCI_EA_ENTRY_PRIMARY_PROPERTIES);

    return properties == DD_PCI_EA_VF_MEMORY || properties == DD_PCI_EA_VF_MEMORY_PREFETCHABLE;
}

/* From one virtual function's to that of all there can be. False: there are none, or no room. */
static bool repeat(const struct dd_pci_access *access, struct dd_pci_address address,
                   struct dd_pci_range *extent)
{
    const uint64_t greatest = extent->limit - extent->base;
    struct dd_pci_sriov sriov;
    uint16_t offset;

    if (dd_pci_find_extended_capability(access, address, DD_PCI_EXTENDED_ID_SRIOV, &offset) !=
            DD_OK ||
        dd_pci_sriov_read(access, address, offset, &sriov) != DD_OK || sriov.total_vfs == 0 ||
        greatest >= (UINT64_MAX - extent->base) / sriov.total_vfs) {
        return false;
    }
    extent->limit = extent->base + (greatest + 1) * sriov.total_vfs - 1;
    return true;
}

static enum dd_status add_entry(const struct dd_pci_access *access,
                                struct dd_pci_resources *resources,
                                const struct dd_pci_resource *like,
                                const struct dd_pci_ea_entry *entry)
{
    struct dd_pci_resource range = *like;
    struct dd_pci_range extent;

    if (!decode_kind(entry, &range) || dd_pci_ea_range(entry, &extent) != DD_OK ||
        (is_of_vfs(entry) && !repeat(access, like->address, &extent))) {
        return DD_OK;
    }
    return add_extent(resources, &range, &extent);
}

enum dd_status dd_pci_resource_add_fixed(const struct dd_pci_access *access,
                                         struct dd_pci_resources *resources,
                                         const struct dd_pci_resource *like)
{
    struct dd_pci_ea ea;
    struct dd_pci_ea_entry entry;
    uint16_t offset;
    enum dd_status status = DD_OK;

    if (dd_pci_find_capability(access, like->address, DD_PCI_CAPABILITY_ID_EA, &offset) != DD_OK ||
        dd_pci_ea_read(access, like->address, offset, &ea) != DD_OK) {
        return DD_OK;
    }
    while (status == DD_OK && dd_pci_ea_next(access, like->address, &ea, &entry) == DD_OK) {
        status = add_entry(access, resources, like, &entry);
    }
    return status;
}

/* A window that begins at address 0 was assigned by nobody. */
enum dd_status dd_pci_resource_add_cardbus(const struct dd_pci_access *access,
                                           struct dd_pci_resources *resources,
                                           const struct dd_pci_resource *like)
{
    struct dd_pci_resource range = *like;
    struct dd_pci_header header;
    struct dd_pci_cardbus cardbus;
    enum dd_status status = dd_pci_read_header(access, like->address, &header);

    if (status != DD_OK || dd_pci_decode_cardbus(&header, &cardbus) != DD_OK) {
        return status;
    }
    for (unsigned int i = 0; i < 4 && status == DD_OK; i++) {
        const struct dd_pci_range *window = i < 2 ? &cardbus.memory[i] : &cardbus.io[i - 2];

        range.kind = i < 2 ? DD_PCI_BAR_KIND_MEMORY32 : DD_PCI_BAR_KIND_IO;
        if (window->base != 0) {
            status = add_extent(resources, &range, window);
        }
    }
    return status;
}
