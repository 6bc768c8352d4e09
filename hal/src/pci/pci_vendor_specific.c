/* SPDX-License-Identifier: MIT */
/*
 * The standard fixes only the headers: who defines the rest, which of its
 * structures it is, in which revision, and how long.
 */
#include "drydock/pci_vendor_specific.h"

#include "drydock/pci_cap.h"

#include "pci_cap_read.h"

enum dd_status dd_pci_vsec_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_vsec *vsec)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_vsec result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_VSEC_HEADER + 4);

    if (status != DD_OK) {
        return status;
    }
    result.header = dd_pci_cap_read32(&reader, DD_PCI_VSEC_HEADER);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *vsec = result;
    }
    return status;
}

enum dd_status dd_pci_dvsec_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, struct dd_pci_dvsec *dvsec)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_dvsec result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DVSEC_HEADER_2 + 2);

    if (status != DD_OK) {
        return status;
    }
    result.header_1 = dd_pci_cap_read32(&reader, DD_PCI_DVSEC_HEADER_1);
    result.header_2 = dd_pci_cap_read16(&reader, DD_PCI_DVSEC_HEADER_2);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *dvsec = result;
    }
    return status;
}

/* ---- Looking for one ---- */

struct wanted {
    const struct dd_pci_access *access;
    struct dd_pci_address address;
    uint16_t vendor;
    uint16_t id;
    uint16_t offset;       /* 0: not found yet */
    enum dd_status status; /* of reading a header */
};

static enum dd_pci_visit compare(void *context, const struct dd_pci_capability *capability)
{
    struct wanted *wanted = context;
    struct dd_pci_dvsec dvsec;

    if (capability->id != DD_PCI_EXTENDED_ID_DVSEC) {
        return DD_PCI_VISIT_CONTINUE;
    }
    wanted->status = dd_pci_dvsec_read(wanted->access, wanted->address, capability->offset, &dvsec);
    if (wanted->status != DD_OK) {
        return DD_PCI_VISIT_STOP;
    }
    if (DD_GET(dvsec.header_1, DD_PCI_DVSEC_VENDOR) != wanted->vendor ||
        dvsec.header_2 != wanted->id) {
        return DD_PCI_VISIT_CONTINUE;
    }
    wanted->offset = capability->offset;
    return DD_PCI_VISIT_STOP;
}

enum dd_status dd_pci_find_dvsec(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t vendor, uint16_t id, uint16_t *offset)
{
    struct wanted wanted = {access, address, vendor, id, 0, DD_OK};
    const struct dd_pci_capability_visitor visitor = {compare, &wanted};
    enum dd_status status = dd_pci_walk_extended_capabilities(access, address, &visitor);

    if (status == DD_OK) {
        status = wanted.status;
    }
    if (status != DD_OK) {
        return status;
    }
    if (wanted.offset == 0) {
        return DD_ENOENT;
    }
    *offset = wanted.offset;
    return DD_OK;
}
