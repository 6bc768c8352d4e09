/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the parts of the local APIC share. Register numbers are offsets in the
 * page divided by 16, or MSR indexes minus 0x800. Spec: [SDM 3A] tables 10-1, 10-6.
 */
#ifndef DRYDOCK_SIM_DEVICES_LOCAL_APIC_INTERNAL_H
#define DRYDOCK_SIM_DEVICES_LOCAL_APIC_INTERNAL_H

#include "sim/devices/local_apic.h"

enum sim_local_apic_register {
    SIM_APIC_REG_ID = 0x02,
    SIM_APIC_REG_VERSION = 0x03,
    SIM_APIC_REG_TPR = 0x08,
    SIM_APIC_REG_APR = 0x09,
    SIM_APIC_REG_PPR = 0x0A,
    SIM_APIC_REG_EOI = 0x0B,
    SIM_APIC_REG_RRD = 0x0C,
    SIM_APIC_REG_LDR = 0x0D,
    SIM_APIC_REG_DFR = 0x0E,
    SIM_APIC_REG_SVR = 0x0F,
    SIM_APIC_REG_ISR = 0x10,
    SIM_APIC_REG_TMR = 0x18,
    SIM_APIC_REG_IRR = 0x20,
    SIM_APIC_REG_ESR = 0x28,
    SIM_APIC_REG_ICR_LOW = 0x30,
    SIM_APIC_REG_ICR_HIGH = 0x31,
    SIM_APIC_REG_LVT = 0x32,
    SIM_APIC_REG_INITIAL_COUNT = 0x38,
    SIM_APIC_REG_CURRENT_COUNT = 0x39,
    SIM_APIC_REG_DIVIDE = 0x3E,
    SIM_APIC_REG_SELF_IPI = 0x3F,
};

enum {
    SIM_APIC_BASE_BSP = 1u << 8,
    SIM_APIC_BASE_X2APIC = 1u << 10,
    SIM_APIC_BASE_ENABLE = 1u << 11,

    SIM_APIC_SVR_ENABLE = 1u << 8,
    SIM_APIC_SVR_NO_BROADCAST = 1u << 12,

    SIM_APIC_LVT_ACTIVE_LOW = 1u << 13,
    SIM_APIC_LVT_REMOTE_IRR = 1u << 14,
    SIM_APIC_LVT_LEVEL = 1u << 15,
    SIM_APIC_LVT_MASK = 1u << 16,
};

/** Bits of the error status register. Spec: [SDM 3A] 10.5.3. */
enum sim_local_apic_error {
    SIM_APIC_ERROR_SEND_VECTOR = 1u << 5,
    SIM_APIC_ERROR_RECEIVE_VECTOR = 1u << 6,
    SIM_APIC_ERROR_REGISTER = 1u << 7,
};

/** By EN and EXTD of IA32_APIC_BASE. Spec: [SDM 3A] table 10-5. */
enum sim_local_apic_mode {
    SIM_APIC_DISABLED,
    SIM_APIC_XAPIC,
    SIM_APIC_X2APIC,
};

enum sim_local_apic_mode sim_local_apic_mode(const struct sim_local_apic *apic);

/** ID register as x2APIC shows it: all 32 bits. */
static inline uint32_t sim_local_apic_id(const struct sim_local_apic *apic)
{
    return apic->wiring.id;
}

/** Bits 10:8 of an LVT entry or of ICR. */
static inline unsigned int sim_local_apic_delivery(uint32_t entry)
{
    return entry >> 8 & 7;
}

/* local_apic_vector.c: priorities, requests, EOI, errors */
uint32_t sim_local_apic_ppr(const struct sim_local_apic *apic);
bool sim_local_apic_deliverable(const struct sim_local_apic *apic);
unsigned int sim_local_apic_take_vector(struct sim_local_apic *apic);
bool sim_local_apic_serves(const struct sim_local_apic *apic, unsigned int vector);
void sim_local_apic_request(struct sim_local_apic *apic, unsigned int vector,
                            enum sim_apic_trigger trigger);
void sim_local_apic_end_interrupt(struct sim_local_apic *apic);
void sim_local_apic_log_error(struct sim_local_apic *apic, enum sim_local_apic_error error);
void sim_local_apic_latch_errors(struct sim_local_apic *apic);

/* local_apic_lint.c: the local vector table and its pins */
void sim_local_apic_write_lvt(struct sim_local_apic *apic, enum sim_local_apic_lvt entry,
                              uint32_t value);
void sim_local_apic_write_svr(struct sim_local_apic *apic, uint32_t value);
void sim_local_apic_raise_local(struct sim_local_apic *apic, enum sim_local_apic_lvt entry);
void sim_local_apic_end_lint(struct sim_local_apic *apic, unsigned int vector);

/* local_apic_message.c: messages and IPIs */
bool sim_local_apic_accept(struct sim_local_apic *apic, const struct sim_apic_message *message);
void sim_local_apic_send_ipi(struct sim_local_apic *apic);
void sim_local_apic_send_self(struct sim_local_apic *apic, unsigned int vector);

/* local_apic_registers.c: what both modes have in common */
enum sim_local_apic_access {
    SIM_APIC_ACCESS_XAPIC = 1u,     /**< in table 10-1 */
    SIM_APIC_ACCESS_MSR_READ = 2u,  /**< RDMSR is allowed in x2APIC mode */
    SIM_APIC_ACCESS_MSR_WRITE = 4u, /**< and WRMSR */
};

/** One register, or a group of them. */
struct sim_local_apic_rule {
    uint8_t first, last;
    uint8_t access;    /**< sum of enum sim_local_apic_access */
    uint32_t writable; /**< bits that may be written as 1 in x2APIC mode */
};

const struct sim_local_apic_rule *sim_local_apic_find_rule(unsigned int number);
uint32_t sim_local_apic_read_register(const struct sim_local_apic *apic, unsigned int number);
void sim_local_apic_write_register(struct sim_local_apic *apic, unsigned int number,
                                   uint32_t value);

/* local_apic_timer.c */
void sim_local_apic_timer_advance(struct sim_local_apic *apic);
uint64_t sim_local_apic_timer_due(const struct sim_local_apic *apic);
uint32_t sim_local_apic_timer_count(const struct sim_local_apic *apic);
void sim_local_apic_timer_start(struct sim_local_apic *apic, uint32_t count);
void sim_local_apic_timer_divide(struct sim_local_apic *apic, uint32_t value);
void sim_local_apic_timer_disarm(struct sim_local_apic *apic);
uint64_t sim_local_apic_timer_read_deadline(const struct sim_local_apic *apic);
void sim_local_apic_timer_set_deadline(struct sim_local_apic *apic, uint64_t deadline);

#endif
