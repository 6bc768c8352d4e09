/* SPDX-License-Identifier: MIT */
/*
 * A DVSEC says how long it is; a later revision may have added registers at its end,
 * so each is read only if the length has it.
 */
#include "drydock/pci_cxl.h"

#include "drydock/pci_vendor_specific.h"

#include "pci_cap_read.h"

#define DEVICE_SIZE   (DD_PCI_CXL_RANGE_2_BASE_LOW + 4u)
#define PORT_SIZE     (DD_PCI_CXL_PORT_RCRB_BASE_HIGH + 4u)
#define GPF_SIZE      (DD_PCI_CXL_GPF_PHASE_2 + 2u)
#define FLEX_SIZE     (DD_PCI_CXL_FLEX_STATUS + 2u)
#define RANGE_BYTES   (DD_PCI_CXL_RANGE_2_SIZE_HIGH - DD_PCI_CXL_RANGE_1_SIZE_HIGH)
#define LOCATOR_FIRST 0x0Cu
#define LOCATOR_BYTES 8u

/* Begin reading a DVSEC that has at least `size` bytes, by its own word and by its place. */
static enum dd_status open_dvsec(struct pci_cap_reader *reader, const struct pci_cap_place *place,
                                 unsigned int size, struct dd_pci_dvsec *dvsec)
{
    enum dd_status status = dd_pci_dvsec_read(place->access, place->address, place->offset, dvsec);

    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(dvsec->header_1, DD_PCI_DVSEC_LENGTH) < size) {
        return DD_EMALFORMED;
    }
    return dd_pci_cap_open(reader, place, size);
}

/* ---- Devices ---- */

static void read_range(struct pci_cap_reader *reader, unsigned int at,
                       struct dd_pci_cxl_range *range)
{
    range->size_high = dd_pci_cap_read32(reader, at + DD_PCI_CXL_RANGE_1_SIZE_HIGH);
    range->size_low = dd_pci_cap_read32(reader, at + DD_PCI_CXL_RANGE_1_SIZE_LOW);
    range->base_high = dd_pci_cap_read32(reader, at + DD_PCI_CXL_RANGE_1_BASE_HIGH);
    range->base_low = dd_pci_cap_read32(reader, at + DD_PCI_CXL_RANGE_1_BASE_LOW);
}

enum dd_status dd_pci_cxl_read_device(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint16_t offset,
                                      struct dd_pci_cxl_device *device)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_cxl_device result = {.offset = offset};
    struct pci_cap_reader reader;
    struct dd_pci_dvsec dvsec;
    enum dd_status status = open_dvsec(&reader, &place, DEVICE_SIZE, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_CXL_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_CXL_CONTROL);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_CXL_STATUS);
    result.control_2 = dd_pci_cap_read16(&reader, DD_PCI_CXL_CONTROL_2);
    result.status_2 = dd_pci_cap_read16(&reader, DD_PCI_CXL_STATUS_2);
    result.lock = dd_pci_cap_read16(&reader, DD_PCI_CXL_LOCK);
    result.capability_2 = dd_pci_cap_read16(&reader, DD_PCI_CXL_CAPABILITY_2);
    for (unsigned int i = 0; i < DD_PCI_CXL_RANGES; i++) {
        read_range(&reader, i * RANGE_BYTES, &result.ranges[i]);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *device = result;
    }
    return status;
}

uint64_t dd_pci_cxl_range_size(const struct dd_pci_cxl_range *range)
{
    return (uint64_t)range->size_high << 32 |
           (range->size_low & DD_BITS(DD_PCI_CXL_RANGE_1_SIZE_31_28));
}

uint64_t dd_pci_cxl_range_base(const struct dd_pci_cxl_range *range)
{
    return (uint64_t)range->base_high << 32 |
           (range->base_low & DD_BITS(DD_PCI_CXL_RANGE_1_BASE_31_28));
}

/* ---- Ports ---- */

enum dd_status dd_pci_cxl_read_port(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_cxl_port *port)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_cxl_port result = {.offset = offset};
    struct pci_cap_reader reader;
    struct dd_pci_dvsec dvsec;
    uint64_t high;
    enum dd_status status = open_dvsec(&reader, &place, PORT_SIZE, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    result.status = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_STATUS);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_CONTROL);
    result.bus_base = dd_pci_cap_read8(&reader, DD_PCI_CXL_PORT_BUS_BASE);
    result.bus_limit = dd_pci_cap_read8(&reader, DD_PCI_CXL_PORT_BUS_LIMIT);
    result.memory_base = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_MEMORY_BASE);
    result.memory_limit = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_MEMORY_LIMIT);
    result.prefetch_base = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_PREFETCH_BASE);
    result.prefetch_limit = dd_pci_cap_read16(&reader, DD_PCI_CXL_PORT_PREFETCH_LIMIT);
    high = dd_pci_cap_read32(&reader, DD_PCI_CXL_PORT_PREFETCH_BASE_HIGH);
    result.prefetch_base |= high << 32;
    high = dd_pci_cap_read32(&reader, DD_PCI_CXL_PORT_PREFETCH_LIMIT_HIGH);
    result.prefetch_limit |= high << 32;
    result.rcrb = dd_pci_cap_read32(&reader, DD_PCI_CXL_PORT_RCRB_BASE);
    high = dd_pci_cap_read32(&reader, DD_PCI_CXL_PORT_RCRB_BASE_HIGH);
    result.rcrb |= high << 32;
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *port = result;
    }
    return status;
}

enum dd_status dd_pci_cxl_read_gpf(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   struct dd_pci_cxl_gpf *gpf)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_cxl_gpf result = {.offset = offset};
    struct pci_cap_reader reader;
    struct dd_pci_dvsec dvsec;
    enum dd_status status = open_dvsec(&reader, &place, GPF_SIZE, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    if (dvsec.header_2 == DD_PCI_CXL_ID_GPF_DEVICE) {
        result.phase_2 = dd_pci_cap_read16(&reader, DD_PCI_CXL_GPF_DURATION);
        result.power = dd_pci_cap_read32(&reader, DD_PCI_CXL_GPF_POWER);
    } else {
        result.phase_1 = dd_pci_cap_read16(&reader, DD_PCI_CXL_GPF_PHASE_1);
        result.phase_2 = dd_pci_cap_read16(&reader, DD_PCI_CXL_GPF_PHASE_2);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *gpf = result;
    }
    return status;
}

/* ---- Flex Bus ---- */

/* A register that only a longer DVSEC has. */
static uint32_t read_if_there(struct pci_cap_reader *reader, unsigned int length, unsigned int at)
{
    return length >= at + 4 && dd_pci_cap_fits(reader, at + 4) ? dd_pci_cap_read32(reader, at) : 0;
}

enum dd_status dd_pci_cxl_read_flex_bus(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        struct dd_pci_cxl_flex_bus *flex_bus)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_cxl_flex_bus result = {.offset = offset};
    struct pci_cap_reader reader;
    struct dd_pci_dvsec dvsec;
    enum dd_status status = open_dvsec(&reader, &place, FLEX_SIZE, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    result.revision = (uint8_t)DD_GET(dvsec.header_1, DD_PCI_DVSEC_REVISION);
    result.length = (uint16_t)DD_GET(dvsec.header_1, DD_PCI_DVSEC_LENGTH);
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_CXL_FLEX_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_CXL_FLEX_CONTROL);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_CXL_FLEX_STATUS);
    result.modified_ts = read_if_there(&reader, result.length, DD_PCI_CXL_FLEX_MODIFIED_TS);
    if (result.revision >= 2) {
        result.capability_2 = read_if_there(&reader, result.length, DD_PCI_CXL_FLEX_CAPABILITY_2);
        result.control_2 = read_if_there(&reader, result.length, DD_PCI_CXL_FLEX_CONTROL_2);
        result.status_2 = read_if_there(&reader, result.length, DD_PCI_CXL_FLEX_STATUS_2);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *flex_bus = result;
    }
    return status;
}

/* ---- Register locator ---- */

enum dd_status dd_pci_cxl_read_block(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t offset,
                                     unsigned int index, struct dd_pci_cxl_block *block)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_cxl_block result;
    struct pci_cap_reader reader;
    struct dd_pci_dvsec dvsec;
    uint64_t entries;
    unsigned int at;
    enum dd_status status = open_dvsec(&reader, &place, LOCATOR_FIRST, &dvsec);

    if (status != DD_OK) {
        return status;
    }
    entries = (DD_GET(dvsec.header_1, DD_PCI_DVSEC_LENGTH) - LOCATOR_FIRST) / LOCATOR_BYTES;
    if (index >= entries) {
        return DD_ENOENT;
    }
    at = LOCATOR_FIRST + index * LOCATOR_BYTES;
    if (!dd_pci_cap_fits(&reader, at + LOCATOR_BYTES)) {
        return DD_EMALFORMED;
    }
    result.low = dd_pci_cap_read32(&reader, at + DD_PCI_CXL_BLOCK_LOW);
    result.high = dd_pci_cap_read32(&reader, at + DD_PCI_CXL_BLOCK_HIGH);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *block = result;
    }
    return status;
}
