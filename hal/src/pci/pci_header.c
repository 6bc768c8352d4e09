/* SPDX-License-Identifier: MIT */
/*
 * The header: the registers of a function whose place is fixed. Sixteen bytes
 * and the interrupt registers are the same for all; the rest has one of three
 * layouts. Reading and decoding are apart, so that each register is read once
 * and the decoders are pure.
 */
#include "drydock/pci_header.h"

/* A register of @p bytes bytes at @p offset, a multiple of @p bytes. */
static uint32_t header_register(const struct dd_pci_header *header, unsigned int offset,
                                unsigned int bytes)
{
    uint32_t shifted = header->dwords[offset / 4] >> (8 * (offset % 4));

    return shifted & (uint32_t)DD_MASK(8 * bytes - 1, 0);
}

static uint8_t header8(const struct dd_pci_header *header, unsigned int offset)
{
    return (uint8_t)header_register(header, offset, 1);
}

static uint16_t header16(const struct dd_pci_header *header, unsigned int offset)
{
    return (uint16_t)header_register(header, offset, 2);
}

static uint32_t header32(const struct dd_pci_header *header, unsigned int offset)
{
    return header_register(header, offset, 4);
}

static uint8_t header_layout(const struct dd_pci_header *header)
{
    return (uint8_t)DD_GET(header8(header, DD_PCI_HEADER_TYPE), DD_PCI_HEADER_TYPE_LAYOUT);
}

enum dd_status dd_pci_read_header(const struct dd_pci_access *access, struct dd_pci_address address,
                                  struct dd_pci_header *header)
{
    struct dd_pci_header read;
    enum dd_status status = dd_pci_read_id(access, address, &read.dwords[0]);

    for (uint16_t i = 1; status == DD_OK && i < 16; i++) {
        status = dd_pci_read32(access, address, (uint16_t)(4 * i), &read.dwords[i]);
    }
    if (status == DD_OK) {
        *header = read;
    }
    return status;
}

void dd_pci_decode_common(const struct dd_pci_header *header, struct dd_pci_common *common)
{
    uint32_t id = header32(header, DD_PCI_ID);
    uint32_t class = header32(header, DD_PCI_CLASS);
    uint8_t type = header8(header, DD_PCI_HEADER_TYPE);

    *common = (struct dd_pci_common){
        .vendor = (uint16_t)DD_GET(id, DD_PCI_ID_VENDOR),
        .device = (uint16_t)DD_GET(id, DD_PCI_ID_DEVICE),
        .command = header16(header, DD_PCI_COMMAND),
        .status = header16(header, DD_PCI_STATUS),
        .base_class = (uint8_t)DD_GET(class, DD_PCI_CLASS_BASE),
        .subclass = (uint8_t)DD_GET(class, DD_PCI_CLASS_SUBCLASS),
        .interface = (uint8_t)DD_GET(class, DD_PCI_CLASS_INTERFACE),
        .revision = (uint8_t)DD_GET(class, DD_PCI_CLASS_REVISION),
        .cache_line_size = header8(header, DD_PCI_CACHE_LINE_SIZE),
        .latency_timer = header8(header, DD_PCI_LATENCY_TIMER),
        .layout = header_layout(header),
        .bist = header8(header, DD_PCI_BIST),
        .interrupt_line = header8(header, DD_PCI_INTERRUPT_LINE),
        .interrupt_pin = header8(header, DD_PCI_INTERRUPT_PIN),
        .multi_function = DD_GET(type, DD_PCI_HEADER_TYPE_MULTI_FUNCTION) != 0,
    };
}

enum dd_status dd_pci_decode_endpoint(const struct dd_pci_header *header,
                                      struct dd_pci_endpoint *endpoint)
{
    if (header_layout(header) != DD_PCI_LAYOUT_ENDPOINT) {
        return DD_ENOENT;
    }
    *endpoint = (struct dd_pci_endpoint){
        .cardbus_cis_pointer = header32(header, DD_PCI_CARDBUS_CIS_POINTER),
        .subsystem_vendor = header16(header, DD_PCI_SUBSYSTEM_VENDOR),
        .subsystem = header16(header, DD_PCI_SUBSYSTEM),
        .min_grant = header8(header, DD_PCI_MIN_GRANT),
        .max_latency = header8(header, DD_PCI_MAX_LATENCY),
    };
    return DD_OK;
}

/* ---- Bridges: the low bits of a base are zero, those of a limit one ---- */

static struct dd_pci_range bridge_io(const struct dd_pci_header *header)
{
    uint8_t base = header8(header, DD_PCI_BRIDGE_IO_BASE);
    uint8_t limit = header8(header, DD_PCI_BRIDGE_IO_LIMIT);
    struct dd_pci_range range = {
        .base = DD_GET(base, DD_PCI_BRIDGE_IO_ADDRESS) << 12,
        .limit = DD_GET(limit, DD_PCI_BRIDGE_IO_ADDRESS) << 12 | 0xFFF,
    };

    if (DD_GET(base, DD_PCI_BRIDGE_IO_WIDTH) == DD_PCI_BRIDGE_WIDE) {
        range.base |= (uint64_t)header16(header, DD_PCI_BRIDGE_IO_BASE_UPPER) << 16;
        range.limit |= (uint64_t)header16(header, DD_PCI_BRIDGE_IO_LIMIT_UPPER) << 16;
    }
    return range;
}

static struct dd_pci_range bridge_memory(const struct dd_pci_header *header)
{
    uint16_t base = header16(header, DD_PCI_BRIDGE_MEMORY_BASE);
    uint16_t limit = header16(header, DD_PCI_BRIDGE_MEMORY_LIMIT);

    return (struct dd_pci_range){
        .base = DD_GET(base, DD_PCI_BRIDGE_MEMORY_ADDRESS) << 20,
        .limit = DD_GET(limit, DD_PCI_BRIDGE_MEMORY_ADDRESS) << 20 | 0xFFFFF,
    };
}

static struct dd_pci_range bridge_prefetchable(const struct dd_pci_header *header)
{
    uint16_t base = header16(header, DD_PCI_BRIDGE_PREFETCH_BASE);
    uint16_t limit = header16(header, DD_PCI_BRIDGE_PREFETCH_LIMIT);
    struct dd_pci_range range = {
        .base = DD_GET(base, DD_PCI_BRIDGE_PREFETCH_ADDRESS) << 20,
        .limit = DD_GET(limit, DD_PCI_BRIDGE_PREFETCH_ADDRESS) << 20 | 0xFFFFF,
    };

    if (DD_GET(base, DD_PCI_BRIDGE_PREFETCH_WIDTH) == DD_PCI_BRIDGE_WIDE) {
        range.base |= (uint64_t)header32(header, DD_PCI_BRIDGE_PREFETCH_BASE_UPPER) << 32;
        range.limit |= (uint64_t)header32(header, DD_PCI_BRIDGE_PREFETCH_LIMIT_UPPER) << 32;
    }
    return range;
}

enum dd_status dd_pci_decode_bridge(const struct dd_pci_header *header,
                                    struct dd_pci_bridge *bridge)
{
    if (header_layout(header) != DD_PCI_LAYOUT_BRIDGE) {
        return DD_ENOENT;
    }
    *bridge = (struct dd_pci_bridge){
        .io = bridge_io(header),
        .memory = bridge_memory(header),
        .prefetchable = bridge_prefetchable(header),
        .secondary_status = header16(header, DD_PCI_BRIDGE_SECONDARY_STATUS),
        .control = header16(header, DD_PCI_BRIDGE_CONTROL),
        .primary_bus = header8(header, DD_PCI_BRIDGE_PRIMARY_BUS),
        .secondary_bus = header8(header, DD_PCI_BRIDGE_SECONDARY_BUS),
        .subordinate_bus = header8(header, DD_PCI_BRIDGE_SUBORDINATE_BUS),
        .secondary_latency_timer = header8(header, DD_PCI_BRIDGE_SECONDARY_LATENCY_TIMER),
    };
    return DD_OK;
}

static struct dd_pci_range cardbus_memory(const struct dd_pci_header *header, unsigned int base)
{
    return (struct dd_pci_range){
        .base = header32(header, base) & DD_BITS(DD_PCI_CARDBUS_MEMORY_ADDRESS),
        .limit = header32(header, base + 4) | DD_BITS(DD_PCI_CARDBUS_MEMORY_RESERVED_11_0),
    };
}

/* The width of an I/O range says whether the upper 16 bits of both addresses exist. */
static struct dd_pci_range cardbus_io(const struct dd_pci_header *header, unsigned int base)
{
    uint32_t first = header32(header, base);
    uint64_t exists =
        DD_GET(first, DD_PCI_CARDBUS_IO_WIDTH) == DD_PCI_BRIDGE_WIDE ? UINT32_MAX : UINT16_MAX;

    return (struct dd_pci_range){
        .base = first & DD_BITS(DD_PCI_CARDBUS_IO_ADDRESS) & exists,
        .limit = (header32(header, base + 4) | DD_BITS(DD_PCI_CARDBUS_IO_WIDTH)) & exists,
    };
}

enum dd_status dd_pci_decode_cardbus(const struct dd_pci_header *header,
                                     struct dd_pci_cardbus *cardbus)
{
    if (header_layout(header) != DD_PCI_LAYOUT_CARDBUS) {
        return DD_ENOENT;
    }
    *cardbus = (struct dd_pci_cardbus){
        .memory = {cardbus_memory(header, DD_PCI_CARDBUS_MEMORY_BASE_0),
                   cardbus_memory(header, DD_PCI_CARDBUS_MEMORY_BASE_1)},
        .io = {cardbus_io(header, DD_PCI_CARDBUS_IO_BASE_0),
               cardbus_io(header, DD_PCI_CARDBUS_IO_BASE_1)},
        .secondary_status = header16(header, DD_PCI_CARDBUS_SECONDARY_STATUS),
        .control = header16(header, DD_PCI_CARDBUS_CONTROL),
        .primary_bus = header8(header, DD_PCI_CARDBUS_PRIMARY_BUS),
        .secondary_bus = header8(header, DD_PCI_CARDBUS_SECONDARY_BUS),
        .subordinate_bus = header8(header, DD_PCI_CARDBUS_SUBORDINATE_BUS),
        .latency_timer = header8(header, DD_PCI_CARDBUS_LATENCY_TIMER),
    };
    return DD_OK;
}

enum dd_status dd_pci_change_command(const struct dd_pci_access *access,
                                     struct dd_pci_address address, uint16_t clear, uint16_t set)
{
    uint16_t command;
    enum dd_status status = dd_pci_read16(access, address, DD_PCI_COMMAND, &command);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_write16(access, address, DD_PCI_COMMAND,
                          (uint16_t)((command & ~(unsigned int)clear) | set));
}

enum dd_status dd_pci_clear_status(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t bits)
{
    const uint64_t errors = DD_BITS(DD_PCI_STATUS_MASTER_DATA_PARITY_ERROR) |
                            DD_BITS(DD_PCI_STATUS_SIGNALED_TARGET_ABORT) |
                            DD_BITS(DD_PCI_STATUS_RECEIVED_TARGET_ABORT) |
                            DD_BITS(DD_PCI_STATUS_RECEIVED_MASTER_ABORT) |
                            DD_BITS(DD_PCI_STATUS_SIGNALED_SYSTEM_ERROR) |
                            DD_BITS(DD_PCI_STATUS_DETECTED_PARITY_ERROR);
    uint32_t id;
    enum dd_status status = dd_pci_read_id(access, address, &id);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_write16(access, address, DD_PCI_STATUS, (uint16_t)(bits & errors));
}

enum dd_status dd_pci_read_class(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint32_t *class_code)
{
    uint32_t value;
    enum dd_status status = dd_pci_read32(access, address, DD_PCI_CLASS, &value);

    if (status == DD_OK) {
        *class_code = value >> DD_PCI_CLASS_INTERFACE_LO;
    }
    return status;
}
