/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The local APIC by MSR. IA32_APIC_BASE moves it between disabled, xAPIC and
 * x2APIC mode along the arrows of [SDM 3A] figure 10-27; in x2APIC mode the
 * registers are MSRs 0x800..0x8FF, whose reserved bits are checked (10.12.1.3).
 * ICR is there one register of 64 bits (10.12.9).
 */
#include "sim/devices/local_apic_internal.h"

enum {
    MSR_APIC_BASE = 0x1B,
    MSR_TSC_DEADLINE = 0x6E0,
    MSR_X2APIC_FIRST = 0x800,
    MSR_X2APIC_LAST = 0x8FF,
};

/* Figure 10-27: every change but three is refused; no change is none. */
static bool may_change(uint64_t from, uint64_t to)
{
    switch (to & (SIM_APIC_BASE_ENABLE | SIM_APIC_BASE_X2APIC)) {
    case 0:
        return true;
    case SIM_APIC_BASE_ENABLE:
        return (from & SIM_APIC_BASE_X2APIC) == 0;
    case SIM_APIC_BASE_ENABLE | SIM_APIC_BASE_X2APIC:
        return (from & SIM_APIC_BASE_ENABLE) != 0;
    default: /* EXTD without EN */
        return false;
    }
}

static bool write_base(struct sim_local_apic *apic, uint64_t value)
{
    uint64_t address = (UINT64_C(1) << apic->wiring.physical_bits) - 0x1000;

    if ((value & ~(address | SIM_APIC_BASE_BSP | SIM_APIC_BASE_X2APIC | SIM_APIC_BASE_ENABLE)) !=
            0 ||
        !may_change(apic->state.base, value)) {
        return false;
    }
    if ((value & address) != SIM_LOCAL_APIC_BASE) {
        sim_complain(&apic->wiring.complaint,
                     "local APIC: IA32_APIC_BASE moves the registers away from 0xfee00000; they "
                     "are then nowhere");
    }
    apic->state.base = value;
    if (sim_local_apic_mode(apic) == SIM_APIC_DISABLED) {
        sim_local_apic_reset(apic, SIM_LOCAL_APIC_INIT);
    }
    return true;
}

/* The rule of an x2APIC register that may be accessed so, or NULL. */
static const struct sim_local_apic_rule *find_msr(const struct sim_local_apic *apic, uint32_t index,
                                                  enum sim_local_apic_access access)
{
    const struct sim_local_apic_rule *rule = NULL;

    if (index < MSR_X2APIC_FIRST || index > MSR_X2APIC_LAST ||
        sim_local_apic_mode(apic) != SIM_APIC_X2APIC) {
        return NULL;
    }
    rule = sim_local_apic_find_rule(index - MSR_X2APIC_FIRST);
    return rule != NULL && (rule->access & access) != 0 ? rule : NULL;
}

static bool read_msr(void *self, uint32_t index, uint64_t *value)
{
    struct sim_local_apic *apic = self;

    sim_local_apic_timer_advance(apic);
    if (index == MSR_APIC_BASE) {
        *value = apic->state.base;
        return true;
    }
    if (index == MSR_TSC_DEADLINE) {
        *value = sim_local_apic_timer_read_deadline(apic);
        return true;
    }
    if (find_msr(apic, index, SIM_APIC_ACCESS_MSR_READ) == NULL) {
        return false;
    }
    *value = sim_local_apic_read_register(apic, index - MSR_X2APIC_FIRST);
    if (index - MSR_X2APIC_FIRST == SIM_APIC_REG_ICR_LOW) {
        *value |= (uint64_t)apic->state.icr_high << 32;
    }
    return true;
}

static bool write_x2apic(struct sim_local_apic *apic, uint32_t index, uint64_t value)
{
    const struct sim_local_apic_rule *rule = find_msr(apic, index, SIM_APIC_ACCESS_MSR_WRITE);
    unsigned int number = index - MSR_X2APIC_FIRST;
    uint64_t writable = 0;

    if (rule == NULL) {
        return false;
    }
    writable = number == SIM_APIC_REG_ICR_LOW ? UINT64_C(0xFFFFFFFF) << 32 | rule->writable
                                              : rule->writable;
    if ((value & ~writable) != 0) {
        return false;
    }
    if (number == SIM_APIC_REG_ICR_LOW) {
        apic->state.icr_high = (uint32_t)(value >> 32);
    }
    sim_local_apic_write_register(apic, number, (uint32_t)value);
    return true;
}

static bool write_msr(void *self, uint32_t index, uint64_t value)
{
    struct sim_local_apic *apic = self;

    sim_local_apic_timer_advance(apic);
    if (index == MSR_APIC_BASE) {
        return write_base(apic, value);
    }
    if (index == MSR_TSC_DEADLINE) {
        sim_local_apic_timer_set_deadline(apic, value);
        return true;
    }
    return write_x2apic(apic, index, value);
}

/* CR8 is TPR[7:4]; writing it clears TPR[3:0]. [SDM 3A] 10.8.6.1. */
static uint8_t read_cr8(const void *self)
{
    const struct sim_local_apic *apic = self;

    return (uint8_t)(apic->state.tpr >> 4);
}

static void write_cr8(void *self, uint8_t priority)
{
    struct sim_local_apic *apic = self;

    apic->state.tpr = (uint32_t)(priority & 0xF) << 4;
}

struct sim_apic_registers sim_local_apic_registers(struct sim_local_apic *apic)
{
    return (struct sim_apic_registers){.self = apic,
                                       .read_msr = read_msr,
                                       .write_msr = write_msr,
                                       .read_cr8 = read_cr8,
                                       .write_cr8 = write_cr8};
}
