/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The slot of a root or downstream port. Presence is what is in it, not whether it has power:
 * the two do not differ here, and there is no attention button, no latch and no power fault. What
 * software tells the slot is done at once.
 * Status bits of events stay until software writes ones to them.
 */
#include "sim/pci/bus/pci_slot.h"

enum {
    ID_EXPRESS = 0x10,
    SLOT_END = 0x1C,
};

/* Registers, from the start of the capability, and their bits. [PCIe 6] 7.5.3 */
enum {
    CAPABILITIES = 0x02,
    HAS_SLOT = 1 << 8,
    MESSAGE_NUMBER = 9,
    LINK_CAPABILITIES = 0x0C,
    LINK_REPORTS = 1 << 20,
    LINK_STATUS = 0x12,
    LINK_ACTIVE = 1 << 13,
    SLOT_CAPABILITIES = 0x14,
    HOT_PLUG_CAPABLE = 1 << 6,
    NO_COMMAND_COMPLETED = 1 << 18,
    SLOT_CONTROL = 0x18,
    EVENTS_ENABLED = 0x1F,
    INTERRUPT_ENABLED = 1 << 5,
    LINK_EVENT_ENABLED = 1 << 12,
    SLOT_STATUS = 0x1A,
    PRESENCE_CHANGED = 1 << 3,
    COMMAND_COMPLETED = 1 << 4,
    PRESENT = 1 << 6,
    LINK_CHANGED = 1 << 8,
};

/* Where the capability of a port with a slot is; 0: there is none. */
static unsigned int find_slot(const struct sim_pci_config *port)
{
    struct sim_pci_extent express;

    return sim_pci_config_find(port, SIM_PCI_CHAIN, ID_EXPRESS, &express) &&
                   express.end - express.offset >= SLOT_END &&
                   (sim_pci_config_read(port, express.offset + CAPABILITIES, 2) & HAS_SLOT) != 0
               ? express.offset
               : 0;
}

/* Let a state bit of a register be 1 or 0; returns whether it was otherwise. */
static bool change(struct sim_pci_config *port, unsigned int at, unsigned int bit, bool set)
{
    unsigned int value = sim_pci_config_read(port, at, 2);
    unsigned int changed = set ? value | bit : value & ~bit;

    port->value[at] = (uint8_t)changed;
    port->value[at + 1] = (uint8_t)(changed >> 8);
    return changed != value;
}

void sim_pci_slot_fill(struct sim_pci_config *port, bool present)
{
    unsigned int express = find_slot(port);

    if (express == 0) {
        return;
    }
    if (change(port, express + SLOT_STATUS, PRESENT, present)) {
        (void)change(port, express + SLOT_STATUS, PRESENCE_CHANGED, true);
    }
    if ((sim_pci_config_read(port, express + LINK_CAPABILITIES, 4) & LINK_REPORTS) != 0 &&
        change(port, express + LINK_STATUS, LINK_ACTIVE, present)) {
        (void)change(port, express + SLOT_STATUS, LINK_CHANGED, true);
    }
}

void sim_pci_slot_obey(struct sim_pci_config *port, unsigned int offset, unsigned int width)
{
    unsigned int express = find_slot(port);
    uint32_t capabilities = sim_pci_config_read(port, express + SLOT_CAPABILITIES, 4);

    if (express != 0 && (capabilities & HOT_PLUG_CAPABLE) != 0 &&
        (capabilities & NO_COMMAND_COMPLETED) == 0 && offset < express + SLOT_STATUS &&
        offset + width > express + SLOT_CONTROL) {
        (void)change(port, express + SLOT_STATUS, COMMAND_COMPLETED, true);
    }
}

bool sim_pci_slot_asks(const struct sim_pci_config *port)
{
    unsigned int express = find_slot(port);
    unsigned int control = sim_pci_config_read(port, express + SLOT_CONTROL, 2);
    unsigned int status = sim_pci_config_read(port, express + SLOT_STATUS, 2);

    return express != 0 && (control & INTERRUPT_ENABLED) != 0 &&
           ((control & status & EVENTS_ENABLED) != 0 ||
            ((control & LINK_EVENT_ENABLED) != 0 && (status & LINK_CHANGED) != 0));
}

unsigned int sim_pci_slot_message(const struct sim_pci_config *port)
{
    unsigned int express = find_slot(port);

    return express == 0
               ? 0
               : sim_pci_config_read(port, express + CAPABILITIES, 2) >> MESSAGE_NUMBER & 0x1F;
}
