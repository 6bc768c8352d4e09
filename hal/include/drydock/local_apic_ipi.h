/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Interrupts that one processor sends another, or itself.
 */
#ifndef DRYDOCK_LOCAL_APIC_IPI_H
#define DRYDOCK_LOCAL_APIC_IPI_H

#include <stdint.h>

#include "drydock/apic.h"
#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/local_apic.h"
#include "drydock/status.h"

/**
 * How often a wait for the delivery of an IPI looks before it gives up. Delivery takes a few bus
 * cycles; a look takes more than that.
 */
#define DD_LOCAL_APIC_POLLS 100000u

/** Whom an interprocessor interrupt is for. Spec: [SDM 3A] 10.6.1, "Destination Shorthand". */
enum dd_local_apic_recipients {
    DD_LOCAL_APIC_TO_ONE = 0, /**< the APIC with an ID */
    DD_LOCAL_APIC_TO_SELF = 1,
    DD_LOCAL_APIC_TO_ALL = 2,
    DD_LOCAL_APIC_TO_OTHERS = 3,
};

/** An interprocessor interrupt. */
struct dd_local_apic_ipi {
    enum dd_apic_delivery delivery; /**< fixed, NMI, INIT or startup */
    uint8_t vector; /**< fixed: 32..255; startup: physical page 0..255 below 1 MiB; else 0 */
    enum dd_local_apic_recipients recipients; /**< all but fixed: not the sender */
    uint32_t id; /**< of the one: 0..254 in xAPIC mode, 0..0xFFFFFFFE in x2APIC mode */
};

/**
 * Send an interprocessor interrupt. What was stored before is visible to who receives it.
 *
 * In xAPIC mode the command is two registers, ICR high and low: a handler that sends one between
 * the two would have this one go to its own destination. Call it with interrupts off, and not
 * from a handler of NMI or #MC. Other processors have registers of their own, so no lock is
 * needed.
 *
 * @param ipi  what and to whom
 * @retval DD_OK        sent; in xAPIC mode, accepted
 * @retval DD_EARG      a combination that the manual does not allow; nothing was sent
 * @retval DD_ETIMEOUT  in xAPIC mode: the APIC was busy with another one for DD_LOCAL_APIC_POLLS
 *                      reads and this was not sent, or it was sent and not accepted in that time
 * @retval DD_ENODEV    the handle is disabled
 *
 * Spec: [SDM 3A] 10.6.1, tables 10-3 and 10-4; 10.12.9; 10.12.3.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_send_ipi(const struct dd_local_apic *apic,
                                                    const struct dd_local_apic_ipi *ipi);

/**
 * Start another processor: INIT, 10 milliseconds, startup, 200 microseconds, startup again, which a
 * processor that runs already ignores. That it runs it has to say itself, in memory for example: an
 * APIC that is not there takes these messages too.
 *
 * @param id     of its local APIC: 0..254 in xAPIC mode, 0..0xFFFFFFFE in x2APIC mode; not the
 *               caller's own
 * @param entry  where it begins, in real mode, at offset 0 of the segment: physical, a multiple of
 *               4096 below 1 MiB and not in 0xA0000..0xBFFFF
 * @param delay  how to wait
 * @retval DD_OK      the messages were sent
 * @retval DD_EALIGN  entry is no multiple of 4096; nothing was sent, as after the next two
 * @retval DD_EARG    entry is where a processor cannot begin, or id means all
 * @retval DD_ENODEV  the handle is disabled
 * @retval DD_ETIMEOUT  as of dd_local_apic_send_ipi(); those before were sent
 *
 * Spec: [SDM 3A] 8.4.3, 8.4.4.1, 10.6.1.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_start_processor(const struct dd_local_apic *apic,
                                                           uint32_t id, dd_paddr entry,
                                                           const struct dd_delay *delay);

#endif
