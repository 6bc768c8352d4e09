/* SPDX-License-Identifier: MIT */
/*
 * Each speed from 8 GT/s on needs the lanes to be equalized, and has a capability
 * for it with a record for each lane; how long it is, only the width of the link
 * tells. The others have one size, but for Alternate Protocol, whose last register
 * is there if the capability says so.
 */
#include "drydock/pci_express_extended.h"

#include <stdbool.h>

#include "pci_cap_read.h"

/* ---- Capabilities of one size ---- */

enum dd_status dd_pci_data_link_feature_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_data_link_feature *feature)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_data_link_feature result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_DATA_LINK_FEATURE_STATUS + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_DATA_LINK_FEATURE_CAPABILITIES);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_DATA_LINK_FEATURE_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *feature = result;
    }
    return status;
}

enum dd_status dd_pci_alternate_protocol_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_alternate_protocol *protocol)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_alternate_protocol result = {.offset = offset};
    struct pci_cap_reader reader;
    bool has_enable;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_ALTERNATE_PROTOCOL_SELECTIVE_ENABLE);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_ALTERNATE_PROTOCOL_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_ALTERNATE_PROTOCOL_CONTROL);
    result.data[0] = dd_pci_cap_read32(&reader, DD_PCI_ALTERNATE_PROTOCOL_DATA_1);
    result.data[1] = dd_pci_cap_read32(&reader, DD_PCI_ALTERNATE_PROTOCOL_DATA_2);
    has_enable =
        DD_GET(result.capabilities, DD_PCI_ALTERNATE_PROTOCOL_SELECTIVE_SUPPORTED) != 0 &&
        dd_pci_cap_fits(&reader, DD_PCI_ALTERNATE_PROTOCOL_SELECTIVE_ENABLE + DD_PCI_WIDTH_32);
    if (has_enable) {
        result.selective_enable =
            dd_pci_cap_read32(&reader, DD_PCI_ALTERNATE_PROTOCOL_SELECTIVE_ENABLE);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *protocol = result;
    }
    return status;
}

enum dd_status dd_pci_device3_read(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   struct dd_pci_device3 *device3)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_device3 result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_DEVICE_3_STATUS + DD_PCI_WIDTH_32);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_DEVICE_3_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_DEVICE_3_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_DEVICE_3_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *device3 = result;
    }
    return status;
}
