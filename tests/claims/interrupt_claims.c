/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about interrupts at privilege level 0: the table of handlers, the GS
 * base that entry code finds and leaves, and the stacks of vectors that may come
 * anywhere. Those about level 3 are in user_claims.c.
 */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/interrupt.h"
#include "drydock/paging.h"
#include "tests/claims/raise.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/watch.h"

/* [SDM 2B] SWAPGS. */
#define GS_BASE        0xC0000101u
#define KERNEL_GS_BASE 0xC0000102u

/* Bases of the kernel, in the upper half, and of level 3; nothing is accessed there. */
#define KERNELS 0xFFFFC12345678000
#define USERS   0x0000123456789000

struct calls {
    unsigned int count;
    uint64_t vector;
};

static void count_call(struct dd_interrupt_frame *frame, void *context)
{
    struct calls *calls = context;

    calls->count++;
    calls->vector = frame->vector;
}

CLAIM(a_handler_gets_its_vector_and_its_context)
{
    static struct dd_interrupt_table table;
    static struct dd_interrupt_handler handlers[256];
    static struct calls by_vector[256];
    static const struct dd_interrupt_handler none = {0};
    struct calls others = {0};
    const struct dd_interrupt_handler fallback = {count_call, &others};

    CLAIM_STATUS(dd_interrupt_table_init(&table, &none), DD_EARG);
    CLAIM_OK(dd_interrupt_table_init(&table, &fallback));
    for (unsigned int i = 0; i < 256; i++) {
        by_vector[i] = (struct calls){0};
        handlers[i] = (struct dd_interrupt_handler){count_call, &by_vector[i]};
        CLAIM_OK(dd_interrupt_set_handler(&table, (uint8_t)i, &handlers[i]));
    }
    CLAIM_STATUS(dd_interrupt_set_handler(&table, 33, &none), DD_EARG);
    for (unsigned int i = 0; i < 256; i++) {
        struct dd_interrupt_frame frame = {.vector = i};

        dd_interrupt_dispatch(&table, &frame);
        CLAIM_EQUAL(by_vector[i].count, 1);
        CLAIM_EQUAL(by_vector[i].vector, i);
    }
    CLAIM_EQUAL(others.count, 0);
}

CLAIM(vectors_without_a_handler_go_to_the_fallback)
{
    static struct dd_interrupt_table table;
    struct calls of_33 = {0};
    struct calls others = {0};
    const struct dd_interrupt_handler handler = {count_call, &of_33};
    const struct dd_interrupt_handler fallback = {count_call, &others};
    struct dd_interrupt_frame frame = {.vector = 33};

    CLAIM_OK(dd_interrupt_table_init(&table, &fallback));
    CLAIM_OK(dd_interrupt_set_handler(&table, 33, &handler));
    frame.vector = 34;
    dd_interrupt_dispatch(&table, &frame);
    CLAIM_EQUAL(others.vector, 34);
    frame.vector = 256;
    dd_interrupt_dispatch(&table, &frame);
    CLAIM_EQUAL(others.vector, 256);
    CLAIM_EQUAL(of_33.count, 0);
    CLAIM_OK(dd_interrupt_set_handler(&table, 33, NULL));
    frame.vector = 33;
    dd_interrupt_dispatch(&table, &frame);
    CLAIM_EQUAL(others.count, 3);
    CLAIM_EQUAL(of_33.count, 0);
}

static struct dd_interrupt_table world_table;

static void dispatch(struct dd_interrupt_frame *frame)
{
    dd_interrupt_dispatch(&world_table, frame);
}

CLAIM(dispatch_calls_the_handler_of_the_interrupt_that_came)
{
    SKIP_WITHOUT_PROCESSOR();

    struct calls of_0x42 = {0};
    struct calls others = {0};
    const struct dd_interrupt_handler handler = {count_call, &of_0x42};
    const struct dd_interrupt_handler fallback = {count_call, &others};

    CLAIM_OK(dd_interrupt_table_init(&world_table, &fallback));
    CLAIM_OK(dd_interrupt_set_handler(&world_table, 0x42, &handler));
    watch(dispatch);
    (void)raise_vector(0x42);
    (void)raise_vector(0x77);
    (void)raise_vector(0x42);
    watch_end();
    CLAIM_EQUAL(of_0x42.count, 2);
    CLAIM_EQUAL(of_0x42.vector, 0x42);
    CLAIM_EQUAL(others.count, 1);
    CLAIM_EQUAL(others.vector, 0x77);
}

static void set_bases(uint64_t in_use, uint64_t other)
{
    dd_wrmsr(GS_BASE, in_use);
    dd_wrmsr(KERNEL_GS_BASE, other);
}

/* Raise a vector at level 0 with these bases; what they are afterwards goes to after[]. */
static void raise_with_bases(uint32_t vector, const uint64_t before[2], uint64_t after[2])
{
    watch(record);
    set_bases(before[0], before[1]);
    (void)raise_vector(vector);
    after[0] = dd_rdmsr(GS_BASE);
    after[1] = dd_rdmsr(KERNEL_GS_BASE);
    set_bases(0, 0);
    watch_end();
}

/*
 * Level 0 with the base of level 3 is what the first instruction of SYSCALL's
 * entry code is. #DB, NMI, #DF and #MC may come there; others may not, and leave
 * GS alone.
 */
CLAIM(entry_code_gives_the_kernel_its_gs_base_only_if_it_is_missing)
{
    static const uint64_t normal[2] = {KERNELS, USERS};
    static const uint64_t missing[2] = {USERS, KERNELS};

    SKIP_WITHOUT_PROCESSOR();
    for (uint32_t vector = 0; vector < 32; vector++) {
        bool anywhere = vector == 1 || vector == 2 || vector == 8 || vector == 18;
        uint64_t after[2] = {0};

        raise_with_bases(vector, normal, after);
        CLAIM_EQUAL(seen[0].gs_base, KERNELS);
        CLAIM_EQUAL(seen[0].kernel_gs_base, USERS);
        CLAIM_EQUAL(after[0], KERNELS);
        CLAIM_EQUAL(after[1], USERS);

        raise_with_bases(vector, missing, after);
        CLAIM_EQUAL(seen[0].gs_base, anywhere ? KERNELS : USERS);
        CLAIM_EQUAL(after[0], USERS);
        CLAIM_EQUAL(after[1], KERNELS);
    }
}

/* [SDM 2A] IRET: #GP with the selector if CS is beyond the limit of its table. */
CLAIM(a_fault_of_the_iretq_to_level_3_is_taken_with_the_kernels_gs_base)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    frame = user_mode_frame(&user, USER_MODE_SYSCALL);
    frame.cs = 0xFFB;
    watch(record_and_leave);
    set_bases(KERNELS, USERS);
    user_mode_resume(&frame);
    uint64_t after = dd_rdmsr(GS_BASE);
    set_bases(0, 0);
    watch_end();
    user_mode_close(&user);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.vector, 13);
    CLAIM_EQUAL(seen[0].frame.error_code, 0xFF8);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x08);
    CLAIM_EQUAL(seen[0].gs_base, KERNELS);
    CLAIM_EQUAL(after, KERNELS);
}

/* RFLAGS.AC is bit 18: with SMAP it would let the handler access user pages. [SDM 3A] 4.6. */
CLAIM(a_handler_runs_with_the_alignment_check_flag_clear)
{
    SKIP_WITHOUT_PROCESSOR();

    uint64_t after = 0;

    watch(record);
    after = raise_with_alignment_check();
    watch_end();
    CLAIM_EQUAL(seen[0].frame.rflags & 0x40000, 0x40000);
    CLAIM_EQUAL(seen[0].rflags & 0x40000, 0);
    CLAIM_EQUAL(after & 0x40000, 0x40000);
}

enum {
    PAGE = 4096,
    PATIENCE = 1000000
};

/* Interrupt command register of the local APIC: [SDM 3A] 10.6.1. */
#define APIC_FRAME    0xFEE00000
#define APIC_ID       0x20
#define APIC_ICR_LOW  0x300
#define APIC_ICR_HIGH 0x310
#define ICR_NMI       0x4400 /* delivery mode NMI, level assert */

/* NMI to this processor itself, and a wait until it has come. */
static void send_nmi(dd_vaddr apic)
{
    uint32_t id = dd_mmio_read32(dd_vaddr_from(apic.raw + APIC_ID));

    dd_mmio_write32(dd_vaddr_from(apic.raw + APIC_ICR_HIGH), id);
    dd_mmio_write32(dd_vaddr_from(apic.raw + APIC_ICR_LOW), ICR_NMI);
    for (unsigned int i = 0; i < PATIENCE && *(volatile unsigned int *)&seen_count == 0; i++) {
        dd_pause();
    }
}

CLAIM(an_nmi_arrives_on_its_own_stack)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    dd_vaddr apic = dd_vaddr_from(world_spare_region().raw + 0x10000);

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    CLAIM_OK(user_mode_map_device(apic, dd_paddr_from(APIC_FRAME)));
    watch(record);
    send_nmi(apic);
    watch_end();
    user_mode_unmap_device(apic);
    user_mode_close(&user);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.vector, 2);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame_address, (uintptr_t)user_mode_processor.stacks[2] + PAGE - 176);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x08);
}

static void raise_in_nmi(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == 2) {
        (void)raise_vector(0x50);
        (void)raise_vector(8);
    }
}

/* INT 2 takes the gate of NMI, and so its stack. [SDM 3A] 6.14.5. */
CLAIM(an_interrupt_during_an_nmi_does_not_touch_its_stack)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    watch(raise_in_nmi);
    (void)raise_vector(2);
    watch_end();
    user_mode_close(&user);
    CLAIM_EQUAL(seen_count, 3);
    CLAIM_EQUAL(seen[0].frame_address, (uintptr_t)user_mode_processor.stacks[2] + PAGE - 176);
    CLAIM_TRUE(user_mode_is_on_stack(seen[1].frame_address, 2));
    CLAIM_TRUE(seen[1].frame_address + 176 <= seen[0].frame_address);
    CLAIM_EQUAL(seen[2].frame_address, (uintptr_t)user_mode_processor.stacks[1] + PAGE - 176);
}
