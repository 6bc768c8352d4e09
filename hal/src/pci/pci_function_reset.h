/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The reset of one function (Function Level Reset), the same for the two capabilities that have it.
 */
#ifndef DRYDOCK_PCI_FUNCTION_RESET_H
#define DRYDOCK_PCI_FUNCTION_RESET_H

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci_express_device.h"
#include "drydock/status.h"
#include "pci_cap_change.h"

/** A reset by a capability, and where that has the bits it takes. */
struct pci_function_reset {
    struct pci_cap_place place;
    struct pci_cap_bits quiet; /**< no transaction is pending; a mask of 0: nothing tells */
    struct pci_cap_bits initiate;
    enum dd_pci_express_pending pending; /**< what to do about transactions that do not end */
    const struct dd_delay *delay;
};

/**
 * Reset the function, and wait until it answers.
 *
 * @retval DD_OK         it was reset, and answers
 * @retval DD_ETIMEOUT   transactions are still pending: it was not reset, and Command is as it was
 * @retval DD_ENOTREADY  it was reset, and asks for more time than it has
 * @retval DD_ENODEV     it does not respond, or did not come back
 * @return else as dd_pci_cap_fetch16(); nothing was written
 */
DD_MUST_CHECK enum dd_status dd_pci_function_reset(const struct pci_function_reset *reset);

#endif
