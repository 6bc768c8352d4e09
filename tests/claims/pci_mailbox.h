/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A function with a Data Object Exchange mailbox, in memory: it answers the discovery of what it
 * can, and sends back every other object with its payload's dwords inverted. It can be told to
 * misbehave.
 */
#ifndef DRYDOCK_TESTS_PCI_MAILBOX_H
#define DRYDOCK_TESTS_PCI_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/delay.h"
#include "drydock/pci.h"

/** Where the capability is; the function is 00:00.0. */
#define PCI_MAILBOX_AT     0x150u
#define PCI_MAILBOX_DWORDS 16u

/** What the mailbox holds, and how it behaves. */
struct pci_mailbox {
    uint32_t sent[PCI_MAILBOX_DWORDS];   /**< the object that is being sent */
    uint32_t answer[PCI_MAILBOX_DWORDS]; /**< and the one that comes back */
    uint32_t sent_count, answer_count, answer_taken;
    uint32_t answer_length; /**< what the answer's header says; 0: the truth */
    uint32_t busy_for;      /**< waits until it answers */
    uint32_t aborts;        /**< how often it was told to */
    uint64_t waited;        /**< microseconds */
    uint32_t accesses_left; /**< then nobody answers */
    bool is_busy;           /**< it never becomes ready */
    bool is_in_error;       /**< it says so instead of answering */
    bool sends_other_type;  /**< the answer is of another type */
    bool going;             /**< Go was set, the answer is not ready yet */
};

extern struct pci_mailbox pci_mailbox;

/** Waits by making the mailbox go on. */
extern const struct dd_delay pci_mailbox_delay;

/** Begin with an empty mailbox that behaves. */
struct dd_pci_access pci_mailbox_open(void);

#endif
