/* SPDX-License-Identifier: MIT */
/*
 * The inside of a root complex is not a tree of buses: event collectors and
 * elements name the others by device, bus range, component and port numbers.
 */
#include "drydock/pci_root_complex.h"

#include "pci_cap_read.h"

#define ENTRY_BYTES    16u
#define BUS_SHIFT      20u /* of a bus number in an address of configuration space */
#define DEVICE_SHIFT   15u
#define FUNCTION_SHIFT 12u
#define BUS_BITS_FULL  8u /* written as 0 */

static uint8_t read_version(struct pci_cap_reader *reader)
{
    return (uint8_t)DD_GET(dd_pci_cap_read32(reader, 0), DD_PCI_EXTENDED_CAPABILITY_VERSION);
}

enum dd_status dd_pci_rcec_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_rcec *rcec)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_rcec result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_RCEC_BITMAP + 4);

    if (status != DD_OK) {
        return status;
    }
    result.version = read_version(&reader);
    result.devices = dd_pci_cap_read32(&reader, DD_PCI_RCEC_BITMAP);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK && result.version >= 2) {
        if (!dd_pci_cap_fits(&reader, DD_PCI_RCEC_BUSES + 4)) {
            return DD_EMALFORMED;
        }
        result.buses = dd_pci_cap_read32(&reader, DD_PCI_RCEC_BUSES);
        status = dd_pci_cap_close(&reader);
    }
    if (status == DD_OK) {
        *rcec = result;
    }
    return status;
}

enum dd_status dd_pci_rcec_has(const struct dd_pci_rcec *rcec, struct dd_pci_address collector,
                               struct dd_pci_address endpoint)
{
    bool has = false;

    if (endpoint.segment == collector.segment && endpoint.bus == collector.bus) {
        has = endpoint.device < 32 && (rcec->devices >> endpoint.device & 1) != 0;
    } else if (endpoint.segment == collector.segment && rcec->version >= 2) {
        /* The next bus above the last one is how a collector says that there is none. */
        has = endpoint.bus >= DD_GET(rcec->buses, DD_PCI_RCEC_NEXT_BUS) &&
              endpoint.bus <= DD_GET(rcec->buses, DD_PCI_RCEC_LAST_BUS);
    }
    return has ? DD_OK : DD_ENOENT;
}

/* ---- Links ---- */

enum dd_status dd_pci_rclink_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                  uint16_t offset, struct dd_pci_rclink *rclink)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_rclink result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_RCLINK_SELF + 4);

    if (status != DD_OK) {
        return status;
    }
    result.self = dd_pci_cap_read32(&reader, DD_PCI_RCLINK_SELF);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *rclink = result;
    }
    return status;
}

enum dd_status dd_pci_rclink_read_entry(const struct dd_pci_access *access,
                                        struct dd_pci_address address,
                                        const struct dd_pci_rclink *rclink, unsigned int index,
                                        struct dd_pci_rclink_entry *entry)
{
    const struct pci_cap_place place = {access, address, rclink->offset};
    unsigned int at = index * ENTRY_BYTES;
    struct dd_pci_rclink_entry result;
    struct pci_cap_reader reader;
    enum dd_status status;

    if (index >= DD_GET(rclink->self, DD_PCI_RCLINK_COUNT)) {
        return DD_EARG;
    }
    status = dd_pci_cap_open(&reader, &place, at + DD_PCI_RCLINK_ADDRESS_UPPER + 4);
    if (status != DD_OK) {
        return status;
    }
    result.description = dd_pci_cap_read32(&reader, at + DD_PCI_RCLINK_ENTRY);
    result.address = dd_pci_cap_read32(&reader, at + DD_PCI_RCLINK_ADDRESS_LOWER);
    result.address |= (uint64_t)dd_pci_cap_read32(&reader, at + DD_PCI_RCLINK_ADDRESS_UPPER) << 32;
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *entry = result;
    }
    return status;
}

enum dd_status dd_pci_rclink_target(const struct dd_pci_rclink_entry *entry,
                                    struct dd_pci_address *target, uint64_t *base)
{
    unsigned int bus_bits = (unsigned int)(entry->address & 7);

    if (DD_GET(entry->description, DD_PCI_RCLINK_TYPE) == 0) {
        return DD_ENOENT;
    }
    bus_bits = bus_bits == 0 ? BUS_BITS_FULL : bus_bits;
    *target = (struct dd_pci_address){
        .bus = (uint8_t)(entry->address >> BUS_SHIFT & DD_MASK(bus_bits - 1, 0)),
        .device = (uint8_t)(entry->address >> DEVICE_SHIFT & 0x1F),
        .function = (uint8_t)(entry->address >> FUNCTION_SHIFT & 7),
    };
    *base = entry->address & ~DD_MASK(BUS_SHIFT + bus_bits - 1, 0);
    return DD_OK;
}

enum dd_status dd_pci_rcilink_read(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   struct dd_pci_rcilink *rcilink)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_rcilink result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_RCILINK_STATUS + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_RCILINK_CAPABILITIES);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_RCILINK_CONTROL);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_RCILINK_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *rcilink = result;
    }
    return status;
}

enum dd_status dd_pci_rcrb_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_rcrb *rcrb)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_rcrb result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_RCRB_CONTROL + 4);

    if (status != DD_OK) {
        return status;
    }
    result.vendor = dd_pci_cap_read16(&reader, DD_PCI_RCRB_VENDOR);
    result.device = dd_pci_cap_read16(&reader, DD_PCI_RCRB_DEVICE);
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_RCRB_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_RCRB_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *rcrb = result;
    }
    return status;
}
