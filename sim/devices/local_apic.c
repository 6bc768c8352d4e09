/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The local APIC as a whole: its reset and what it offers to the machine. Two
 * ways lead from the 8259 pair past it to the processor: with the APIC disabled
 * in IA32_APIC_BASE its pin LINT0 is the processor's INTR, and with LINT0 set to
 * ExtINT the APIC hands the request on without looking at its own priorities
 * ([SDM 3A] 10.4.3, 10.5.1).
 */
#include "sim/devices/local_apic.h"

#include "sim/devices/local_apic_internal.h"

enum sim_local_apic_mode sim_local_apic_mode(const struct sim_local_apic *apic)
{
    if ((apic->state.base & SIM_APIC_BASE_ENABLE) == 0) {
        return SIM_APIC_DISABLED;
    }
    return (apic->state.base & SIM_APIC_BASE_X2APIC) != 0 ? SIM_APIC_X2APIC : SIM_APIC_XAPIC;
}

void sim_local_apic_init(struct sim_local_apic *apic, const struct sim_local_apic_wiring *wiring)
{
    *apic = (struct sim_local_apic){.wiring = *wiring};
    sim_local_apic_reset(apic, SIM_LOCAL_APIC_POWER_UP);
}

void sim_local_apic_reset(struct sim_local_apic *apic, enum sim_local_apic_reset kind)
{
    const struct sim_local_apic_state old = apic->state;
    struct sim_local_apic_state *state = &apic->state;

    *state = (struct sim_local_apic_state){
        .base = kind == SIM_LOCAL_APIC_INIT
                    ? old.base
                    : SIM_LOCAL_APIC_BASE | SIM_APIC_BASE_ENABLE | SIM_APIC_BASE_BSP,
        .dfr = 0xFFFFFFFF,
        .svr = 0xFF,
        .error_armed = 1,
        .lint = {old.lint[0], old.lint[1]},
    };
    for (unsigned int i = 0; i < SIM_LVT_COUNT; i++) {
        state->lvt[i] = SIM_APIC_LVT_MASK;
    }
}

void sim_local_apic_set_virtual_wire(struct sim_local_apic *apic)
{
    sim_local_apic_write_svr(apic, SIM_APIC_SVR_ENABLE | 0xFF);
    sim_local_apic_write_lvt(apic, SIM_LVT_LINT0, SIM_APIC_EXTINT << 8);
    sim_local_apic_write_lvt(apic, SIM_LVT_LINT1, SIM_APIC_NMI << 8);
}

/* Whether a request of the 8259 pair would reach the processor. */
static bool is_external_open(const struct sim_local_apic *apic)
{
    uint32_t lint0 = apic->state.lvt[SIM_LVT_LINT0];

    return sim_local_apic_mode(apic) == SIM_APIC_DISABLED || apic->state.external ||
           ((lint0 & SIM_APIC_LVT_MASK) == 0 && sim_local_apic_delivery(lint0) == SIM_APIC_EXTINT);
}

static bool external_pending(const struct sim_local_apic *apic)
{
    const struct sim_interrupt_source *external = &apic->wiring.external;

    return is_external_open(apic) && external->pending != NULL && external->pending(external->self);
}

static bool pending(const void *self)
{
    const struct sim_local_apic *apic = self;

    return sim_local_apic_deliverable(apic) || external_pending(apic);
}

/* Without a request the answer is the spurious vector. [SDM 3A] 10.9. */
static unsigned int acknowledge(void *self)
{
    struct sim_local_apic *apic = self;

    if (sim_local_apic_deliverable(apic)) {
        return sim_local_apic_take_vector(apic);
    }
    if (external_pending(apic)) {
        apic->state.external = false;
        return apic->wiring.external.acknowledge(apic->wiring.external.self);
    }
    return apic->state.svr & 0xFF;
}

static void dismiss(void *self, unsigned int vector)
{
    struct sim_local_apic *apic = self;
    const struct sim_interrupt_source *external = &apic->wiring.external;

    if (sim_local_apic_serves(apic, vector)) {
        sim_local_apic_end_interrupt(apic);
    } else if (external->dismiss != NULL) {
        external->dismiss(external->self, vector);
    }
}

/* The timer, unless its entry or TPR masks it; and messages. An EOI may still come: ISR is no mask. */
static bool local_may_come(const struct sim_local_apic *apic)
{
    const struct sim_local_apic_wiring *wiring = &apic->wiring;
    uint32_t timer = apic->state.lvt[SIM_LVT_TIMER];

    return ((timer & SIM_APIC_LVT_MASK) == 0 && (timer >> 4 & 0xF) > apic->state.tpr >> 4 &&
            sim_local_apic_timer_due(apic) != SIM_NEVER) ||
           (wiring->may_send != NULL && wiring->may_send(wiring->sender));
}

static bool may_come(const void *self)
{
    const struct sim_local_apic *apic = self;
    const struct sim_interrupt_source *external = &apic->wiring.external;
    bool pair = is_external_open(apic) && external->pending != NULL &&
                (external->may_come == NULL || external->may_come(external->self));

    return pair || pending(apic) || apic->state.nmi ||
           (sim_local_apic_mode(apic) != SIM_APIC_DISABLED && local_may_come(apic));
}

static bool nmi_pending(const void *self)
{
    const struct sim_local_apic *apic = self;

    return apic->state.nmi;
}

static bool take_nmi(void *self)
{
    struct sim_local_apic *apic = self;
    bool waits = apic->state.nmi;

    apic->state.nmi = false;
    return waits;
}

struct sim_interrupt_source sim_local_apic_source(struct sim_local_apic *apic)
{
    return (struct sim_interrupt_source){
        .self = apic,
        .pending = pending,
        .acknowledge = acknowledge,
        .dismiss = dismiss,
        .may_come = may_come,
        .nmi_pending = nmi_pending,
        .take_nmi = take_nmi,
    };
}

/* Devices send 8 bits: their broadcast is not x2APIC's. */
static bool deliver(void *sink, const struct sim_apic_message *message)
{
    struct sim_local_apic *apic = sink;
    struct sim_apic_message wide = *message;

    if (wide.destination == 0xFF && sim_local_apic_mode(apic) == SIM_APIC_X2APIC) {
        wide.destination = 0xFFFFFFFF;
    }
    return sim_local_apic_accept(apic, &wide);
}

struct sim_apic_port sim_local_apic_port(struct sim_local_apic *apic)
{
    return (struct sim_apic_port){.deliver = deliver, .sink = apic};
}

/* A masked timer interrupts nobody: it is brought up to date when somebody looks. */
static uint64_t deadline(const void *self)
{
    const struct sim_local_apic *apic = self;
    bool masked = (apic->state.lvt[SIM_LVT_TIMER] & SIM_APIC_LVT_MASK) != 0;

    return masked ? SIM_NEVER : sim_local_apic_timer_due(apic);
}

static void advance(void *self)
{
    sim_local_apic_timer_advance(self);
}

struct sim_device sim_local_apic_device(struct sim_local_apic *apic)
{
    return (struct sim_device){.name = "local APIC",
                               .self = apic,
                               .state = &apic->state,
                               .state_size = sizeof apic->state,
                               .deadline = deadline,
                               .advance = advance};
}
