/* SPDX-License-Identifier: MIT */
/*
 * The registers of a bridge that are no windows. Of those with error bits only what is
 * asked for is written as 1.
 */
#include "drydock/pci_bridge.h"

#include "pci_bus.h"

/* Bits of both status registers that a written 1 clears. */
#define ERRORS                                                   \
    (DD_BITS(DD_PCI_SECONDARY_STATUS_MASTER_DATA_PARITY_ERROR) | \
     DD_BITS(DD_PCI_SECONDARY_STATUS_SIGNALED_TARGET_ABORT) |    \
     DD_BITS(DD_PCI_SECONDARY_STATUS_RECEIVED_TARGET_ABORT) |    \
     DD_BITS(DD_PCI_SECONDARY_STATUS_RECEIVED_MASTER_ABORT) |    \
     DD_BITS(DD_PCI_SECONDARY_STATUS_RECEIVED_SYSTEM_ERROR) |    \
     DD_BITS(DD_PCI_SECONDARY_STATUS_DETECTED_PARITY_ERROR))

static enum dd_status check_layout(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint8_t *layout)
{
    uint8_t type;
    enum dd_status status = dd_pci_read8(access, address, DD_PCI_HEADER_TYPE, &type);

    if (status != DD_OK) {
        return status;
    }
    *layout = (uint8_t)DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT);
    return *layout == DD_PCI_LAYOUT_BRIDGE || *layout == DD_PCI_LAYOUT_CARDBUS ? DD_OK : DD_ENOTSUP;
}

enum dd_status dd_pci_set_bus_numbers(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint32_t numbers)
{
    uint8_t layout;
    uint32_t original;
    enum dd_status status = check_layout(access, address, &layout);

    if (status == DD_OK) {
        status = dd_pci_read32(access, address, DD_PCI_BRIDGE_PRIMARY_BUS, &original);
    }
    if (status != DD_OK) {
        return status;
    }
    return dd_pci_bus_write_numbers(access, address,
                                    (numbers & 0x00FFFFFF) | (original & 0xFF000000));
}

enum dd_status dd_pci_change_bridge_control(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t clear,
                                            uint16_t set)
{
    uint8_t layout;
    uint16_t control;
    enum dd_status status = check_layout(access, address, &layout);

    if (status == DD_OK) {
        status = dd_pci_read16(access, address, DD_PCI_BRIDGE_CONTROL, &control);
    }
    if (status != DD_OK) {
        return status;
    }
    if (layout == DD_PCI_LAYOUT_BRIDGE) {
        control &= (uint16_t)~DD_BITS(DD_PCI_BRIDGE_CONTROL_DISCARD_TIMER_STATUS);
    }
    return dd_pci_write16(access, address, DD_PCI_BRIDGE_CONTROL,
                          (uint16_t)((control & ~(unsigned int)clear) | set));
}

enum dd_status dd_pci_clear_secondary_status(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t bits)
{
    uint8_t layout;
    enum dd_status status = check_layout(access, address, &layout);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_write16(access, address,
                          layout == DD_PCI_LAYOUT_BRIDGE ? DD_PCI_BRIDGE_SECONDARY_STATUS
                                                         : DD_PCI_CARDBUS_SECONDARY_STATUS,
                          (uint16_t)(bits & ERRORS));
}
