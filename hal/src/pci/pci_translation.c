/* SPDX-License-Identifier: MIT */
/*
 * Functions that share page tables with the kernel hold translations of their own
 * and ask for pages that are missing. Both are switched on by one bit, under rules:
 * the page size does not change while translations are cached, and requests of an
 * earlier time have been answered before new ones are let out.
 */
#include "drydock/pci_translation.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define UNIT_MIN             12u /* log2 of 4096 */
#define UNIT_MAX             (UNIT_MIN + 31u)
#define QUEUE_DEPTH_MAX      32u /* written as 0 */
#define STOPPED_MILLISECONDS 1000u
#define PRI_FAILURES         DD_MASK(DD_PCI_PRI_UNEXPECTED_INDEX_HI, DD_PCI_PRI_RESPONSE_FAILURE_LO)
#define PASID_ENABLES        DD_MASK(DD_PCI_PASID_TRANSLATED_REQUESTS_ENABLE_HI, DD_PCI_PASID_ENABLE_LO)

/* ---- Address Translation Service ---- */

enum dd_status dd_pci_ats_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ats *ats)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ats result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_ATS_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_ATS_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_ATS_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ats = result;
    }
    return status;
}

unsigned int dd_pci_ats_queue_depth(const struct dd_pci_ats *ats)
{
    unsigned int depth = (unsigned int)DD_GET(ats->capability, DD_PCI_ATS_INVALIDATE_QUEUE_DEPTH);

    return depth == 0 ? QUEUE_DEPTH_MAX : depth;
}

enum dd_status dd_pci_ats_enable(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, unsigned int unit)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ats ats;
    uint64_t control;
    enum dd_status status;

    if (unit < UNIT_MIN || unit > UNIT_MAX) {
        return DD_EARG;
    }
    status = dd_pci_ats_read(access, address, offset, &ats);
    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(ats.control, DD_PCI_ATS_ENABLE) != 0) {
        return DD_EEXIST;
    }
    control = DD_SET(ats.control, DD_PCI_ATS_SMALLEST_UNIT, unit - UNIT_MIN);
    control = DD_SET(control, DD_PCI_ATS_ENABLE, 1);
    return dd_pci_write16(access, address, (uint16_t)(place.offset + DD_PCI_ATS_CONTROL),
                          (uint16_t)control);
}

enum dd_status dd_pci_ats_disable(const struct dd_pci_access *access, struct dd_pci_address address,
                                  uint16_t offset)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits off = {DD_PCI_ATS_CONTROL, DD_BITS(DD_PCI_ATS_ENABLE), 0};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &off);
}

/* ---- Page Request Interface ---- */

enum dd_status dd_pci_pri_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_pri *pri)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pri result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PRI_ALLOCATION + 4);

    if (status != DD_OK) {
        return status;
    }
    result.control = dd_pci_cap_read16(&reader, DD_PCI_PRI_CONTROL);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_PRI_STATUS);
    result.capacity = dd_pci_cap_read32(&reader, DD_PCI_PRI_CAPACITY);
    result.allocation = dd_pci_cap_read32(&reader, DD_PCI_PRI_ALLOCATION);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *pri = result;
    }
    return status;
}

/* Whether the function can be enabled with this setting. */
static enum dd_status check_setting(const struct pci_cap_place *place,
                                    const struct dd_pci_pri_setting *setting)
{
    const struct pci_cap_bits stopped = {DD_PCI_PRI_STATUS, DD_BITS(DD_PCI_PRI_STOPPED),
                                         DD_BITS(DD_PCI_PRI_STOPPED)};
    struct dd_pci_pri pri;
    enum dd_status status = dd_pci_pri_read(place->access, place->address, place->offset, &pri);

    if (status != DD_OK) {
        return status;
    }
    if (setting->allocation == 0 || setting->allocation > pri.capacity) {
        return DD_EARG;
    }
    if (DD_GET(pri.control, DD_PCI_PRI_ENABLE) != 0) {
        return DD_EEXIST;
    }
    return dd_pci_cap_await(place, DD_PCI_WIDTH_16, &stopped, STOPPED_MILLISECONDS, setting->delay);
}

enum dd_status dd_pci_pri_enable(const struct dd_pci_access *access, struct dd_pci_address address,
                                 const struct dd_pci_pri_setting *setting)
{
    const struct pci_cap_place place = {access, address, setting->offset};
    const uint16_t mask = DD_BITS(DD_PCI_PRI_ENABLE) | DD_BITS(DD_PCI_PRI_RESET);
    const struct pci_cap_bits reset = {DD_PCI_PRI_CONTROL, mask, DD_BITS(DD_PCI_PRI_RESET)};
    const struct pci_cap_bits enable = {DD_PCI_PRI_CONTROL, mask, DD_BITS(DD_PCI_PRI_ENABLE)};
    enum dd_status status = check_setting(&place, setting);

    if (status == DD_OK) {
        status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &reset);
    }
    if (status == DD_OK) {
        status = dd_pci_write32(access, address, (uint16_t)(place.offset + DD_PCI_PRI_ALLOCATION),
                                setting->allocation);
    }
    if (status == DD_OK) {
        status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &enable);
    }
    return status;
}

enum dd_status dd_pci_pri_disable(const struct dd_pci_access *access, struct dd_pci_address address,
                                  uint16_t offset)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits off = {DD_PCI_PRI_CONTROL, DD_BITS(DD_PCI_PRI_ENABLE), 0};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &off);
}

enum dd_status dd_pci_pri_clear(const struct dd_pci_access *access, struct dd_pci_address address,
                                const struct dd_pci_pri *seen)
{
    const struct pci_cap_place place = {access, address, seen->offset};

    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_16, DD_PCI_PRI_STATUS,
                            (uint16_t)(seen->status & PRI_FAILURES));
}

/* ---- Process Address Space ID ---- */

enum dd_status dd_pci_pasid_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, struct dd_pci_pasid *pasid)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pasid result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PASID_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_PASID_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_PASID_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *pasid = result;
    }
    return status;
}

enum dd_status dd_pci_pasid_set_control(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        uint16_t enables)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits bits = {DD_PCI_PASID_CONTROL, PASID_ENABLES, enables};
    struct dd_pci_pasid pasid;
    uint64_t possible;
    enum dd_status status;

    if ((enables & ~PASID_ENABLES) != 0 ||
        (enables != 0 && DD_GET(enables, DD_PCI_PASID_ENABLE) == 0)) {
        return DD_EARG;
    }
    status = dd_pci_pasid_read(access, address, offset, &pasid);
    if (status != DD_OK) {
        return status;
    }
    /* What it can do has its bit where what it is allowed to has it; that of the whole is reserved. */
    possible = pasid.capability | DD_BITS(DD_PCI_PASID_ENABLE);
    return (enables & ~possible) == 0 ? dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits)
                                      : DD_ENOTSUP;
}
