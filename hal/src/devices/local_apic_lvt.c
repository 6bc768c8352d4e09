/* SPDX-License-Identifier: MIT */
/*
 * The local vector table of the local APIC, and its timer.
 *
 * Each entry says what interrupt one source inside of the processor, or one of
 * the pins LINT0 and LINT1, becomes. The entries are alike, but what a field may
 * hold differs: only the pins have polarity and trigger, a fixed interrupt of
 * LINT1 may not be level-triggered, and an ExtINT is whatever its trigger says;
 * errors and timer are always fixed interrupts. Not every APIC has all entries:
 * the version register tells how many there are.
 *
 * A vector below 16 is an error even in a masked entry, so there is no entry
 * without one, unless its delivery mode needs none.
 */
#include "drydock/local_apic_lvt.h"

#include "drydock/cpu.h"
#include "local_apic_access.h"

enum {
    DIVISORS = 8,
    DIVIDE_LOW_BITS = 2
};

/* What the sources differ in. Deliveries: bit n is delivery mode n. */
struct source {
    uint8_t number;     /* of the register */
    uint8_t last_entry; /* the least value of the version's Max LVT Entry that has it */
    uint8_t deliveries;
    bool is_pin;
    bool may_be_level;
};

#define FIXED_ONLY (1u << DD_APIC_FIXED)
#define EVENTS     (FIXED_ONLY | 1u << DD_APIC_SMI | 1u << DD_APIC_NMI)
#define PINS       (EVENTS | 1u << DD_APIC_INIT | 1u << DD_APIC_EXTINT)

/* [SDM 3A] figure 10-8 and 10.4.8; the oldest local APICs have timer, LINT0, LINT1 and error. */
static const struct source sources[] = {
    [DD_LOCAL_APIC_LVT_CMCI] = {DD_APIC_LVT_CMCI, 6, EVENTS, false, false},
    [DD_LOCAL_APIC_LVT_TIMER] = {DD_APIC_LVT_TIMER, 0, FIXED_ONLY, false, false},
    [DD_LOCAL_APIC_LVT_THERMAL] = {DD_APIC_LVT_THERMAL, 5, EVENTS, false, false},
    [DD_LOCAL_APIC_LVT_PERFORMANCE] = {DD_APIC_LVT_PERFORMANCE, 4, EVENTS, false, false},
    [DD_LOCAL_APIC_LVT_LINT0] = {DD_APIC_LVT_LINT0, 0, PINS, true, true},
    [DD_LOCAL_APIC_LVT_LINT1] = {DD_APIC_LVT_LINT1, 0, PINS, true, false},
    [DD_LOCAL_APIC_LVT_ERROR] = {DD_APIC_LVT_ERROR, 0, FIXED_ONLY, false, false},
};

/* Whether the entry exists here. */
static enum dd_status find_source(const struct dd_local_apic *apic, enum dd_local_apic_lvt lvt,
                                  const struct source **source)
{
    if (lvt >= sizeof sources / sizeof sources[0]) {
        return DD_EARG;
    }
    if (apic->mode == DD_LOCAL_APIC_DISABLED) {
        return DD_ENODEV;
    }
    if (dd_local_apic_read_version(apic).last_entry < sources[lvt].last_entry) {
        return DD_ENOTSUP;
    }
    *source = &sources[lvt];
    return DD_OK;
}

static bool is_delivery_valid(const struct source *source, const struct dd_local_apic_entry *entry)
{
    bool needs_vector = entry->delivery == DD_APIC_FIXED;

    return entry->delivery <= DD_APIC_EXTINT && (source->deliveries >> entry->delivery & 1) != 0 &&
           (needs_vector ? entry->vector >= DD_APIC_VECTOR_MIN : entry->vector == 0);
}

static bool is_valid(const struct source *source, const struct dd_local_apic_entry *entry)
{
    bool may_be_level = entry->delivery == DD_APIC_EXTINT ||
                        (source->may_be_level && entry->delivery == DD_APIC_FIXED);

    return is_delivery_valid(source, entry) && entry->mask <= DD_APIC_MASKED &&
           entry->polarity <= (source->is_pin ? DD_APIC_ACTIVE_LOW : DD_APIC_ACTIVE_HIGH) &&
           entry->trigger <= (may_be_level ? DD_APIC_LEVEL : DD_APIC_EDGE);
}

enum dd_status dd_local_apic_write_lvt(const struct dd_local_apic *apic, enum dd_local_apic_lvt lvt,
                                       const struct dd_local_apic_entry *entry)
{
    const struct source *source = NULL;
    enum dd_status status = find_source(apic, lvt, &source);
    uint64_t value;

    if (status != DD_OK) {
        return status;
    }
    if (!is_valid(source, entry)) {
        return DD_EARG;
    }
    value = DD_SET(dd_local_apic_read_register(apic, source->number), DD_APIC_LVT_VECTOR,
                   entry->vector);
    value = DD_SET(value, DD_APIC_LVT_MASK, entry->mask);
    if ((source->deliveries & ~FIXED_ONLY) != 0) {
        value = DD_SET(value, DD_APIC_LVT_DELIVERY_MODE, entry->delivery);
    }
    if (source->is_pin) {
        value = DD_SET(value, DD_APIC_LVT_POLARITY, entry->polarity);
        value = DD_SET(value, DD_APIC_LVT_TRIGGER_MODE, entry->trigger);
    }
    dd_local_apic_write_register(apic, source->number, value);
    return DD_OK;
}

enum dd_status dd_local_apic_read_lvt(const struct dd_local_apic *apic, enum dd_local_apic_lvt lvt,
                                      struct dd_local_apic_entry *entry)
{
    const struct source *source = NULL;
    enum dd_status status = find_source(apic, lvt, &source);
    uint32_t value;

    if (status != DD_OK) {
        return status;
    }
    value = dd_local_apic_read_register(apic, source->number);
    *entry = (struct dd_local_apic_entry){
        .vector = (uint8_t)DD_GET(value, DD_APIC_LVT_VECTOR),
        .delivery = (enum dd_apic_delivery)DD_GET(value, DD_APIC_LVT_DELIVERY_MODE),
        .polarity = (enum dd_apic_polarity)DD_GET(value, DD_APIC_LVT_POLARITY),
        .trigger = (enum dd_apic_trigger)DD_GET(value, DD_APIC_LVT_TRIGGER_MODE),
        .mask = (enum dd_apic_mask)DD_GET(value, DD_APIC_LVT_MASK),
    };
    return DD_OK;
}

/*
 * [SDM 3A] figure 10-10: bits 3, 1 and 0 are the binary logarithm of the divisor minus 1, modulo 8,
 * so that dividing by 1 is 111.
 */
static bool encode_divisor(uint8_t divisor, uint64_t *value)
{
    for (unsigned int logarithm = 0; logarithm < DIVISORS; logarithm++) {
        if (divisor == 1u << logarithm) {
            unsigned int code = (logarithm + DIVISORS - 1) % DIVISORS;

            *value = DD_SET(DD_SET(0, DD_APIC_DIVIDE_LOW, code), DD_APIC_DIVIDE_HIGH,
                            code >> DIVIDE_LOW_BITS);
            return true;
        }
    }
    return false;
}

/* The count is stopped first: a change of mode or divisor takes effect on a timer at rest. */
enum dd_status dd_local_apic_set_timer(const struct dd_local_apic *apic,
                                       const struct dd_local_apic_timer *timer)
{
    bool by_deadline = timer->mode == DD_LOCAL_APIC_TSC_DEADLINE;
    uint64_t divide = 0;
    uint64_t value;

    if (timer->mode > DD_LOCAL_APIC_TSC_DEADLINE || timer->vector < DD_APIC_VECTOR_MIN ||
        timer->mask > DD_APIC_MASKED ||
        (!by_deadline && !encode_divisor(timer->divisor, &divide))) {
        return DD_EARG;
    }
    if (apic->mode == DD_LOCAL_APIC_DISABLED) {
        return DD_ENODEV;
    }
    if (by_deadline && !dd_cpu_ask(DD_CPU_TSC_DEADLINE)) {
        return DD_ENOTSUP;
    }
    dd_local_apic_write_register(apic, DD_APIC_INITIAL_COUNT, 0);
    if (!by_deadline) {
        dd_local_apic_write_register(apic, DD_APIC_DIVIDE, divide);
    }
    value = DD_SET(dd_local_apic_read_register(apic, DD_APIC_LVT_TIMER), DD_APIC_LVT_TIMER_VECTOR,
                   timer->vector);
    value = DD_SET(value, DD_APIC_LVT_TIMER_MODE, timer->mode);
    dd_local_apic_write_register(apic, DD_APIC_LVT_TIMER,
                                 DD_SET(value, DD_APIC_LVT_TIMER_MASK, timer->mask));
    return DD_OK;
}

void dd_local_apic_start_timer(const struct dd_local_apic *apic, uint32_t count)
{
    dd_local_apic_write_register(apic, DD_APIC_INITIAL_COUNT, count);
}

uint32_t dd_local_apic_read_timer(const struct dd_local_apic *apic)
{
    return dd_local_apic_read_register(apic, DD_APIC_CURRENT_COUNT);
}

/* The fence: in xAPIC mode the table was written by a store, which WRMSR does not wait for. */
void dd_local_apic_set_deadline(uint64_t deadline)
{
    dd_mfence();
    dd_wrmsr(DD_MSR_TSC_DEADLINE, deadline);
}

uint64_t dd_local_apic_read_deadline(void)
{
    return dd_rdmsr(DD_MSR_TSC_DEADLINE);
}
