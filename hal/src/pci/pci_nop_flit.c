/* SPDX-License-Identifier: MIT */
/*
 * Flits without payload may carry what helps to find faults of a link: a port sends them by
 * itself at some rate, or a number of them when it is asked.
 */
#include "drydock/pci_flit.h"

#include "pci_cap_read.h"

enum dd_status dd_pci_nop_flit_read(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_nop_flit *nop_flit)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_nop_flit result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_NOP_FLIT_STATUS + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_NOP_FLIT_CAPABILITIES);
    result.control[0] = dd_pci_cap_read32(&reader, DD_PCI_NOP_FLIT_CONTROL_1);
    result.control[1] = dd_pci_cap_read32(&reader, DD_PCI_NOP_FLIT_CONTROL_2);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_NOP_FLIT_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *nop_flit = result;
    }
    return status;
}
