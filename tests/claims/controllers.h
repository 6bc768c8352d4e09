/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What claims about interrupt controllers share: the pages of the APICs, and a
 * moment in which what waits reaches the processor.
 *
 * Vectors 0x20 to 0x2F are the 8259 pair's here, all others the local APIC's.
 */
#ifndef DRYDOCK_TESTS_CONTROLLERS_H
#define DRYDOCK_TESTS_CONTROLLERS_H

#include <stdint.h>

#include "drydock/io_apic.h"
#include "drydock/local_apic.h"
#include "drydock/local_apic_ipi.h"
#include "drydock/local_apic_lvt.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

/** The vectors dd_pic8259_init() gets. */
#define CONTROLLERS_PIC_VECTOR        0x20
#define CONTROLLERS_PIC_SECOND_VECTOR 0x28

#define SKIP_WITHOUT_HANDLERS() \
    CLAIM_SKIP_IF(!world_runs_on_processor(), "interrupts arrive only on a processor")

/** Map the page of the local APIC, open it in xAPIC mode and enable it by software. */
DD_MUST_CHECK enum dd_status controllers_open_local_apic(struct dd_local_apic *apic);

/** Map the page of the I/O APIC at FEC00000H and open it. */
DD_MUST_CHECK enum dd_status controllers_open_io_apic(struct dd_io_apic *apic);

/** Unmap both pages. */
void controllers_close(void);

/** An interrupt as its handler saw it. */
struct arrival {
    uint64_t vector;
    bool in_service;  /**< at the local APIC */
    uint8_t priority; /**< PPR */
};

/** What came since controllers_watch(); more are counted only. */
extern struct arrival arrivals[4];
extern unsigned int arrival_count;

/**
 * Handle interrupts from now on: note them and end their service. Where no processor runs claims
 * nothing ever arrives.
 *
 * @param apic  where services are ended; stays where it is
 */
void controllers_watch(const struct dd_local_apic *apic);

/** Have the world's own handler again. */
void controllers_watch_end(void);

/** Let what waits reach the processor; interrupts are off again afterwards. */
void controllers_let_in(void);

/**
 * Let the timer request IRQ 0 once, and wait until the 8259 pair has the request: then the I/O APIC
 * has it, too. The pair is initialized before, all lines masked.
 *
 * @retval DD_ETIMEOUT  the request did not come
 */
DD_MUST_CHECK enum dd_status controllers_fire_timer(void);

/** Wait until the local APIC has a request for a vector; DD_ETIMEOUT if none comes. */
DD_MUST_CHECK enum dd_status controllers_await_request(const struct dd_local_apic *apic,
                                                       uint8_t vector);

/** Program the pins of the local APIC as firmware does: LINT0 ExtINT, LINT1 NMI. */
DD_MUST_CHECK enum dd_status controllers_set_pins(const struct dd_local_apic *apic);

/** Make the output of the timer low, for a long time. */
DD_MUST_CHECK enum dd_status controllers_quiet_timer(void);

/** Whether the processor is QEMU's translator. */
bool controllers_are_qemu_tcg(void);

#endif
