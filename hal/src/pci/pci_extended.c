/* SPDX-License-Identifier: MIT */
/*
 * The extended list names its capabilities with 16 bits; a function with many has
 * the one that is looked for anywhere among them, so the list is walked up to it.
 */
#include "drydock/pci_extended.h"

#include "drydock/pci_cap.h"

#include "pci_cap_read.h"

struct wanted {
    uint16_t id;
    uint16_t offset; /* 0: not found yet */
};

static enum dd_pci_visit compare_id(void *context, const struct dd_pci_capability *capability)
{
    struct wanted *wanted = context;

    if (capability->id != wanted->id) {
        return DD_PCI_VISIT_CONTINUE;
    }
    wanted->offset = capability->offset;
    return DD_PCI_VISIT_STOP;
}

enum dd_status dd_pci_find_extended_capability(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t id,
                                               uint16_t *offset)
{
    struct wanted wanted = {.id = id};
    const struct dd_pci_capability_visitor visitor = {compare_id, &wanted};
    enum dd_status status = dd_pci_walk_extended_capabilities(access, address, &visitor);

    if (status != DD_OK) {
        return status;
    }
    if (wanted.offset == 0) {
        return DD_ENOENT;
    }
    *offset = wanted.offset;
    return DD_OK;
}

enum dd_status dd_pci_dsn_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, uint64_t *serial)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint64_t result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DSN_UPPER + 4);

    if (status != DD_OK) {
        return status;
    }
    result = dd_pci_cap_read32(&reader, DD_PCI_DSN_LOWER);
    result |= (uint64_t)dd_pci_cap_read32(&reader, DD_PCI_DSN_UPPER) << 32;
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *serial = result;
    }
    return status;
}

enum dd_status dd_pci_ari_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ari *ari)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ari result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_ARI_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_ARI_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_ARI_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ari = result;
    }
    return status;
}
