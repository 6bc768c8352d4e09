/* SPDX-License-Identifier: MIT */
/*
 * Two ports train their link by themselves when it comes up; software only sets
 * limits and asks for another training, at the upper end. Link Training is set from
 * the moment that was asked, whether the training has begun or not, so a link that
 * is not in training afterwards has been trained.
 */
#include "drydock/pci_express_link.h"

#include "pci_cap_change.h"
#include "pci_express_kind.h"

/* Bits of Supported Link Speeds Vector that are a speed; the seventh is reserved. */
#define SPEEDS DD_MASK(5, 0)

unsigned int dd_pci_express_speeds(const struct dd_pci_express *express)
{
    uint64_t speeds =
        DD_GET(express->link_capabilities_2, DD_PCI_EXPRESS_SPEEDS_SUPPORTED) & SPEEDS;
    uint64_t greatest = DD_GET(express->link_capabilities, DD_PCI_EXPRESS_MAX_SPEED);

    if (speeds == 0 && dd_pci_express_speed((unsigned int)greatest) != 0) {
        speeds = DD_MASK(greatest - 1, 0);
    }
    return (unsigned int)(speeds << 1);
}

enum dd_status dd_pci_express_set_target_speed(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_express *express,
                                               unsigned int code)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_LINK_CONTROL_2,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_TARGET_SPEED),
                                      (uint16_t)DD_SET(0, DD_PCI_EXPRESS_TARGET_SPEED, code)};

    if ((express->groups & DD_PCI_EXPRESS_GROUP_LINK_2) == 0 || code > 7 ||
        (dd_pci_express_speeds(express) >> code & 1) == 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}

enum dd_status dd_pci_express_set_aspm(const struct dd_pci_access *access,
                                       struct dd_pci_address address,
                                       const struct dd_pci_express *express, unsigned int states)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_LINK_CONTROL,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_ASPM),
                                      (uint16_t)DD_SET(0, DD_PCI_EXPRESS_ASPM, states)};
    uint64_t supported = DD_GET(express->link_capabilities, DD_PCI_EXPRESS_ASPM_SUPPORTED);

    if (states > (DD_PCI_EXPRESS_ASPM_L0S | DD_PCI_EXPRESS_ASPM_L1)) {
        return DD_EARG;
    }
    if ((express->groups & DD_PCI_EXPRESS_GROUP_LINK) == 0 || (states & ~supported) != 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}

enum dd_status dd_pci_express_retrain(const struct dd_pci_access *access,
                                      struct dd_pci_address address,
                                      const struct dd_pci_express *express,
                                      const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const uint16_t retrain = (uint16_t)DD_BITS(DD_PCI_EXPRESS_RETRAIN_LINK);
    const struct pci_cap_bits request = {DD_PCI_EXPRESS_LINK_CONTROL, retrain, retrain};
    const struct pci_cap_bits over = {DD_PCI_EXPRESS_LINK_STATUS,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_LINK_TRAINING), 0};
    enum dd_status status;

    if (!pci_express_is_above_link(dd_pci_express_type(express))) {
        return DD_ENOTSUP;
    }
    status = dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &over, DD_PCI_EXPRESS_TRAINING_LIMIT, delay);
    if (status == DD_OK) {
        status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &request);
    }
    if (status != DD_OK) {
        return status;
    }
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &over, DD_PCI_EXPRESS_TRAINING_LIMIT, delay);
}

enum dd_status dd_pci_express_await_link(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_express *express,
                                         const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const uint16_t active = (uint16_t)DD_BITS(DD_PCI_EXPRESS_DLL_ACTIVE);
    const struct pci_cap_bits up = {DD_PCI_EXPRESS_LINK_STATUS, active, active};

    if (DD_GET(express->link_capabilities, DD_PCI_EXPRESS_DLL_ACTIVE_CAPABLE) == 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &up, DD_PCI_EXPRESS_TRAINING_LIMIT, delay);
}
