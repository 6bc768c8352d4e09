/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resizable BAR ([PCIe 6] 7.8.6): for each of up to six base address registers a
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

/* The register of memory that a record is about. Returns whether there is one. */
static bool find_bar(const struct sim_pci_config *config, unsigned int record, unsigned int *index,
                     struct pci_base *base)
{
    struct sim_pci_range range;

    *index = sim_pci_config_read(config, record + CONTROL, 1) & CONTROL_INDEX;
    if (*index >= SIM_DUMP_BARS - 1 || !sim_pci_config_range(config, *index, &range) ||
        range.space != SIM_PCI_MEMORY) {
        return false;
    }
    *base = pci_config_describe_bar(config, *index);
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

static void init_size(struct sim_pci_config *config, unsigned int record)
{
    uint64_t sizes = supported(config, record);
    unsigned int size = chosen(config, record);
    struct sim_pci_bar smallest = {UINT64_C(1) << SMALLEST, SIM_PCI_BAR_KNOWN};
    struct pci_base base;
    unsigned int index = 0;

    if (size + SMALLEST > 63 || (sizes >> size & 1) == 0 ||
        !find_bar(config, record, &index, &base) ||
        !may_have(&base, &config->bars[index], size + SMALLEST)) {
        return;
    }
    while ((sizes & 1) == 0) {
        sizes >>= 1;
        smallest.size *= 2;
    }
    pci_config_let_move(config, &base, &smallest);
    config->bars[index] = (struct sim_pci_bar){UINT64_C(1) << (size + SMALLEST), SIM_PCI_BAR_KNOWN};
    config->masks->resizable[index] = true;
    config->masks->initial[record + SIZE_BYTE] |= (uint8_t)size;
}

void pci_config_init_sizes(struct sim_pci_config *config)
{
    struct sim_pci_extent found;
    unsigned int end = 0;

    if (!sim_pci_config_find(config, SIM_PCI_CHAIN_EXTENDED, ID_RESIZABLE, &found) ||
        found.end < found.offset + FIRST + RECORD_SIZE) {
        return;
    }
    end = pci_config_resizable_end(config, found.offset);
    config->masks->sizes_begin = found.offset + FIRST;
    config->masks->sizes_end = end < found.end ? end : found.end;
    for (unsigned int record = config->masks->sizes_begin;
         record + RECORD_SIZE <= config->masks->sizes_end; record += RECORD_SIZE) {
        init_size(config, record);
    }
}

static void settle_size(struct sim_pci_config *config, unsigned int record)
{
    unsigned int size = chosen(config, record);
    struct pci_base base;
    unsigned int index = 0;

    if (!find_bar(config, record, &index, &base) || !config->masks->resizable[index]) {
        return;
    }
    if (size + SMALLEST <= 63 && (supported(config, record) >> size & 1) != 0) {
        config->bars[index].size = UINT64_C(1) << (size + SMALLEST);
    }
    for (size = 0; config->bars[index].size >> (size + SMALLEST) != 1;) {
        size++;
    }
    config->value[record + SIZE_BYTE] =
        (uint8_t)((config->value[record + SIZE_BYTE] & ~SIZE_MASK) | size);
    pci_config_align(config, &base, config->bars[index].size);
}

void pci_config_settle_sizes(struct sim_pci_config *config)
{
    for (unsigned int record = config->masks->sizes_begin;
         record + RECORD_SIZE <= config->masks->sizes_end; record += RECORD_SIZE) {
        settle_size(config, record);
    }
}
