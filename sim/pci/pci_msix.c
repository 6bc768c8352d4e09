/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI-X: the capability says which base address and offset have a table with an
 * entry of 16 bytes a message (address, upper address, data, vector control) and
 * an array of pending bits ([PCI 3.0] 6.8.2). Both are used where they are in RAM.
 */
#include <string.h>

#include "drydock/pci_regs.h"
#include "sim/devices/msi.h"
#include "sim/pci/pci_msi_internal.h"

enum {
    ID_MSIX = 0x11,
    CAPABILITY_SIZE = 12,
    CONTROL = 2,
    TABLE = 4,
    PENDING = 8,
    ENTRY_SIZE = 16,
    ENTRY_MASKED = 1 << 0,
    CONTROL_FUNCTION_MASK = 1 << 14,
    CONTROL_ENABLE = 1 << 15,
};

/* An entry of the table. Figure 6-11. */
struct entry {
    uint32_t address, upper, data, control;
};

_Static_assert(sizeof(struct entry) == ENTRY_SIZE, "as in the table");

/* A function's MSI-X. */
struct msix {
    unsigned int control; /* contents of Message Control */
    unsigned int count;
    uint64_t table, pending; /* physical; UINT64_MAX: not in memory space */
};

/* Where a register with an offset and the number of a base address register leads. */
static uint64_t resolve(const struct sim_pci_config *config, unsigned int at)
{
    uint32_t place = sim_pci_config_read(config, at, 4);
    unsigned int number = place & 7;
    unsigned int layout = sim_pci_config_read(config, DD_PCI_HEADER_TYPE, 1) & 0x7F;
    unsigned int count = layout == DD_PCI_LAYOUT_ENDPOINT ? 6 : 2;
    uint32_t low = sim_pci_config_read(config, DD_PCI_BAR + 4 * number, 4);
    uint64_t base = low & ~UINT32_C(0xF);

    if (number >= count || DD_GET(low, DD_PCI_BAR_IO_SPACE) != 0) {
        return UINT64_MAX;
    }
    if (DD_GET(low, DD_PCI_BAR_MEMORY_TYPE) == DD_PCI_BAR_TYPE_64 && number + 1 < count) {
        base |= (uint64_t)sim_pci_config_read(config, DD_PCI_BAR + 4 * (number + 1), 4) << 32;
    }
    return base + (place & ~7u);
}

static bool find_msix(const struct sim_pci_config *config, struct msix *msix)
{
    unsigned int at = pci_find_capability(config, ID_MSIX);

    if (at == 0 || at + CAPABILITY_SIZE > SIM_PCI_MODEL_SIZE) {
        return false;
    }
    msix->control = sim_pci_config_read(config, at + CONTROL, 2);
    msix->count = (msix->control & 0x7FF) + 1;
    msix->table = resolve(config, at + TABLE);
    msix->pending = resolve(config, at + PENDING);
    return true;
}

void pci_msix_add_masks(struct sim_pci_config *config)
{
    unsigned int at = pci_find_capability(config, ID_MSIX);

    if (at != 0 && at + CAPABILITY_SIZE <= SIM_PCI_MODEL_SIZE) {
        pci_let_write(config, at + CONTROL, CONTROL_FUNCTION_MASK | CONTROL_ENABLE);
    }
}

bool pci_msix_is_enabled(const struct sim_pci_config *config)
{
    struct msix msix;

    return find_msix(config, &msix) && (msix.control & CONTROL_ENABLE) != 0;
}

/* Bytes of RAM, or NULL if not all of them are. */
static uint8_t *ram(const struct sim_memory *memory, uint64_t physical, size_t size)
{
    if (memory == NULL || memory->size < size || physical > memory->size - size) {
        return NULL;
    }
    return memory->bytes + physical;
}

static bool read_entry(const struct msix *msix, unsigned int index, const struct sim_memory *memory,
                       struct entry *entry)
{
    const uint8_t *bytes = ram(memory, msix->table, (size_t)msix->count * ENTRY_SIZE);

    if (bytes == NULL) {
        return false;
    }
    memcpy(entry, bytes + (size_t)index * ENTRY_SIZE, sizeof *entry);
    return true;
}

static bool is_masked(const struct msix *msix, const struct entry *entry)
{
    return (msix->control & CONTROL_FUNCTION_MASK) != 0 || (entry->control & ENTRY_MASKED) != 0;
}

static bool send(const struct entry *entry, const struct sim_apic_port *port)
{
    return sim_msi_write(port, (entry->address & ~UINT32_C(3)) | (uint64_t)entry->upper << 32,
                         entry->data);
}

/* The byte with the pending bit of a message, or NULL. */
static uint8_t *pending_byte(const struct msix *msix, unsigned int index,
                             const struct sim_memory *memory)
{
    uint64_t physical = msix->pending + index / 8;

    return msix->pending == UINT64_MAX ? NULL : ram(memory, physical, 1);
}

bool pci_raise_msix(const struct sim_pci_config *config, unsigned int index,
                    const struct sim_pci_messages *messages)
{
    const struct sim_memory *memory = messages->memory;
    struct msix msix;
    struct entry entry;
    uint8_t *pending = NULL;

    if (!find_msix(config, &msix) || index >= msix.count ||
        !read_entry(&msix, index, memory, &entry)) {
        return false;
    }
    if (!is_masked(&msix, &entry)) {
        return send(&entry, &messages->port);
    }
    pending = pending_byte(&msix, index, memory);
    if (pending != NULL) {
        *pending |= (uint8_t)(1u << index % 8);
        sim_memory_mark_dirty(memory, msix.pending + index / 8);
    }
    return false;
}

void pci_send_pending_msix(const struct sim_pci_config *config,
                           const struct sim_pci_messages *messages)
{
    const struct sim_memory *memory = messages->memory;
    struct msix msix;
    struct entry entry;

    if (!find_msix(config, &msix)) {
        return;
    }
    for (unsigned int index = 0; index < msix.count; index++) {
        uint8_t *pending = pending_byte(&msix, index, memory);
        uint8_t bit = (uint8_t)(1u << index % 8);

        if (pending == NULL || (*pending & bit) == 0 || !read_entry(&msix, index, memory, &entry) ||
            is_masked(&msix, &entry)) {
            continue;
        }
        *pending &= (uint8_t)~bit;
        sim_memory_mark_dirty(memory, msix.pending + index / 8);
        (void)send(&entry, &messages->port);
    }
}
