/* SPDX-License-Identifier: MIT */
/*
 * Power states of a function. The state is two bits of one register; around a
 * change of it the function must not be accessed for some time, and in D3hot it
 * answers nothing but configuration accesses. A function that keeps no context
 * in D3hot comes back as after a reset.
 */
#include "drydock/pci_pm.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

/* Times of [PCI PM 1.2] 5.6.1, in microseconds. */
#define D3HOT_TIME 10000u
#define D2_TIME    200u

enum dd_status dd_pci_pm_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, struct dd_pci_pm *pm)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_pm result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_PM_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read16(&reader, DD_PCI_PM_CAPABILITIES);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_PM_CONTROL);
    result.bridge_extensions = dd_pci_cap_read8(&reader, DD_PCI_PM_BRIDGE_EXTENSIONS);
    result.data = dd_pci_cap_read8(&reader, DD_PCI_PM_DATA);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *pm = result;
    }
    return status;
}

unsigned int dd_pci_pm_aux_current(const struct dd_pci_pm *pm)
{
    static const uint16_t currents[] = {0, 55, 100, 160, 220, 270, 320, 375};

    return currents[DD_GET(pm->capabilities, DD_PCI_PM_AUX_CURRENT)];
}

unsigned int dd_pci_pm_power(const struct dd_pci_pm *pm)
{
    static const uint8_t milliwatts[] = {0, 100, 10, 1};

    return (unsigned int)pm->data * milliwatts[DD_GET(pm->control, DD_PCI_PM_DATA_SCALE)];
}

enum dd_pci_pm_context dd_pci_pm_context(const struct dd_pci_pm *pm)
{
    return DD_GET(pm->control, DD_PCI_PM_NO_SOFT_RESET) != 0 ? DD_PCI_PM_CONTEXT_KEPT
                                                             : DD_PCI_PM_CONTEXT_LOST;
}

/* ---- Changing the state ---- */

uint32_t dd_pci_pm_transition_time(const struct dd_pci_pm *pm, enum dd_pci_pm_state to)
{
    uint64_t from = DD_GET(pm->control, DD_PCI_PM_POWER_STATE);

    if (from == (uint64_t)to ||
        (to == DD_PCI_PM_D0 &&
         DD_GET(pm->capabilities, DD_PCI_PM_IMMEDIATE_READINESS_ON_D0) != 0)) {
        return 0;
    }
    if (from == DD_PCI_PM_D3HOT || to == DD_PCI_PM_D3HOT) {
        return D3HOT_TIME;
    }
    return from == DD_PCI_PM_D2 || to == DD_PCI_PM_D2 ? D2_TIME : 0;
}

static enum dd_status check_state(const struct dd_pci_pm *pm, enum dd_pci_pm_state state)
{
    switch (state) {
    case DD_PCI_PM_D0:
    case DD_PCI_PM_D3HOT:
        return DD_OK;
    case DD_PCI_PM_D1:
        return DD_GET(pm->capabilities, DD_PCI_PM_D1) != 0 ? DD_OK : DD_ENOTSUP;
    case DD_PCI_PM_D2:
        return DD_GET(pm->capabilities, DD_PCI_PM_D2) != 0 ? DD_OK : DD_ENOTSUP;
    default:
        return DD_EARG;
    }
}

enum dd_status dd_pci_pm_set_state(const struct dd_pci_access *access,
                                   struct dd_pci_address address, const struct dd_pci_pm *pm,
                                   enum dd_pci_pm_state state, const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, pm->offset};
    struct pci_cap_bits bits = {
        DD_PCI_PM_CONTROL,
        (uint16_t)(DD_BITS(DD_PCI_PM_POWER_STATE) | DD_BITS(DD_PCI_PM_PME_STATUS)),
        (uint16_t)DD_SET(0, DD_PCI_PM_POWER_STATE, state)};
    struct dd_pci_pm now = *pm;
    enum dd_status status = check_state(pm, state);

    if (status == DD_OK) {
        status = dd_pci_cap_fetch16(&place, DD_PCI_PM_CONTROL, &now.control);
    }
    if (status != DD_OK || DD_GET(now.control, DD_PCI_PM_POWER_STATE) == (uint64_t)state) {
        return status;
    }
    if (state != DD_PCI_PM_D0 && DD_GET(now.control, DD_PCI_PM_POWER_STATE) > (uint64_t)state) {
        return DD_EARG;
    }
    status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
    if (status != DD_OK) {
        return status;
    }
    if (dd_pci_pm_transition_time(&now, state) != 0) {
        delay->wait(delay->context, dd_pci_pm_transition_time(&now, state));
    }
    bits.mask = (uint16_t)DD_BITS(DD_PCI_PM_POWER_STATE);
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &bits, 0, delay);
}

/* With PME_Status written as 1, which clears it. */
static enum dd_status set_pme(const struct pci_cap_place *place, uint64_t enable)
{
    const uint64_t event = DD_BITS(DD_PCI_PM_PME_STATUS);
    const struct pci_cap_bits bits = {DD_PCI_PM_CONTROL,
                                      (uint16_t)(DD_BITS(DD_PCI_PM_PME_ENABLE) | event),
                                      (uint16_t)(enable | event)};

    return dd_pci_cap_change(place, DD_PCI_WIDTH_16, &bits);
}

enum dd_status dd_pci_pm_enable_pme(const struct dd_pci_access *access,
                                    struct dd_pci_address address, const struct dd_pci_pm *pm)
{
    const struct pci_cap_place place = {access, address, pm->offset};

    return set_pme(&place, DD_BITS(DD_PCI_PM_PME_ENABLE));
}

enum dd_status dd_pci_pm_disable_pme(const struct dd_pci_access *access,
                                     struct dd_pci_address address, const struct dd_pci_pm *pm)
{
    const struct pci_cap_place place = {access, address, pm->offset};

    return set_pme(&place, 0);
}
