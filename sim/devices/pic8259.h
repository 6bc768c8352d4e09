/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The pair of 8259A interrupt controllers of a PC, the second behind input 2 of
 * the first, with the edge/level control registers of the PIIX3 chipset.
 * Spec: [8259A], [PIIX3] 3.2.
 *
 * Modelled: ICW1 to ICW4, OCW1 to OCW3, edge and level inputs, fully nested and
 * special fully nested mode, all rotations, automatic EOI, special mask mode,
 * poll mode, the cascade with its addresses, requests that vanish (IR7 and
 * IR15 without in-service bit), the vectors of the 8080 mode.
 *
 * Not modelled: buffered mode (the bits are accepted, nothing changes); ICW1.LTIM,
 * which the chipset's edge/level registers replace; initialization words that
 * are interrupted by an interrupt acknowledge. After reset there is no request
 * to the processor until a chip got its initialization words.
 */
#ifndef DRYDOCK_SIM_DEVICES_PIC8259_H
#define DRYDOCK_SIM_DEVICES_PIC8259_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"

/** One 8259A. A bit mask has bit n for input IRn. */
struct sim_pic8259_chip {
    bool master;
    uint8_t lines;            /**< levels of the inputs */
    uint8_t armed;            /**< inputs that were low since their last acknowledge */
    uint8_t level;            /**< inputs that are level-triggered */
    uint8_t in_service, mask; /**< ISR, IMR */
    uint8_t icw1, icw2, icw3, icw4;
    uint8_t expected;      /**< number of the ICW the odd port takes next; 0: OCW1 */
    uint8_t lowest;        /**< input with the lowest priority */
    bool ready;            /**< the initialization words are complete */
    bool special_mask;     /**< OCW3.SMM */
    bool rotates;          /**< automatic EOI rotates priorities */
    bool reads_in_service; /**< OCW3.RIS: the even port reads ISR, not IRR */
    bool polled;           /**< OCW3.P: the next read is a poll */
    bool vanished;         /**< INT is high for a request that is gone */
};

struct sim_pic8259 {
    struct sim_line interrupt; /**< INTR of the processor; connect before the first use */
    struct {
        struct sim_pic8259_chip chips[2]; /**< IRQ 0 to 7, IRQ 8 to 15 */
    } state;
};

/** The pair after power-on, with all inputs low; the output is connected to nothing. */
void sim_pic8259_init(struct sim_pic8259 *pic);

/** Reset both chips; the inputs keep their levels. */
void sim_pic8259_reset(struct sim_pic8259 *pic);

/** The two ports of the first chip at 0x20, of the second at 0xA0, and ELCR at 0x4D0. */
struct sim_region sim_pic8259_master_ports(struct sim_pic8259 *pic);
struct sim_region sim_pic8259_slave_ports(struct sim_pic8259 *pic);
struct sim_region sim_pic8259_trigger_ports(struct sim_pic8259 *pic);

struct sim_device sim_pic8259_device(struct sim_pic8259 *pic);

/** An input, to be driven by a device. @param irq  0..15, not 2; others go nowhere */
struct sim_line sim_pic8259_input(struct sim_pic8259 *pic, unsigned int irq);

/**
 * A request too short to be acknowledged, as noise makes it: INTR rises, and the acknowledge finds
 * nobody and gives the vector of IR7 of the chip. Nothing happens if the request would have to
 * wait, or if the input is high.
 *
 * @param irq  0..15, not 2; others do nothing. Spec: [8259A] "Edge and Level Triggered Modes"
 */
void sim_pic8259_pulse(struct sim_pic8259 *pic, unsigned int irq);

/** Whether INTR is high. */
bool sim_pic8259_pending(const struct sim_pic8259 *pic);

/**
 * The processor's interrupt acknowledge cycles.
 *
 * @return the vector; that of IR7 without an in-service bit if there is no request; 0xFF if the
 *         first chip's ICW3 names a cascaded chip that does not exist
 */
unsigned int sim_pic8259_acknowledge(struct sim_pic8259 *pic);

/** The pair as what interrupts the processor: the two functions above; there are no NMIs. */
struct sim_interrupt_source sim_pic8259_source(struct sim_pic8259 *pic);

#endif
