/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * One channel of the 8254, as a function of time. Ticks never go back from call to call.
 */
#ifndef DRYDOCK_SIM_DEVICES_PIT8254_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_PIT8254_INTERNAL_H

#include "sim/devices/pit8254.h"

/** A tick that never comes. */
#define SIM_PIT8254_NEVER INT64_MAX

/** OUT at a tick. */
bool sim_pit8254_channel_out(const struct sim_pit8254_channel *channel, int64_t tick);

/** The first tick after @p tick at which OUT changes by itself, or SIM_PIT8254_NEVER. */
int64_t sim_pit8254_channel_next_change(const struct sim_pit8254_channel *channel, int64_t tick);

/** Take a waiting count if its time has come. Before all that follows, and before asking for OUT. */
void sim_pit8254_channel_advance(struct sim_pit8254_channel *channel, int64_t tick);

/** Drive the gate. */
void sim_pit8254_channel_set_gate(struct sim_pit8254_channel *channel, bool gate, int64_t tick);

/** Write a control word, bits 5:0; not the latch command. */
void sim_pit8254_channel_control(struct sim_pit8254_channel *channel, uint8_t word);

/** Latch the count or the status, unless it is latched already. */
void sim_pit8254_channel_latch_count(struct sim_pit8254_channel *channel, int64_t tick);
void sim_pit8254_channel_latch_status(struct sim_pit8254_channel *channel, int64_t tick);

/** Access the channel's port. */
uint8_t sim_pit8254_channel_read(struct sim_pit8254_channel *channel, int64_t tick);
void sim_pit8254_channel_write(struct sim_pit8254_channel *channel, uint8_t byte, int64_t tick);

#endif
