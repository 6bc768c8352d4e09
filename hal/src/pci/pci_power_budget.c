/* SPDX-License-Identifier: MIT */
/*
 * A power budget is a table behind a window of one register: the number of the
 * entry goes into Data Select, the entry comes out of Data, and one of all zeros is
 * the end.
 */
#include "drydock/pci_power_budget.h"

#include "drydock/pci_express.h"
#include "pci_cap_change.h"
#include "pci_cap_read.h"

enum dd_status dd_pci_power_budget_read(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        uint8_t index, uint32_t *budget)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_reader reader;
    uint32_t result;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_POWER_BUDGET_DATA + 4);

    if (status != DD_OK) {
        return status;
    }
    status = dd_pci_write8(access, address, (uint16_t)(offset + DD_PCI_POWER_BUDGET_SELECT), index);
    if (status != DD_OK) {
        return status;
    }
    result = dd_pci_cap_read32(&reader, DD_PCI_POWER_BUDGET_DATA);
    status = dd_pci_cap_close(&reader);
    if (status != DD_OK) {
        return status;
    }
    if (result == 0) {
        return DD_ENOENT;
    }
    *budget = result;
    return DD_OK;
}

uint32_t dd_pci_power_budget_milliwatts(uint32_t budget)
{
    return dd_pci_express_power_limit((unsigned int)DD_GET(budget, DD_PCI_POWER_BUDGET_BASE_POWER),
                                      (unsigned int)DD_GET(budget, DD_PCI_POWER_BUDGET_SCALE));
}

enum dd_status dd_pci_dpa_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_dpa *dpa)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_dpa result = {.offset = offset};
    struct pci_cap_reader reader;
    uint64_t substates;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DPA_ALLOCATION + 1);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read32(&reader, DD_PCI_DPA_CAPABILITY);
    substates = DD_GET(result.capability, DD_PCI_DPA_SUBSTATE_MAX) + 1;
    if (!dd_pci_cap_fits(&reader, (unsigned int)(DD_PCI_DPA_ALLOCATION + substates))) {
        status = dd_pci_cap_close(&reader);
        return status == DD_OK ? DD_EMALFORMED : status;
    }
    result.latency_indicator = dd_pci_cap_read32(&reader, DD_PCI_DPA_LATENCY_INDICATOR);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_DPA_STATUS);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_DPA_CONTROL);
    for (unsigned int i = 0; i < substates; i++) {
        result.allocations[i] = dd_pci_cap_read8(&reader, DD_PCI_DPA_ALLOCATION + i);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *dpa = result;
    }
    return status;
}

enum dd_status dd_pci_dpa_set_substate(const struct dd_pci_access *access,
                                       struct dd_pci_address address, const struct dd_pci_dpa *dpa,
                                       unsigned int substate)
{
    const struct pci_cap_place place = {access, address, dpa->offset};
    const struct pci_cap_bits bits = {DD_PCI_DPA_CONTROL, DD_BITS(DD_PCI_DPA_SUBSTATE_CONTROL),
                                      (uint16_t)substate};

    if (substate > DD_GET(dpa->capability, DD_PCI_DPA_SUBSTATE_MAX)) {
        return DD_EARG;
    }
    if (DD_GET(dpa->status, DD_PCI_DPA_CONTROL_ENABLED) == 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}
