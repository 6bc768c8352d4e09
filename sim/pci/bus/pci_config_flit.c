/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of flits with errors ([PCIe 6] 7.7.8.2): its two registers hold the oldest entry, and one bit
 * says whether there are more. Software clears the first bit of the entry, and the next one takes its
 * place.
 */
#include "sim/pci/bus/pci_config_internal.h"

enum {
    LOG_1 = 4,
    LOG_2 = 8,
    SIZE = 12
};

#define VALID 0x00000001u
#define MORE  0x00002000u

static void put(struct sim_pci_config *config, unsigned int offset, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        config->value[config->masks->flits + offset + i] = (uint8_t)(value >> 8 * i);
    }
}

static uint32_t log_1(const struct sim_pci_config *config)
{
    return sim_pci_config_read(config, config->masks->flits + LOG_1, 4);
}

/* The oldest entry that waits comes into the registers. */
static void load(struct sim_pci_config *config)
{
    struct sim_pci_flit_log *log = &config->flit_log;

    put(config, LOG_1, (log->entries[0][0] & ~MORE) | VALID | (log->count > 1 ? MORE : 0));
    put(config, LOG_2, log->entries[0][1]);
    log->count--;
    for (unsigned int i = 0; i < log->count; i++) {
        log->entries[i][0] = log->entries[i + 1][0];
        log->entries[i][1] = log->entries[i + 1][1];
    }
}

bool sim_pci_config_log_flit(struct sim_pci_config *config, uint32_t first, uint32_t second)
{
    struct sim_pci_flit_log *log = &config->flit_log;

    if (config->masks->flits == 0 || log->count == SIM_PCI_FLITS) {
        return false;
    }
    log->entries[log->count][0] = first;
    log->entries[log->count][1] = second;
    log->count++;
    if ((log_1(config) & VALID) == 0) {
        load(config);
    } else {
        put(config, LOG_1, log_1(config) | MORE);
    }
    return true;
}

void pci_config_reload_flit(struct sim_pci_config *config)
{
    if (config->flit_log.count > 0 && (log_1(config) & VALID) == 0) {
        load(config);
    }
}

void pci_config_init_flits(struct sim_pci_config *config, const struct sim_pci_extent *capability)
{
    if (capability->end - capability->offset >= SIZE && config->masks->flits == 0) {
        config->masks->flits = capability->offset;
    }
}
