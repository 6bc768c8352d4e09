/* SPDX-License-Identifier: MIT */
/*
 * The functions of one bus. A conventional bus has 32 device numbers. A PCI Express
 * link has one device at its lower end, number 0: the port above it answers for the
 * others itself, so 31 probes are saved. That device may number its functions 0 to
 * 255 (Alternative Routing-ID), if the port above passes such numbers on; each
 * function then names the next. In addresses, the upper five bits of such a number
 * stand where a device number would.
 */
#include "pci_bus.h"

#include <stdbool.h>

#include "drydock/pci_express.h"
#include "drydock/pci_extended_regs.h"
#include "pci_express_kind.h"
#include "pci_presence.h"

_Static_assert((int)DD_PCI_BRIDGE_SECONDARY_BUS == (int)DD_PCI_CARDBUS_SECONDARY_BUS &&
                   (int)DD_PCI_BRIDGE_SUBORDINATE_BUS == (int)DD_PCI_CARDBUS_SUBORDINATE_BUS,
               "both kinds of bridge have their bus numbers at the same offsets");

/* Fields of the first register are counted from its own start; it shares a dword with ID and pointer. */
#define EXPRESS_FIRST_SHIFT (8 * DD_PCI_EXPRESS_CAPABILITIES)

/* No list is longer than the dwords there are. */
#define MAX_ENTRIES          ((DD_PCI_CONFIG_SIZE - DD_PCI_CAPABILITIES_FIRST) / 4)
#define MAX_EXTENDED_ENTRIES ((DD_PCI_EXTENDED_CONFIG_SIZE - DD_PCI_CONFIG_SIZE) / 4)

/* The two low bits of a pointer are reserved: [PCI 3.0] 6.7. */
#define POINTER_RESERVED 3u

/* Buses are of the handle's window and offsets in range: the handle's ops need no check. */
static uint32_t read32(const struct dd_pci_access *access, struct dd_pci_address address,
                       uint16_t offset)
{
    return access->ops->read(access, address, offset, DD_PCI_WIDTH_32);
}

/* ---- What is behind a bridge ---- */

/* The PCI Express capability of a bridge: its offset, 0 if it has none, and its first register. */
static uint16_t find_express(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint32_t *capabilities)
{
    uint32_t state = access->ops->read(access, address, DD_PCI_STATUS, DD_PCI_WIDTH_16);
    uint32_t pointer;

    if (DD_GET(state, DD_PCI_STATUS_CAPABILITIES_LIST) == 0) {
        return 0;
    }
    pointer =
        access->ops->read(access, address, DD_PCI_BRIDGE_CAPABILITIES_POINTER, DD_PCI_WIDTH_8);
    for (unsigned int i = 0; i < MAX_ENTRIES; i++) {
        uint16_t offset = (uint16_t)(pointer & UINT8_MAX & ~POINTER_RESERVED);
        uint32_t entry;

        if (offset < DD_PCI_CAPABILITIES_FIRST) {
            break;
        }
        entry = read32(access, address, offset);
        if (DD_GET(entry, DD_PCI_CAPABILITY_ID) == DD_PCI_CAPABILITY_ID_PCI_EXPRESS) {
            *capabilities = entry >> EXPRESS_FIRST_SHIFT;
            return offset;
        }
        pointer = (uint32_t)DD_GET(entry, DD_PCI_CAPABILITY_NEXT);
    }
    return 0;
}

/* Whether a port passes numbers of functions above 7 on. Device Control 2 came with version 2. */
static bool forwards_ari(const struct dd_pci_access *access, struct dd_pci_address port,
                         uint16_t express, uint32_t capabilities)
{
    uint16_t control;

    return DD_GET(capabilities, DD_PCI_EXPRESS_VERSION) >= 2 &&
           express + DD_PCI_EXPRESS_DEVICE_CONTROL_2 < (int)DD_PCI_CONFIG_SIZE &&
           dd_pci_read16(access, port, (uint16_t)(express + DD_PCI_EXPRESS_DEVICE_CONTROL_2),
                         &control) == DD_OK &&
           DD_GET(control, DD_PCI_EXPRESS_ARI_FORWARDING) != 0;
}

enum pci_bus_kind dd_pci_bus_behind(const struct dd_pci_access *access,
                                    const struct dd_pci_function *bridge)
{
    uint32_t capabilities;
    uint16_t express = 0;
    unsigned int type;

    if (bridge->layout == DD_PCI_LAYOUT_BRIDGE) {
        express = find_express(access, bridge->address, &capabilities);
    }
    if (express == 0) {
        return PCI_BUS_SHARED;
    }
    type = (unsigned int)DD_GET(capabilities, DD_PCI_EXPRESS_PORT_TYPE);
    if (!pci_express_is_above_link(type)) {
        return PCI_BUS_SHARED;
    }
    return type != DD_PCI_EXPRESS_FROM_PCI_BRIDGE &&
                   forwards_ari(access, bridge->address, express, capabilities)
               ? PCI_BUS_ARI
               : PCI_BUS_LINK;
}

/* ---- One function ---- */

/* The bus numbers share a dword: one read. */
static enum dd_status read_bus_numbers(const struct dd_pci_access *access,
                                       struct dd_pci_function *bridge)
{
    uint32_t numbers = read32(access, bridge->address, DD_PCI_BRIDGE_PRIMARY_BUS);

    if (numbers == UINT32_MAX) { /* bus 255 is a bus like any other, if the bridge is there */
        uint32_t id;
        enum dd_status status = dd_pci_read_id(access, bridge->address, &id);

        if (status != DD_OK) {
            return status;
        }
    }
    bridge->secondary_bus = (uint8_t)(numbers >> 8);
    bridge->subordinate_bus = (uint8_t)(numbers >> 16);
    return DD_OK;
}

enum dd_status dd_pci_bus_look(const struct dd_pci_access *access, struct dd_pci_address address,
                               struct dd_pci_function *function)
{
    uint32_t id = read32(access, address, DD_PCI_ID);
    enum dd_status status = pci_presence(id);
    uint8_t type;

    if (status != DD_OK) { /* most are not there */
        return status;
    }
    type = (uint8_t)access->ops->read(access, address, DD_PCI_HEADER_TYPE, DD_PCI_WIDTH_8);
    if (type == UINT8_MAX) {
        status = dd_pci_read_id(access, address, &id);
        if (status != DD_OK) {
            return status;
        }
    }
    *function = (struct dd_pci_function){
        .address = address,
        .vendor = (uint16_t)DD_GET(id, DD_PCI_ID_VENDOR),
        .device = (uint16_t)DD_GET(id, DD_PCI_ID_DEVICE),
        .layout = (uint8_t)DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT),
        .multi_function = DD_GET(type, DD_PCI_HEADER_TYPE_MULTI_FUNCTION) != 0,
        .behind = DD_ENOENT,
    };
    if (function->layout == DD_PCI_LAYOUT_BRIDGE || function->layout == DD_PCI_LAYOUT_CARDBUS) {
        return read_bus_numbers(access, function);
    }
    return DD_OK;
}

/*
 * The number of the function after this one, 0 if it is the last; false if it has no
 * ARI capability.
 */
static bool read_next_function(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint8_t *next)
{
    uint16_t offset = DD_PCI_EXTENDED_CAPABILITIES_FIRST;

    for (unsigned int i = 0; i < MAX_EXTENDED_ENTRIES; i++) {
        uint32_t entry;
        uint16_t capability;

        if (offset < DD_PCI_EXTENDED_CAPABILITIES_FIRST ||
            dd_pci_read32(access, address, offset, &entry) != DD_OK || entry == UINT32_MAX) {
            break;
        }
        if (DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_ID) != DD_PCI_EXTENDED_ID_ARI) {
            offset = (uint16_t)(DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_NEXT) & ~POINTER_RESERVED);
            continue;
        }
        if (dd_pci_read16(access, address, (uint16_t)(offset + DD_PCI_ARI_CAPABILITY),
                          &capability) != DD_OK) {
            break;
        }
        *next = (uint8_t)DD_GET(capability, DD_PCI_ARI_NEXT_FUNCTION);
        return true;
    }
    return false;
}

enum dd_status dd_pci_bus_write_numbers(const struct dd_pci_access *access,
                                        struct dd_pci_address bridge, uint32_t numbers)
{
    uint32_t taken;
    enum dd_status status = dd_pci_write32(access, bridge, DD_PCI_BRIDGE_PRIMARY_BUS, numbers);

    if (status == DD_OK) {
        status = dd_pci_read32(access, bridge, DD_PCI_BRIDGE_PRIMARY_BUS, &taken);
    }
    if (status != DD_OK) {
        return status;
    }
    return ((numbers ^ taken) & 0xFFFF00) == 0 ? DD_OK : DD_EMALFORMED;
}

/* ---- The cursor ---- */

struct pci_cursor dd_pci_bus_start(uint8_t bus, enum pci_bus_kind kind)
{
    return (struct pci_cursor){.bus = bus, .kind = (uint8_t)kind};
}

/* The number to try after one that is there (or not), by the kind of bus. */
static unsigned int number_after(unsigned int kind, unsigned int number, bool to_next_device)
{
    if (!to_next_device && number % 8 < 7) {
        return number + 1;
    }
    return kind == PCI_BUS_SHARED ? number - number % 8 + 8 : PCI_FUNCTIONS;
}

/* The same after one that was found: it may name the next itself, and then numbers go up. */
static unsigned int number_after_found(const struct dd_pci_access *access,
                                       struct pci_cursor *cursor, unsigned int number,
                                       const struct dd_pci_function *found)
{
    uint8_t next;

    if (cursor->kind == PCI_BUS_ARI) {
        if (read_next_function(access, found->address, &next)) {
            return next > number ? next : PCI_FUNCTIONS;
        }
        if (number != 0) {
            return PCI_FUNCTIONS;
        }
        cursor->kind = PCI_BUS_LINK;
    }
    return number_after(cursor->kind, number, number % 8 == 0 && !found->multi_function);
}

enum dd_status dd_pci_bus_next(const struct dd_pci_access *access, struct pci_cursor *cursor,
                               struct dd_pci_function *function)
{
    unsigned int number = cursor->next;
    enum dd_status status = DD_ENODEV;

    if (dd_pci_config_size(access, cursor->bus) == 0) {
        return DD_ENOENT;
    }
    while (number < PCI_FUNCTIONS && status == DD_ENODEV) {
        const struct dd_pci_address address = {access->segment, cursor->bus, (uint8_t)(number / 8),
                                               (uint8_t)(number % 8)};

        status = dd_pci_bus_look(access, address, function);
        if (status == DD_OK) {
            number = number_after_found(access, cursor, number, function);
        } else if (cursor->kind == PCI_BUS_ARI) {
            number = PCI_FUNCTIONS;
        } else {
            number = number_after(cursor->kind, number, number % 8 == 0);
        }
    }
    cursor->next = (uint16_t)number;
    return status == DD_ENODEV ? DD_ENOENT : status;
}
