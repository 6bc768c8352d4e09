/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Message-signalled interrupts: what a device's write to 0xFEExxxxx means.
 *
 * Only writes of devices are messages. A write of the processor to the same
 * addresses goes to the local APIC's registers.
 */
#ifndef DRYDOCK_SIM_DEVICES_MSI_H
#define DRYDOCK_SIM_DEVICES_MSI_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/devices/apic_message.h"

/** What a write turned out to be. */
enum sim_msi {
    SIM_MSI_NONE,     /**< not an interrupt message: an ordinary write to memory */
    SIM_MSI_MESSAGE,  /**< an interrupt message */
    SIM_MSI_DEASSERT, /**< a level-triggered message with level 0: it does nothing */
};

/**
 * Decode a write.
 *
 * The destination mode bit is obeyed without the redirection hint too, as processors do; the hint
 * itself means nothing with one processor.
 *
 * @param address       physical, of the write
 * @param data          its 32 bits; reserved bits are ignored
 * @param[out] message  valid after SIM_MSI_MESSAGE, otherwise untouched
 *
 * Spec: [SDM 3A] 10.11.1, 10.11.2.
 */
SIM_MUST_CHECK enum sim_msi sim_msi_decode(uint64_t address, uint32_t data,
                                           struct sim_apic_message *message);

/**
 * Decode a write and deliver what it means.
 *
 * @return whether the address is one of interrupt messages, so that it is not written to memory
 */
bool sim_msi_write(const struct sim_apic_port *port, uint64_t address, uint32_t data);

#endif
