/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Points in time by which something has to be over.
 */
#ifndef DRYDOCK_SIM_DEADLINE_H
#define DRYDOCK_SIM_DEADLINE_H

/** A moment of the monotonic clock, in milliseconds. */
typedef long long sim_deadline;

/** The moment @p seconds from now. */
sim_deadline sim_deadline_in(unsigned int seconds);

/** Milliseconds left, for poll(): 0 when it is over. */
int sim_deadline_left(sim_deadline deadline);

#endif
