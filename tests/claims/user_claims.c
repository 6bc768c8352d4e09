/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about privilege level 3: how it is entered, what its interrupts look
 * like from level 0. What it may do is in user_access_claims.c. Programs are
 * those of user_mode.h; they are over when a handler says so.
 */
#include "drydock/arch/insn.h"
#include "drydock/exception.h"
#include "drydock/user.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/watch.h"

/* [SDM 2B] SWAPGS. */
#define GS_BASE        0xC0000101u
#define KERNEL_GS_BASE 0xC0000102u

/* A value of its own for each register, with bits in every byte. */
static uint64_t register_value(unsigned int index)
{
    return UINT64_C(0x0123456789ABCDEF) + index * UINT64_C(0x1111111111111111);
}

static void fill_registers(struct dd_interrupt_frame *frame)
{
    uint64_t *registers = &frame->r15;

    for (unsigned int i = 0; i < 15; i++) {
        registers[i] = register_value(i);
    }
}

/* The index of the first of 15 registers that is not as filled; 15 if all are. */
static unsigned int first_changed(const struct dd_interrupt_frame *frame)
{
    const uint64_t *registers = &frame->r15;
    unsigned int i = 0;

    while (i < 15 && registers[i] == register_value(i)) {
        i++;
    }
    return i;
}

/* CF, AF, SF, DF, ID: flags a program may have. [SDM 1] 3.4.3. */
#define SOME_FLAGS 0x200493

CLAIM(level_3_starts_with_the_registers_of_its_frame)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status entered = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    frame = user_mode_frame(&user, USER_MODE_INT_N);
    frame.rip = user_mode_int_n(&user, USER_MODE_LEAVE);
    frame.rflags = SOME_FLAGS;
    frame.rsp -= 0x128;
    fill_registers(&frame);
    watch(record_and_leave);
    entered = user_mode_run(&frame);
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(entered);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(first_changed(&seen[0].frame), 15);
    CLAIM_EQUAL(seen[0].frame.vector, 0x81);
    CLAIM_EQUAL(seen[0].frame.rip, user_mode_int_n(&user, 0x81) + 2);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x2B);
    CLAIM_EQUAL(seen[0].frame.ss & 0xFFFF, 0x23);
    CLAIM_EQUAL(seen[0].frame.rsp, user.data.raw + 4096 - 0x128);
    CLAIM_EQUAL(seen[0].frame.rflags, SOME_FLAGS);
    CLAIM_EQUAL(seen[0].rflags & 0x600, 0); /* IF and DF */
    CLAIM_EQUAL(seen[0].frame_address, (uintptr_t)user_mode_processor.stacks[0] + 4096 - 176);
}

/* [SDM 2A] IRET: what would raise an exception at level 0. */
CLAIM(a_frame_that_does_not_lead_to_level_3_is_not_entered)
{
    const struct dd_user_start start = {.entry = dd_vaddr_from(0x401000),
                                        .stack = dd_vaddr_from(0x7FFFFFFFE000),
                                        .code = 0x2B,
                                        .data = 0x23,
                                        .arguments = {11, 22, 33}};
    struct dd_user_start bad = start;
    struct dd_interrupt_frame frame = {0};
    struct dd_interrupt_frame good = {0};

    CLAIM_OK(dd_user_frame_init(&start, &frame));
    CLAIM_EQUAL(frame.rip, 0x401000);
    CLAIM_EQUAL(frame.rsp, 0x7FFFFFFFE000);
    CLAIM_EQUAL(frame.rflags, 0x202);
    CLAIM_EQUAL(frame.cs, 0x2B);
    CLAIM_EQUAL(frame.ss, 0x23);
    CLAIM_EQUAL(frame.rdi, 11);
    CLAIM_EQUAL(frame.rsi, 22);
    CLAIM_EQUAL(frame.rdx, 33);
    good = frame;
    bad.entry = dd_vaddr_from(0x800000000000);
    CLAIM_STATUS(dd_user_frame_init(&bad, &frame), DD_ECANONICAL);
    bad.linear_width = 57;
    CLAIM_OK(dd_user_frame_init(&bad, &frame));
    bad = start;
    bad.stack = dd_vaddr_from(0xFFFF000000000000);
    CLAIM_STATUS(dd_user_frame_init(&bad, &frame), DD_ECANONICAL);

    frame = good;
    frame.rip = 0x800000000000;
    CLAIM_STATUS(dd_user_enter(&frame, 48), DD_ECANONICAL);
    CLAIM_STATUS(dd_user_enter(&good, 49), DD_EARG);
    frame = good;
    frame.cs = 0x28;
    CLAIM_STATUS(dd_user_enter(&frame, 48), DD_EARG);
    frame = good;
    frame.ss = 0x22;
    CLAIM_STATUS(dd_user_enter(&frame, 48), DD_EARG);
    frame = good;
    frame.rflags |= 0x1000; /* IOPL 1 */
    CLAIM_STATUS(dd_user_enter(&frame, 48), DD_EARG);
    frame.rflags = 0x20202; /* VM */
    CLAIM_STATUS(dd_user_enter(&frame, 48), DD_EARG);
}

/* Stacks by vector: RSP0, or that of the vector's IST. [SDM 3A] 6.14.4, 6.14.5. */
static unsigned int stack_of(unsigned int vector)
{
    static const uint8_t stacks[19] = {[8] = 1, [2] = 2, [18] = 3, [1] = 4};

    return vector < 19 ? stacks[vector] : 0;
}

CLAIM(int_n_from_level_3_reaches_every_handler_that_expects_no_error_code)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    unsigned int good = 0;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    while (good < 256) {
        if (dd_exception_has_error_code(good)) {
            good++;
            continue;
        }
        struct dd_interrupt_frame frame = user_mode_frame(&user, USER_MODE_INT_N);
        uint64_t top = (uintptr_t)user_mode_processor.stacks[stack_of(good)] + 4096;

        frame.rip = user_mode_int_n(&user, good);
        watch(record_and_leave);
        enum dd_status entered = user_mode_run(&frame);
        watch_end();
        if (entered != DD_OK || seen_count != 1 || seen[0].frame.vector != good ||
            seen[0].frame.error_code != 0 || seen[0].frame.rip != frame.rip + 2 ||
            (seen[0].frame.cs & 0xFFFF) != 0x2B || (seen[0].frame.ss & 0xFFFF) != 0x23 ||
            seen[0].frame.rsp != frame.rsp || seen[0].frame_address != top - 176) {
            break;
        }
        good++;
    }
    user_mode_close(&user);
    CLAIM_EQUAL(good, 256);
}

static void go_on_once(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == 0x80) {
        frame->rip = frame->r12; /* where the program ends */
    } else {
        user_mode_leave(frame);
    }
}

CLAIM(level_3_goes_on_after_an_interrupt_with_its_registers)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status entered = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    frame = user_mode_frame(&user, USER_MODE_INT_N);
    fill_registers(&frame);
    frame.r12 = user_mode_int_n(&user, USER_MODE_LEAVE);
    frame.rip = user_mode_int_n(&user, 0x80);
    frame.rflags = SOME_FLAGS;
    watch(go_on_once);
    entered = user_mode_run(&frame);
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(entered);
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[1].frame.vector, 0x81);
    CLAIM_EQUAL(seen[1].frame.rip, frame.r12 + 2);
    CLAIM_EQUAL(seen[1].frame.rflags, SOME_FLAGS);
    CLAIM_EQUAL(seen[1].frame.rsp, frame.rsp);
    CLAIM_EQUAL(seen[1].frame_address, seen[0].frame_address);
    seen[1].frame.r12 = register_value(3);
    CLAIM_EQUAL(first_changed(&seen[1].frame), 15);
}

CLAIM(level_3_has_its_own_gs_base)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status entered = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    user.words[0] = 0xFEEDFACECAFEBEEF;
    frame = user_mode_frame(&user, USER_MODE_LOAD_GS);
    dd_wrmsr(GS_BASE, 0xFFFFC12345678000);
    dd_wrmsr(KERNEL_GS_BASE, user.data.raw);
    watch(record_and_leave);
    entered = user_mode_run(&frame);
    watch_end();
    uint64_t after = dd_rdmsr(GS_BASE);
    dd_wrmsr(GS_BASE, 0);
    dd_wrmsr(KERNEL_GS_BASE, 0);
    user_mode_close(&user);
    CLAIM_OK(entered);
    CLAIM_EQUAL(seen[0].frame.vector, 0x81);
    CLAIM_EQUAL(seen[0].frame.rax, 0xFEEDFACECAFEBEEF);
    CLAIM_EQUAL(seen[0].gs_base, 0xFFFFC12345678000);
    CLAIM_EQUAL(seen[0].kernel_gs_base, user.data.raw);
    CLAIM_EQUAL(after, 0xFFFFC12345678000);
}

/* [SDM 3A] 4.7: bit 0 the page was present, bit 2 user mode. */
CLAIM(a_page_fault_of_level_3_is_told_from_one_of_level_0)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status entered = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    frame = user_mode_frame(&user, USER_MODE_LOAD);
    frame.rdi = (uintptr_t)user_mode_processor.stacks;
    watch(record_and_leave);
    entered = user_mode_run(&frame);
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(entered);
    CLAIM_EQUAL(seen[0].frame.vector, 14);
    CLAIM_EQUAL(seen[0].frame.error_code, 5);
    CLAIM_EQUAL(seen[0].cr2, frame.rdi);
    CLAIM_EQUAL(seen[0].frame.rip, frame.rip);
    CLAIM_EQUAL(seen[0].frame.rsp, frame.rsp);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x2B);
}

/*
 * [SDM 3A] 6.12.1.1: #GP with the gate's vector and IDT = 1, bits 2:0 of the error code being 2.
 * (QEMU 7.2 gives twice the vector.)
 */
CLAIM(level_3_cannot_use_a_gate_of_level_0)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status status = DD_OK;

    CLAIM_OK(user_mode_open(&user, world_spare_region()));
    frame = user_mode_frame(&user, USER_MODE_INT_N);
    frame.rip = user_mode_int_n(&user, 14);
    watch(record_and_leave);
    status = user_mode_run(&frame);
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(seen[0].frame.vector, 13);
    CLAIM_EQUAL(seen[0].frame.error_code & 7, 2);
    CLAIM_EQUAL(seen[0].frame.rip, frame.rip);
}

/* Two pages below 4 GiB that neither RAM nor a device of the machines has. */
#define LOW_PAGES 0x90000000

CLAIM(a_32_bit_program_is_interrupted_and_resumed)
{
    SKIP_WITHOUT_PROCESSOR();

    struct user_mode user;
    struct dd_interrupt_frame frame;
    enum dd_status status = DD_OK;

    CLAIM_OK(user_mode_open(&user, dd_vaddr_from(LOW_PAGES)));
    frame = user_mode_frame(&user, USER_MODE_INT_N);
    frame.r12 = user_mode_int_n(&user, USER_MODE_LEAVE);
    frame.rip = user_mode_int_n(&user, 0x80);
    frame.cs = DD_CPU_USER_CODE32;
    watch(go_on_once);
    status = user_mode_run(&frame);
    watch_end();
    user_mode_close(&user);
    CLAIM_OK(status);
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[0].frame.vector, 0x80);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x1B);
    CLAIM_EQUAL(seen[0].frame.rsp, 0x90002000);
    CLAIM_EQUAL(seen[1].frame.vector, 0x81);
    CLAIM_EQUAL(seen[1].frame.cs & 0xFFFF, 0x1B);
    CLAIM_EQUAL(seen[1].frame.rip, 0x90000206);
}
