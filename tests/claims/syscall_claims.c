/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about SYSCALL and SYSRET: round trips from level 3, where a processor runs the entry code. */
#include "drydock/syscall.h"

#include "drydock/arch/insn.h"
#include "tests/claims/linear.h"
#include "tests/claims/raise.h"
#include "tests/claims/syscall_registers.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/watch.h"

/* A round trip of a claim: what is saved, and the frame the program starts with. */
struct trip {
    struct user_mode user;
    struct registers registers;
    struct dd_interrupt_frame frame;
    enum dd_status status;
};

static enum dd_status trip_open(struct trip *trip, enum user_mode_program program, uint64_t base)
{
    enum dd_status status = user_mode_open(&trip->user, dd_vaddr_from(base));

    trip->registers = read_registers();
    if (status == DD_OK) {
        status = user_mode_enable_syscall(&trip->user);
        dd_wrmsr(KERNEL_GS_BASE, 0x0000123456789000);
    }
    trip->frame = user_mode_frame(&trip->user, program);
    for (unsigned int i = 0; i < 15; i++) {
        (&trip->frame.r15)[i] = UINT64_C(0x0123456789ABCDEF) + i * UINT64_C(0x1111111111111111);
    }
    return status;
}

static void trip_run(struct trip *trip, void (*handler)(struct dd_interrupt_frame *frame))
{
    watch(handler);
    trip->status = user_mode_run(&trip->frame);
    watch_end();
    write_registers(&trip->registers);
    user_mode_close(&trip->user);
}

/* CF, AF, SF, DF, ID: flags a program may have. [SDM 1] 3.4.3. */
#define SOME_FLAGS 0x200493

/* [SDM 2B] SYSCALL: RIP to RCX, RFLAGS to R11. In the frame r11 is [4] and rcx [13]. */
CLAIM(syscall_and_back_keeps_every_register_but_rcx_and_r11)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;
    const uint64_t *before = &trip.frame.r15;
    const uint64_t *in_kernel = &seen[0].frame.r15;
    const uint64_t *after = &seen[1].frame.r15;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip.frame.rflags = SOME_FLAGS;
    trip.frame.rsp -= 0x230;
    trip_run(&trip, record_and_go_on);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[0].frame.vector, 0x100);
    CLAIM_EQUAL(seen[1].frame.vector, 0x81);
    for (unsigned int i = 0; i < 15; i++) {
        uint64_t expected = i == 4 ? SOME_FLAGS : i == 13 ? trip.frame.rip + 2 : before[i];

        CLAIM_EQUAL(in_kernel[i], expected);
        CLAIM_EQUAL(after[i], expected);
    }
    CLAIM_EQUAL(seen[1].frame.rip, trip.frame.rip + 4);
    CLAIM_EQUAL(seen[1].frame.rflags, SOME_FLAGS);
    CLAIM_EQUAL(seen[1].frame.rsp, trip.frame.rsp);
    CLAIM_EQUAL(seen[1].frame.cs & 0xFFFF, 0x2B);
    CLAIM_EQUAL(seen[1].frame.ss & 0xFFFF, 0x23);
}

CLAIM(syscall_arrives_on_the_kernels_stack_with_its_flags_and_gs_base)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip.frame.rflags = 0x44402; /* AC, NT, DF */
    trip_run(&trip, record_and_go_on);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen[0].frame_address, (uintptr_t)user_mode_processor.stacks[5] + 4096 - 176);
    CLAIM_EQUAL(seen[0].frame.error_code, 0);
    CLAIM_EQUAL(seen[0].frame.rip, trip.frame.rip + 2);
    CLAIM_EQUAL(seen[0].frame.cs, 0x2B);
    CLAIM_EQUAL(seen[0].frame.rsp, trip.frame.rsp);
    CLAIM_EQUAL(seen[0].frame.ss, 0x23);
    CLAIM_EQUAL(seen[0].frame.rflags & 0x47700, 0x44400);
    CLAIM_EQUAL(seen[0].rflags & 0x47700, 0);
    CLAIM_EQUAL(seen[0].gs_base, (uintptr_t)trip.user.cpu);
    CLAIM_EQUAL(seen[0].kernel_gs_base, 0x0000123456789000);
    CLAIM_EQUAL(seen[1].frame.rflags & 0x47700, 0x44400);
    CLAIM_EQUAL(seen[1].gs_base, (uintptr_t)trip.user.cpu);
}

/* Another place, stack, flags and results: IRETQ restores RCX and R11 too. */
static void go_elsewhere(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector != 0x100) {
        user_mode_leave(frame);
        return;
    }
    frame->rax = 0x600D;
    frame->rip = frame->rdi;
    frame->rsp -= 0x40;
    frame->rflags = 0x803; /* OF, CF */
    frame->rcx = 0x1111;
    frame->r11 = 0x2222;
}

CLAIM(changes_to_the_frame_of_a_syscall_take_effect)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip.frame.rdi = user_mode_int_n(&trip.user, 0x82);
    trip_run(&trip, go_elsewhere);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen[1].frame.vector, 0x82);
    CLAIM_EQUAL(seen[1].frame.rax, 0x600D);
    CLAIM_EQUAL(seen[1].frame.rcx, 0x1111);
    CLAIM_EQUAL(seen[1].frame.r11, 0x2222);
    CLAIM_EQUAL(seen[1].frame.rflags, 0x803);
    CLAIM_EQUAL(seen[1].frame.rsp, trip.frame.rsp - 0x40);
}

/* What a handler changes: a member of the frame, by its index from r15 on. */
static struct {
    unsigned int member;
    uint64_t value;
} change;

static void change_one(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == 0x100) {
        (&frame->r15)[change.member] = change.value;
    } else {
        user_mode_leave(frame);
    }
}

enum member {
    R11 = 4,
    RCX = 13,
    RIP = 17,
    RFLAGS = 19
};

/* Return from SYSCALL with one change, for RIP to INT n; the program ends with INT 81H or, at another place, INT 82H. */
static enum dd_status return_with(enum member member, uint64_t value)
{
    struct trip trip;
    enum dd_status status = trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw);

    change.member = member;
    change.value = value;
    if (member == RIP) {
        change.value = user_mode_int_n(&trip.user, value);
    }
    if (status == DD_OK) {
        trip_run(&trip, change_one);
        status = trip.status;
    }
    return status;
}

/* [SDM 2B] SYSRET: RIP from RCX, RFLAGS from R11: it cannot restore both members of a pair. */
CLAIM(each_change_alone_makes_a_syscall_return_by_iretq)
{
    SKIP_WITHOUT_PROCESSOR();

    CLAIM_OK(return_with(RCX, 0x1111));
    CLAIM_EQUAL(seen[1].frame.vector, 0x81);
    CLAIM_EQUAL(seen[1].frame.rcx, 0x1111);
    CLAIM_EQUAL(seen[1].frame.rip, seen[0].frame.rip + 2);
    CLAIM_OK(return_with(R11, 0x2222));
    CLAIM_EQUAL(seen[1].frame.r11, 0x2222);
    CLAIM_EQUAL(seen[1].frame.rflags, seen[0].frame.rflags);
    CLAIM_OK(return_with(RIP, 0x82));
    CLAIM_EQUAL(seen[1].frame.vector, 0x82);
    CLAIM_EQUAL(seen[1].frame.rcx, seen[0].frame.rip);
    CLAIM_OK(return_with(RFLAGS, 0x803));
    CLAIM_EQUAL(seen[1].frame.rflags, 0x803);
    CLAIM_EQUAL(seen[1].frame.r11, seen[0].frame.rflags);
}

static void return_to_nowhere(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == 0x100) {
        frame->rip = first_of_the_hole().raw;
        frame->rcx = frame->rip;
    } else {
        user_mode_leave(frame);
    }
}

/*
 * [SDM 2B] SYSRET: #GP(0) if RCX is not canonical, at level 0, with RSP and GS
 * base already those of level 3. IRETQ raises it on the kernel's stack; a machine
 * that only notices at level 3 takes RSP0.
 */
CLAIM(a_syscall_never_returns_to_a_non_canonical_address_by_sysret)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip_run(&trip, return_to_nowhere);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen_count, 2);
    CLAIM_EQUAL(seen[1].frame.vector, 13);
    CLAIM_TRUE(user_mode_is_on_stack(seen[1].frame_address, 5) ||
               user_mode_is_on_stack(seen[1].frame_address, 0));
    CLAIM_EQUAL(seen[1].gs_base, (uintptr_t)trip.user.cpu);
}

static void interrupt_itself(struct dd_interrupt_frame *frame)
{
    record(frame);
    if (frame->vector == 0x100) {
        (void)raise_vector(0x40);
        (void)raise_vector(2);
    } else if (frame->vector == 0x81) {
        user_mode_leave(frame);
    }
}

CLAIM(a_syscall_may_be_interrupted)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip_run(&trip, interrupt_itself);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen_count, 4);
    CLAIM_EQUAL(seen[1].frame.vector, 0x40);
    CLAIM_TRUE(user_mode_is_on_stack(seen[1].frame_address, 5));
    CLAIM_EQUAL(seen[1].gs_base, (uintptr_t)trip.user.cpu);
    CLAIM_EQUAL(seen[2].frame.vector, 2);
    CLAIM_TRUE(user_mode_is_on_stack(seen[2].frame_address, 2));
    CLAIM_EQUAL(seen[2].gs_base, (uintptr_t)trip.user.cpu);
    CLAIM_EQUAL(seen[3].frame.vector, 0x81);
    CLAIM_EQUAL(seen[3].frame.rax, trip.frame.rax);
}

CLAIM(a_syscall_may_leave_for_level_0)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    trip_run(&trip, record_and_leave);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.vector, 0x100);
}

/* [SDM 2B] SYSCALL: #UD if IA32_EFER.SCE = 0. */
CLAIM(syscall_is_undefined_when_it_is_disabled)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL, world_spare_region().raw));
    dd_syscall_disable();
    trip_run(&trip, record_and_leave);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen[0].frame.vector, 6);
    CLAIM_EQUAL(seen[0].frame.rip, trip.frame.rip);
}

/* Processors of Intel raise #UD, [SDM 2B] SYSCALL; those of AMD take CSTAR, [AMD64 v3] SYSCALL. */
CLAIM(syscall_of_32_bit_code_does_no_harm)
{
    SKIP_WITHOUT_PROCESSOR();

    struct trip trip;

    CLAIM_OK(trip_open(&trip, USER_MODE_SYSCALL32, 0x90000000));
    trip.frame.cs = DD_CPU_USER_CODE32;
    trip_run(&trip, record_and_leave);
    CLAIM_OK(trip.status);
    CLAIM_EQUAL(seen_count, 1);
    CLAIM_EQUAL(seen[0].frame.cs & 0xFFFF, 0x1B);
    if (seen[0].frame.vector != 6) {
        CLAIM_EQUAL(seen[0].frame.vector, 0x81);
        CLAIM_EQUAL(seen[0].frame.rax, 0xFFFFFFFF);
    }
}
