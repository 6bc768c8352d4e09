/* SPDX-License-Identifier: MIT */
/*
 * An I/O APIC.
 *
 * The processor sees an index and a window of 32 bits. An entry has 64, so it is
 * written in two accesses, and between them it would be a mixture of old and
 * new: it is masked first, and the half with the mask bit is written last.
 * Reserved bits are written as they were read.
 */
#include "drydock/io_apic.h"

#include <stdbool.h>

#include "drydock/arch/insn.h"
#include "drydock/field.h"
#include "drydock/io_apic_regs.h"

enum {
    ALIGNMENT = 1024,
    EOI_VERSION = 0x20,
    IDS = 16,
    ENTRIES_MAX =
        (0x100 - DD_IO_APIC_ENTRIES) / 2, /* two registers each, and the index has 8 bits */
    HALF_BITS = 32
};

#define NOBODY UINT32_C(0xFFFFFFFF)

static dd_vaddr address_of(const struct dd_io_apic *apic, enum dd_io_apic_offset offset)
{
    return dd_vaddr_from(apic->registers.raw + offset);
}

static uint32_t read_register(const struct dd_io_apic *apic, unsigned int index)
{
    dd_mmio_write32(address_of(apic, DD_IO_APIC_SELECT), index);
    return dd_mmio_read32(address_of(apic, DD_IO_APIC_WINDOW));
}

static void write_register(const struct dd_io_apic *apic, unsigned int index, uint64_t value)
{
    dd_mmio_write32(address_of(apic, DD_IO_APIC_SELECT), index);
    dd_mmio_write32(address_of(apic, DD_IO_APIC_WINDOW), (uint32_t)value);
}

static unsigned int low_half(uint8_t input)
{
    return DD_IO_APIC_ENTRIES + 2u * input;
}

static unsigned int high_half(uint8_t input)
{
    return low_half(input) + 1;
}

static uint64_t read_entry(const struct dd_io_apic *apic, uint8_t input)
{
    uint64_t low = read_register(apic, low_half(input));

    return (uint64_t)read_register(apic, high_half(input)) << HALF_BITS | low;
}

/* Delivery modes that are no fixed interrupt have no vector and are always edges. */
static bool is_valid(const struct dd_io_apic_entry *entry)
{
    if (entry->polarity > DD_APIC_ACTIVE_LOW || entry->mask > DD_APIC_MASKED ||
        entry->destination_mode > DD_APIC_LOGICAL) {
        return false;
    }
    switch (entry->delivery) {
    case DD_APIC_FIXED:
    case DD_APIC_LOWEST_PRIORITY:
        return entry->vector >= DD_APIC_VECTOR_MIN && entry->trigger <= DD_APIC_LEVEL;
    case DD_APIC_SMI:
    case DD_APIC_NMI:
    case DD_APIC_INIT:
    case DD_APIC_EXTINT:
        return entry->vector == 0 && entry->trigger == DD_APIC_EDGE;
    default:
        return false;
    }
}

enum dd_status dd_io_apic_open(struct dd_io_apic *apic, dd_vaddr registers)
{
    struct dd_io_apic candidate = {.registers = registers};
    uint32_t version;
    uint32_t entries;

    if (!dd_is_aligned(registers.raw, ALIGNMENT)) {
        return DD_EALIGN;
    }
    version = read_register(&candidate, DD_IO_APIC_VERSION);
    if (version == 0 || version == NOBODY) {
        return DD_ENODEV;
    }
    entries = (uint32_t)DD_GET(version, DD_IO_APIC_VERSION_MAX_ENTRY) + 1;
    if (entries > ENTRIES_MAX) {
        return DD_EMALFORMED;
    }
    candidate.version = (uint8_t)DD_GET(version, DD_IO_APIC_VERSION_VERSION);
    candidate.entry_count = (uint8_t)entries;
    *apic = candidate;
    return DD_OK;
}

uint8_t dd_io_apic_read_id(const struct dd_io_apic *apic)
{
    return (uint8_t)DD_GET(read_register(apic, DD_IO_APIC_ID), DD_IO_APIC_ID_ID);
}

enum dd_status dd_io_apic_write_id(const struct dd_io_apic *apic, uint8_t id)
{
    if (id >= IDS) {
        return DD_EARG;
    }
    write_register(apic, DD_IO_APIC_ID,
                   DD_SET(read_register(apic, DD_IO_APIC_ID), DD_IO_APIC_ID_ID, id));
    return DD_OK;
}

enum dd_status dd_io_apic_write_entry(const struct dd_io_apic *apic, uint8_t input,
                                      const struct dd_io_apic_entry *entry)
{
    uint64_t value;

    if (input >= apic->entry_count || !is_valid(entry)) {
        return DD_EARG;
    }
    value = DD_SET(read_entry(apic, input), DD_IO_APIC_ENTRY_MASK, DD_APIC_MASKED);
    write_register(apic, low_half(input), value);
    value = DD_SET(value, DD_IO_APIC_ENTRY_VECTOR, entry->vector);
    value = DD_SET(value, DD_IO_APIC_ENTRY_DELIVERY_MODE, entry->delivery);
    value = DD_SET(value, DD_IO_APIC_ENTRY_DESTINATION_MODE, entry->destination_mode);
    value = DD_SET(value, DD_IO_APIC_ENTRY_POLARITY, entry->polarity);
    value = DD_SET(value, DD_IO_APIC_ENTRY_TRIGGER_MODE, entry->trigger);
    value = DD_SET(value, DD_IO_APIC_ENTRY_MASK, entry->mask);
    value = DD_SET(value, DD_IO_APIC_ENTRY_DESTINATION, entry->destination);
    write_register(apic, high_half(input), value >> HALF_BITS);
    write_register(apic, low_half(input), value);
    return DD_OK;
}

enum dd_status dd_io_apic_read_entry(const struct dd_io_apic *apic, uint8_t input,
                                     struct dd_io_apic_entry *entry)
{
    uint64_t value;

    if (input >= apic->entry_count) {
        return DD_EARG;
    }
    value = read_entry(apic, input);
    *entry = (struct dd_io_apic_entry){
        .vector = (uint8_t)DD_GET(value, DD_IO_APIC_ENTRY_VECTOR),
        .delivery = (enum dd_apic_delivery)DD_GET(value, DD_IO_APIC_ENTRY_DELIVERY_MODE),
        .destination_mode =
            (enum dd_apic_destination_mode)DD_GET(value, DD_IO_APIC_ENTRY_DESTINATION_MODE),
        .destination = (uint8_t)DD_GET(value, DD_IO_APIC_ENTRY_DESTINATION),
        .polarity = (enum dd_apic_polarity)DD_GET(value, DD_IO_APIC_ENTRY_POLARITY),
        .trigger = (enum dd_apic_trigger)DD_GET(value, DD_IO_APIC_ENTRY_TRIGGER_MODE),
        .mask = (enum dd_apic_mask)DD_GET(value, DD_IO_APIC_ENTRY_MASK),
    };
    return DD_OK;
}

enum dd_status dd_io_apic_read_input(const struct dd_io_apic *apic, uint8_t input,
                                     struct dd_io_apic_input *state)
{
    uint32_t value;

    if (input >= apic->entry_count) {
        return DD_EARG;
    }
    value = read_register(apic, low_half(input));
    *state = (struct dd_io_apic_input){
        .send_pending = (uint8_t)DD_GET(value, DD_IO_APIC_ENTRY_DELIVERY_STATUS),
        .remote_irr = (uint8_t)DD_GET(value, DD_IO_APIC_ENTRY_REMOTE_IRR),
    };
    return DD_OK;
}

static enum dd_status set_mask(const struct dd_io_apic *apic, uint8_t input, enum dd_apic_mask mask)
{
    if (input >= apic->entry_count) {
        return DD_EARG;
    }
    write_register(apic, low_half(input),
                   DD_SET(read_register(apic, low_half(input)), DD_IO_APIC_ENTRY_MASK, mask));
    return DD_OK;
}

enum dd_status dd_io_apic_mask(const struct dd_io_apic *apic, uint8_t input)
{
    return set_mask(apic, input, DD_APIC_MASKED);
}

enum dd_status dd_io_apic_unmask(const struct dd_io_apic *apic, uint8_t input)
{
    return set_mask(apic, input, DD_APIC_UNMASKED);
}

enum dd_status dd_io_apic_eoi(const struct dd_io_apic *apic, uint8_t vector)
{
    if (apic->version < EOI_VERSION) {
        return DD_ENOTSUP;
    }
    dd_mmio_write32(address_of(apic, DD_IO_APIC_EOI), vector);
    return DD_OK;
}
