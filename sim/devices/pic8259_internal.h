/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * One 8259A, as the pair uses it.
 */
#ifndef DRYDOCK_SIM_DEVICES_PIC8259_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_PIC8259_INTERNAL_H

#include "sim/devices/pic8259.h"

/** Not one of the inputs 0 to 7. */
#define SIM_PIC8259_NONE 8u

/** ICW1.SNGL: there is no cascade. */
#define SIM_PIC8259_ICW1_SNGL 0x02u

/** The input an acknowledge would take now, or SIM_PIC8259_NONE. */
unsigned int sim_pic8259_chip_request(const struct sim_pic8259_chip *chip);

/** Whether INT is high. */
bool sim_pic8259_chip_drives_int(const struct sim_pic8259_chip *chip);

/** Drive input 0 to 7. */
void sim_pic8259_chip_set(struct sim_pic8259_chip *chip, unsigned int input, bool level);

/** Take the strongest request into service; SIM_PIC8259_NONE if there is none any more. */
unsigned int sim_pic8259_chip_take(struct sim_pic8259_chip *chip);

/** The vector of input 0 to 7. */
unsigned int sim_pic8259_chip_vector(const struct sim_pic8259_chip *chip, unsigned int input);

/** Read or write port 0 or 1. */
uint8_t sim_pic8259_chip_read(struct sim_pic8259_chip *chip, uint64_t port);
void sim_pic8259_chip_write(struct sim_pic8259_chip *chip, uint64_t port, uint8_t value);

#endif
