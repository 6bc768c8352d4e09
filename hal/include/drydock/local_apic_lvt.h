/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The local vector table of the local APIC, and its timer: what interrupts the
 * sources inside of the processor and the pins LINT0 and LINT1 become.
 */
#ifndef DRYDOCK_LOCAL_APIC_LVT_H
#define DRYDOCK_LOCAL_APIC_LVT_H

#include <stdint.h>

#include "drydock/apic.h"
#include "drydock/attributes.h"
#include "drydock/local_apic.h"
#include "drydock/status.h"

/** Entries of the local vector table. Spec: [SDM 3A] 10.5.1. */
enum dd_local_apic_lvt {
    DD_LOCAL_APIC_LVT_CMCI,
    DD_LOCAL_APIC_LVT_TIMER,
    DD_LOCAL_APIC_LVT_THERMAL,
    DD_LOCAL_APIC_LVT_PERFORMANCE,
    DD_LOCAL_APIC_LVT_LINT0,
    DD_LOCAL_APIC_LVT_LINT1,
    DD_LOCAL_APIC_LVT_ERROR,
};

/** What an entry of the local vector table makes of its source. */
struct dd_local_apic_entry {
    uint8_t vector; /**< 32..255 if delivery is DD_APIC_FIXED, else 0 */
    enum dd_apic_delivery delivery;
    enum dd_apic_polarity polarity; /**< DD_APIC_ACTIVE_HIGH but for LINT0 and LINT1 */
    enum dd_apic_trigger trigger;   /**< DD_APIC_EDGE but for a fixed LINT0 and DD_APIC_EXTINT */
    enum dd_apic_mask mask;
};

enum dd_local_apic_timer_mode {
    DD_LOCAL_APIC_ONE_SHOT = 0,
    DD_LOCAL_APIC_PERIODIC = 1,
    DD_LOCAL_APIC_TSC_DEADLINE = 2,
};

/** How the timer runs. Spec: [SDM 3A] 10.5.4. */
struct dd_local_apic_timer {
    enum dd_local_apic_timer_mode mode;
    uint8_t vector;  /**< 32..255 */
    uint8_t divisor; /**< of the input clock: 1, 2, 4, 8, 16, 32, 64 or 128; not for TSC-deadline */
    enum dd_apic_mask mask;
};

/**
 * Program an entry of the local vector table; the mode of the timer and reserved bits stay. While
 * the APIC is disabled by software the entry stays masked whatever is asked for.
 *
 * @param lvt    which
 * @param entry  what its source shall do
 * @retval DD_OK       programmed
 * @retval DD_EARG     a value that this entry cannot have; nothing changed
 * @retval DD_ENOTSUP  this APIC has no such entry; nothing changed
 * @retval DD_ENODEV   the handle is disabled
 *
 * Spec: [SDM 3A] 10.5.1, figure 10-8.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_write_lvt(const struct dd_local_apic *apic,
                                                     enum dd_local_apic_lvt lvt,
                                                     const struct dd_local_apic_entry *entry);

/**
 * Read an entry of the local vector table.
 *
 * @param lvt         which
 * @param[out] entry  as programmed; untouched on failure
 * @retval DD_OK       *entry is valid
 * @retval DD_EARG     there is no such entry in any APIC
 * @retval DD_ENOTSUP  this APIC has no such entry
 * @retval DD_ENODEV   the handle is disabled
 *
 * Spec: [SDM 3A] 10.5.1, figure 10-8.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_read_lvt(const struct dd_local_apic *apic,
                                                    enum dd_local_apic_lvt lvt,
                                                    struct dd_local_apic_entry *entry);

/**
 * Stop the timer and program how it runs next.
 *
 * @param timer  how
 * @retval DD_OK       stopped and programmed
 * @retval DD_EARG     mode, vector or divisor out of range; nothing changed
 * @retval DD_ENOTSUP  TSC-deadline, which this processor does not have; nothing changed
 * @retval DD_ENODEV   the handle is disabled
 *
 * Spec: [SDM 3A] 10.5.4, figure 10-10, table 10-2.
 */
DD_MUST_CHECK enum dd_status dd_local_apic_set_timer(const struct dd_local_apic *apic,
                                                     const struct dd_local_apic_timer *timer);

/**
 * Let the timer count down in its mode, one-shot or periodic; in mode TSC-deadline nothing happens.
 *
 * @param count  of the divided input clock; 0 stops it
 *
 * Spec: [SDM 3A] 10.5.4.
 */
void dd_local_apic_start_timer(const struct dd_local_apic *apic, uint32_t count);

/** What is left of the timer's count; 0 when it has stopped. Spec: [SDM 3A] 10.5.4. */
uint32_t dd_local_apic_read_timer(const struct dd_local_apic *apic);

/**
 * Let the timer interrupt when the time-stamp counter reaches a value; only after
 * dd_local_apic_set_timer() with DD_LOCAL_APIC_TSC_DEADLINE has succeeded.
 *
 * @param deadline  a past one interrupts at once; 0 disarms
 *
 * Spec: [SDM 3A] 10.5.4.1.
 */
void dd_local_apic_set_deadline(uint64_t deadline);

/** The deadline; 0 once it has passed. The same condition. Spec: [SDM 3A] 10.5.4.1. */
uint64_t dd_local_apic_read_deadline(void);

#endif
