/* SPDX-License-Identifier: MIT */
/*
 * A function may say that it is ready sooner than the standard makes software wait:
 * by times it promises, or by messages that its root port queues.
 */
#include "drydock/pci_npem.h"

#include "pci_cap_read.h"
#include "pci_scaled_time.h"

#define TIME_VALUE_BITS 9u

enum dd_status dd_pci_readiness_read(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t offset,
                                     struct dd_pci_readiness *readiness)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_readiness result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_READINESS_TIMES_2 + 4);

    if (status != DD_OK) {
        return status;
    }
    result.times_1 = dd_pci_cap_read32(&reader, DD_PCI_READINESS_TIMES_1);
    result.times_2 = dd_pci_cap_read32(&reader, DD_PCI_READINESS_TIMES_2);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *readiness = result;
    }
    return status;
}

uint64_t dd_pci_readiness_nanoseconds(unsigned int time)
{
    return pci_scaled_time(time & DD_MASK(TIME_VALUE_BITS - 1, 0), time >> TIME_VALUE_BITS & 7);
}

enum dd_status dd_pci_frs_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_frs *frs)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_frs result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_FRS_MESSAGE + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_FRS_CAPABILITY);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_FRS_STATUS);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_FRS_CONTROL);
    result.message = dd_pci_cap_read32(&reader, DD_PCI_FRS_MESSAGE);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *frs = result;
    }
    return status;
}
