/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function's configuration space.
 *
 * Which bits of the header software can write, and which it clears by writing
 * 1, comes from the register tables of hal/; those of the capabilities are in
 * pci_config_capability.c, base addresses in pci_config_bar.c.
 *
 * Bytes the dump does not have read as zero up to offset FFh: a capability
 * pointer into them ends at a null capability. A dump of at most 256 bytes may
 * be of a conventional function, which nobody can read beyond them: all ones.
 *
 * What a function is like after power-on is not in a dump, which shows it at
 * work. What software cannot write is as it is in the dump; what it can is
 * zero, but for the few registers that begin with another value.
 */
#include "sim/pci/bus/pci_config.h"

#include <string.h>

#include "drydock/pci_regs.h"
#include "sim/pci/bus/pci_config_internal.h"
#include "sim/pci/bus/pci_msi.h"

#define R PCI_REGISTER
#define F PCI_FIELD
static const struct pci_row common_rows[] = {
#include "drydock/regs/pci_header_common.def"
};
static const struct pci_row type0_rows[] = {
#include "drydock/regs/pci_header_type0.def"
};
static const struct pci_row type1_rows[] = {
#include "drydock/regs/pci_header_type1.def"
};
static const struct pci_row type2_rows[] = {
#include "drydock/regs/pci_header_type2.def"
};
#undef F
#undef R

static const struct pci_table common = PCI_TABLE(common_rows);
static const struct pci_table layouts[] = {
    [DD_PCI_LAYOUT_ENDPOINT] = PCI_TABLE(type0_rows),
    [DD_PCI_LAYOUT_BRIDGE] = PCI_TABLE(type1_rows),
    [DD_PCI_LAYOUT_CARDBUS] = PCI_TABLE(type2_rows),
};

/* The array of masks that a field's bits belong to, NULL: software does not change them. */
static uint8_t *writable_by(struct sim_pci_masks *masks, enum pci_access access)
{
    switch (access) {
    case PCI_RW:
    case PCI_RWS:
        return masks->rw;
    case PCI_RW1C:
    case PCI_RW1CS:
        return masks->rw1c;
    default:
        return NULL;
    }
}

static bool is_sticky(enum pci_access access)
{
    return access == PCI_ROS || access == PCI_RWS || access == PCI_RW1CS;
}

/* Add a field's bits to the masks of every register in a row of equal ones. */
static void apply_field(struct sim_pci_masks *masks, const struct pci_row *reg, unsigned int base,
                        const struct pci_row *field)
{
    uint8_t *writable = writable_by(masks, field->access);

    for (unsigned int i = 0; i < reg->bytes * reg->count; i++) {
        uint8_t bits = (uint8_t)(field->mask >> 8 * (i % reg->bytes));

        if (writable != NULL) {
            writable[base + reg->offset + i] |= bits;
        }
        if (is_sticky(field->access)) {
            masks->sticky[base + reg->offset + i] |= bits;
        }
    }
}

void pci_config_apply(struct sim_pci_masks *masks, const struct pci_table *table, unsigned int base,
                      unsigned int end)
{
    const struct pci_row *reg = table->rows;

    for (size_t i = 0; i < table->count; i++) {
        const struct pci_row *row = &table->rows[i];

        if (row->kind == PCI_ROW_REGISTER) {
            reg = row;
        } else if (base + reg->offset + reg->bytes * reg->count <= end) {
            apply_field(masks, reg, base, row);
        }
    }
}

void pci_config_protect(struct sim_pci_masks *masks, unsigned int offset, unsigned int size)
{
    memset(&masks->rw[offset], 0, size);
    memset(&masks->rw1c[offset], 0, size);
}

void pci_config_set_writable(struct sim_pci_config *config, unsigned int offset, uint32_t bits)
{
    for (unsigned int i = 0; i < 4; i++) {
        config->masks->rw[offset + i] = (uint8_t)(bits >> 8 * i);
    }
}

unsigned int sim_pci_config_layout(const struct sim_pci_config *config)
{
    return (unsigned int)DD_GET(config->value[DD_PCI_HEADER_TYPE], DD_PCI_HEADER_TYPE_LAYOUT);
}

/* A dump of at most 256 bytes: nobody knows whether there are more. */
static unsigned int answering_size(const struct sim_dump_function *function)
{
    return function->known_size > DD_PCI_CONFIG_SIZE ? SIM_CONFIG_SIZE : DD_PCI_CONFIG_SIZE;
}

static void clear_masks(struct sim_pci_masks *masks, unsigned int size)
{
    memset(masks->rw, 0, size);
    memset(masks->rw1c, 0, size);
    memset(masks->sticky, 0, size);
    memset(masks->kept, 0, size);
}

static void find_initial(struct sim_pci_config *config)
{
    struct sim_pci_masks *masks = config->masks;

    for (unsigned int at = 0; at < config->size; at++) {
        masks->initial[at] |= (uint8_t)(config->value[at] & ~(masks->rw[at] | masks->rw1c[at]));
    }
}

void sim_pci_config_init(struct sim_pci_config *config, struct sim_pci_masks *masks,
                         const struct sim_dump_function *function)
{
    unsigned int layout;

    config->dump = function;
    config->masks = masks;
    config->size = answering_size(function);
    memcpy(config->value, function->bytes, config->size);
    memset(config->bars, 0, sizeof config->bars);
    clear_masks(masks, config->size);
    memset(masks->initial, 0, config->size);
    memset(config->virtual_bars, 0, sizeof config->virtual_bars);
    memset(&masks->sizes, 0, sizeof masks->sizes);
    memset(&masks->virtual_sizes, 0, sizeof masks->virtual_sizes);
    masks->vpd = 0;
    masks->sriov = 0;
    masks->flits = 0;
    config->flit_log.count = 0;
    layout = sim_pci_config_layout(config);
    pci_config_apply(masks, &common, 0, SIM_PCI_HEADER_SIZE);
    if (layout < sizeof layouts / sizeof *layouts) {
        pci_config_apply(masks, &layouts[layout], 0, SIM_PCI_HEADER_SIZE);
        pci_config_init_bars(config);
    }
    pci_config_apply_capabilities(config);
    pci_config_init_sizes(config);
    find_initial(config);
}

uint32_t sim_pci_config_read(const struct sim_pci_config *config, unsigned int offset,
                             unsigned int width)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        uint32_t byte = offset + i < config->size ? config->value[offset + i] : 0xff;

        value |= byte << 8 * i;
    }
    return value;
}

void sim_pci_config_write(struct sim_pci_config *config, unsigned int offset, unsigned int width,
                          uint32_t value)
{
    const struct sim_pci_masks *masks = config->masks;

    for (unsigned int at = offset; at < offset + width && at < config->size; at++) {
        uint8_t written = (uint8_t)(value >> 8 * (at - offset));

        config->value[at] =
            (uint8_t)((config->value[at] & ~masks->rw[at]) | (written & masks->rw[at]));
        config->value[at] &= (uint8_t) ~(written & masks->rw1c[at]);
    }
    pci_config_answer_vpd(config, offset, width);
    pci_config_reload_flit(config);
    pci_config_settle_sizes(config, offset, width);
}

void sim_pci_config_reset(struct sim_pci_config *config, enum sim_pci_reset reset)
{
    const struct sim_pci_masks *masks = config->masks;

    for (unsigned int at = 0; at < config->size; at++) {
        unsigned int stays =
            masks->sticky[at] | (reset == SIM_PCI_RESET_FUNCTION ? masks->kept[at] : 0u);

        config->value[at] = (uint8_t)((config->value[at] & stays) | (masks->initial[at] & ~stays));
    }
    pci_config_settle_sizes(config, 0, config->size);
}
