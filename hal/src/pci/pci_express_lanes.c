/* SPDX-License-Identifier: MIT */
/*
 * The capabilities with a record for each lane. Where the records begin is in the
 * tables; how many there are, the caller says, and it is checked against the end of
 * configuration space before anything is read.
 */
#include "drydock/pci_express_extended.h"
#include "pci_cap_read.h"

/* Begin reading a capability whose records, of @p size bytes each, begin at @p first. */
static enum dd_status open_lanes(struct pci_cap_reader *reader, const struct pci_cap_place *place,
                                 unsigned int first, unsigned int size, unsigned int lanes)
{
    if (lanes > DD_PCI_LANES) {
        return DD_EARG;
    }
    return dd_pci_cap_open(reader, place, first + size * lanes);
}

static void read_presets(struct pci_cap_reader *reader, unsigned int first, unsigned int lanes,
                         uint8_t *equalization)
{
    for (unsigned int i = 0; i < lanes; i++) {
        equalization[i] = dd_pci_cap_read8(reader, first + i);
    }
}

enum dd_status dd_pci_secondary_express_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             unsigned int lanes,
                                             struct dd_pci_secondary_express *secondary)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_secondary_express result = {.offset = offset, .lanes = lanes};
    struct pci_cap_reader reader;
    enum dd_status status = open_lanes(&reader, &place, DD_PCI_SECONDARY_EXPRESS_LANE_EQUALIZATION,
                                       DD_PCI_WIDTH_16, lanes);

    if (status != DD_OK) {
        return status;
    }
    result.link_control_3 = dd_pci_cap_read32(&reader, DD_PCI_SECONDARY_EXPRESS_LINK_CONTROL_3);
    result.lane_errors = dd_pci_cap_read32(&reader, DD_PCI_SECONDARY_EXPRESS_LANE_ERROR);
    for (unsigned int i = 0; i < lanes; i++) {
        result.equalization[i] =
            dd_pci_cap_read16(&reader, DD_PCI_SECONDARY_EXPRESS_LANE_EQUALIZATION + 2 * i);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *secondary = result;
    }
    return status;
}

enum dd_status dd_pci_physical_16gt_read(const struct dd_pci_access *access,
                                         struct dd_pci_address address, uint16_t offset,
                                         unsigned int lanes, struct dd_pci_physical_16gt *physical)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_physical_16gt result = {.offset = offset, .lanes = lanes};
    struct pci_cap_reader reader;
    enum dd_status status =
        open_lanes(&reader, &place, DD_PCI_PHYSICAL_16GT_LANE_EQUALIZATION, DD_PCI_WIDTH_8, lanes);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_STATUS);
    result.local_parity = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_LOCAL_PARITY_MISMATCH);
    result.retimer_parity =
        dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_FIRST_RETIMER_PARITY_MISMATCH);
    result.second_retimer_parity =
        dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_16GT_SECOND_RETIMER_PARITY_MISMATCH);
    read_presets(&reader, DD_PCI_PHYSICAL_16GT_LANE_EQUALIZATION, lanes, result.equalization);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *physical = result;
    }
    return status;
}

enum dd_status dd_pci_physical_32gt_read(const struct dd_pci_access *access,
                                         struct dd_pci_address address, uint16_t offset,
                                         unsigned int lanes, struct dd_pci_physical_32gt *physical)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_physical_32gt result = {.offset = offset, .lanes = lanes};
    struct pci_cap_reader reader;
    enum dd_status status =
        open_lanes(&reader, &place, DD_PCI_PHYSICAL_32GT_LANE_EQUALIZATION, DD_PCI_WIDTH_8, lanes);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_STATUS);
    result.received[0] = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_RECEIVED_1);
    result.received[1] = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_RECEIVED_2);
    result.transmitted[0] = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_TRANSMITTED_1);
    result.transmitted[1] = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_32GT_TRANSMITTED_2);
    read_presets(&reader, DD_PCI_PHYSICAL_32GT_LANE_EQUALIZATION, lanes, result.equalization);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *physical = result;
    }
    return status;
}

enum dd_status dd_pci_physical_64gt_read(const struct dd_pci_access *access,
                                         struct dd_pci_address address, uint16_t offset,
                                         unsigned int lanes, struct dd_pci_physical_64gt *physical)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_physical_64gt result = {.offset = offset, .lanes = lanes};
    struct pci_cap_reader reader;
    enum dd_status status =
        open_lanes(&reader, &place, DD_PCI_PHYSICAL_64GT_LANE_EQUALIZATION, DD_PCI_WIDTH_8, lanes);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_64GT_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_64GT_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_PHYSICAL_64GT_STATUS);
    read_presets(&reader, DD_PCI_PHYSICAL_64GT_LANE_EQUALIZATION, lanes, result.equalization);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *physical = result;
    }
    return status;
}

enum dd_status dd_pci_lane_margining_read(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          unsigned int lanes,
                                          struct dd_pci_lane_margining *margining)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_lane_margining result = {.offset = offset, .lanes = lanes};
    struct pci_cap_reader reader;
    enum dd_status status = open_lanes(&reader, &place, DD_PCI_LANE_MARGINING_LANES,
                                       DD_PCI_LANE_MARGINING_LANE_SIZE, lanes);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read16(&reader, DD_PCI_LANE_MARGINING_PORT_CAPABILITIES);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_LANE_MARGINING_PORT_STATUS);
    for (unsigned int i = 0; i < lanes; i++) {
        unsigned int lane = DD_PCI_LANE_MARGINING_LANES + DD_PCI_LANE_MARGINING_LANE_SIZE * i;

        result.margins[i].control =
            dd_pci_cap_read16(&reader, lane + DD_PCI_LANE_MARGINING_LANE_CONTROL);
        result.margins[i].status =
            dd_pci_cap_read16(&reader, lane + DD_PCI_LANE_MARGINING_LANE_STATUS);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *margining = result;
    }
    return status;
}
