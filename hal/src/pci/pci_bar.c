/* SPDX-License-Identifier: MIT */
/*
 * Base address registers. The low bits of one are fixed and say what kind of
 * range the function wants; the others hold its address. A range of 2^n bytes is
 * aligned to its size, so the n low address bits are not implemented: they stay
 * zero when ones are written, and the lowest bit that does not is the size.
 * While the ones are in, the register holds an address that may be anyone's,
 * which is why decoding is switched off around all this.
 *
 * dd_pci_read_id() checks the address once; after it the registers of the
 * header are in range, so they are accessed through the handle's ops directly.
 */
#include "drydock/pci_bar.h"

#include <stdbool.h>

#include "pci_bar_block.h"

/* Last address of a range for which the register asks below 1 MiB. */
#define BELOW_1M UINT64_C(0xFFFFF)

static uint32_t read_register(const struct bar_block *block, uint16_t offset)
{
    return block->access->ops->read(block->access, block->address, offset, DD_PCI_WIDTH_32);
}

static void write_register(const struct bar_block *block, uint16_t offset, uint32_t value)
{
    block->access->ops->write(block->access, block->address, offset, DD_PCI_WIDTH_32, value);
}

/* What the register reads after @p value was written; afterwards it holds @p original again. */
static uint32_t try_value(const struct bar_block *block, uint16_t offset, uint32_t value,
                          uint32_t original)
{
    uint32_t taken;

    write_register(block, offset, value);
    taken = read_register(block, offset);
    write_register(block, offset, original);
    return taken;
}

/*
 * The bits of the register that take @p ones. If it then reads as it did before, its range is the
 * highest there is or it is fixed: bits that read 1 after a zero too take nothing.
 */
static uint32_t try_ones(const struct bar_block *block, uint16_t offset, uint32_t ones,
                         uint32_t original)
{
    uint32_t taken = try_value(block, offset, ones, original);

    if ((taken & ones) == 0 || ((taken ^ original) & ones) != 0) {
        return taken;
    }
    return taken & ~try_value(block, offset, 0, original);
}

/*
 * Fill in base, size and highest address from the address bits alone: as found, and those that
 * took the ones.
 */
static void set_extent(struct dd_pci_bar *bar, uint64_t original, uint64_t taken)
{
    uint64_t size = taken & (~taken + 1);

    if (taken == 0) {
        bar->status = original == 0 ? DD_ENOENT : DD_EMALFORMED;
    } else {
        bar->status = DD_OK;
        bar->base = original;
        bar->size = size;
        bar->highest = taken | (size - 1);
    }
}

static void size_io(const struct bar_block *block, uint16_t offset, uint32_t original,
                    struct dd_pci_bar *bar)
{
    const uint32_t bits = (uint32_t)DD_BITS(DD_PCI_BAR_IO_BASE);
    uint32_t taken = try_ones(block, offset, UINT32_MAX, original) & bits;

    bar->kind = DD_PCI_BAR_KIND_IO;
    set_extent(bar, original & bits, taken);
}

static void size_memory32(const struct bar_block *block, uint16_t offset, uint32_t original,
                          struct dd_pci_bar *bar)
{
    const uint32_t bits = (uint32_t)DD_BITS(DD_PCI_BAR_MEMORY_BASE);
    uint32_t taken = try_ones(block, offset, UINT32_MAX, original) & bits;
    bool is_low = DD_GET(original, DD_PCI_BAR_MEMORY_TYPE) == DD_PCI_BAR_TYPE_BELOW_1M;

    bar->kind = DD_PCI_BAR_KIND_MEMORY32;
    bar->prefetchable = DD_GET(original, DD_PCI_BAR_MEMORY_PREFETCHABLE) != 0;
    set_extent(bar, original & bits, taken);
    if (is_low && bar->highest > BELOW_1M) {
        bar->highest = BELOW_1M;
    }
}

static void size_memory64(const struct bar_block *block, uint16_t offset, uint32_t original,
                          struct dd_pci_bar *bar)
{
    const uint64_t bits = ~(DD_MASK(31, 0) & ~DD_BITS(DD_PCI_BAR_MEMORY_BASE));
    const uint16_t offset_high = (uint16_t)(offset + 4);
    uint64_t taken_low = try_ones(block, offset, UINT32_MAX, original);
    uint32_t original_high = read_register(block, offset_high);
    uint64_t taken_high = try_ones(block, offset_high, UINT32_MAX, original_high);

    bar->kind = DD_PCI_BAR_KIND_MEMORY64;
    bar->prefetchable = DD_GET(original, DD_PCI_BAR_MEMORY_PREFETCHABLE) != 0;
    set_extent(bar, ((uint64_t)original_high << 32 | original) & bits,
               (taken_high << 32 | taken_low) & bits);
}

/* The ones leave the enable bit out: the ROM stays off while its address is nobody's. */
static void size_rom(const struct bar_block *block, uint16_t offset, struct dd_pci_bar *bar)
{
    const uint32_t bits = (uint32_t)DD_BITS(DD_PCI_ROM_BASE);
    uint32_t original = read_register(block, offset);
    uint32_t taken = try_ones(block, offset, bits, original) & bits;

    bar->kind = DD_PCI_BAR_KIND_ROM;
    set_extent(bar, original & bits, taken);
}

/*
 * Size the register at bars[index], and with it the one that is its upper half.
 * The result is how many registers that were.
 */
static unsigned int size_bar(const struct bar_block *block, unsigned int index,
                             struct dd_pci_bar *bars)
{
    uint16_t offset = (uint16_t)(block->first + 4 * index);
    uint32_t original = read_register(block, offset);

    if (DD_GET(original, DD_PCI_BAR_IO_SPACE) != 0) {
        size_io(block, offset, original, &bars[index]);
        return 1;
    }
    switch (DD_GET(original, DD_PCI_BAR_MEMORY_TYPE)) {
    case DD_PCI_BAR_TYPE_32:
    case DD_PCI_BAR_TYPE_BELOW_1M:
        size_memory32(block, offset, original, &bars[index]);
        return 1;
    case DD_PCI_BAR_TYPE_64:
        if (index + 1 < block->count) {
            size_memory64(block, offset, original, &bars[index]);
            return 2;
        }
        break;
    default:
        break;
    }
    bars[index].status = DD_EMALFORMED;
    return 1;
}

enum dd_status dd_pci_bar_open(const struct dd_pci_access *access, struct dd_pci_address address,
                               struct bar_block *block, uint16_t *command)
{
    uint32_t id;
    uint8_t type;
    enum dd_status status = dd_pci_read_id(access, address, &id);

    if (status != DD_OK) {
        return status;
    }
    type = (uint8_t)access->ops->read(access, address, DD_PCI_HEADER_TYPE, DD_PCI_WIDTH_8);
    status = dd_pci_read16(access, address, DD_PCI_COMMAND, command);
    if (status != DD_OK) {
        return status;
    }
    *block = (struct bar_block){.access = access, .address = address, .first = DD_PCI_BAR};
    switch (DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT)) {
    case DD_PCI_LAYOUT_ENDPOINT:
        block->count = 6;
        block->rom = DD_PCI_ROM;
        return DD_OK;
    case DD_PCI_LAYOUT_BRIDGE:
        block->count = 2;
        block->rom = DD_PCI_BRIDGE_ROM;
        return DD_OK;
    case DD_PCI_LAYOUT_CARDBUS:
        block->count = 1;
        return DD_OK;
    default:
        return DD_ENOTSUP;
    }
}

enum dd_status dd_pci_size_bars(const struct dd_pci_access *access, struct dd_pci_address address,
                                struct dd_pci_bar *bars)
{
    struct dd_pci_bar sized[DD_PCI_BARS];
    struct bar_block block;
    uint16_t command;
    uint32_t id;
    enum dd_status status = dd_pci_bar_open(access, address, &block, &command);

    if (status != DD_OK) {
        return status;
    }
    for (unsigned int i = 0; i < DD_PCI_BARS; i++) {
        sized[i] = (struct dd_pci_bar){.status = DD_ENOENT};
    }
    access->ops->write(access, address, DD_PCI_COMMAND, DD_PCI_WIDTH_16,
                       (uint32_t)(command & ~BAR_DECODING));
    for (unsigned int i = 0; i < block.count;) {
        i += size_bar(&block, i, sized);
    }
    if (block.rom != 0) {
        size_rom(&block, block.rom, &sized[DD_PCI_BAR_ROM]);
    }
    access->ops->write(access, address, DD_PCI_COMMAND, DD_PCI_WIDTH_16, command);

    status = dd_pci_read_id(access, address, &id);
    for (unsigned int i = 0; status == DD_OK && i < DD_PCI_BARS; i++) {
        bars[i] = sized[i];
    }
    return status;
}
