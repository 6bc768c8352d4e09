/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A slot of PCI Express: what happened in it, and what it is told: power, indicators, interlock.
 *
 * All take the registers dd_pci_express_read() gave. The structure is not updated.
 */
#ifndef DRYDOCK_PCI_EXPRESS_SLOT_H
#define DRYDOCK_PCI_EXPRESS_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci_express.h"

/** What happens in a slot, as bits of a set; each where Slot Status has it. Spec: [PCIe 6] 7.5.3.11. */
enum dd_pci_express_event {
    DD_PCI_EXPRESS_EVENT_ATTENTION_BUTTON = 1 << 0,
    DD_PCI_EXPRESS_EVENT_POWER_FAULT = 1 << 1,
    DD_PCI_EXPRESS_EVENT_MRL_CHANGED = 1 << 2,
    DD_PCI_EXPRESS_EVENT_PRESENCE_CHANGED = 1 << 3,
    DD_PCI_EXPRESS_EVENT_COMMAND_COMPLETED = 1 << 4,
    DD_PCI_EXPRESS_EVENT_LINK_CHANGED = 1 << 8,
};

/** A slot at one moment. */
struct dd_pci_express_slot {
    unsigned int events; /**< what happened since they were cleared: bits of the enumeration */
    bool is_occupied;    /**< a card is in it */
    bool is_latch_open;  /**< the manually operated retention latch; false if it has no sensor */
    bool is_interlocked; /**< the electromechanical interlock holds the card */
    bool is_link_active; /**< the link to the card carries packets; false if the port cannot tell */
};

/**
 * Look at a slot.
 *
 * Nothing is cleared. A card that was taken out and put in again between two looks shows as
 * occupied with DD_PCI_EXPRESS_EVENT_PRESENCE_CHANGED: it is another card.
 *
 * @param access     handle
 * @param address    port above the slot
 * @param express    as read
 * @param[out] slot  what it looks like
 * @retval DD_OK          *slot is valid
 * @retval DD_ENOTSUP     the port has no slot; *slot untouched, as after all failures
 * @retval DD_ENODEV      no function responds: the port itself is gone
 * @retval DD_EARG        as dd_pci_read16()
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 *
 * Spec: [PCIe 6] 7.5.3.11, 6.7.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_read_slot(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      const struct dd_pci_express *express,
                                                      struct dd_pci_express_slot *slot);

/**
 * Clear events, and no others: one that happened since the look stays set and interrupts again.
 *
 * @param access   handle
 * @param address  port above the slot
 * @param express  as read
 * @param events   those that were seen: bits of enum dd_pci_express_event
 * @retval DD_OK          the write was performed; none, if events is 0
 * @retval DD_EARG        events has other bits, or as dd_pci_write16(); nothing was written, as after
 *                        all failures
 * @retval DD_ENOTSUP     the port has no slot
 * @retval DD_ENODEV      no function responds: the port itself is gone
 * @retval DD_EALIGN      express is not from dd_pci_express_read()
 * @retval DD_EMALFORMED  likewise
 *
 * Spec: [PCIe 6] 7.5.3.11, 6.7.3.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_clear_events(const struct dd_pci_access *access,
                                                         struct dd_pci_address address,
                                                         const struct dd_pci_express *express,
                                                         unsigned int events);

/** Longest wait for a command to be completed, in ms. Spec: [PCIe 6] 6.7.3.2. */
#define DD_PCI_EXPRESS_COMMAND_LIMIT 1000u

/**
 * Choose the events that interrupt; with none, the slot does not interrupt.
 *
 * Like every write to Slot Control this is a command to the slot, which is told of its completion
 * if it can be; that event is cleared then.
 *
 * @param access   handle
 * @param address  port above the slot
 * @param express  as read
 * @param events   bits of enum dd_pci_express_event
 * @param delay    how to wait
 * @retval DD_OK        the command was completed
 * @retval DD_EARG      events has other bits, or as dd_pci_write16(); nothing was written
 * @retval DD_ENOTSUP   the port has no slot, or the slot no hot-plug; nothing was written
 * @retval DD_ETIMEOUT  the slot did not say within DD_PCI_EXPRESS_COMMAND_LIMIT that it is done
 * @return else as dd_pci_express_read_slot()
 *
 * Spec: [PCIe 6] 7.5.3.10, 6.7.3. Other statuses are those of dd_pci_express_read_slot().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_set_events(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_express *express,
                                                       unsigned int events,
                                                       const struct dd_delay *delay);

/** What a slot can be told. The words are those of Slot Control. Spec: [PCIe 6] 7.5.3.10. */
enum dd_pci_express_command {
    DD_PCI_EXPRESS_COMMAND_POWER_ON,
    DD_PCI_EXPRESS_COMMAND_POWER_OFF,
    DD_PCI_EXPRESS_COMMAND_ATTENTION_ON,
    DD_PCI_EXPRESS_COMMAND_ATTENTION_BLINK,
    DD_PCI_EXPRESS_COMMAND_ATTENTION_OFF,
    DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_ON,
    DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_BLINK,
    DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_OFF,
    DD_PCI_EXPRESS_COMMAND_INTERLOCK_TOGGLE,
};

/**
 * Tell a slot what to do, and wait until it says that it was done, if it says so.
 *
 * The event of completion is cleared. After power was switched off a card must not get it again
 * for 1 s; after it was switched on, dd_pci_express_await_link() tells when the card is there.
 *
 * @param access   handle
 * @param address  port above the slot
 * @param express  as read
 * @param command  what
 * @param delay    how to wait
 * @retval DD_OK        the command was completed
 * @retval DD_EARG      there is no such command, or as dd_pci_write16(); nothing was written
 * @retval DD_ENOTSUP   the port has no slot, or the slot not what the command is about; nothing was
 *                      written
 * @retval DD_ETIMEOUT  the slot did not say within DD_PCI_EXPRESS_COMMAND_LIMIT that it is done
 * @return else as dd_pci_express_read_slot()
 *
 * Spec: [PCIe 6] 7.5.3.10, 6.7.3.2. Other statuses are those of dd_pci_express_read_slot().
 */
DD_MUST_CHECK enum dd_status dd_pci_express_command_slot(const struct dd_pci_access *access,
                                                         struct dd_pci_address address,
                                                         const struct dd_pci_express *express,
                                                         enum dd_pci_express_command command,
                                                         const struct dd_delay *delay);

#endif
