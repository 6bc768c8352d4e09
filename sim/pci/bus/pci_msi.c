/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSI: everything is in the capability. Its layout depends on two bits of
 * Message Control ([PCI 3.0] figure 6-9):
 *
 *                    32-bit    64-bit   with per-vector masking
 *   Message Address    04h       04h
 *   Upper Address       -        08h
 *   Message Data       08h       0Ch
 *   Mask Bits                             0Ch or 10h
 *   Pending Bits                          10h or 14h
 *
 * MSI-X is in pci_msix.c.
 */
#include "sim/pci/bus/pci_msi.h"

#include "drydock/pci_regs.h"
#include "sim/devices/msi.h"
#include "sim/pci/bus/pci_msi_internal.h"
#include "sim/pci/report/pci_virtual.h"

enum {
    ID_MSI = 0x05,
    CONTROL = 2,
    ADDRESS = 4,
    UPPER_ADDRESS = 8,
    DATA_32 = 8,
    DATA_64 = 12,
    MAX_MESSAGES_LOG2 = 5, /* 6 and 7 are reserved. 6.8.1.3 */
};

/* Bits of Message Control. 6.8.1.3 */
enum {
    CONTROL_ENABLE = 1 << 0,
    CONTROL_MULTIPLE_ENABLE = 7 << 4,
    CONTROL_64_BIT = 1 << 7,
    CONTROL_MASKABLE = 1 << 8,
};

/* Where a function's MSI registers are. */
struct msi {
    unsigned int control, address, upper, data; /* offsets; upper 0: there is none */
    unsigned int mask, pending;                 /* 0: there are none */
    unsigned int capable, enabled;              /* messages: 1 to 32 */
    bool is_enabled;
};

static unsigned int count_messages(unsigned int log2)
{
    return 1u << (log2 > MAX_MESSAGES_LOG2 ? MAX_MESSAGES_LOG2 : log2);
}

/* Whether the function has MSI, all of it in the first 256 bytes. */
static bool find_msi(const struct sim_pci_config *config, struct msi *msi)
{
    struct sim_pci_extent found = {.offset = 0};
    bool present = sim_pci_config_find(config, SIM_PCI_CHAIN, ID_MSI, &found);
    unsigned int at = found.offset;
    unsigned int control = sim_pci_config_read(config, at + CONTROL, 2);
    bool is_64_bit = (control & CONTROL_64_BIT) != 0;
    bool maskable = (control & CONTROL_MASKABLE) != 0;
    unsigned int data = is_64_bit ? DATA_64 : DATA_32;

    if (!present || at + data + (maskable ? 12 : 2) > DD_PCI_CONFIG_SIZE) {
        return false;
    }
    *msi = (struct msi){
        .control = at + CONTROL,
        .address = at + ADDRESS,
        .upper = is_64_bit ? at + UPPER_ADDRESS : 0,
        .data = at + data,
        .mask = maskable ? at + data + 4 : 0,
        .pending = maskable ? at + data + 8 : 0,
        .capable = count_messages(control >> 1 & 7),
        .enabled = count_messages(control >> 4 & 7),
        .is_enabled = (control & CONTROL_ENABLE) != 0,
    };
    msi->enabled = msi->enabled < msi->capable ? msi->enabled : msi->capable;
    return true;
}

void pci_let_write(struct sim_pci_config *config, unsigned int offset, uint32_t bits)
{
    for (unsigned int i = 0; i < 4 && bits >> 8 * i != 0; i++) {
        config->masks->rw[offset + i] |= (uint8_t)(bits >> 8 * i);
    }
}

void sim_pci_msi_add_masks(struct sim_pci_config *config)
{
    struct msi msi;

    pci_msix_add_masks(config);
    if (!find_msi(config, &msi)) {
        return;
    }
    pci_let_write(config, msi.control, CONTROL_ENABLE | CONTROL_MULTIPLE_ENABLE);
    pci_let_write(config, msi.address, 0xFFFFFFFC);
    pci_let_write(config, msi.data, 0xFFFF);
    if (msi.upper != 0) {
        pci_let_write(config, msi.upper, UINT32_MAX);
    }
    if (msi.mask != 0) {
        pci_let_write(config, msi.mask, UINT32_MAX >> (32 - msi.capable));
    }
}

bool pci_may_send(const struct sim_pci_function *function)
{
    unsigned int command = sim_pci_config_read(&function->config, DD_PCI_COMMAND, 2);

    return !function->gone && sim_pci_virtual_answers(function) &&
           DD_GET(command, DD_PCI_COMMAND_BUS_MASTER) != 0;
}

/* The message with this index, as the registers are now. */
static bool send(const struct sim_pci_config *config, const struct msi *msi, unsigned int index,
                 const struct sim_apic_port *port)
{
    uint64_t address = sim_pci_config_read(config, msi->address, 4) & ~3u;
    uint32_t data = sim_pci_config_read(config, msi->data, 2);

    if (msi->upper != 0) {
        address |= (uint64_t)sim_pci_config_read(config, msi->upper, 4) << 32;
    }
    return sim_msi_write(port, address, (data & ~(msi->enabled - 1)) | index);
}

static void set_pending(struct sim_pci_config *config, const struct msi *msi, uint32_t bits)
{
    for (unsigned int i = 0; i < 4; i++) {
        config->value[msi->pending + i] = (uint8_t)(bits >> 8 * i);
    }
}

bool sim_pci_raise_msi(struct sim_pci_function *function, unsigned int vector_index,
                       const struct sim_apic_port *port)
{
    struct sim_pci_config *config = &function->config;
    struct msi msi;

    if (!pci_may_send(function) || !find_msi(config, &msi) || !msi.is_enabled ||
        vector_index >= msi.enabled) {
        return false;
    }
    if (msi.mask != 0 && (sim_pci_config_read(config, msi.mask, 4) >> vector_index & 1) != 0) {
        set_pending(config, &msi, sim_pci_config_read(config, msi.pending, 4) | 1u << vector_index);
        return false;
    }
    return send(config, &msi, vector_index, port);
}

static void send_pending_msi(struct sim_pci_config *config, const struct sim_apic_port *port)
{
    struct msi msi;
    uint32_t pending = 0;
    uint32_t ready = 0;

    if (!find_msi(config, &msi) || !msi.is_enabled || msi.mask == 0) {
        return;
    }
    pending = sim_pci_config_read(config, msi.pending, 4);
    ready = pending & ~sim_pci_config_read(config, msi.mask, 4);
    for (unsigned int index = 0; index < msi.enabled; index++) {
        if ((ready >> index & 1) != 0) {
            pending &= ~(1u << index);
            set_pending(config, &msi, pending);
            (void)send(config, &msi, index, port);
        }
    }
}

bool sim_pci_raise_message(struct sim_pci_function *function, unsigned int index,
                           const struct sim_pci_messages *messages)
{
    return pci_msix_is_enabled(&function->config)
               ? pci_may_send(function) && pci_raise_msix(function, index, messages)
               : sim_pci_raise_msi(function, index, &messages->port);
}

void sim_pci_send_pending(struct sim_pci_function *function,
                          const struct sim_pci_messages *messages)
{
    if (!pci_may_send(function)) {
        return;
    }
    if (pci_msix_is_enabled(&function->config)) {
        pci_send_pending_msix(function, messages);
    } else {
        send_pending_msi(&function->config, &messages->port);
    }
}
