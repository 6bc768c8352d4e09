/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What PCI Express lets software decide about a function: sizes of packets, time limits, reset.
 *
 * All take the registers dd_pci_express_read() gave and change one field of one register; the
 * other fields keep what they have at the time of the call. The structure is not updated.
 */
#ifndef DRYDOCK_PCI_EXPRESS_DEVICE_H
#define DRYDOCK_PCI_EXPRESS_DEVICE_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci_express.h"

/**
 * Greatest payload of a packet the function can take.
 *
 * @param express  as read
 * @return in bytes, 128..4096; 0 if the value is reserved
 *
 * Spec: [PCIe 6] 7.5.3.3.
 */
unsigned int dd_pci_express_payload_supported(const struct dd_pci_express *express);

/**
 * Greatest payload of a packet the function may send.
 *
 * @param express  as read
 * @return in bytes, 128..4096; 0 if the value is reserved
 *
 * Spec: [PCIe 6] 7.5.3.4.
 */
unsigned int dd_pci_express_payload(const struct dd_pci_express *express);

/**
 * Most bytes the function may ask for with one read request.
 *
 * @param express  as read
 * @return in bytes, 128..4096; 0 if the value is reserved
 *
 * Spec: [PCIe 6] 7.5.3.4.
 */
unsigned int dd_pci_express_read_request(const struct dd_pci_express *express);

/**
 * Set the greatest payload of a packet the function may send.
 *
 * Every function on the way to a receiver has to be able to take it, and all of them should be
 * set alike while nothing is under way.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param bytes    128, 256, 512, 1024, 2048 or 4096
 * @retval DD_OK          it is set
 * @retval DD_EARG        bytes is none of these, or as dd_pci_write16(); nothing was written, as
 *                        after all failures
 * @retval DD_ENOTSUP     the function cannot take so much
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [PCIe 6] 7.5.3.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_payload(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        const struct dd_pci_express *express,
                                                        unsigned int bytes);

/**
 * Set how many bytes the function may ask for with one read request.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param bytes    128, 256, 512, 1024, 2048 or 4096
 * @return as dd_pci_express_set_payload(); any function can do with any of these
 *
 * Spec: [PCIe 6] 7.5.3.4. The statuses are those of dd_pci_express_set_payload().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_read_request(const struct dd_pci_access *access,
                                                             struct dd_pci_address address,
                                                             const struct dd_pci_express *express,
                                                             unsigned int bytes);

/** After how long the function takes a request that was not completed for lost. */
struct dd_pci_express_timeout {
    uint32_t shortest; /**< in microseconds */
    uint32_t longest;  /**< in microseconds */
};

/**
 * What a value of DD_PCI_EXPRESS_TIMEOUT_VALUE means.
 *
 * @param code          0..15
 * @param[out] timeout  between which times the limit lies
 * @retval DD_OK       *timeout is valid
 * @retval DD_ENOTSUP  the value is reserved; *timeout untouched
 *
 * Spec: [PCIe 6] 7.5.3.16.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_timeout_range(unsigned int code,
                                                          struct dd_pci_express_timeout *timeout);

/**
 * Set the time limit of completions.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param code     a value of DD_PCI_EXPRESS_TIMEOUT_VALUE, see dd_pci_express_timeout_range();
 *                 0, the default, is possible with every function
 * @retval DD_OK          it is set
 * @retval DD_ENOTSUP     the value is reserved, or not one of the ranges in
 *                        DD_PCI_EXPRESS_TIMEOUT_RANGES, or the capability is of version 1; nothing
 *                        was written, as after all failures
 * @retval DD_EARG        as dd_pci_write16()
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [PCIe 6] 7.5.3.15, 7.5.3.16.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_timeout(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        const struct dd_pci_express *express,
                                                        unsigned int code);

/**
 * Take note of errors: clear bits of Device Status that were seen, and no other.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read: the errors in its device_status are cleared
 * @retval DD_OK          the write was performed; none, if there is no error in device_status
 * @retval DD_ENODEV      no function responds; nothing was written, as after all failures
 * @retval DD_EARG        as dd_pci_write16()
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 *
 * Spec: [PCIe 6] 7.5.3.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_clear_errors(const struct dd_pci_access *access,
                                                         struct dd_pci_address address,
                                                         const struct dd_pci_express *express);

/** What to do about transactions of the function that do not end. */
enum dd_pci_express_pending {
    DD_PCI_EXPRESS_PENDING_REFUSE, /**< do not reset: late completions could be taken for others */
    DD_PCI_EXPRESS_PENDING_IGNORE, /**< reset all the same: the function hangs */
};

/** Longest waits of dd_pci_express_reset_function(), in ms. Spec: [PCIe 6] 6.6.2, 6.6.1. */
#define DD_PCI_EXPRESS_PENDING_LIMIT 1000u
#define DD_PCI_EXPRESS_RESET_TIME    100u
#define DD_PCI_EXPRESS_READY_LIMIT   1000u

/**
 * Reset one function, as nothing else of its device is (Function Level Reset).
 *
 * The caller has stopped the function's driver and saved what it needs: afterwards the function
 * is as after power-on, Command, BARs and MSI included. This clears Command, so that the function
 * starts no more transactions, and waits up to DD_PCI_EXPRESS_PENDING_LIMIT until none is pending.
 * Then it starts the reset, waits DD_PCI_EXPRESS_RESET_TIME without touching the function, and
 * until it answers, up to DD_PCI_EXPRESS_READY_LIMIT.
 *
 * @param access   handle
 * @param address  function
 * @param express  as read
 * @param pending  what to do if transactions are still pending after that time
 * @param delay    how to wait
 * @retval DD_OK          the function was reset and answers
 * @retval DD_ENOTSUP     it has no Function Level Reset; nothing was written
 * @retval DD_ETIMEOUT    transactions are still pending: it was not reset, and Command is as it was
 * @retval DD_ENOTREADY   it was reset, and still asks for more time (Request Retry Status)
 * @retval DD_ENODEV      no function responds, or it did not come back
 * @retval DD_EARG        as dd_pci_write16(); nothing was written
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 *
 * Spec: [PCIe 6] 6.6.2, 7.5.3.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_reset_function(const struct dd_pci_access *access,
                                                           struct dd_pci_address address,
                                                           const struct dd_pci_express *express,
                                                           enum dd_pci_express_pending pending,
                                                           const struct dd_delay *delay);

#endif
