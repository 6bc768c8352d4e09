/* SPDX-License-Identifier: MIT */
/*
 * A slot with hot-plug reports what happened to it in bits that a written 1
 * clears. Only what was seen may be cleared: whatever else is set happened in
 * between and would be lost. Slot Control shares its dword with them, so it is
 * written with 16 bits.
 *
 * A write to Slot Control is a command, and a slow one where the hardware behind
 * it is: the next must wait until Command Completed is set, if the slot ever sets it.
 */
#include "drydock/pci_express_slot.h"

#include "pci_cap_change.h"

/* Bits of Slot Status that are events; but for the last, each has its enable bit at the same place. */
#define EVENTS                                                                                 \
    ((unsigned int)(DD_PCI_EXPRESS_EVENT_ATTENTION_BUTTON | DD_PCI_EXPRESS_EVENT_POWER_FAULT | \
                    DD_PCI_EXPRESS_EVENT_MRL_CHANGED | DD_PCI_EXPRESS_EVENT_PRESENCE_CHANGED | \
                    DD_PCI_EXPRESS_EVENT_COMMAND_COMPLETED | DD_PCI_EXPRESS_EVENT_LINK_CHANGED))

static bool has_slot(const struct dd_pci_express *express)
{
    return (express->groups & DD_PCI_EXPRESS_GROUP_SLOT) != 0;
}

/* ---- Events ---- */

/* Data Link Layer Link Active, where the port reports it. */
static enum dd_status read_link(const struct pci_cap_place *place,
                                const struct dd_pci_express *express, bool *is_active)
{
    uint16_t link = 0;
    enum dd_status status = DD_OK;

    if (DD_GET(express->link_capabilities, DD_PCI_EXPRESS_DLL_ACTIVE_CAPABLE) != 0) {
        status = dd_pci_cap_fetch16(place, DD_PCI_EXPRESS_LINK_STATUS, &link);
    }
    if (status == DD_OK) {
        *is_active = DD_GET(link, DD_PCI_EXPRESS_DLL_ACTIVE) != 0;
    }
    return status;
}

enum dd_status dd_pci_express_read_slot(const struct dd_pci_access *access,
                                        struct dd_pci_address address,
                                        const struct dd_pci_express *express,
                                        struct dd_pci_express_slot *slot)
{
    const struct pci_cap_place place = {access, address, express->offset};
    struct dd_pci_express_slot result;
    uint16_t state;
    enum dd_status status;

    if (!has_slot(express)) {
        return DD_ENOTSUP;
    }
    status = dd_pci_cap_fetch16(&place, DD_PCI_EXPRESS_SLOT_STATUS, &state);
    if (status != DD_OK) {
        return status;
    }
    result.events = state & EVENTS;
    result.is_occupied = DD_GET(state, DD_PCI_EXPRESS_PRESENT) != 0;
    result.is_latch_open =
        DD_GET(express->slot_capabilities, DD_PCI_EXPRESS_MRL_SENSOR_PRESENT) != 0 &&
        DD_GET(state, DD_PCI_EXPRESS_MRL_OPEN) != 0;
    result.is_interlocked = DD_GET(state, DD_PCI_EXPRESS_INTERLOCK_ENGAGED) != 0;
    status = read_link(&place, express, &result.is_link_active);
    if (status == DD_OK) {
        *slot = result;
    }
    return status;
}

enum dd_status dd_pci_express_clear_events(const struct dd_pci_access *access,
                                           struct dd_pci_address address,
                                           const struct dd_pci_express *express,
                                           unsigned int events)
{
    const struct pci_cap_place place = {access, address, express->offset};

    if ((events & ~EVENTS) != 0) {
        return DD_EARG;
    }
    if (!has_slot(express)) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_16, DD_PCI_EXPRESS_SLOT_STATUS, (uint16_t)events);
}

/* ---- Commands ---- */

/* Whether the slot says when a command was completed. */
static bool tells_completion(const struct dd_pci_express *express)
{
    return DD_GET(express->slot_capabilities, DD_PCI_EXPRESS_HOT_PLUG_CAPABLE) != 0 &&
           DD_GET(express->slot_capabilities, DD_PCI_EXPRESS_NO_COMMAND_COMPLETED) == 0;
}

static enum dd_status clear_completion(const struct pci_cap_place *place)
{
    return dd_pci_cap_clear(place, DD_PCI_WIDTH_16, DD_PCI_EXPRESS_SLOT_STATUS,
                            DD_PCI_EXPRESS_EVENT_COMMAND_COMPLETED);
}

/* Change Slot Control, and wait for the completion. What an earlier command left is cleared first. */
static enum dd_status perform(const struct pci_cap_place *place,
                              const struct dd_pci_express *express, const struct pci_cap_bits *bits,
                              const struct dd_delay *delay)
{
    const struct pci_cap_bits completed = {DD_PCI_EXPRESS_SLOT_STATUS,
                                           DD_PCI_EXPRESS_EVENT_COMMAND_COMPLETED,
                                           DD_PCI_EXPRESS_EVENT_COMMAND_COMPLETED};
    enum dd_status status;

    if (!tells_completion(express)) {
        return dd_pci_cap_change(place, DD_PCI_WIDTH_16, bits);
    }
    status = clear_completion(place);
    if (status == DD_OK) {
        status = dd_pci_cap_change(place, DD_PCI_WIDTH_16, bits);
    }
    if (status == DD_OK) {
        status = dd_pci_cap_await(place, DD_PCI_WIDTH_16, &completed, DD_PCI_EXPRESS_COMMAND_LIMIT,
                                  delay);
    }
    return status == DD_OK ? clear_completion(place) : status;
}

/* The enable bits of events. */
static uint16_t enables_of(unsigned int events)
{
    const unsigned int last = DD_PCI_EXPRESS_EVENT_LINK_CHANGED;
    uint64_t enables = events & ~last;

    enables = DD_SET(enables, DD_PCI_EXPRESS_DLL_CHANGED_ENABLE, (events & last) != 0);
    return (uint16_t)DD_SET(enables, DD_PCI_EXPRESS_HOT_PLUG_INTERRUPT_ENABLE, events != 0);
}

enum dd_status dd_pci_express_set_events(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_express *express, unsigned int events,
                                         const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_SLOT_CONTROL, enables_of(EVENTS),
                                      enables_of(events)};

    if ((events & ~EVENTS) != 0) {
        return DD_EARG;
    }
    if (!has_slot(express) ||
        DD_GET(express->slot_capabilities, DD_PCI_EXPRESS_HOT_PLUG_CAPABLE) == 0) {
        return DD_ENOTSUP;
    }
    return perform(&place, express, &bits, delay);
}

/* A command: what the slot must have, and the bits of Slot Control. */
struct slot_command {
    uint32_t needs;
    uint16_t mask;
    uint16_t value;
};

#define NEEDS(field) (uint32_t) DD_BITS(DD_PCI_EXPRESS_##field##_PRESENT)
#define BITS(field, number)                     \
    (uint16_t) DD_BITS(DD_PCI_EXPRESS_##field), \
        (uint16_t)((unsigned int)(number) << DD_PCI_EXPRESS_##field##_LO)

/* Values of the indicators: 1 on, 2 blink, 3 off; of the power controller: 0 on, 1 off. */
static const struct slot_command commands[] = {
    [DD_PCI_EXPRESS_COMMAND_POWER_ON] = {NEEDS(POWER_CONTROLLER), BITS(POWER_OFF, 0)},
    [DD_PCI_EXPRESS_COMMAND_POWER_OFF] = {NEEDS(POWER_CONTROLLER), BITS(POWER_OFF, 1)},
    [DD_PCI_EXPRESS_COMMAND_ATTENTION_ON] = {NEEDS(ATTENTION_INDICATOR),
                                             BITS(ATTENTION_INDICATOR, 1)},
    [DD_PCI_EXPRESS_COMMAND_ATTENTION_BLINK] = {NEEDS(ATTENTION_INDICATOR),
                                                BITS(ATTENTION_INDICATOR, 2)},
    [DD_PCI_EXPRESS_COMMAND_ATTENTION_OFF] = {NEEDS(ATTENTION_INDICATOR),
                                              BITS(ATTENTION_INDICATOR, 3)},
    [DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_ON] = {NEEDS(POWER_INDICATOR),
                                                   BITS(POWER_INDICATOR, 1)},
    [DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_BLINK] = {NEEDS(POWER_INDICATOR),
                                                      BITS(POWER_INDICATOR, 2)},
    [DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_OFF] = {NEEDS(POWER_INDICATOR),
                                                    BITS(POWER_INDICATOR, 3)},
    [DD_PCI_EXPRESS_COMMAND_INTERLOCK_TOGGLE] = {NEEDS(INTERLOCK), BITS(INTERLOCK_TOGGLE, 1)},
};

enum dd_status dd_pci_express_command_slot(const struct dd_pci_access *access,
                                           struct dd_pci_address address,
                                           const struct dd_pci_express *express,
                                           enum dd_pci_express_command command,
                                           const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, express->offset};
    struct pci_cap_bits bits = {.at = DD_PCI_EXPRESS_SLOT_CONTROL};

    if ((unsigned int)command >= sizeof commands / sizeof commands[0]) {
        return DD_EARG;
    }
    if (!has_slot(express) || (express->slot_capabilities & commands[command].needs) == 0) {
        return DD_ENOTSUP;
    }
    bits.mask = commands[command].mask;
    bits.value = commands[command].value;
    return perform(&place, express, &bits, delay);
}
