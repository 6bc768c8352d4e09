/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers both modes share, and the page that shows them in xAPIC mode:
 * one every 16 bytes, 32 bits wide ([SDM 3A] 10.4.1). An access to a place of the
 * page that has no register is an error of the "illegal register address" kind.
 * The page answers only in xAPIC mode.
 */
#include "sim/devices/local_apic_internal.h"

#include <stdio.h>

/** Version 15H, six LVT entries, EOI-broadcast suppression. Spec: [SDM 3A] figure 10-7. */
#define VERSION UINT32_C(0x01050015)

/** Bits of ICR's lower half that are neither reserved nor read-only. [SDM 3A] figure 10-12. */
#define ICR_WRITABLE UINT32_C(0x000CCFFF)

#define PAGE_SIZE UINT64_C(4096)

#define XAPIC SIM_APIC_ACCESS_XAPIC
#define MSR_R SIM_APIC_ACCESS_MSR_READ
#define MSR_W SIM_APIC_ACCESS_MSR_WRITE

/* Read-only bits may be written in x2APIC mode: only reserved ones are refused. */
static const struct sim_local_apic_rule rules[] = {
    {SIM_APIC_REG_ID, SIM_APIC_REG_VERSION, XAPIC | MSR_R, 0},
    {SIM_APIC_REG_TPR, SIM_APIC_REG_TPR, XAPIC | MSR_R | MSR_W, 0xFF},
    {SIM_APIC_REG_APR, SIM_APIC_REG_APR, XAPIC, 0},
    {SIM_APIC_REG_PPR, SIM_APIC_REG_PPR, XAPIC | MSR_R, 0},
    {SIM_APIC_REG_EOI, SIM_APIC_REG_EOI, XAPIC | MSR_W, 0},
    {SIM_APIC_REG_RRD, SIM_APIC_REG_RRD, XAPIC, 0},
    {SIM_APIC_REG_LDR, SIM_APIC_REG_LDR, XAPIC | MSR_R, 0},
    {SIM_APIC_REG_DFR, SIM_APIC_REG_DFR, XAPIC, 0},
    {SIM_APIC_REG_SVR, SIM_APIC_REG_SVR, XAPIC | MSR_R | MSR_W, 0x13FF},
    {SIM_APIC_REG_ISR, SIM_APIC_REG_IRR + 7, XAPIC | MSR_R, 0},
    {SIM_APIC_REG_ESR, SIM_APIC_REG_ESR, XAPIC | MSR_R | MSR_W, 0},
    {SIM_APIC_REG_ICR_LOW, SIM_APIC_REG_ICR_LOW, XAPIC | MSR_R | MSR_W, ICR_WRITABLE},
    {SIM_APIC_REG_ICR_HIGH, SIM_APIC_REG_ICR_HIGH, XAPIC, 0},
    {SIM_APIC_REG_LVT + SIM_LVT_TIMER, SIM_APIC_REG_LVT + SIM_LVT_TIMER, XAPIC | MSR_R | MSR_W,
     0x000710FF},
    {SIM_APIC_REG_LVT + SIM_LVT_THERMAL, SIM_APIC_REG_LVT + SIM_LVT_PERFORMANCE,
     XAPIC | MSR_R | MSR_W, 0x000117FF},
    {SIM_APIC_REG_LVT + SIM_LVT_LINT0, SIM_APIC_REG_LVT + SIM_LVT_LINT1, XAPIC | MSR_R | MSR_W,
     0x0001F7FF},
    {SIM_APIC_REG_LVT + SIM_LVT_ERROR, SIM_APIC_REG_LVT + SIM_LVT_ERROR, XAPIC | MSR_R | MSR_W,
     0x000110FF},
    {SIM_APIC_REG_INITIAL_COUNT, SIM_APIC_REG_INITIAL_COUNT, XAPIC | MSR_R | MSR_W, 0xFFFFFFFF},
    {SIM_APIC_REG_CURRENT_COUNT, SIM_APIC_REG_CURRENT_COUNT, XAPIC | MSR_R, 0},
    {SIM_APIC_REG_DIVIDE, SIM_APIC_REG_DIVIDE, XAPIC | MSR_R | MSR_W, 0xB},
    {SIM_APIC_REG_SELF_IPI, SIM_APIC_REG_SELF_IPI, MSR_W, 0xFF},
};

const struct sim_local_apic_rule *sim_local_apic_find_rule(unsigned int number)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (number >= rules[i].first && number <= rules[i].last) {
            return &rules[i];
        }
    }
    return NULL;
}

/* In x2APIC mode the logical ID follows from the ID. [SDM 3A] 10.12.10.2. */
static uint32_t read_logical(const struct sim_local_apic *apic)
{
    uint32_t id = sim_local_apic_id(apic);

    return sim_local_apic_mode(apic) == SIM_APIC_X2APIC ? (id & 0xFFFF0) << 12 | 1u << (id & 0xF)
                                                        : apic->state.ldr;
}

static uint32_t read_id(const struct sim_local_apic *apic)
{
    uint32_t id = sim_local_apic_id(apic);

    return sim_local_apic_mode(apic) == SIM_APIC_X2APIC ? id : id << 24;
}

uint32_t sim_local_apic_read_register(const struct sim_local_apic *apic, unsigned int number)
{
    const struct sim_local_apic_state *state = &apic->state;

    if (number >= SIM_APIC_REG_ISR && number < SIM_APIC_REG_ESR) {
        const uint32_t *const banks[] = {state->isr, state->tmr, state->irr};

        return banks[(number - SIM_APIC_REG_ISR) / 8][number % 8];
    }
    if (number >= SIM_APIC_REG_LVT && number < SIM_APIC_REG_LVT + SIM_LVT_COUNT) {
        return state->lvt[number - SIM_APIC_REG_LVT];
    }
    switch (number) {
    case SIM_APIC_REG_ID:
        return read_id(apic);
    case SIM_APIC_REG_VERSION:
        return VERSION;
    case SIM_APIC_REG_TPR:
        return state->tpr;
    case SIM_APIC_REG_PPR:
        return sim_local_apic_ppr(apic);
    case SIM_APIC_REG_LDR:
        return read_logical(apic);
    case SIM_APIC_REG_DFR:
        return state->dfr;
    case SIM_APIC_REG_SVR:
        return state->svr;
    case SIM_APIC_REG_ESR:
        return state->esr;
    case SIM_APIC_REG_ICR_LOW:
        return state->icr_low;
    case SIM_APIC_REG_ICR_HIGH:
        return state->icr_high;
    case SIM_APIC_REG_INITIAL_COUNT:
        return state->timer.initial;
    case SIM_APIC_REG_CURRENT_COUNT:
        return sim_local_apic_timer_count(apic);
    case SIM_APIC_REG_DIVIDE:
        return state->timer.divide;
    default: /* APR and RRD, and what can only be written */
        return 0;
    }
}

void sim_local_apic_write_register(struct sim_local_apic *apic, unsigned int number, uint32_t value)
{
    if (number >= SIM_APIC_REG_LVT && number < SIM_APIC_REG_LVT + SIM_LVT_COUNT) {
        sim_local_apic_write_lvt(apic, number - SIM_APIC_REG_LVT, value);
        return;
    }
    switch (number) {
    case SIM_APIC_REG_TPR:
        apic->state.tpr = value & 0xFF;
        break;
    case SIM_APIC_REG_EOI:
        sim_local_apic_end_interrupt(apic);
        break;
    case SIM_APIC_REG_LDR:
        apic->state.ldr = value & 0xFF000000;
        break;
    case SIM_APIC_REG_DFR:
        apic->state.dfr = value | 0x0FFFFFFF;
        break;
    case SIM_APIC_REG_SVR:
        sim_local_apic_write_svr(apic, value);
        break;
    case SIM_APIC_REG_ESR:
        sim_local_apic_latch_errors(apic);
        break;
    case SIM_APIC_REG_ICR_LOW:
        apic->state.icr_low = value & ICR_WRITABLE;
        sim_local_apic_send_ipi(apic);
        break;
    case SIM_APIC_REG_ICR_HIGH:
        apic->state.icr_high = value & 0xFF000000;
        break;
    case SIM_APIC_REG_INITIAL_COUNT:
        sim_local_apic_timer_start(apic, value);
        break;
    case SIM_APIC_REG_DIVIDE:
        sim_local_apic_timer_divide(apic, value);
        break;
    case SIM_APIC_REG_SELF_IPI:
        sim_local_apic_send_self(apic, value & 0xFF);
        break;
    default: /* read-only */
        break;
    }
}

/* Whether the page answers at all, and then whether there is a register. */
static bool is_page_open(const struct sim_local_apic *apic)
{
    return sim_local_apic_mode(apic) == SIM_APIC_XAPIC &&
           (apic->state.base & ~UINT64_C(0xFFF)) == SIM_LOCAL_APIC_BASE;
}

static bool find_in_page(struct sim_local_apic *apic, uint64_t offset)
{
    const struct sim_local_apic_rule *rule = sim_local_apic_find_rule((unsigned int)(offset / 16));
    char text[80];

    if (rule != NULL && offset % 16 == 0 && (rule->access & XAPIC) != 0) {
        return true;
    }
    (void)snprintf(text, sizeof text, "local APIC: there is no register at offset 0x%03x",
                   (unsigned int)offset);
    sim_complain(&apic->wiring.complaint, text);
    sim_local_apic_log_error(apic, SIM_APIC_ERROR_REGISTER);
    return false;
}

static uint32_t read_page(void *device, uint64_t offset, unsigned int width)
{
    struct sim_local_apic *apic = device;

    (void)width;
    if (!is_page_open(apic)) {
        return 0xFFFFFFFF;
    }
    sim_local_apic_timer_advance(apic);
    return find_in_page(apic, offset)
               ? sim_local_apic_read_register(apic, (unsigned int)(offset / 16))
               : 0;
}

static void write_page(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_local_apic *apic = device;

    (void)width;
    if (is_page_open(apic)) {
        sim_local_apic_timer_advance(apic);
        if (find_in_page(apic, offset)) {
            sim_local_apic_write_register(apic, (unsigned int)(offset / 16), value);
        }
    }
}

struct sim_region sim_local_apic_mmio(struct sim_local_apic *apic)
{
    return (struct sim_region){.name = "local APIC",
                               .base = SIM_LOCAL_APIC_BASE,
                               .size = PAGE_SIZE,
                               .read = read_page,
                               .write = write_page,
                               .device = apic,
                               .widths = 4};
}
