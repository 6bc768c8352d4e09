/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages are mapped at the end of the spare region, and only here, so that
 * the claims know nothing of page tables.
 */
#include "tests/claims/controllers.h"

#include "drydock/arch/insn.h"
#include "drydock/interrupt.h"
#include "drydock/paging.h"
#include "drydock/pic8259.h"
#include "drydock/pit8254.h"

enum {
    PAGE = 4096,
    PIC_VECTORS = 16,
    VECTOR_NMI = 2,
    SPURIOUS_VECTOR = 0xFF,
    ARRIVALS = 4,
    SHOT_TICKS = 3,
    LOOKS = 50
};

/* From the beginning of the spare region: its last GiB. */
#define LOCAL_APIC_PLACE (UINT64_C(511) << 30)
#define IO_APIC_PLACE    (LOCAL_APIC_PLACE + PAGE)

#define IO_APIC_PAGE UINT64_C(0xFEC00000)

struct arrival arrivals[ARRIVALS];
unsigned int arrival_count;

static const struct dd_local_apic *watched;

static dd_vaddr address_of(uint64_t place)
{
    return dd_vaddr_from(world_spare_region().raw + place);
}

static void unmap(uint64_t place)
{
    struct dd_address_space space;
    struct dd_tlb_pending pending;

    dd_paging_current(&space, world_memory());
    dd_tlb_pending_init(&pending);
    (void)!dd_paging_unmap_page(&space, address_of(place), DD_PAGE_4K, &pending, NULL);
    (void)!dd_tlb_settle_here(&pending);
}

/* A claim that ended early may have left the page mapped. */
static enum dd_status map(uint64_t place, dd_paddr page)
{
    struct dd_address_space space;

    unmap(place);
    dd_paging_current(&space, world_memory());
    return dd_paging_map_page(&space, address_of(place), page, DD_PAGE_4K,
                              DD_MAP_WRITE | DD_MAP_UNCACHED | DD_MAP_WRITE_THROUGH);
}

void controllers_close(void)
{
    unmap(LOCAL_APIC_PLACE);
    unmap(IO_APIC_PLACE);
}

enum dd_status controllers_open_local_apic(struct dd_local_apic *apic)
{
    dd_paddr page;
    enum dd_status status = dd_local_apic_find(&page);

    if (status == DD_OK) {
        status = map(LOCAL_APIC_PLACE, page);
    }
    if (status == DD_OK) {
        status = dd_local_apic_open(apic, address_of(LOCAL_APIC_PLACE));
    }
    return status == DD_OK ? dd_local_apic_enable(apic, SPURIOUS_VECTOR) : status;
}

enum dd_status controllers_open_io_apic(struct dd_io_apic *apic)
{
    enum dd_status status = map(IO_APIC_PLACE, dd_paddr_from(IO_APIC_PAGE));

    return status == DD_OK ? dd_io_apic_open(apic, address_of(IO_APIC_PLACE)) : status;
}

static void end_service(uint64_t vector)
{
    if (vector == VECTOR_NMI) {
        return;
    }
    if (vector - CONTROLLERS_PIC_VECTOR < PIC_VECTORS) {
        (void)!dd_pic8259_eoi((uint8_t)(vector - CONTROLLERS_PIC_VECTOR), DD_PIC8259_EOI_SPECIFIC);
    } else {
        dd_local_apic_eoi(watched);
    }
}

static void take(struct dd_interrupt_frame *frame)
{
    if (arrival_count < ARRIVALS) {
        arrivals[arrival_count] = (struct arrival){
            .vector = frame->vector,
            .in_service =
                dd_local_apic_test(watched, DD_LOCAL_APIC_IN_SERVICE, (uint8_t)frame->vector),
            .priority = dd_local_apic_read_ppr(watched),
        };
    }
    arrival_count++;
    end_service(frame->vector);
}

void controllers_watch(const struct dd_local_apic *apic)
{
    watched = apic;
    arrival_count = 0;
    world_on_exception(take);
}

void controllers_watch_end(void)
{
    world_on_exception(NULL);
}

/* STI lets interrupts in after the instruction that follows it. */
void controllers_let_in(void)
{
    if (world_runs_on_processor()) {
        dd_sti();
        dd_mfence();
        dd_mfence();
        dd_cli();
    }
}

/* Time for the device that is waited for: QEMU's timers fire in a thread of their own. */
static enum dd_status let_time_pass(void)
{
    return dd_pit8254_wait(controllers_are_qemu_tcg() ? 10000 : 5);
}

enum dd_status controllers_fire_timer(void)
{
    enum dd_status status = controllers_quiet_timer();

    if (status == DD_OK) {
        status = dd_pic8259_init(CONTROLLERS_PIC_VECTOR, CONTROLLERS_PIC_SECOND_VECTOR);
    }
    if (status == DD_OK) {
        status = dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, SHOT_TICKS);
    }
    for (unsigned int i = 0; i < LOOKS && status == DD_OK; i++) {
        if ((dd_pic8259_read_irr() & 1) != 0) {
            return DD_OK;
        }
        status = let_time_pass();
    }
    return status == DD_OK ? DD_ETIMEOUT : status;
}

enum dd_status controllers_await_request(const struct dd_local_apic *apic, uint8_t vector)
{
    enum dd_status status = DD_OK;

    for (unsigned int i = 0; i < LOOKS && status == DD_OK; i++) {
        if (dd_local_apic_test(apic, DD_LOCAL_APIC_REQUESTED, vector)) {
            return DD_OK;
        }
        status = let_time_pass();
    }
    return status == DD_OK ? DD_ETIMEOUT : status;
}

enum dd_status controllers_set_pins(const struct dd_local_apic *apic)
{
    const struct dd_local_apic_entry external = {.delivery = DD_APIC_EXTINT};
    const struct dd_local_apic_entry nmi = {.delivery = DD_APIC_NMI};
    enum dd_status status = dd_local_apic_write_lvt(apic, DD_LOCAL_APIC_LVT_LINT0, &external);

    return status == DD_OK ? dd_local_apic_write_lvt(apic, DD_LOCAL_APIC_LVT_LINT1, &nmi) : status;
}

enum dd_status controllers_quiet_timer(void)
{
    return dd_pit8254_start(DD_PIT8254_CHANNEL_0, DD_PIT8254_TERMINAL_COUNT, DD_PIT8254_COUNT_MAX);
}

/* "TCGT" in EBX of leaf 40000000H. */
bool controllers_are_qemu_tcg(void)
{
    const uint32_t hypervisor_leaf = 0x40000000;

    return dd_cpuid(hypervisor_leaf, 0).ebx == 0x54474354;
}
