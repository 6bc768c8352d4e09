/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Data Object Exchange: a mailbox through which a function answers questions, asked and answered
 * as objects of dwords.
 */
#ifndef DRYDOCK_PCI_DOE_H
#define DRYDOCK_PCI_DOE_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Dwords an object can have behind its header of two. Spec: [PCIe 6] 6.30.1. */
#define DD_PCI_DOE_PAYLOAD_MAX 0x3FFFEu

/** The registers as read, and where they are; reading the mailbox register has no effect. */
struct dd_pci_doe {
    uint16_t offset;       /**< of the capability */
    uint32_t capabilities; /**< fields DD_PCI_DOE_INTERRUPT_SUPPORT … DD_PCI_DOE_ASYNC_SUPPORT */
    uint32_t control;      /**< fields DD_PCI_DOE_ABORT … DD_PCI_DOE_GO */
    uint32_t status;       /**< fields DD_PCI_DOE_BUSY … DD_PCI_DOE_OBJECT_READY */
};

/** A mailbox, and how to wait for it. */
struct dd_pci_doe_mailbox {
    uint16_t offset;              /**< of the capability */
    const struct dd_delay *delay; /**< waits between two looks */
};

/** An object to send. */
struct dd_pci_doe_request {
    uint16_t vendor; /**< who defines the type */
    uint8_t type;    /**< what it is */
    const uint32_t *payload;
    uint32_t dwords; /**< of the payload, 0..DD_PCI_DOE_PAYLOAD_MAX */
};

/** Room for the object that comes back. */
struct dd_pci_doe_response {
    uint32_t *payload; /**< where it goes */
    uint32_t capacity; /**< dwords there is room for */
    uint32_t dwords;   /**< of the payload that came; an output */
};

/** A kind of object a mailbox answers. */
struct dd_pci_doe_protocol {
    uint16_t vendor;
    uint8_t type;
    uint8_t next; /**< index of the next one; 0: that was the last */
};

/**
 * Read the registers of a Data Object Exchange capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] doe  its registers
 * @retval DD_OK          *doe is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *doe
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.24.
 */
DD_MUST_CHECK enum dd_status dd_pci_doe_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_doe *doe);

/**
 * Give up what a mailbox is doing, and make it ready for the next request.
 *
 * @param access   handle
 * @param address  function
 * @param mailbox  which
 * @retval DD_OK        it is neither busy nor in error
 * @retval DD_ETIMEOUT  it still is after a second
 * @return else as dd_pci_doe_read()
 *
 * Spec: [PCIe 6] 6.30.2 and 7.9.24.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_doe_abort(const struct dd_pci_access *access,
                                              struct dd_pci_address address,
                                              const struct dd_pci_doe_mailbox *mailbox);

/**
 * Send an object and take the one that comes back.
 *
 * Nobody else may use the mailbox meanwhile. After a failure on the way the exchange is aborted;
 * the room for the response may have been written to, but response->dwords is untouched.
 *
 * @param access             handle
 * @param address            function
 * @param mailbox            which
 * @param request            what to send
 * @param[in,out] response   payload of what came
 * @retval DD_OK          response->dwords dwords of response->payload are valid
 * @retval DD_EARG        the request is too long, or as dd_pci_doe_read(); nothing was written
 * @retval DD_ETIMEOUT    the mailbox was busy for a second, or did not answer in one
 * @retval DD_EMALFORMED  the mailbox says that it met an error, the response is not of the
 *                        request's vendor and type, is shorter than its header, or ends early; or
 *                        as dd_pci_doe_read()
 * @retval DD_EFULL       the response does not fit
 * @return else as dd_pci_doe_read()
 *
 * Spec: [PCIe 6] 6.30.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_doe_exchange(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_doe_mailbox *mailbox,
                                                 const struct dd_pci_doe_request *request,
                                                 struct dd_pci_doe_response *response);

/**
 * Ask a mailbox for one kind of object it answers.
 *
 * @param access         handle
 * @param address        function
 * @param mailbox        which
 * @param index          0, then the `next` of each answer until that is 0
 * @param[out] protocol  the kind
 * @retval DD_OK  *protocol is valid
 * @return else as dd_pci_doe_exchange(); *protocol untouched
 *
 * Spec: [PCIe 6] 6.30.1.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_doe_discover(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_doe_mailbox *mailbox,
                                                 uint8_t index,
                                                 struct dd_pci_doe_protocol *protocol);

#endif
