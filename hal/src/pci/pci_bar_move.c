/* SPDX-License-Identifier: MIT */
/*
 * Writing base address registers. The function answers to its old range until its
 * decoding is off, and to the new one when it is on again; a 64-bit register is two, so
 * between the writes it holds neither.
 */
#include "pci_bar_block.h"

/* One register, or a 64-bit pair. */
struct place {
    uint16_t offset;
    uint64_t bits; /* those that are the address */
    enum dd_pci_bar_kind kind;
};

static uint64_t address_bits(enum dd_pci_bar_kind kind)
{
    switch (kind) {
    case DD_PCI_BAR_KIND_IO:
        return DD_BITS(DD_PCI_BAR_IO_BASE);
    case DD_PCI_BAR_KIND_MEMORY32:
        return DD_BITS(DD_PCI_BAR_MEMORY_BASE);
    case DD_PCI_BAR_KIND_ROM:
        return DD_BITS(DD_PCI_ROM_BASE);
    case DD_PCI_BAR_KIND_MEMORY64:
        break;
    }
    return DD_MASK(63, 32) | DD_BITS(DD_PCI_BAR_MEMORY_BASE);
}

static uint64_t read_place(const struct bar_block *block, const struct place *place)
{
    const struct dd_pci_access *access = block->access;
    uint64_t value = access->ops->read(access, block->address, place->offset, DD_PCI_WIDTH_32);

    if (place->kind == DD_PCI_BAR_KIND_MEMORY64) {
        value |= (uint64_t)access->ops->read(access, block->address, (uint16_t)(place->offset + 4),
                                             DD_PCI_WIDTH_32)
                 << 32;
    }
    return value;
}

static void write_place(const struct bar_block *block, const struct place *place, uint64_t value)
{
    const struct dd_pci_access *access = block->access;

    access->ops->write(access, block->address, place->offset, DD_PCI_WIDTH_32, (uint32_t)value);
    if (place->kind == DD_PCI_BAR_KIND_MEMORY64) {
        access->ops->write(access, block->address, (uint16_t)(place->offset + 4), DD_PCI_WIDTH_32,
                           (uint32_t)(value >> 32));
    }
}

static enum dd_status check_move(const struct dd_pci_bar *bar, uint64_t base)
{
    if (bar->status != DD_OK || bar->size == 0 || bar->highest < bar->size - 1 ||
        base > bar->highest - (bar->size - 1)) {
        return DD_EARG;
    }
    return (base & (bar->size - 1)) == 0 ? DD_OK : DD_EALIGN;
}

/* Decoding is off. */
static enum dd_status move(const struct bar_block *block, const struct place *place, uint64_t base)
{
    uint64_t original = read_place(block, place);
    uint32_t id;
    enum dd_status status = DD_OK;

    write_place(block, place, (original & ~place->bits) | base);
    if ((read_place(block, place) & place->bits) != base) {
        write_place(block, place, original);
        status = dd_pci_read_id(block->access, block->address, &id);
        status = status == DD_OK ? DD_EMALFORMED : status;
    }
    return status;
}

enum dd_status dd_pci_move_bar(const struct dd_pci_access *access, struct dd_pci_address address,
                               const struct dd_pci_bar *bars, unsigned int index, uint64_t base)
{
    struct bar_block block;
    struct place place;
    uint16_t command;
    enum dd_status status = index < DD_PCI_BARS ? check_move(&bars[index], base) : DD_EARG;

    if (status == DD_OK) {
        status = dd_pci_bar_open(access, address, &block, &command);
    }
    if (status != DD_OK) {
        return status;
    }
    place = (struct place){
        .offset = index == DD_PCI_BAR_ROM ? block.rom : (uint16_t)(block.first + 4 * index),
        .bits = address_bits(bars[index].kind),
        .kind = bars[index].kind,
    };
    if (place.offset == 0 || (index != DD_PCI_BAR_ROM && index >= block.count)) {
        return DD_EARG;
    }
    access->ops->write(access, address, DD_PCI_COMMAND, DD_PCI_WIDTH_16,
                       (uint32_t)(command & ~BAR_DECODING));
    status = move(&block, &place, base);
    access->ops->write(access, address, DD_PCI_COMMAND, DD_PCI_WIDTH_16, command);
    return status;
}
