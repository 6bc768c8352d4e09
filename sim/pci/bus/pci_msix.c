/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI-X: the capability says which base address and offset have a table with an
 * entry of 16 bytes a message (address, upper address, data, vector control) and
 * an array of pending bits ([PCI 3.0] 6.8.2).
 *
 * After a reset every message is masked, and memory that was never written is
 * zero; so the mask bit is kept inverted.
 */
#include "drydock/pci_regs.h"
#include "sim/devices/msi.h"
#include "sim/pci/bus/pci_config_internal.h"
#include "sim/pci/bus/pci_msi_internal.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    ID_MSIX = 0x11,
    CAPABILITY_SIZE = 12,
    CONTROL = 2,
    TABLE = 4,
    PENDING = 8,
    ENTRY_SIZE = 16,
    ENTRY_UPPER = 4,
    ENTRY_DATA = 8,
    ENTRY_CONTROL = 12,
    ENTRY_MASKED = 1 << 0,
    CONTROL_FUNCTION_MASK = 1 << 14,
    CONTROL_ENABLE = 1 << 15,
};

/* Bits of the registers TABLE and PENDING. 6.8.2.4, 6.8.2.5 */
#define PLACE_BAR    UINT32_C(7)
#define PLACE_OFFSET (~PLACE_BAR)

/* A function's MSI-X. */
struct msix {
    unsigned int control; /* contents of Message Control */
    unsigned int count;
    uint32_t table, pending; /* contents of the two registers */
};

static bool find_msix(const struct sim_pci_config *config, struct msix *msix)
{
    struct sim_pci_extent found;

    if (!sim_pci_config_find(config, SIM_PCI_CHAIN, ID_MSIX, &found) ||
        found.offset + CAPABILITY_SIZE > DD_PCI_CONFIG_SIZE) {
        return false;
    }
    msix->control = sim_pci_config_read(config, found.offset + CONTROL, 2);
    msix->count = (msix->control & 0x7FF) + 1;
    msix->table = sim_pci_config_read(config, found.offset + TABLE, 4);
    msix->pending = sim_pci_config_read(config, found.offset + PENDING, 4);
    return true;
}

void pci_msix_add_masks(struct sim_pci_config *config)
{
    struct sim_pci_extent found;

    if (sim_pci_config_find(config, SIM_PCI_CHAIN, ID_MSIX, &found) &&
        found.offset + CAPABILITY_SIZE <= DD_PCI_CONFIG_SIZE) {
        pci_let_write(config, found.offset + CONTROL, CONTROL_FUNCTION_MASK | CONTROL_ENABLE);
    }
}

bool pci_msix_is_enabled(const struct sim_pci_config *config)
{
    struct msix msix;

    return find_msix(config, &msix) && (msix.control & CONTROL_ENABLE) != 0;
}

/* Bits of a quadword are pending bits of 64 messages. 6.8.2.9 */
static uint64_t pending_size(const struct msix *msix)
{
    return (uint64_t)(msix->count + 63) / 64 * 8;
}

static uint64_t table_size(const struct msix *msix)
{
    return (uint64_t)msix->count * ENTRY_SIZE;
}

uint64_t pci_config_msix_end(const struct sim_pci_config *config, unsigned int bar)
{
    struct msix msix;
    uint64_t end = 0;

    if (!find_msix(config, &msix)) {
        return 0;
    }
    if ((msix.table & PLACE_BAR) == bar) {
        end = (msix.table & PLACE_OFFSET) + table_size(&msix);
    }
    if ((msix.pending & PLACE_BAR) == bar &&
        (msix.pending & PLACE_OFFSET) + pending_size(&msix) > end) {
        end = (msix.pending & PLACE_OFFSET) + pending_size(&msix);
    }
    return end;
}

struct sim_pci_msix_range sim_pci_msix_find(const struct sim_pci_config *config, unsigned int bar,
                                            uint64_t offset)
{
    struct msix msix;
    struct sim_pci_msix_range table, pending;

    if (find_msix(config, &msix)) {
        table = (struct sim_pci_msix_range){SIM_PCI_MSIX_TABLE, msix.table & PLACE_OFFSET,
                                            table_size(&msix)};
        pending = (struct sim_pci_msix_range){SIM_PCI_MSIX_PENDING, msix.pending & PLACE_OFFSET,
                                              pending_size(&msix)};
        if ((msix.table & PLACE_BAR) == bar && offset - table.offset < table.size) {
            return table;
        }
        if ((msix.pending & PLACE_BAR) == bar && offset - pending.offset < pending.size) {
            return pending;
        }
    }
    return (struct sim_pci_msix_range){SIM_PCI_MSIX_NONE, 0, 0};
}

/* Whether a doubleword of a table is a Vector Control. @p offset  from the table's start */
static bool is_control(uint64_t offset)
{
    return offset % ENTRY_SIZE == ENTRY_CONTROL;
}

uint32_t sim_pci_msix_read(const struct sim_pci_memory *memory, struct sim_pci_place place,
                           uint64_t offset)
{
    uint32_t value = sim_pci_memory_read(memory, place, 4);

    return is_control(offset) ? (value & ENTRY_MASKED) ^ ENTRY_MASKED : value;
}

bool sim_pci_msix_write(struct sim_pci_memory *memory, struct sim_pci_place place, uint64_t offset,
                        uint32_t value)
{
    return sim_pci_memory_write(memory, place, 4,
                                is_control(offset) ? (value & ENTRY_MASKED) ^ ENTRY_MASKED : value);
}

/* Where something is, if that is behind a base address of memory. */
static bool find_place(const struct sim_pci_function *function, uint32_t reg, uint64_t offset,
                       struct sim_pci_place *place)
{
    unsigned int bar = reg & PLACE_BAR;
    struct sim_pci_range range;

    *place = (struct sim_pci_place){function->address, bar, (reg & PLACE_OFFSET) + offset};
    return bar < SIM_DUMP_BARS - 1 && sim_pci_virtual_range(function, bar, &range) &&
           range.space == SIM_PCI_MEMORY && place->offset < range.size;
}

/* A doubleword of an entry. What is not there is masked. */
static uint32_t read_entry(const struct sim_pci_function *function, uint32_t table, uint64_t offset,
                           const struct sim_pci_memory *memory)
{
    struct sim_pci_place place;

    return find_place(function, table, offset, &place) ? sim_pci_msix_read(memory, place, offset)
                                                       : ENTRY_MASKED;
}

static bool is_masked(const struct sim_pci_function *function, const struct msix *msix,
                      unsigned int index, const struct sim_pci_memory *memory)
{
    uint64_t entry = (uint64_t)index * ENTRY_SIZE;

    return (msix->control & CONTROL_FUNCTION_MASK) != 0 ||
           (read_entry(function, msix->table, entry + ENTRY_CONTROL, memory) & ENTRY_MASKED) != 0;
}

static bool send(const struct sim_pci_function *function, const struct msix *msix,
                 unsigned int index, const struct sim_pci_messages *messages)
{
    uint64_t entry = (uint64_t)index * ENTRY_SIZE;
    uint64_t low = read_entry(function, msix->table, entry, messages->memory);
    uint64_t high = read_entry(function, msix->table, entry + ENTRY_UPPER, messages->memory);

    return sim_msi_write(&messages->port, (low & ~UINT64_C(3)) | high << 32,
                         read_entry(function, msix->table, entry + ENTRY_DATA, messages->memory));
}

/* The byte with the pending bit of a message, 0 if it is nowhere. */
static uint32_t read_pending(const struct sim_pci_function *function, const struct msix *msix,
                             unsigned int index, const struct sim_pci_memory *memory)
{
    struct sim_pci_place place;

    return find_place(function, msix->pending, index / 8, &place)
               ? sim_pci_memory_read(memory, place, 1)
               : 0;
}

/* Returns whether that was possible: not if it is nowhere, or no memory is left. */
static bool flip_pending(const struct sim_pci_function *function, const struct msix *msix,
                         unsigned int index, struct sim_pci_memory *memory)
{
    struct sim_pci_place place;

    return find_place(function, msix->pending, index / 8, &place) &&
           sim_pci_memory_write(memory, place, 1,
                                sim_pci_memory_read(memory, place, 1) ^ 1u << index % 8);
}

bool pci_raise_msix(const struct sim_pci_function *function, unsigned int index,
                    const struct sim_pci_messages *messages)
{
    struct msix msix;

    if (!find_msix(&function->config, &msix) || index >= msix.count) {
        return false;
    }
    if (!is_masked(function, &msix, index, messages->memory)) {
        return send(function, &msix, index, messages);
    }
    if ((read_pending(function, &msix, index, messages->memory) >> index % 8 & 1) == 0) {
        (void)flip_pending(function, &msix, index, messages->memory);
    }
    return false;
}

void pci_send_pending_msix(const struct sim_pci_function *function,
                           const struct sim_pci_messages *messages)
{
    struct msix msix;

    if (!find_msix(&function->config, &msix)) {
        return;
    }
    for (unsigned int index = 0; index < msix.count; index++) {
        uint32_t pending = read_pending(function, &msix, index, messages->memory);

        if ((pending >> index % 8 & 1) != 0 &&
            !is_masked(function, &msix, index, messages->memory) &&
            flip_pending(function, &msix, index, messages->memory)) {
            (void)send(function, &msix, index, messages);
        }
    }
}
