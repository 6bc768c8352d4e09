/* SPDX-License-Identifier: MIT */
/*
 * The sizes of the three vectors are exponents: 256 bits, twice that, and so on;
 * of Routing IDs only the sizes 256, 1024 and 8192 exist.
 */
#include "drydock/pci_fpb.h"

#include "pci_cap_read.h"

#define BITS_LEAST 256u

enum dd_status dd_pci_fpb_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_fpb *fpb)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_fpb result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_FPB_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_FPB_CAPABILITIES);
    result.rid_control_1 = dd_pci_cap_read32(&reader, DD_PCI_FPB_RID_CONTROL_1);
    result.rid_control_2 = dd_pci_cap_read32(&reader, DD_PCI_FPB_RID_CONTROL_2);
    result.memory_low_control = dd_pci_cap_read32(&reader, DD_PCI_FPB_MEMORY_LOW_CONTROL);
    result.memory_high_control_1 = dd_pci_cap_read32(&reader, DD_PCI_FPB_MEMORY_HIGH_CONTROL_1);
    result.memory_high_control_2 = dd_pci_cap_read32(&reader, DD_PCI_FPB_MEMORY_HIGH_CONTROL_2);
    result.vector_access = dd_pci_cap_read32(&reader, DD_PCI_FPB_VECTOR_ACCESS_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *fpb = result;
    }
    return status;
}

unsigned int dd_pci_fpb_vector_bits(const struct dd_pci_fpb *fpb, enum dd_pci_fpb_vector vector)
{
    uint32_t capabilities = fpb->capabilities;
    uint64_t exponent;
    uint64_t exists; /* one bit for each exponent that is not reserved */

    switch (vector) {
    case DD_PCI_FPB_VECTOR_RID:
        exponent = DD_GET(capabilities, DD_PCI_FPB_RID_VECTOR_SIZE);
        exists = DD_GET(capabilities, DD_PCI_FPB_RID_CAPABLE) * 0x25;
        break;
    case DD_PCI_FPB_VECTOR_MEMORY_LOW:
        exponent = DD_GET(capabilities, DD_PCI_FPB_MEMORY_LOW_VECTOR_SIZE);
        exists = DD_GET(capabilities, DD_PCI_FPB_MEMORY_LOW_CAPABLE) * 0x1F;
        break;
    case DD_PCI_FPB_VECTOR_MEMORY_HIGH:
        exponent = DD_GET(capabilities, DD_PCI_FPB_MEMORY_HIGH_VECTOR_SIZE);
        exists = DD_GET(capabilities, DD_PCI_FPB_MEMORY_HIGH_CAPABLE) * 0x3F;
        break;
    default:
        return 0;
    }
    return (exists >> exponent & 1) != 0 ? BITS_LEAST << exponent : 0;
}
