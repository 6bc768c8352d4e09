/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * How a device says that the guest programmed it against its manual, without
 * knowing who listens: the machine makes a finding of it.
 */
#ifndef DRYDOCK_SIM_DEVICES_COMPLAINT_H
#define DRYDOCK_SIM_DEVICES_COMPLAINT_H

#include <stddef.h>

/** Who hears complaints. All zero: nobody. */
struct sim_complaint {
    /** One sentence without a final newline; valid during the call. */
    void (*raise)(void *sink, const char *text);
    void *sink; /**< passed to `raise` */
};

/** Complain, if anybody listens. */
static inline void sim_complain(const struct sim_complaint *complaint, const char *text)
{
    if (complaint->raise != NULL) {
        complaint->raise(complaint->sink, text);
    }
}

#endif
