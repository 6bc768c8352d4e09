/* SPDX-License-Identifier: MIT */
/*
 * Latencies are small numbers with a scale. What a platform allows is rounded up: a
 * latency a little too long is one that was promised as well.
 */
#include "drydock/pci_latency.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"
#include "pci_scaled_time.h"

#define VALUE_MAX 0x3FFu

#define L1_SUBSTATES DD_MASK(DD_PCI_L1SS_ASPM_L1_1_ENABLE_HI, DD_PCI_L1SS_PCIPM_L1_2_ENABLE_LO)

/* ---- Latency Tolerance Reporting ---- */

enum dd_status dd_pci_ltr_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ltr *ltr)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ltr result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_LTR_MAX_NO_SNOOP + 2);

    if (status != DD_OK) {
        return status;
    }
    result.max_snoop = dd_pci_cap_read16(&reader, DD_PCI_LTR_MAX_SNOOP);
    result.max_no_snoop = dd_pci_cap_read16(&reader, DD_PCI_LTR_MAX_NO_SNOOP);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ltr = result;
    }
    return status;
}

uint64_t dd_pci_ltr_nanoseconds(uint16_t latency)
{
    return pci_scaled_time(DD_GET(latency, DD_PCI_LTR_VALUE), DD_GET(latency, DD_PCI_LTR_SCALE));
}

static enum dd_status encode(uint64_t nanoseconds, uint32_t *latency)
{
    for (unsigned int scale = 0; scale < PCI_TIME_SCALES; scale++) {
        uint64_t unit = pci_time_unit(scale);
        uint64_t value = nanoseconds / unit + (nanoseconds % unit != 0);

        if (value <= VALUE_MAX) {
            *latency =
                (uint32_t)DD_SET(DD_SET(0, DD_PCI_LTR_VALUE, value), DD_PCI_LTR_SCALE, scale);
            return DD_OK;
        }
    }
    return DD_EARG;
}

enum dd_status dd_pci_ltr_set_latencies(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        uint64_t snoop, uint64_t no_snoop)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_bits bits = {.at = DD_PCI_LTR_MAX_SNOOP};
    uint32_t low;
    uint32_t high;

    if (encode(snoop, &low) != DD_OK || encode(no_snoop, &high) != DD_OK) {
        return DD_EARG;
    }
    bits.mask = (uint32_t)(DD_MASK(DD_PCI_LTR_SCALE_HI, DD_PCI_LTR_VALUE_LO) |
                           DD_MASK(DD_PCI_LTR_SCALE_HI, DD_PCI_LTR_VALUE_LO) << 16);
    bits.value = high << 16 | low;
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
}

/* ---- L1 PM Substates ---- */

enum dd_status dd_pci_l1ss_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_l1ss *l1ss)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_l1ss result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_L1SS_CONTROL_2 + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_L1SS_CAPABILITIES);
    result.control_1 = dd_pci_cap_read32(&reader, DD_PCI_L1SS_CONTROL_1);
    result.control_2 = dd_pci_cap_read32(&reader, DD_PCI_L1SS_CONTROL_2);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *l1ss = result;
    }
    return status;
}

uint64_t dd_pci_l1ss_power_on_microseconds(unsigned int scale, unsigned int value)
{
    static const uint8_t units[] = {2, 10, 100};

    return scale < sizeof units ? (uint64_t)units[scale] * value : DD_PCI_LATENCY_RESERVED;
}

uint64_t dd_pci_l1ss_threshold_nanoseconds(const struct dd_pci_l1ss *l1ss)
{
    return pci_scaled_time(DD_GET(l1ss->control_1, DD_PCI_L1SS_THRESHOLD_VALUE),
                           DD_GET(l1ss->control_1, DD_PCI_L1SS_THRESHOLD_SCALE));
}

enum dd_status dd_pci_l1ss_set_substates(const struct dd_pci_access *access,
                                         struct dd_pci_address address, uint16_t offset,
                                         uint32_t enables)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits bits = {DD_PCI_L1SS_CONTROL_1, L1_SUBSTATES, enables};
    struct dd_pci_l1ss l1ss;
    enum dd_status status;

    if ((enables & ~L1_SUBSTATES) != 0) {
        return DD_EARG;
    }
    status = dd_pci_l1ss_read(access, address, offset, &l1ss);
    if (status != DD_OK) {
        return status;
    }
    /* A substate has its bit at the same place in Capabilities. */
    return (enables & ~l1ss.capabilities) == 0 ? dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits)
                                               : DD_ENOTSUP;
}

/* ---- Precision Time Measurement ---- */

enum dd_status dd_pci_ptm_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_ptm *ptm)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ptm result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PTM_CONTROL + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_PTM_CAPABILITY);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_PTM_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *ptm = result;
    }
    return status;
}

static bool can_have_role(const struct dd_pci_ptm *ptm, enum dd_pci_ptm_role role)
{
    switch (role) {
    case DD_PCI_PTM_REQUESTS_TIME:
        return DD_GET(ptm->capability, DD_PCI_PTM_REQUESTER) != 0 ||
               DD_GET(ptm->capability, DD_PCI_PTM_RESPONDER) != 0;
    case DD_PCI_PTM_IS_ROOT:
        return DD_GET(ptm->capability, DD_PCI_PTM_ROOT) != 0;
    default:
        return true;
    }
}

enum dd_status dd_pci_ptm_set_role(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   enum dd_pci_ptm_role role, unsigned int granularity)
{
    struct dd_pci_ptm ptm;
    uint64_t control;
    enum dd_status status;

    if ((unsigned int)role > DD_PCI_PTM_IS_ROOT || granularity > UINT8_MAX) {
        return DD_EARG;
    }
    status = dd_pci_ptm_read(access, address, offset, &ptm);
    if (status != DD_OK) {
        return status;
    }
    if (!can_have_role(&ptm, role)) {
        return DD_ENOTSUP;
    }
    control = DD_SET(ptm.control, DD_PCI_PTM_ENABLE, role != DD_PCI_PTM_OFF);
    control = DD_SET(control, DD_PCI_PTM_ROOT_SELECT, role == DD_PCI_PTM_IS_ROOT);
    control = DD_SET(control, DD_PCI_PTM_EFFECTIVE_GRANULARITY, granularity);
    return dd_pci_write32(access, address, (uint16_t)(offset + DD_PCI_PTM_CONTROL),
                          (uint32_t)control);
}
