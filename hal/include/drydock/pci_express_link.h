/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The link of a PCI Express function: speeds, training, power management.
 *
 * All take the registers dd_pci_express_read() gave; other fields of the registers they change keep
 * what they have at the time of the call. The structure is not updated.
 */
#ifndef DRYDOCK_PCI_EXPRESS_LINK_H
#define DRYDOCK_PCI_EXPRESS_LINK_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci_express.h"

/**
 * Speeds the port can do.
 *
 * Older functions name only the greatest one and can do all below it.
 *
 * @param express  as read
 * @return a set: bit n for the speed with the code n, 1..7, see dd_pci_express_speed(); 0 if there is
 *         no link
 *
 * Spec: [PCIe 6] 7.5.3.6, 7.5.3.18.
 */
unsigned int dd_pci_express_speeds(const struct dd_pci_express *express);

/**
 * Set the greatest speed the link is to train to, at the next training.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param code     a speed of dd_pci_express_speeds(), 1..7
 * @retval DD_OK          it is set
 * @retval DD_ENOTSUP     the port cannot do this speed, or its capability is of version 1; nothing
 *                        was written, as after all failures
 * @retval DD_EARG        as dd_pci_write16()
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [PCIe 6] 7.5.3.19.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_target_speed(const struct dd_pci_access *access,
                                                             struct dd_pci_address address,
                                                             const struct dd_pci_express *express,
                                                             unsigned int code);

/** States a link may enter by itself, as bits of a set: values of DD_PCI_EXPRESS_ASPM. */
enum dd_pci_express_aspm {
    DD_PCI_EXPRESS_ASPM_L0S = 1 << 0,
    DD_PCI_EXPRESS_ASPM_L1 = 1 << 1,
};

/**
 * Set which power states the port lets its link enter by itself.
 *
 * Of L1, the port above is enabled first and the one below disabled first. Whether the time to
 * leave a state is acceptable to the endpoint is the caller's to compare, over the whole way.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param states   bits of enum dd_pci_express_aspm; 0: none
 * @retval DD_OK       they are set
 * @retval DD_EARG     states has other bits, or as dd_pci_write16(); nothing was written
 * @retval DD_ENOTSUP  the port does not support one of them; nothing was written
 * @return else as dd_pci_express_set_target_speed()
 *
 * Spec: [PCIe 6] 7.5.3.7, 5.4.1. Other statuses are those of dd_pci_express_set_target_speed().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_aspm(const struct dd_pci_access *access,
                                                     struct dd_pci_address address,
                                                     const struct dd_pci_express *express,
                                                     unsigned int states);

/** Longest wait of dd_pci_express_retrain() and dd_pci_express_await_link(), in ms. */
#define DD_PCI_EXPRESS_TRAINING_LIMIT 1000u

/**
 * Train the link again, and wait until that is over.
 *
 * If it is being trained already, that is waited for first: what was changed before the call might
 * come too late for it.
 *
 * @param access   handle
 * @param address  port above the link: a root port, the downstream port of a switch, or a bridge
 *                 from PCI
 * @param express  as read
 * @param delay    how to wait
 * @retval DD_OK          the training is over; Link Status has the speed and width that came out
 * @retval DD_ENOTSUP     the function is at the lower end of its link, or has none; nothing was
 *                        written
 * @retval DD_ETIMEOUT    a training was not over after DD_PCI_EXPRESS_TRAINING_LIMIT
 * @return else as dd_pci_express_set_target_speed()
 *
 * Spec: [PCIe 6] 7.5.3.7, 7.5.3.8. Other statuses are those of dd_pci_express_set_target_speed().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_retrain(const struct dd_pci_access *access,
                                                    struct dd_pci_address address,
                                                    const struct dd_pci_express *express,
                                                    const struct dd_delay *delay);

/**
 * Wait until the link carries packets, after power was given to a slot for example.
 *
 * A device behind it may be accessed 100 ms later.
 *
 * @param access   handle
 * @param address  port above the link
 * @param express  as read
 * @param delay    how to wait
 * @retval DD_OK        Data Link Layer Link Active is set
 * @retval DD_ENOTSUP   the port does not tell
 * @retval DD_ETIMEOUT  it is not set after DD_PCI_EXPRESS_TRAINING_LIMIT
 * @return else as dd_pci_express_set_target_speed(); nothing is written
 *
 * Spec: [PCIe 6] 7.5.3.8, 6.6.1. Other statuses are those of dd_pci_express_set_target_speed().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_await_link(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_express *express,
                                                       const struct dd_delay *delay);

#endif
