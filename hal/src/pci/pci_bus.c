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

_Static_assert((int)DD_PCI_BRIDGE_SECONDARY_BUS == (int)DD_PCI_CARDBUS_SECONDARY_BUS &&
                   (int)DD_PCI_BRIDGE_SUBORDINATE_BUS == (int)DD_PCI_CARDBUS_SUBORDINATE_BUS,
               "both kinds of bridge have their bus numbers at the same offsets");

/* PCI Express capability: offsets, and fields of two registers. Spec: [PCIe 6] 7.5.3.2 and 7.5.3.16. */
enum {
    EXPRESS_CONTROL_2 = 0x28,
    EXPRESS_VERSION_HI = 19, /* of the capability's first dword */
    EXPRESS_VERSION_LO = 16,
    EXPRESS_TYPE_HI = 23,
    EXPRESS_TYPE_LO = 20,
    EXPRESS_ARI_FORWARDING_HI = 5, /* of Device Control 2 */
    EXPRESS_ARI_FORWARDING_LO = 5
};

/* Device/Port types whose secondary side is a link. Spec: [PCIe 6] table 7-18. */
enum {
    TYPE_ROOT_PORT = 4,
    TYPE_DOWNSTREAM_PORT = 6,
    TYPE_BRIDGE_TO_EXPRESS = 8
};

/* ARI Extended Capability: ID, offset of its Capability register, a field. Spec: [PCIe 6] 7.8.8. */
enum {
    ARI_ID = 0x000E,
    ARI_CAPABILITY = 4,
    ARI_NEXT_FUNCTION_HI = 15,
    ARI_NEXT_FUNCTION_LO = 8
};

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

/* The PCI Express capability of a bridge: its offset, 0 if it has none, and its first dword. */
static uint16_t find_express(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint32_t *first)
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
            *first = entry;
            return offset;
        }
        pointer = (uint32_t)DD_GET(entry, DD_PCI_CAPABILITY_NEXT);
    }
    return 0;
}

enum pci_bus_kind dd_pci_bus_behind(const struct dd_pci_access *access,
                                    const struct dd_pci_function *bridge)
{
    uint32_t first;
    uint16_t control;
    uint16_t express = 0;

    if (bridge->layout == DD_PCI_LAYOUT_BRIDGE) {
        express = find_express(access, bridge->address, &first);
    }
    if (express == 0) {
        return PCI_BUS_SHARED;
    }
    switch (DD_GET(first, EXPRESS_TYPE)) {
    case TYPE_ROOT_PORT:
    case TYPE_DOWNSTREAM_PORT:
        break;
    case TYPE_BRIDGE_TO_EXPRESS:
        return PCI_BUS_LINK;
    default:
        return PCI_BUS_SHARED;
    }
    if (DD_GET(first, EXPRESS_VERSION) >= 2 &&
        express + EXPRESS_CONTROL_2 < (int)DD_PCI_CONFIG_SIZE &&
        dd_pci_read16(access, bridge->address, (uint16_t)(express + EXPRESS_CONTROL_2), &control) ==
            DD_OK &&
        DD_GET(control, EXPRESS_ARI_FORWARDING) != 0) {
        return PCI_BUS_ARI;
    }
    return PCI_BUS_LINK;
}

/* ---- One function ---- */

/* The bus numbers share a dword: one read. */
static enum dd_status read_bus_numbers(const struct dd_pci_access *access,
                                       struct dd_pci_function *bridge)
{
    uint32_t numbers = read32(access, bridge->address, DD_PCI_BRIDGE_PRIMARY_BUS);

    if (numbers == UINT32_MAX) {
        uint32_t id;

        return dd_pci_read_id(access, bridge->address, &id);
    }
    bridge->secondary_bus = (uint8_t)(numbers >> 8);
    bridge->subordinate_bus = (uint8_t)(numbers >> 16);
    return DD_OK;
}

/* DD_ENODEV if there is no such function, as most are not. */
static enum dd_status read_function(const struct dd_pci_access *access,
                                    struct dd_pci_address address, struct dd_pci_function *function)
{
    uint32_t id = read32(access, address, DD_PCI_ID);
    uint8_t type;

    if (DD_GET(id, DD_PCI_ID_VENDOR) == DD_PCI_VENDOR_NONE) {
        return DD_ENODEV;
    }
    type = (uint8_t)access->ops->read(access, address, DD_PCI_HEADER_TYPE, DD_PCI_WIDTH_8);
    if (type == UINT8_MAX && dd_pci_read_id(access, address, &id) != DD_OK) {
        return DD_ENODEV;
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
        if (DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_ID) != ARI_ID) {
            offset = (uint16_t)(DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_NEXT) & ~POINTER_RESERVED);
            continue;
        }
        if (dd_pci_read16(access, address, (uint16_t)(offset + ARI_CAPABILITY), &capability) !=
            DD_OK) {
            break;
        }
        *next = (uint8_t)DD_GET(capability, ARI_NEXT_FUNCTION);
        return true;
    }
    return false;
}

/* ---- The cursor ---- */

struct pci_cursor dd_pci_bus_start(uint8_t bus, enum pci_bus_kind kind)
{
    return (struct pci_cursor){.bus = bus, .kind = (uint8_t)kind};
}

static void end(struct pci_cursor *cursor)
{
    cursor->device = PCI_DEVICES;
}

static void advance(struct pci_cursor *cursor, bool to_next_device)
{
    if (!to_next_device && cursor->function < 7) {
        cursor->function++;
    } else if (cursor->kind == PCI_BUS_SHARED) {
        cursor->device++;
        cursor->function = 0;
    } else {
        end(cursor);
    }
}

/* Numbers of a chain go up, or it could lead back. */
static void follow_chain(struct pci_cursor *cursor, uint8_t next)
{
    if (next <= cursor->device * 8 + cursor->function) {
        end(cursor);
    } else {
        cursor->device = next / 8;
        cursor->function = next % 8;
    }
}

static void move_behind(const struct dd_pci_access *access, struct pci_cursor *cursor,
                        const struct dd_pci_function *found)
{
    uint8_t next;

    if (cursor->kind == PCI_BUS_ARI) {
        if (read_next_function(access, found->address, &next)) {
            follow_chain(cursor, next);
            return;
        }
        if (cursor->device != 0 || cursor->function != 0) {
            end(cursor);
            return;
        }
        cursor->kind = PCI_BUS_LINK;
    }
    advance(cursor, found->address.function == 0 && !found->multi_function);
}

enum dd_status dd_pci_bus_next(const struct dd_pci_access *access, struct pci_cursor *cursor,
                               struct dd_pci_function *function)
{
    struct pci_cursor here = *cursor;
    enum dd_status status = DD_ENOENT;

    if (dd_pci_config_size(access, here.bus) == 0) {
        return DD_ENOENT;
    }
    while (here.device < PCI_DEVICES) {
        const struct dd_pci_address address = {access->segment, here.bus, here.device,
                                               here.function};

        status = read_function(access, address, function);
        if (status == DD_OK) {
            move_behind(access, &here, function);
            break;
        }
        if (here.kind == PCI_BUS_ARI) {
            end(&here);
        } else {
            advance(&here, address.function == 0);
        }
    }
    *cursor = here;
    return status == DD_OK ? DD_OK : DD_ENOENT;
}
