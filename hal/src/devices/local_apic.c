/* SPDX-License-Identifier: MIT */
/*
 * The local APIC: modes, priorities, what waits and what is in service.
 *
 * IA32_APIC_BASE says by EN and EXTD in which of three modes the APIC is. Only
 * some changes exist: EXTD can be set while EN is, and is cleared only together
 * with it; anything else is a general-protection exception. Apart from this the
 * APIC is disabled by software when bit 8 of the spurious-interrupt vector
 * register is clear, as it is after reset.
 *
 * A request sets the bit of its vector in IRR; when its class, the vector's upper
 * four bits, is above that of the processor priority, the processor takes it and
 * the bit moves to ISR until EOI.
 */
#include "drydock/local_apic.h"

#include "drydock/cpu.h"
#include "local_apic_access.h"

enum {
    PAGE = 4096,
    BANK_VECTORS = 32 /* bits of one register of ISR, TMR and IRR */
};

static enum dd_local_apic_mode mode_of(uint64_t base)
{
    if (DD_GET(base, DD_APIC_BASE_EN) == 0) {
        return DD_LOCAL_APIC_DISABLED;
    }
    return DD_GET(base, DD_APIC_BASE_EXTD) != 0 ? DD_LOCAL_APIC_X2APIC : DD_LOCAL_APIC_XAPIC;
}

enum dd_status dd_local_apic_find(dd_paddr *base)
{
    if (!dd_cpu_ask(DD_CPU_APIC)) {
        return DD_ENODEV;
    }
    *base = dd_paddr_from(dd_rdmsr(DD_MSR_APIC_BASE) & DD_BITS(DD_APIC_BASE_ADDRESS));
    return DD_OK;
}

enum dd_status dd_local_apic_open(struct dd_local_apic *apic, dd_vaddr registers)
{
    uint64_t base;

    if (!dd_is_aligned(registers.raw, PAGE)) {
        return DD_EALIGN;
    }
    if (!dd_cpu_ask(DD_CPU_APIC)) {
        return DD_ENODEV;
    }
    base = dd_rdmsr(DD_MSR_APIC_BASE);
    if (DD_GET(base, DD_APIC_BASE_EN) == 0 && DD_GET(base, DD_APIC_BASE_EXTD) != 0) {
        return DD_EMALFORMED;
    }
    *apic = (struct dd_local_apic){.mode = mode_of(base), .registers = registers};
    return DD_OK;
}

/* [SDM 3A] figure 10-27, without INIT and reset. */
static bool is_arrow(enum dd_local_apic_mode from, enum dd_local_apic_mode to)
{
    switch (to) {
    case DD_LOCAL_APIC_DISABLED:
        return true;
    case DD_LOCAL_APIC_XAPIC:
        return from != DD_LOCAL_APIC_X2APIC;
    case DD_LOCAL_APIC_X2APIC:
        return from != DD_LOCAL_APIC_DISABLED;
    default:
        return false;
    }
}

enum dd_status dd_local_apic_set_mode(struct dd_local_apic *apic, enum dd_local_apic_mode mode)
{
    uint64_t base;

    if (!is_arrow(apic->mode, mode)) {
        return DD_EARG;
    }
    if (mode == apic->mode) {
        return DD_OK;
    }
    if (mode == DD_LOCAL_APIC_X2APIC && !dd_cpu_ask(DD_CPU_X2APIC)) {
        return DD_ENOTSUP;
    }
    base = dd_rdmsr(DD_MSR_APIC_BASE);
    base = DD_SET(base, DD_APIC_BASE_EN, mode != DD_LOCAL_APIC_DISABLED);
    base = DD_SET(base, DD_APIC_BASE_EXTD, mode == DD_LOCAL_APIC_X2APIC);
    dd_wrmsr(DD_MSR_APIC_BASE, base);
    apic->mode = mode_of(dd_rdmsr(DD_MSR_APIC_BASE));
    return apic->mode == mode ? DD_OK : DD_ENOTSUP;
}

enum dd_status dd_local_apic_enable(const struct dd_local_apic *apic, uint8_t spurious_vector)
{
    uint64_t svr;

    if (spurious_vector < DD_APIC_VECTOR_MIN) {
        return DD_EARG;
    }
    if (apic->mode == DD_LOCAL_APIC_DISABLED) {
        return DD_ENODEV;
    }
    svr =
        DD_SET(dd_local_apic_read_register(apic, DD_APIC_SVR), DD_APIC_SVR_VECTOR, spurious_vector);
    dd_local_apic_write_register(apic, DD_APIC_SVR, DD_SET(svr, DD_APIC_SVR_ENABLE, 1));
    return DD_OK;
}

void dd_local_apic_disable(const struct dd_local_apic *apic)
{
    uint32_t svr = dd_local_apic_read_register(apic, DD_APIC_SVR);

    dd_local_apic_write_register(apic, DD_APIC_SVR, DD_SET(svr, DD_APIC_SVR_ENABLE, 0));
}

uint32_t dd_local_apic_read_id(const struct dd_local_apic *apic)
{
    uint32_t id = dd_local_apic_read_register(apic, DD_APIC_ID);

    return apic->mode == DD_LOCAL_APIC_X2APIC ? id : (uint32_t)DD_GET(id, DD_APIC_ID_ID);
}

struct dd_local_apic_version dd_local_apic_read_version(const struct dd_local_apic *apic)
{
    uint32_t value = dd_local_apic_read_register(apic, DD_APIC_VERSION);

    return (struct dd_local_apic_version){
        .version = (uint8_t)DD_GET(value, DD_APIC_VERSION_VERSION),
        .last_entry = (uint8_t)DD_GET(value, DD_APIC_VERSION_MAX_LVT),
        .suppresses_eoi = (uint8_t)DD_GET(value, DD_APIC_VERSION_EOI_SUPPRESSION),
    };
}

uint32_t dd_local_apic_read_logical_id(const struct dd_local_apic *apic)
{
    uint32_t id = dd_local_apic_read_register(apic, DD_APIC_LDR);

    return apic->mode == DD_LOCAL_APIC_X2APIC ? id : (uint32_t)DD_GET(id, DD_APIC_LDR_LOGICAL_ID);
}

enum dd_status dd_local_apic_write_logical_id(const struct dd_local_apic *apic, uint8_t id)
{
    uint32_t format;
    uint32_t logical;

    if (apic->mode != DD_LOCAL_APIC_XAPIC) {
        return apic->mode == DD_LOCAL_APIC_X2APIC ? DD_ENOTSUP : DD_ENODEV;
    }
    format = dd_local_apic_read_register(apic, DD_APIC_DFR);
    logical = dd_local_apic_read_register(apic, DD_APIC_LDR);
    dd_local_apic_write_register(apic, DD_APIC_DFR,
                                 DD_SET(format, DD_APIC_DFR_MODEL, DD_APIC_DFR_MODEL_FLAT));
    dd_local_apic_write_register(apic, DD_APIC_LDR, DD_SET(logical, DD_APIC_LDR_LOGICAL_ID, id));
    return DD_OK;
}

enum dd_status dd_local_apic_set_eoi_broadcast(const struct dd_local_apic *apic,
                                               enum dd_local_apic_eoi_broadcast broadcast)
{
    if (broadcast > DD_LOCAL_APIC_EOI_NO_BROADCAST) {
        return DD_EARG;
    }
    if (apic->mode == DD_LOCAL_APIC_DISABLED) {
        return DD_ENODEV;
    }
    if (dd_local_apic_read_version(apic).suppresses_eoi == 0) {
        return DD_ENOTSUP;
    }
    dd_local_apic_write_register(apic, DD_APIC_SVR,
                                 DD_SET(dd_local_apic_read_register(apic, DD_APIC_SVR),
                                        DD_APIC_SVR_SUPPRESS_EOI_BROADCAST, broadcast));
    return DD_OK;
}

void dd_local_apic_eoi(const struct dd_local_apic *apic)
{
    dd_local_apic_write_register(apic, DD_APIC_EOI, 0);
}

uint8_t dd_local_apic_read_tpr(const struct dd_local_apic *apic)
{
    return (uint8_t)dd_local_apic_read_register(apic, DD_APIC_TPR);
}

void dd_local_apic_write_tpr(const struct dd_local_apic *apic, uint8_t priority)
{
    dd_local_apic_write_register(apic, DD_APIC_TPR, priority);
}

uint8_t dd_local_apic_read_ppr(const struct dd_local_apic *apic)
{
    return (uint8_t)dd_local_apic_read_register(apic, DD_APIC_PPR);
}

bool dd_local_apic_test(const struct dd_local_apic *apic, enum dd_local_apic_bank bank,
                        uint8_t vector)
{
    static const unsigned int banks[] = {
        [DD_LOCAL_APIC_IN_SERVICE] = DD_APIC_ISR,
        [DD_LOCAL_APIC_TRIGGER] = DD_APIC_TMR,
        [DD_LOCAL_APIC_REQUESTED] = DD_APIC_IRR,
    };

    if (bank >= sizeof banks / sizeof banks[0]) {
        return false;
    }
    return (dd_local_apic_read_register(apic, banks[bank] + vector / BANK_VECTORS) >>
                vector % BANK_VECTORS &
            1) != 0;
}

/* The write makes the register show what has happened since the write before. */
uint32_t dd_local_apic_take_errors(const struct dd_local_apic *apic)
{
    dd_local_apic_write_register(apic, DD_APIC_ESR, 0);
    return dd_local_apic_read_register(apic, DD_APIC_ESR);
}
