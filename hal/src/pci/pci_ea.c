/* SPDX-License-Identifier: MIT */
/*
 * Entries have one to five registers and follow each other; only the first of an
 * entry says how many it has. Base and greatest offset are 30 bits each of one
 * register, their two low bits being 00 and 11; either may have an upper half.
 */
#include "drydock/pci_ea.h"

#include "pci_cap_read.h"

enum dd_status dd_pci_ea_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, struct dd_pci_ea *ea)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ea result = {.offset = offset, .next = DD_PCI_EA_SIZE};
    struct pci_cap_reader reader;
    uint8_t type = 0;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_EA_BRIDGE_SIZE);

    if (status == DD_OK) {
        status = dd_pci_read8(access, address, DD_PCI_HEADER_TYPE, &type);
    }
    if (status != DD_OK) {
        return status;
    }
    result.layout = (uint8_t)DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT);
    result.count = (uint8_t)DD_GET(dd_pci_cap_read8(&reader, DD_PCI_EA_COUNT), DD_PCI_EA_COUNT);
    result.left = result.count;
    if (result.layout == DD_PCI_LAYOUT_BRIDGE) {
        result.secondary_bus = dd_pci_cap_read8(&reader, DD_PCI_EA_SECONDARY_BUS);
        result.subordinate_bus = dd_pci_cap_read8(&reader, DD_PCI_EA_SUBORDINATE_BUS);
        result.next = DD_PCI_EA_BRIDGE_SIZE;
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ea = result;
    }
    return status;
}

/* Bytes of an entry, the first register included. */
static unsigned int entry_bytes(const struct dd_pci_ea_entry *entry)
{
    return 4 * (1 + (unsigned int)DD_GET(entry->header, DD_PCI_EA_ENTRY_SIZE));
}

/* Read what follows the first register; the result is where the entry's parts end. */
static unsigned int read_ends(struct pci_cap_reader *reader, unsigned int at,
                              struct dd_pci_ea_entry *entry)
{
    unsigned int end = at + DD_PCI_EA_ENTRY_BASE_UPPER;

    entry->base = dd_pci_cap_read32(reader, at + DD_PCI_EA_ENTRY_BASE);
    entry->max_offset = dd_pci_cap_read32(reader, at + DD_PCI_EA_ENTRY_MAX_OFFSET);
    if (DD_GET(entry->base, DD_PCI_EA_ENTRY_BASE_64) != 0 && dd_pci_cap_fits(reader, end + 4)) {
        entry->base_upper = dd_pci_cap_read32(reader, end);
        end += 4;
    }
    if (DD_GET(entry->max_offset, DD_PCI_EA_ENTRY_MAX_OFFSET_64) != 0 &&
        dd_pci_cap_fits(reader, end + 4)) {
        entry->max_offset_upper = dd_pci_cap_read32(reader, end);
        end += 4;
    }
    return end;
}

enum dd_status dd_pci_ea_next(const struct dd_pci_access *access, struct dd_pci_address address,
                              struct dd_pci_ea *ea, struct dd_pci_ea_entry *entry)
{
    const struct pci_cap_place place = {access, address, ea->offset};
    struct dd_pci_ea_entry result = {.header = 0};
    struct pci_cap_reader reader;
    unsigned int end;
    enum dd_status status;

    if (ea->left == 0) {
        return DD_ENOENT;
    }
    status = dd_pci_cap_open(&reader, &place, ea->next + 12u);
    if (status != DD_OK) {
        return status;
    }
    result.header = dd_pci_cap_read32(&reader, ea->next);
    end = read_ends(&reader, ea->next, &result);
    status = dd_pci_cap_close(&reader);
    if (status != DD_OK) {
        return status;
    }
    if (end > ea->next + entry_bytes(&result) ||
        !dd_pci_cap_fits(&reader, ea->next + entry_bytes(&result))) {
        return DD_EMALFORMED;
    }
    ea->next = (uint16_t)(ea->next + entry_bytes(&result));
    ea->left--;
    *entry = result;
    return DD_OK;
}

enum dd_status dd_pci_ea_range(const struct dd_pci_ea_entry *entry, struct dd_pci_range *range)
{
    uint64_t base =
        (uint64_t)entry->base_upper << 32 | (entry->base & DD_BITS(DD_PCI_EA_ENTRY_BASE));
    uint64_t offset = (uint64_t)entry->max_offset_upper << 32 | entry->max_offset | 3;

    if (offset > UINT64_MAX - base) {
        return DD_EMALFORMED;
    }
    *range = (struct dd_pci_range){base, base + offset};
    return DD_OK;
}
