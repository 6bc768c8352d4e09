/* SPDX-License-Identifier: MIT */
/*
 * Capabilities are linked lists inside configuration space: each entry begins
 * with its ID and the offset of the next. The first list lives in 0x40..0xFF and
 * begins where the header points; the extended one lives in 0x100..0xFFF and
 * begins at 0x100. A list comes from a device, so it may point anywhere, itself
 * included; a set of the offsets that were visited bounds the walk.
 *
 * dd_pci_read_id() checks the address once; the offsets used after it are
 * masked to the space, so registers are accessed through the handle's ops.
 */
#include "drydock/pci_cap.h"

#include "pci_cap_read.h"

/* Pointers of both lists have two low bits that are reserved and to be ignored: [PCI 3.0] 6.7. */
#define POINTER_RESERVED 3u

/* All ones may be a strange register or the answer to an access nobody claimed. */
static enum dd_status unless_gone(const struct dd_pci_access *access, struct dd_pci_address address,
                                  enum dd_status status)
{
    uint32_t id;
    enum dd_status presence = dd_pci_read_id(access, address, &id);

    return presence == DD_OK ? status : presence;
}

/* Where a header layout has its capabilities pointer. */
static enum dd_status find_pointer(uint8_t layout, uint16_t *offset)
{
    switch (layout) {
    case DD_PCI_LAYOUT_ENDPOINT:
        *offset = DD_PCI_CAPABILITIES_POINTER;
        return DD_OK;
    case DD_PCI_LAYOUT_BRIDGE:
        *offset = DD_PCI_BRIDGE_CAPABILITIES_POINTER;
        return DD_OK;
    case DD_PCI_LAYOUT_CARDBUS:
        *offset = DD_PCI_CARDBUS_CAPABILITIES_POINTER;
        return DD_OK;
    default:
        return DD_ENOTSUP;
    }
}

enum dd_status dd_pci_cap_read_first(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t *first)
{
    uint32_t id;
    uint32_t state;
    uint32_t type;
    uint16_t pointer;
    enum dd_status status = dd_pci_read_id(access, address, &id);

    if (status != DD_OK) {
        return status;
    }
    state = access->ops->read(access, address, DD_PCI_STATUS, DD_PCI_WIDTH_16);
    if (DD_GET(state, DD_PCI_STATUS_CAPABILITIES_LIST) == 0) {
        *first = 0;
        return DD_OK;
    }
    type = access->ops->read(access, address, DD_PCI_HEADER_TYPE, DD_PCI_WIDTH_8);
    status = find_pointer((uint8_t)DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT), &pointer);
    if (status != DD_OK) {
        return unless_gone(access, address, status);
    }
    *first = (uint16_t)(access->ops->read(access, address, pointer, DD_PCI_WIDTH_8) &
                        (UINT8_MAX & ~POINTER_RESERVED));
    return DD_OK;
}

enum dd_status dd_pci_walk_capabilities(const struct dd_pci_access *access,
                                        struct dd_pci_address address,
                                        const struct dd_pci_capability_visitor *visitor)
{
    uint64_t visited = 0; /* one bit for each dword of the first 256 bytes */
    uint16_t offset;
    enum dd_status status = dd_pci_cap_read_first(access, address, &offset);

    while (status == DD_OK && offset != 0) {
        struct dd_pci_capability capability = {.offset = offset};
        uint32_t entry;

        if (offset < DD_PCI_CAPABILITIES_FIRST) {
            return DD_EMALFORMED;
        }
        if ((visited >> (offset / 4) & 1) != 0) {
            return DD_ELOOP;
        }
        visited |= UINT64_C(1) << (offset / 4);
        entry = access->ops->read(access, address, offset, DD_PCI_WIDTH_16);
        capability.id = (uint16_t)DD_GET(entry, DD_PCI_CAPABILITY_ID);
        if (capability.id == DD_PCI_CAPABILITY_ID_NONE) {
            return unless_gone(access, address, DD_EMALFORMED);
        }
        if (visitor->found(visitor->context, &capability) == DD_PCI_VISIT_STOP) {
            break;
        }
        offset = (uint16_t)(DD_GET(entry, DD_PCI_CAPABILITY_NEXT) & ~POINTER_RESERVED);
    }
    return status;
}

/* ---- The extended list ---- */

static enum dd_status walk_extended(const struct dd_pci_access *access,
                                    struct dd_pci_address address,
                                    const struct dd_pci_capability_visitor *visitor)
{
    uint32_t visited[DD_PCI_EXTENDED_CONFIG_SIZE / 4 / 32] = {0}; /* one bit for each dword */
    uint16_t offset = DD_PCI_EXTENDED_CAPABILITIES_FIRST;

    while (offset != 0) {
        struct dd_pci_capability capability = {.offset = offset};
        uint32_t entry;
        unsigned int dword = offset / 4u;

        if (offset < DD_PCI_EXTENDED_CAPABILITIES_FIRST) {
            return DD_EMALFORMED;
        }
        if ((visited[dword / 32] >> (dword % 32) & 1) != 0) {
            return DD_ELOOP;
        }
        visited[dword / 32] |= UINT32_C(1) << (dword % 32);
        entry = access->ops->read(access, address, offset, DD_PCI_WIDTH_32);
        if (entry == 0) {
            break;
        }
        if (entry == UINT32_MAX) {
            return unless_gone(access, address, DD_OK);
        }
        capability.id = (uint16_t)DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_ID);
        capability.version = (uint8_t)DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_VERSION);
        if (visitor->found(visitor->context, &capability) == DD_PCI_VISIT_STOP) {
            break;
        }
        offset = (uint16_t)(DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_NEXT) & ~POINTER_RESERVED);
    }
    return DD_OK;
}

enum dd_status dd_pci_walk_extended_capabilities(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_capability_visitor *visitor)
{
    uint16_t pci_express;
    enum dd_status status;

    if (dd_pci_config_size(access, address.bus) < DD_PCI_EXTENDED_CONFIG_SIZE) {
        return DD_ENOTSUP;
    }
    status =
        dd_pci_find_capability(access, address, DD_PCI_CAPABILITY_ID_PCI_EXPRESS, &pci_express);
    if (status == DD_ENOENT) {
        return DD_OK;
    }
    return status == DD_OK ? walk_extended(access, address, visitor) : status;
}

/* ---- Looking for one entry ---- */

struct wanted {
    uint16_t id;
    uint16_t offset; /* 0: not found yet */
};

static enum dd_pci_visit compare_id(void *context, const struct dd_pci_capability *capability)
{
    struct wanted *wanted = context;

    if (capability->id != wanted->id) {
        return DD_PCI_VISIT_CONTINUE;
    }
    wanted->offset = capability->offset;
    return DD_PCI_VISIT_STOP;
}

/* What a walk that looked for an entry comes to. */
static enum dd_status take_found(enum dd_status status, const struct wanted *wanted,
                                 uint16_t *offset)
{
    if (status != DD_OK) {
        return status;
    }
    if (wanted->offset == 0) {
        return DD_ENOENT;
    }
    *offset = wanted->offset;
    return DD_OK;
}

enum dd_status dd_pci_find_capability(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint8_t id, uint16_t *offset)
{
    struct wanted wanted = {.id = id};
    const struct dd_pci_capability_visitor visitor = {compare_id, &wanted};

    return take_found(dd_pci_walk_capabilities(access, address, &visitor), &wanted, offset);
}

enum dd_status dd_pci_find_extended_capability(const struct dd_pci_access *access,
                                               struct dd_pci_address address, uint16_t id,
                                               uint16_t *offset)
{
    struct wanted wanted = {.id = id};
    const struct dd_pci_capability_visitor visitor = {compare_id, &wanted};

    return take_found(dd_pci_walk_extended_capabilities(access, address, &visitor), &wanted,
                      offset);
}
