/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about x2APIC mode and the way into it and out of it. A claim that
 * succeeds leaves the APIC in xAPIC mode and as firmware does: LINT0 ExtINT,
 * LINT1 NMI.
 */
#include "drydock/arch/insn.h"
#include "drydock/pit8254.h"
#include "tests/claims/controllers.h"

enum {
    VECTOR = 0x63
};

/* [SDM 2A] CPUID.1:ECX bit 21. */
static bool lacks_x2apic(void)
{
    return (dd_cpuid(1, 0).ecx >> 21 & 1) == 0;
}

#define SKIP_WITHOUT_X2APIC() CLAIM_SKIP_IF(lacks_x2apic(), "the processor has no x2APIC mode")

static enum dd_status enter(struct dd_local_apic *apic)
{
    enum dd_status status = controllers_open_local_apic(apic);

    return status == DD_OK ? dd_local_apic_set_mode(apic, DD_LOCAL_APIC_X2APIC) : status;
}

static enum dd_status leave(struct dd_local_apic *apic)
{
    enum dd_status status = dd_local_apic_set_mode(apic, DD_LOCAL_APIC_DISABLED);

    if (status == DD_OK) {
        status = dd_local_apic_set_mode(apic, DD_LOCAL_APIC_XAPIC);
    }
    if (status == DD_OK) {
        status = dd_local_apic_enable(apic, 0xFF);
    }
    if (status == DD_OK) {
        status = controllers_set_pins(apic);
    }
    controllers_close();
    return status;
}

/* [SDM 3A] 10.12.5.1: the ID has 32 bits, the other registers stay. IA32_APIC_BASE: bits 11, 10. */
CLAIM(local_apic_keeps_its_registers_on_the_way_into_x2apic_mode)
{
    SKIP_WITHOUT_X2APIC();

    struct dd_local_apic apic;
    uint32_t id;

    CLAIM_OK(controllers_open_local_apic(&apic));
    id = dd_local_apic_read_id(&apic);
    dd_local_apic_write_tpr(&apic, 0x30);
    CLAIM_OK(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_X2APIC));
    CLAIM_EQUAL(dd_rdmsr(0x1B) & 0xFFFFFFFFFFFFFCFF, 0xFEE00C00);
    CLAIM_EQUAL(dd_local_apic_read_id(&apic), id);
    CLAIM_EQUAL(dd_rdmsr(0x802), id);
    CLAIM_EQUAL(dd_local_apic_read_tpr(&apic), 0x30);
    CLAIM_EQUAL(dd_rdmsr(0x80F) & 0x1FF, 0x1FF);
    CLAIM_OK(leave(&apic));
}

/* [SDM 3A] 10.12.10.2: cluster from ID bits 19:4, and the bit of ID bits 3:0. */
CLAIM(local_apic_makes_the_logical_id_itself_in_x2apic_mode)
{
    SKIP_WITHOUT_X2APIC();

    struct dd_local_apic apic;
    uint32_t id;

    CLAIM_OK(enter(&apic));
    id = dd_local_apic_read_id(&apic);
    CLAIM_EQUAL(dd_local_apic_read_logical_id(&apic),
                ((id >> 4 & 0xFFFF) << 16 | 1u << (id & 0xF)));
    CLAIM_STATUS(dd_local_apic_write_logical_id(&apic, 1), DD_ENOTSUP);
    CLAIM_OK(leave(&apic));
}

/* [SDM 3A] figure 10-27. */
CLAIM(local_apic_goes_between_modes_along_the_arrows_only)
{
    SKIP_WITHOUT_X2APIC();

    struct dd_local_apic apic;
    uint64_t base;

    CLAIM_OK(enter(&apic));
    base = dd_rdmsr(0x1B);
    CLAIM_STATUS(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_XAPIC), DD_EARG);
    CLAIM_OK(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_X2APIC));
    CLAIM_EQUAL(dd_rdmsr(0x1B), base);
    CLAIM_OK(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_DISABLED));
    CLAIM_EQUAL(dd_rdmsr(0x1B), base & 0xFFFFFFFFFFFFF3FF);
    CLAIM_STATUS(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_X2APIC), DD_EARG);
    CLAIM_STATUS(dd_local_apic_enable(&apic, 0xFF), DD_ENODEV);
    CLAIM_EQUAL(dd_local_apic_read_id(&apic), 0);
    CLAIM_OK(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_XAPIC));
    CLAIM_EQUAL(dd_rdmsr(0x1B), base & 0xFFFFFFFFFFFFFBFF);
    CLAIM_EQUAL(dd_mmio_read32(dd_vaddr_from(apic.registers.raw + 0xF0)) & 0x1FF, 0x0FF);
    CLAIM_OK(leave(&apic));
}

CLAIM(local_apic_ipi_to_self_is_a_request_in_x2apic_mode)
{
    SKIP_WITHOUT_X2APIC();

    struct dd_local_apic_ipi ipi = {.vector = VECTOR};
    struct dd_local_apic apic;

    CLAIM_OK(enter(&apic));
    ipi.id = dd_local_apic_read_id(&apic) + 0x100;
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    ipi.id = dd_local_apic_read_id(&apic);
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    CLAIM_TRUE(arrival_count == (world_runs_on_processor() ? 1 : 0));
    CLAIM_TRUE(arrival_count == 0 || (arrivals[0].vector == VECTOR && arrivals[0].in_service &&
                                      arrivals[0].priority == 0x60));
    CLAIM_OK(leave(&apic));
}

/* Reserved bits are checked there: every register the library writes, once. [SDM 3A] 10.12.1.3. */
CLAIM(local_apic_writes_no_reserved_bit_in_x2apic_mode)
{
    SKIP_WITHOUT_X2APIC();

    static const enum dd_local_apic_lvt entries[] = {
        DD_LOCAL_APIC_LVT_THERMAL, DD_LOCAL_APIC_LVT_PERFORMANCE, DD_LOCAL_APIC_LVT_LINT0,
        DD_LOCAL_APIC_LVT_LINT1, DD_LOCAL_APIC_LVT_ERROR};
    const struct dd_local_apic_entry fixed = {.vector = VECTOR, .mask = DD_APIC_MASKED};
    const struct dd_local_apic_timer timer = {
        .vector = VECTOR, .divisor = 128, .mask = DD_APIC_MASKED};
    struct dd_local_apic apic;

    CLAIM_OK(enter(&apic));
    for (unsigned int i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        CLAIM_OK(dd_local_apic_write_lvt(&apic, entries[i], &fixed));
    }
    CLAIM_OK(dd_local_apic_set_timer(&apic, &timer));
    dd_local_apic_start_timer(&apic, 0xFFFFFFFF);
    CLAIM_OK(dd_pit8254_wait(3));
    CLAIM_TRUE(dd_local_apic_read_timer(&apic) < 0xFFFFFFFF);
    dd_local_apic_write_tpr(&apic, 0xFF);
    CLAIM_EQUAL(dd_local_apic_read_ppr(&apic), 0xFF);
    dd_local_apic_eoi(&apic);
    CLAIM_EQUAL(dd_local_apic_take_errors(&apic), 0);
    dd_local_apic_disable(&apic);
    CLAIM_OK(dd_local_apic_enable(&apic, 0xFF));
    CLAIM_OK(leave(&apic));
}

CLAIM(local_apic_refuses_x2apic_mode_without_the_feature)
{
    CLAIM_SKIP_IF(!lacks_x2apic(), "the processor has x2APIC mode");

    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_STATUS(dd_local_apic_set_mode(&apic, DD_LOCAL_APIC_X2APIC), DD_ENOTSUP);
    CLAIM_EQUAL((uint64_t)apic.mode, DD_LOCAL_APIC_XAPIC);
    CLAIM_EQUAL(dd_rdmsr(0x1B) & 0xC00, 0x800);
    controllers_close();
}
