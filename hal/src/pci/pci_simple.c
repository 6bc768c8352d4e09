/* SPDX-License-Identifier: MIT */
/*
 * Each reader is the same four steps: see that the capability fits, read its
 * registers once, see that the function is still there, hand them over.
 */
#include "drydock/pci_simple.h"

#include "pci_cap_read.h"

#define BARS DD_PCI_BAR_ROM /* the registers before the ROM's */

enum dd_status dd_pci_subsystem_read(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t offset,
                                     struct dd_pci_subsystem *subsystem)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    struct dd_pci_subsystem result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_SUBSYSTEM_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.vendor = dd_pci_cap_read16(&reader, DD_PCI_SUBSYSTEM_BRIDGE_VENDOR);
    result.subsystem = dd_pci_cap_read16(&reader, DD_PCI_SUBSYSTEM_BRIDGE);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *subsystem = result;
    }
    return status;
}

enum dd_status dd_pci_slot_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_slot *slot)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    struct dd_pci_slot result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_SLOT_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.expansion = dd_pci_cap_read8(&reader, DD_PCI_SLOT_EXPANSION);
    result.chassis = dd_pci_cap_read8(&reader, DD_PCI_SLOT_CHASSIS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *slot = result;
    }
    return status;
}

enum dd_status dd_pci_debug_port_read(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint16_t offset,
                                      struct dd_pci_debug_port *port)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint16_t value;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DEBUG_PORT_SIZE);

    if (status != DD_OK) {
        return status;
    }
    value = dd_pci_cap_read16(&reader, DD_PCI_DEBUG_PORT);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        port->bar = (uint8_t)DD_GET(value, DD_PCI_DEBUG_PORT_BAR);
        port->offset = (uint16_t)DD_GET(value, DD_PCI_DEBUG_PORT_OFFSET);
    }
    return status;
}

enum dd_status dd_pci_debug_port_find_registers(const struct dd_pci_debug_port *port, uint8_t *bar,
                                                uint32_t *offset)
{
    if (port->bar < 1 || port->bar > BARS) {
        return DD_EMALFORMED;
    }
    *bar = (uint8_t)(port->bar - 1);
    *offset = port->offset;
    return DD_OK;
}

enum dd_status dd_pci_sata_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_sata *sata)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    struct dd_pci_sata result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_SATA_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.revision = dd_pci_cap_read8(&reader, DD_PCI_SATA_REVISION);
    result.location = dd_pci_cap_read32(&reader, DD_PCI_SATA_LOCATION);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *sata = result;
    }
    return status;
}

enum dd_status dd_pci_sata_find_registers(const struct dd_pci_sata *sata, uint8_t *bar,
                                          uint32_t *offset)
{
    /* 4 is BAR 0, as the offset of that register in dwords. */
    uint64_t location = DD_GET(sata->location, DD_PCI_SATA_BAR_LOCATION);

    if (location == DD_PCI_SATA_IN_CAPABILITY) {
        return DD_ENOENT;
    }
    if (location < 4 || location >= 4 + BARS) {
        return DD_EMALFORMED;
    }
    *bar = (uint8_t)(location - 4);
    *offset = (uint32_t)DD_GET(sata->location, DD_PCI_SATA_BAR_OFFSET) * 4;
    return DD_OK;
}

enum dd_status dd_pci_agp_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_agp *agp)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    struct dd_pci_agp result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_AGP_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.revision = dd_pci_cap_read8(&reader, DD_PCI_AGP_REVISION);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_AGP_STATUS);
    result.command = dd_pci_cap_read32(&reader, DD_PCI_AGP_COMMAND);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *agp = result;
    }
    return status;
}

enum dd_status dd_pci_hot_plug_read(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_hot_plug *hot_plug)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    struct dd_pci_hot_plug result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_HOT_PLUG_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.select = dd_pci_cap_read8(&reader, DD_PCI_HOT_PLUG_SELECT);
    result.pending = dd_pci_cap_read8(&reader, DD_PCI_HOT_PLUG_PENDING);
    result.data = dd_pci_cap_read32(&reader, DD_PCI_HOT_PLUG_DATA);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *hot_plug = result;
    }
    return status;
}

enum dd_status dd_pci_compact_hot_swap_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            uint8_t *control)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint8_t value;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_COMPACT_HOT_SWAP_SIZE);

    if (status != DD_OK) {
        return status;
    }
    value = dd_pci_cap_read8(&reader, DD_PCI_COMPACT_HOT_SWAP);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *control = value;
    }
    return status;
}
