/* SPDX-License-Identifier: MIT */
/*
 * Enhanced Allocation: a function whose addresses are wired, part of the root complex
 * mostly, lists them in a capability, and its base address registers read as zero. Such
 * a range has any size, and can only be gone around.
 */
#include "pci_resource_fixed.h"

#include "drydock/pci_cap.h"
#include "drydock/pci_ea.h"

/* ID of the capability. Spec: [PCIe 6] 7.8.5.1. */
#define EA_ID 0x14

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
        range->kind = DD_PCI_BAR_KIND_MEMORY64;
        return true;
    case DD_PCI_EA_MEMORY_PREFETCHABLE:
        range->kind = DD_PCI_BAR_KIND_MEMORY64;
        range->prefetchable = true;
        return true;
    case DD_PCI_EA_IO:
        range->kind = DD_PCI_BAR_KIND_IO;
        return true;
    default:
        return false;
    }
}

static enum dd_status add_entry(struct dd_pci_resources *resources,
                                const struct dd_pci_resource *like,
                                const struct dd_pci_ea_entry *entry)
{
    struct dd_pci_resource range = *like;
    struct dd_pci_range extent;

    if (!decode_kind(entry, &range) || dd_pci_ea_range(entry, &extent) != DD_OK ||
        extent.limit - extent.base == UINT64_MAX) {
        return DD_OK;
    }
    range.offset = 0;
    range.size = extent.limit - extent.base + 1;
    range.alignment = 1;
    range.highest = UINT64_MAX;
    range.found = extent.base;
    return dd_pci_resource_add(resources, &range);
}

enum dd_status dd_pci_resource_add_fixed(const struct dd_pci_access *access,
                                         struct dd_pci_resources *resources,
                                         const struct dd_pci_resource *like)
{
    struct dd_pci_ea ea;
    struct dd_pci_ea_entry entry;
    uint16_t offset;
    enum dd_status status = DD_OK;

    if (dd_pci_find_capability(access, like->address, EA_ID, &offset) != DD_OK ||
        dd_pci_ea_read(access, like->address, offset, &ea) != DD_OK) {
        return DD_OK;
    }
    while (status == DD_OK && dd_pci_ea_next(access, like->address, &ea, &entry) == DD_OK) {
        status = add_entry(resources, like, &entry);
    }
    return status;
}
