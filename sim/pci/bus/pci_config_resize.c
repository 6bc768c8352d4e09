/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resizable BAR and VF Resizable BAR ([PCIe 6] 7.8.6, 7.8.7): for each of up to six base address registers a
 * capability register with the sizes it can have, bit 4 for 1 MiB and so on, and
 * a control register whose bits 13:8 choose one. That gives the size of these
 * registers without any text. They take ones above the smallest size they can
 * have; the bits below the present one are cleared after every write.
 *
 * A size the function does not have is not taken. Registers that contradict the
 * text, or are none of 64 or 32 bits of memory, are not resized.
 */
#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_config_internal.h"

enum {
    ID_RESIZABLE = 0x0015,
    ID_VF_RESIZABLE = 0x0024,
    FIRST = 4,
    RECORD_SIZE = 8,
    MAX_RECORDS = 6,
    CONTROL = 4,
    CONTROL_INDEX = 7,
    SIZE_BYTE = CONTROL + 1, /* bits 13:8 of the control register */
    SMALLEST = 20            /* log2 of 1 MiB, which is size 0 */
};

unsigned int pci_config_resizable_end(const struct sim_pci_config *config, unsigned int offset)
{
    unsigned int count = sim_pci_config_read(config, offset + FIRST + CONTROL, 1) >> 5;

    return offset + FIRST + RECORD_SIZE * (count < MAX_RECORDS ? count : MAX_RECORDS);
}

#define SIZE_MASK 0x3Fu

/* The sizes a register can have, one bit each, bit 0 for 1 MiB. */
static uint64_t supported(const struct sim_pci_config *config, unsigned int record)
{
    uint64_t small = sim_pci_config_read(config, record, 4) >> 4;
    uint64_t large = sim_pci_config_read(config, record + CONTROL + 2, 2);

    return small | large << 28;
}

static unsigned int chosen(const struct sim_pci_config *config, unsigned int record)
{
    return config->value[record + SIZE_BYTE] & SIZE_MASK;
}

/* A record, and the base address register it is about. */
struct record {
    unsigned int at;
    bool *resizable;
    struct sim_pci_bar *bar;
    struct pci_base base;
};

/* The register of memory that a record is about. Returns whether there is one. */
static bool find_bar(struct sim_pci_config *config, struct sim_pci_sizes *sizes, unsigned int at,
                     struct record *record)
{
    unsigned int index = sim_pci_config_read(config, at + CONTROL, 1) & CONTROL_INDEX;
    bool is_virtual = sizes == &config->masks->virtual_sizes;
    struct sim_pci_range range;

    if (index >= SIM_DUMP_BARS - 1 ||
        !(is_virtual ? sim_pci_config_virtual_range(config, index, &range)
                     : sim_pci_config_range(config, index, &range)) ||
        range.space != SIM_PCI_MEMORY) {
        return false;
    }
    record->at = at;
    record->resizable = &sizes->resizable[index];
    record->bar = is_virtual ? &config->virtual_bars[index] : &config->bars[index];
    record->base = is_virtual ? pci_config_describe_virtual(config, index)
                              : pci_config_describe_bar(config, index);
    return true;
}

/* Whether a register could have a size, as it is and as the text says. */
static bool may_have(const struct pci_base *base, const struct sim_pci_bar *bar, unsigned int log2)
{
    uint64_t size = UINT64_C(1) << log2;

    return (base->address_bits & ~(size - 1)) != 0 &&
           (base->reads & base->address_bits & (size - 1)) == 0 &&
           (bar->source != SIM_PCI_BAR_KNOWN || bar->size == size);
}

static void init_size(struct sim_pci_config *config, const struct record *record)
{
    uint64_t sizes = supported(config, record->at);
    unsigned int size = chosen(config, record->at);
    struct sim_pci_bar smallest = {UINT64_C(1) << SMALLEST, SIM_PCI_BAR_KNOWN};

    if (size + SMALLEST > 63 || (sizes >> size & 1) == 0 ||
        !may_have(&record->base, record->bar, size + SMALLEST)) {
        return;
    }
    while ((sizes & 1) == 0) {
        sizes >>= 1;
        smallest.size *= 2;
    }
    pci_config_let_move(config, &record->base, &smallest);
    *record->bar = (struct sim_pci_bar){UINT64_C(1) << (size + SMALLEST), SIM_PCI_BAR_KNOWN};
    *record->resizable = true;
    config->masks->initial[record->at + SIZE_BYTE] |= (uint8_t)size;
}

static void init_sizes(struct sim_pci_config *config, unsigned int id, struct sim_pci_sizes *sizes)
{
    struct sim_pci_extent found;
    struct record record;
    unsigned int end = 0;

    if (!sim_pci_config_find(config, SIM_PCI_CHAIN_EXTENDED, id, &found) ||
        found.end < found.offset + FIRST + RECORD_SIZE) {
        return;
    }
    end = pci_config_resizable_end(config, found.offset);
    sizes->begin = found.offset + FIRST;
    sizes->end = end < found.end ? end : found.end;
    for (unsigned int at = sizes->begin; at + RECORD_SIZE <= sizes->end; at += RECORD_SIZE) {
        if (find_bar(config, sizes, at, &record)) {
            init_size(config, &record);
        }
    }
}

void pci_config_init_sizes(struct sim_pci_config *config)
{
    init_sizes(config, ID_RESIZABLE, &config->masks->sizes);
    init_sizes(config, ID_VF_RESIZABLE, &config->masks->virtual_sizes);
}

static void settle_size(struct sim_pci_config *config, const struct record *record)
{
    unsigned int size = chosen(config, record->at);
    uint8_t *byte = &config->value[record->at + SIZE_BYTE];

    if (size + SMALLEST <= 63 && (supported(config, record->at) >> size & 1) != 0) {
        record->bar->size = UINT64_C(1) << (size + SMALLEST);
    }
    for (size = 0; record->bar->size >> (size + SMALLEST) != 1;) {
        size++;
    }
    *byte = (uint8_t)((*byte & ~SIZE_MASK) | size);
    pci_config_align(config, &record->base, record->bar->size);
}

static void settle(struct sim_pci_config *config, struct sim_pci_sizes *sizes)
{
    struct record record;

    for (unsigned int at = sizes->begin; at + RECORD_SIZE <= sizes->end; at += RECORD_SIZE) {
        if (find_bar(config, sizes, at, &record) && *record.resizable) {
            settle_size(config, &record);
        }
    }
}

void pci_config_settle_sizes(struct sim_pci_config *config, unsigned int offset, unsigned int width)
{
    settle(config, &config->masks->sizes);
    settle(config, &config->masks->virtual_sizes);
    pci_config_settle_virtual(config, offset, width);
}
