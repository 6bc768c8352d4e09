/* SPDX-License-Identifier: MIT */
/*
 * A port that multiplexes has an array of the protocols it can carry, and a channel names
 * one of them by its number, which counts from 1: 0 is a channel without a protocol.
 */
#include "drydock/pci_protocol.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

enum dd_status dd_pci_pmux_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_pmux *pmux)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pmux result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PMUX_STATUS + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_PMUX_CAPABILITY);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_PMUX_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PMUX_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *pmux = result;
    }
    return status;
}

enum dd_status dd_pci_pmux_read_protocol(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_pmux *pmux, unsigned int number,
                                         uint32_t *protocol)
{
    const struct pci_cap_place place = {access, address, pmux->offset};

    if (number == 0 || number > DD_GET(pmux->capability, DD_PCI_PMUX_PROTOCOLS)) {
        return DD_EARG;
    }
    return dd_pci_cap_fetch32(&place, DD_PCI_PMUX_PROTOCOL + (number - 1) * DD_PCI_WIDTH_32,
                              protocol);
}

enum dd_status dd_pci_ln_requester_read(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        struct dd_pci_ln_requester *ln_requester)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ln_requester result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_LN_REQUESTER_CONTROL + DD_PCI_WIDTH_16);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_LN_REQUESTER_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_LN_REQUESTER_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ln_requester = result;
    }
    return status;
}

enum dd_status dd_pci_mpcie_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, struct dd_pci_mpcie *mpcie)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_mpcie result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_MPCIE_PHY_DATA + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_STATUS);
    result.lane_errors = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_LANE_ERRORS);
    result.phy_address = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_PHY_ADDRESS);
    result.phy_data = dd_pci_cap_read32(&reader, DD_PCI_MPCIE_PHY_DATA);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *mpcie = result;
    }
    return status;
}
