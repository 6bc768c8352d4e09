/* SPDX-License-Identifier: MIT */
/*
 * A bridge forwards three ranges downstream: I/O, memory, and memory that may be
 * prefetched. Their registers hold the upper bits of the first and the last address;
 * the low nibble of I/O and of prefetchable memory says whether a second register has
 * the bits above. A window whose base is above its limit is closed.
 */
#include "drydock/pci_bridge.h"

#include <stdbool.h>

#define IO_STEP     UINT64_C(0x1000)
#define MEMORY_STEP UINT64_C(0x100000)

/* The registers of one window: base and limit together, and what is above them. */
struct window_registers {
    uint32_t pair; /* base in the low half, limit in the high one; of I/O 8 bits each */
    uint32_t base_upper;
    uint32_t limit_upper;
};

/* Closed: the base is as high as it can be, the limit 0. */
static const struct window_registers closed_io = {0x00F0, 0, 0};
static const struct window_registers closed_memory = {0x0000FFF0, 0, 0};

static enum dd_status check_bridge(const struct dd_pci_access *access,
                                   struct dd_pci_address address)
{
    uint8_t type;
    enum dd_status status = dd_pci_read8(access, address, DD_PCI_HEADER_TYPE, &type);

    if (status != DD_OK) {
        return status;
    }
    return DD_GET(type, DD_PCI_HEADER_TYPE_LAYOUT) == DD_PCI_LAYOUT_BRIDGE ? DD_OK : DD_ENOTSUP;
}

/* ---- Which windows there are ---- */

/*
 * What a pair of registers that may not exist reads. Zeros are tried: with @p closed in
 * the base, the registers of a window that exists are not zero.
 */
static enum dd_status read_pair(const struct dd_pci_access *access, struct dd_pci_address address,
                                enum dd_pci_window window, uint32_t *pair)
{
    uint32_t answer = 0;
    uint16_t narrow = 0;
    enum dd_status status;

    if (window != DD_PCI_WINDOW_IO) {
        status = dd_pci_read32(access, address,
                               window == DD_PCI_WINDOW_MEMORY ? DD_PCI_BRIDGE_MEMORY_BASE
                                                              : DD_PCI_BRIDGE_PREFETCH_BASE,
                               &answer);
    } else {
        status = dd_pci_read16(access, address, DD_PCI_BRIDGE_IO_BASE, &narrow);
        answer = narrow;
    }
    if (status == DD_OK) {
        *pair = answer;
    }
    return status;
}

static enum dd_status write_pair(const struct dd_pci_access *access, struct dd_pci_address address,
                                 enum dd_pci_window window, uint32_t pair)
{
    switch (window) {
    case DD_PCI_WINDOW_IO:
        return dd_pci_write16(access, address, DD_PCI_BRIDGE_IO_BASE, (uint16_t)pair);
    case DD_PCI_WINDOW_MEMORY:
        return dd_pci_write32(access, address, DD_PCI_BRIDGE_MEMORY_BASE, pair);
    case DD_PCI_WINDOW_PREFETCHABLE:
        break;
    }
    return dd_pci_write32(access, address, DD_PCI_BRIDGE_PREFETCH_BASE, pair);
}

/* The pair as read, or, if it read zero, as it reads with a base in it; 0: there is no window. */
static enum dd_status try_pair(const struct dd_pci_access *access, struct dd_pci_address address,
                               enum dd_pci_window window, uint32_t *pair)
{
    uint32_t closed = window == DD_PCI_WINDOW_IO ? closed_io.pair : closed_memory.pair;
    enum dd_status status = read_pair(access, address, window, pair);

    if (status != DD_OK || *pair != 0) {
        return status;
    }
    status = write_pair(access, address, window, closed);
    if (status == DD_OK) {
        status = read_pair(access, address, window, pair);
    }
    if (status == DD_OK) {
        status = write_pair(access, address, window, 0);
    }
    return status;
}

/* Last address that registers of this width hold. */
static uint64_t reach(enum dd_pci_window window, uint32_t pair)
{
    switch (window) {
    case DD_PCI_WINDOW_IO:
        return DD_GET(pair, DD_PCI_BRIDGE_IO_WIDTH) == DD_PCI_BRIDGE_WIDE ? UINT32_MAX : UINT16_MAX;
    case DD_PCI_WINDOW_PREFETCHABLE:
        return DD_GET(pair, DD_PCI_BRIDGE_PREFETCH_WIDTH) == DD_PCI_BRIDGE_WIDE ? UINT64_MAX
                                                                                : UINT32_MAX;
    case DD_PCI_WINDOW_MEMORY:
        break;
    }
    return UINT32_MAX;
}

/* Last address of a window with these registers; 0: there is none. */
static uint64_t highest_address(enum dd_pci_window window, uint32_t pair)
{
    return pair == 0 && window != DD_PCI_WINDOW_MEMORY ? 0 : reach(window, pair);
}

enum dd_status dd_pci_find_windows(const struct dd_pci_access *access,
                                   struct dd_pci_address address,
                                   struct dd_pci_window_ability *ability)
{
    struct dd_pci_window_ability found = {{0}};
    enum dd_status status = check_bridge(access, address);

    for (unsigned int i = 0; i < DD_PCI_WINDOWS && status == DD_OK; i++) {
        enum dd_pci_window window = (enum dd_pci_window)i;
        uint32_t pair = 0;

        status = window == DD_PCI_WINDOW_MEMORY ? DD_OK : try_pair(access, address, window, &pair);
        found.highest[i] = highest_address(window, pair);
    }
    if (status == DD_OK) {
        *ability = found;
    }
    return status;
}

/* ---- Setting one ---- */

static enum dd_status check_range(const struct dd_pci_range *range, uint64_t step, uint64_t highest)
{
    if (range->base > range->limit) {
        return DD_OK;
    }
    if (range->limit > highest) {
        return DD_EARG;
    }
    return range->base % step == 0 && range->limit % step == step - 1 ? DD_OK : DD_EALIGN;
}

static struct window_registers pack_range(enum dd_pci_window window,
                                          const struct dd_pci_range *range)
{
    if (range->base > range->limit) {
        return window == DD_PCI_WINDOW_IO ? closed_io : closed_memory;
    }
    if (window == DD_PCI_WINDOW_IO) {
        return (struct window_registers){
            .pair = (uint32_t)((range->base >> 8 & 0xF0) | (range->limit & 0xF000)),
            .base_upper = (uint32_t)(range->base >> 16),
            .limit_upper = (uint32_t)(range->limit >> 16),
        };
    }
    return (struct window_registers){
        .pair = (uint32_t)((range->base >> 16 & 0xFFF0) | (range->limit & 0xFFF00000)),
        .base_upper = (uint32_t)(range->base >> 32),
        .limit_upper = (uint32_t)(range->limit >> 32),
    };
}

/* Bits of a pair that are addresses; the others are fixed. */
static uint32_t pair_bits(enum dd_pci_window window)
{
    return window == DD_PCI_WINDOW_IO ? 0xF0F0 : 0xFFF0FFF0;
}

static enum dd_status read_registers(const struct dd_pci_access *access,
                                     struct dd_pci_address address, enum dd_pci_window window,
                                     struct window_registers *registers)
{
    uint32_t both = 0;
    enum dd_status status = read_pair(access, address, window, &registers->pair);

    registers->base_upper = 0;
    registers->limit_upper = 0;
    if (status != DD_OK || highest_address(window, registers->pair) <= UINT16_MAX ||
        window == DD_PCI_WINDOW_MEMORY) {
        return status;
    }
    if (window == DD_PCI_WINDOW_IO) {
        status = dd_pci_read32(access, address, DD_PCI_BRIDGE_IO_BASE_UPPER, &both);
        registers->base_upper = both & 0xFFFF;
        registers->limit_upper = both >> 16;
        return status;
    }
    if (highest_address(window, registers->pair) == UINT32_MAX) {
        return DD_OK;
    }
    status =
        dd_pci_read32(access, address, DD_PCI_BRIDGE_PREFETCH_BASE_UPPER, &registers->base_upper);
    return status != DD_OK ? status
                           : dd_pci_read32(access, address, DD_PCI_BRIDGE_PREFETCH_LIMIT_UPPER,
                                           &registers->limit_upper);
}

/*
 * Between the writes a window must not be half of the old range and half of the new one. What has
 * one register moves at once; else an upper half of the base that is as high as it can be keeps the
 * window closed until everything else is written.
 */
static enum dd_status write_io(const struct dd_pci_access *access, struct dd_pci_address address,
                               const struct window_registers *registers)
{
    enum dd_status status =
        dd_pci_write32(access, address, DD_PCI_BRIDGE_IO_BASE_UPPER, UINT16_MAX);

    if (status == DD_OK) {
        status = write_pair(access, address, DD_PCI_WINDOW_IO, registers->pair);
    }
    return status != DD_OK ? status
                           : dd_pci_write32(access, address, DD_PCI_BRIDGE_IO_BASE_UPPER,
                                            registers->limit_upper << 16 | registers->base_upper);
}

/* The pair is closed too, for a limit that is as high as the base. */
static enum dd_status write_prefetchable(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct window_registers *registers)
{
    enum dd_status status =
        dd_pci_write32(access, address, DD_PCI_BRIDGE_PREFETCH_BASE_UPPER, UINT32_MAX);

    if (status == DD_OK) {
        status = write_pair(access, address, DD_PCI_WINDOW_PREFETCHABLE, closed_memory.pair);
    }
    if (status == DD_OK) {
        status = dd_pci_write32(access, address, DD_PCI_BRIDGE_PREFETCH_LIMIT_UPPER,
                                registers->limit_upper);
    }
    if (status == DD_OK) {
        status = write_pair(access, address, DD_PCI_WINDOW_PREFETCHABLE, registers->pair);
    }
    return status != DD_OK ? status
                           : dd_pci_write32(access, address, DD_PCI_BRIDGE_PREFETCH_BASE_UPPER,
                                            registers->base_upper);
}

static enum dd_status write_registers(const struct dd_pci_access *access,
                                      struct dd_pci_address address, enum dd_pci_window window,
                                      const struct window_registers *registers)
{
    switch (window) {
    case DD_PCI_WINDOW_IO:
        return write_io(access, address, registers);
    case DD_PCI_WINDOW_PREFETCHABLE:
        return write_prefetchable(access, address, registers);
    case DD_PCI_WINDOW_MEMORY:
        break;
    }
    return write_pair(access, address, window, registers->pair);
}

static bool are_equal(enum dd_pci_window window, const struct window_registers *a,
                      const struct window_registers *b)
{
    return ((a->pair ^ b->pair) & pair_bits(window)) == 0 && a->base_upper == b->base_upper &&
           a->limit_upper == b->limit_upper;
}

enum dd_status dd_pci_set_window(const struct dd_pci_access *access, struct dd_pci_address address,
                                 enum dd_pci_window window, const struct dd_pci_range *range)
{
    const struct window_registers wanted = pack_range(window, range);
    struct window_registers original;
    struct window_registers taken;
    enum dd_status status =
        check_range(range, window == DD_PCI_WINDOW_IO ? IO_STEP : MEMORY_STEP,
                    window == DD_PCI_WINDOW_PREFETCHABLE ? UINT64_MAX : UINT32_MAX);

    if (status == DD_OK) {
        status = check_bridge(access, address);
    }
    if (status == DD_OK) {
        status = read_registers(access, address, window, &original);
    }
    if (status == DD_OK && range->base <= range->limit &&
        range->limit > reach(window, original.pair)) {
        status = DD_EMALFORMED;
    }
    if (status == DD_OK) {
        status = write_registers(access, address, window, &wanted);
    }
    if (status == DD_OK) {
        status = read_registers(access, address, window, &taken);
    }
    if (status != DD_OK || are_equal(window, &wanted, &taken) ||
        (range->base > range->limit && highest_address(window, taken.pair) == 0)) {
        return status;
    }
    status = write_registers(access, address, window, &original);
    return status == DD_OK ? DD_EMALFORMED : status;
}
