/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The local vector table: what the APIC makes of the timer, of errors and of its
 * two pins ([SDM 3A] 10.5.1). A fixed interrupt of LINT0 may be level-triggered:
 * "remote IRR" is then set from the request to its EOI, and a pin that is still
 * active requests again. LINT1 is edge-triggered whatever its entry says. While
 * the APIC is disabled by software all entries are masked and cannot be unmasked
 * (10.4.7.2).
 */
#include "sim/devices/local_apic_internal.h"

enum {
    TIMER_MODE = 3u << 17
};

static bool is_pin_active(const struct sim_local_apic *apic, unsigned int pin)
{
    bool inverted = (apic->state.lvt[SIM_LVT_LINT0 + pin] & SIM_APIC_LVT_ACTIVE_LOW) != 0;

    return apic->state.lint[pin] != inverted;
}

static bool is_level_triggered(const struct sim_local_apic *apic)
{
    uint32_t entry = apic->state.lvt[SIM_LVT_LINT0];

    return (entry & SIM_APIC_LVT_LEVEL) != 0 && sim_local_apic_delivery(entry) == SIM_APIC_FIXED;
}

void sim_local_apic_raise_local(struct sim_local_apic *apic, enum sim_local_apic_lvt entry)
{
    uint32_t value = apic->state.lvt[entry];
    const struct sim_apic_message message = {.destination = sim_local_apic_id(apic),
                                             .mode = SIM_APIC_PHYSICAL,
                                             .delivery = sim_local_apic_delivery(value),
                                             .trigger = SIM_APIC_EDGE,
                                             .vector = (uint8_t)value};

    /* ExtINT is no event but an open door: see external_pending(). */
    if ((value & SIM_APIC_LVT_MASK) == 0 && message.delivery != SIM_APIC_EXTINT) {
        (void)sim_local_apic_accept(apic, &message);
    }
}

/* Request from a level-triggered LINT0 unless the last request is still without EOI. */
static void sample_lint0(struct sim_local_apic *apic)
{
    uint32_t *entry = &apic->state.lvt[SIM_LVT_LINT0];

    if (!is_level_triggered(apic) || !is_pin_active(apic, 0) ||
        (*entry & (SIM_APIC_LVT_MASK | SIM_APIC_LVT_REMOTE_IRR)) != 0) {
        return;
    }
    if ((*entry & 0xFF) >= 16) {
        *entry |= SIM_APIC_LVT_REMOTE_IRR;
    }
    sim_local_apic_request(apic, *entry & 0xFF, SIM_APIC_LEVEL);
}

void sim_local_apic_end_lint(struct sim_local_apic *apic, unsigned int vector)
{
    if ((apic->state.lvt[SIM_LVT_LINT0] & 0xFF) == vector) {
        apic->state.lvt[SIM_LVT_LINT0] &= ~(uint32_t)SIM_APIC_LVT_REMOTE_IRR;
        sample_lint0(apic);
    }
}

static void set_pin(void *sink, unsigned int number, bool level)
{
    struct sim_local_apic *apic = sink;
    bool rises = false;

    if (number > 1) {
        return;
    }
    rises = !is_pin_active(apic, number);
    apic->state.lint[number] = level;
    rises = rises && is_pin_active(apic, number);
    if (sim_local_apic_mode(apic) == SIM_APIC_DISABLED) {
        apic->state.nmi = apic->state.nmi || (number == 1 && rises);
    } else if (number == 0 && is_level_triggered(apic)) {
        sample_lint0(apic);
    } else if (rises) {
        sim_local_apic_raise_local(apic, SIM_LVT_LINT0 + number);
    }
}

struct sim_line sim_local_apic_lint(struct sim_local_apic *apic, unsigned int pin)
{
    return (struct sim_line){.set = set_pin, .sink = apic, .number = pin};
}

/* Bits of an entry that are not reserved and not read-only. [SDM 3A] figure 10-8. */
static const uint32_t writable[SIM_LVT_COUNT] = {
    [SIM_LVT_TIMER] = 0x000700FF,       [SIM_LVT_THERMAL] = 0x000107FF,
    [SIM_LVT_PERFORMANCE] = 0x000107FF, [SIM_LVT_LINT0] = 0x0001A7FF,
    [SIM_LVT_LINT1] = 0x0001A7FF,       [SIM_LVT_ERROR] = 0x000100FF,
};

void sim_local_apic_write_lvt(struct sim_local_apic *apic, enum sim_local_apic_lvt entry,
                              uint32_t value)
{
    uint32_t old = apic->state.lvt[entry];

    value &= writable[entry];
    if ((apic->state.svr & SIM_APIC_SVR_ENABLE) == 0) {
        value |= SIM_APIC_LVT_MASK;
    }
    apic->state.lvt[entry] = value;
    if (entry == SIM_LVT_TIMER && ((old ^ value) & TIMER_MODE) != 0) {
        sim_local_apic_timer_disarm(apic);
    }
    if (entry == SIM_LVT_LINT0 && is_level_triggered(apic)) {
        apic->state.lvt[entry] |= old & SIM_APIC_LVT_REMOTE_IRR;
        sample_lint0(apic);
    }
}

void sim_local_apic_write_svr(struct sim_local_apic *apic, uint32_t value)
{
    apic->state.svr = value & 0x13FF;
    for (unsigned int i = 0; (value & SIM_APIC_SVR_ENABLE) == 0 && i < SIM_LVT_COUNT; i++) {
        apic->state.lvt[i] |= SIM_APIC_LVT_MASK;
    }
}
