/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the local APIC in xAPIC mode: registers, local vector table,
 * priorities, interprocessor interrupts. A claim that succeeds leaves nothing
 * waiting.
 */
#include "drydock/arch/insn.h"
#include "tests/claims/controllers.h"

enum {
    VECTOR = 0x61,
    NMI = 2
};

static const struct dd_local_apic_ipi to_self = {.vector = VECTOR,
                                                 .recipients = DD_LOCAL_APIC_TO_SELF};

/* [SDM 3A] 10.4.1, 10.4.4, 10.4.8. */
CLAIM(local_apic_is_found_and_says_what_it_is)
{
    struct dd_local_apic apic;
    struct dd_local_apic_version version;
    dd_paddr page = {0};

    CLAIM_OK(dd_local_apic_find(&page));
    CLAIM_EQUAL(page.raw, 0xFEE00000);
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_EQUAL((uint64_t)apic.mode, DD_LOCAL_APIC_XAPIC);
    CLAIM_EQUAL(dd_local_apic_read_id(&apic), dd_cpuid(1, 0).ebx >> 24);
    version = dd_local_apic_read_version(&apic);
    CLAIM_EQUAL(version.version & 0xF0, 0x10);
    CLAIM_TRUE(version.last_entry >= 3 && version.last_entry <= 6);
    controllers_close();
}

/* [SDM 3A] figure 10-23, read past the library. */
CLAIM(local_apic_is_enabled_and_disabled_by_software)
{
    struct dd_local_apic apic;
    dd_vaddr svr;

    CLAIM_OK(controllers_open_local_apic(&apic));
    svr = dd_vaddr_from(apic.registers.raw + 0xF0);
    dd_local_apic_disable(&apic);
    CLAIM_EQUAL(dd_mmio_read32(svr) & 0x1FF, 0x0FF);
    CLAIM_STATUS(dd_local_apic_enable(&apic, 0x1F), DD_EARG);
    CLAIM_EQUAL(dd_mmio_read32(svr) & 0x1FF, 0x0FF);
    CLAIM_OK(dd_local_apic_enable(&apic, 0xEF));
    CLAIM_EQUAL(dd_mmio_read32(svr) & 0x1FF, 0x1EF);
    CLAIM_OK(dd_local_apic_enable(&apic, 0xFF));
    controllers_close();
}

/* What each entry may hold, masked, and what it then reads as. */
static const struct {
    enum dd_local_apic_lvt lvt;
    struct dd_local_apic_entry entry;
} entries[] = {
    {DD_LOCAL_APIC_LVT_TIMER, {.vector = 0x71}},
    {DD_LOCAL_APIC_LVT_THERMAL, {.delivery = DD_APIC_NMI}},
    {DD_LOCAL_APIC_LVT_PERFORMANCE, {.vector = 0x73}},
    {DD_LOCAL_APIC_LVT_LINT0,
     {.vector = 0x74, .polarity = DD_APIC_ACTIVE_LOW, .trigger = DD_APIC_LEVEL}},
    {DD_LOCAL_APIC_LVT_LINT1, {.delivery = DD_APIC_NMI, .polarity = DD_APIC_ACTIVE_LOW}},
    {DD_LOCAL_APIC_LVT_ERROR, {.vector = 0x76}},
};

static void check_entry(const struct dd_local_apic *apic, unsigned int i)
{
    struct dd_local_apic_entry entry = entries[i].entry;
    struct dd_local_apic_entry after = {0};

    entry.mask = DD_APIC_MASKED;
    CLAIM_OK(dd_local_apic_write_lvt(apic, entries[i].lvt, &entry));
    CLAIM_OK(dd_local_apic_read_lvt(apic, entries[i].lvt, &after));
    CLAIM_EQUAL(after.vector, entry.vector);
    CLAIM_EQUAL((uint64_t)after.delivery, (uint64_t)entry.delivery);
    CLAIM_EQUAL((uint64_t)after.polarity, (uint64_t)entry.polarity);
    CLAIM_EQUAL((uint64_t)after.trigger, (uint64_t)entry.trigger);
    CLAIM_EQUAL((uint64_t)after.mask, 1);
}

/* [SDM 3A] figure 10-8. */
CLAIM(local_apic_table_entries_read_back)
{
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    for (unsigned int i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        check_entry(&apic, i);
    }
    CLAIM_OK(controllers_set_pins(&apic));
    controllers_close();
}

CLAIM(local_apic_table_refuses_what_an_entry_cannot_have)
{
    const struct dd_local_apic_entry level = {.vector = 0x70, .trigger = DD_APIC_LEVEL};
    const struct dd_local_apic_entry nmi = {.delivery = DD_APIC_NMI};
    const struct dd_local_apic_entry fixed = {.vector = 0x70, .mask = DD_APIC_MASKED};
    struct dd_local_apic_entry after = {0};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_write_lvt(&apic, DD_LOCAL_APIC_LVT_ERROR, &fixed));
    CLAIM_STATUS(dd_local_apic_write_lvt(&apic, DD_LOCAL_APIC_LVT_ERROR, &nmi), DD_EARG);
    CLAIM_STATUS(dd_local_apic_write_lvt(&apic, DD_LOCAL_APIC_LVT_ERROR, &level), DD_EARG);
    CLAIM_STATUS(dd_local_apic_write_lvt(&apic, DD_LOCAL_APIC_LVT_LINT1, &level), DD_EARG);
    CLAIM_OK(dd_local_apic_read_lvt(&apic, DD_LOCAL_APIC_LVT_ERROR, &after));
    CLAIM_EQUAL(after.vector, 0x70);
    CLAIM_EQUAL((uint64_t)after.mask, 1);
    CLAIM_STATUS(dd_local_apic_write_lvt(&apic, DD_LOCAL_APIC_LVT_CMCI, &fixed),
                 dd_local_apic_read_version(&apic).last_entry >= 6 ? DD_OK : DD_ENOTSUP);
    controllers_close();
}

/* [SDM 3A] 10.8.3.1: with nothing in service the processor's priority is the task's. */
CLAIM(local_apic_processor_priority_follows_the_task)
{
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    dd_local_apic_write_tpr(&apic, 0xB0);
    CLAIM_EQUAL(dd_local_apic_read_tpr(&apic), 0xB0);
    CLAIM_EQUAL(dd_local_apic_read_ppr(&apic), 0xB0);
    dd_local_apic_write_tpr(&apic, 0);
    CLAIM_EQUAL(dd_local_apic_read_ppr(&apic), 0);
    controllers_close();
}

/* With interrupts off it waits in IRR; TMR is clear for an edge. [SDM 3A] 10.8.4. */
CLAIM(local_apic_ipi_to_self_is_a_request_for_its_vector_alone)
{
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &to_self));
    for (unsigned int vector = 32; vector < 256; vector++) {
        CLAIM_EQUAL(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, (uint8_t)vector),
                    vector == VECTOR);
    }
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_TRIGGER, VECTOR));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_IN_SERVICE, VECTOR));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    controllers_close();
}

CLAIM(local_apic_ipi_reaches_an_apic_by_its_id)
{
    struct dd_local_apic_ipi ipi = {.vector = VECTOR, .recipients = DD_LOCAL_APIC_TO_ONE};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    ipi.id = dd_local_apic_read_id(&apic) + 1;
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    ipi.recipients = DD_LOCAL_APIC_TO_OTHERS;
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    ipi.recipients = DD_LOCAL_APIC_TO_ONE;
    ipi.id = dd_local_apic_read_id(&apic);
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    controllers_close();
}

/* [SDM 3A] 10.8.4, 10.8.5: in service from its arrival to EOI, and the priority is its class. */
CLAIM(local_apic_interrupt_is_in_service_until_its_end)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &to_self));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, 1);
    CLAIM_EQUAL(arrivals[0].vector, VECTOR);
    CLAIM_TRUE(arrivals[0].in_service);
    CLAIM_EQUAL(arrivals[0].priority, 0x60);
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_IN_SERVICE, VECTOR));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_EQUAL(dd_local_apic_read_ppr(&apic), 0);
    controllers_close();
}

/* [SDM 3A] 10.8.3.1: class 6 waits while the task's is 6, and comes when it is 5. */
CLAIM(local_apic_task_priority_holds_its_class_back)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    dd_local_apic_write_tpr(&apic, 0x60);
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &to_self));
    controllers_watch(&apic);
    controllers_let_in();
    CLAIM_EQUAL(arrival_count, 0);
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    dd_local_apic_write_tpr(&apic, 0x5F);
    controllers_let_in();
    controllers_watch_end();
    dd_local_apic_write_tpr(&apic, 0);
    CLAIM_EQUAL(arrival_count, 1);
    CLAIM_EQUAL(arrivals[0].vector, VECTOR);
    controllers_close();
}

CLAIM(local_apic_higher_vectors_come_first)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic_ipi higher = to_self;
    struct dd_local_apic apic;

    higher.vector = 0x91;
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &to_self));
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &higher));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, 2);
    CLAIM_EQUAL(arrivals[0].vector, 0x91);
    CLAIM_EQUAL(arrivals[1].vector, VECTOR);
    controllers_close();
}

/* An NMI needs no interrupt flag. [SDM 3A] 10.6.1, 6.7. */
CLAIM(local_apic_ipi_can_be_an_nmi)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic_ipi ipi = {.delivery = DD_APIC_NMI, .recipients = DD_LOCAL_APIC_TO_ONE};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    ipi.id = dd_local_apic_read_id(&apic);
    controllers_watch(&apic);
    CLAIM_OK(dd_local_apic_send_ipi(&apic, &ipi));
    dd_pause();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, 1);
    CLAIM_EQUAL(arrivals[0].vector, NMI);
    CLAIM_TRUE(!arrivals[0].in_service);
    controllers_close();
}

/* [SDM 3A] table 10-3, and vectors of exceptions. */
CLAIM(local_apic_ipi_that_the_manual_forbids_is_not_sent)
{
    static const struct dd_local_apic_ipi forbidden[] = {
        {DD_APIC_FIXED, 0x1F, DD_LOCAL_APIC_TO_SELF, 0},
        {DD_APIC_NMI, 0, DD_LOCAL_APIC_TO_SELF, 0},
        {DD_APIC_INIT, 0, DD_LOCAL_APIC_TO_ALL, 0},
        {DD_APIC_STARTUP, 0x08, DD_LOCAL_APIC_TO_ALL, 0},
        {DD_APIC_FIXED, 0x61, DD_LOCAL_APIC_TO_ONE, 0xFF},
    };
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    for (unsigned int i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        CLAIM_STATUS(dd_local_apic_send_ipi(&apic, &forbidden[i]), DD_EARG);
    }
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, 0x1F));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, 0x61));
    controllers_close();
}

/* Vector 5 past the library. [SDM 3A] 10.5.3: sent and received illegal vector. */
CLAIM(local_apic_errors_are_taken_once)
{
    CLAIM_SKIP_IF(controllers_are_qemu_tcg(), "QEMU's local APIC reports no illegal vectors");

    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    (void)dd_local_apic_take_errors(&apic);
    CLAIM_EQUAL(dd_local_apic_take_errors(&apic), 0);
    dd_mmio_write32(dd_vaddr_from(apic.registers.raw + 0x300), 0x00044005);
    CLAIM_EQUAL(dd_local_apic_take_errors(&apic), 0x60);
    CLAIM_EQUAL(dd_local_apic_take_errors(&apic), 0);
    controllers_close();
}

/* What was waited for in between; nobody has this ID. */
static void add_wait(void *context, uint32_t microseconds)
{
    *(uint64_t *)context = *(uint64_t *)context << 20 | microseconds;
}

/* [SDM 3A] 8.4.4.1: 10 milliseconds after INIT, 200 microseconds after a startup. */
CLAIM(local_apic_sends_what_starts_a_processor_and_waits_in_between)
{
    uint64_t waits = 0;
    const struct dd_delay delay = {add_wait, &waits};
    struct dd_local_apic apic;

    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_STATUS(dd_local_apic_start_processor(&apic, 0x4D, dd_paddr_from(0x8800), &delay),
                 DD_EALIGN);
    CLAIM_STATUS(dd_local_apic_start_processor(&apic, 0x4D, dd_paddr_from(0xA0000), &delay),
                 DD_EARG);
    CLAIM_EQUAL(waits, 0);
    CLAIM_OK(dd_local_apic_start_processor(&apic, 0x4D, dd_paddr_from(0x8000), &delay));
    CLAIM_EQUAL(waits, 0x02710000C8000C8);
    controllers_close();
}
