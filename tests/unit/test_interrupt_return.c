/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/interrupt_return*.c. Expectations: [SDM 2] IRET and RET, "Exceptions". */
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/interrupt_return.h"
#include "tests/unit/delivery_case.h"

enum {
    FRAME = 0x1F000
};

static struct sim_return_check check;

/* A frame of 64-bit words for IRETQ. */
static void put_frame(uint64_t rip, uint16_t cs, uint64_t rsp, uint16_t ss)
{
    cpu.rsp = FRAME;
    put64(FRAME, rip);
    put64(FRAME + 8, 0xABCD000000000000 | cs); /* high-order 48 bits are discarded */
    put64(FRAME + 16, 0x202);
    put64(FRAME + 24, rsp);
    put64(FRAME + 32, 0xABCD000000000000 | ss);
}

/* The same of 32-bit words. */
static void put_frame_32(uint32_t eip, uint16_t cs, uint32_t esp, uint16_t ss)
{
    cpu.rsp = FRAME;
    put32(FRAME, eip);
    put32(FRAME + 4, 0xABCD0000 | cs);
    put32(FRAME + 8, 0x202);
    put32(FRAME + 12, esp);
    put32(FRAME + 16, 0xABCD0000 | ss);
}

static void run(enum sim_width operand)
{
    uint8_t *before = malloc(ram.size);

    ck_assert_ptr_nonnull(before);
    memcpy(before, ram.bytes, ram.size);
    check = sim_interrupt_return_check(&cpu, &ram, operand);
    ck_assert_int_eq(memcmp(before, ram.bytes, ram.size), 0); /* A and D too */
    free(before);
}

static void check_allowed(enum sim_width operand)
{
    run(operand);
    ck_assert_msg(!check.faults, "%s", check.reason);
}

static void check_refused(unsigned int vector, uint32_t error_code, const char *start)
{
    ck_assert(check.faults);
    ck_assert_msg(strncmp(check.reason, start, strlen(start)) == 0, "%s", check.reason);
    ck_assert_uint_eq(check.exception.vector, vector);
    ck_assert(check.exception.has_error_code);
    ck_assert_uint_eq(check.exception.error_code, error_code);
    ck_assert_int_eq(check.exception.source, SIM_SOURCE_EXCEPTION);
}

START_TEST(good_frames_of_iretq_are_allowed)
{
    static const struct {
        uint64_t rip;
        uint16_t cs, ss;
    } frames[] = {
        {0x8000, 0x08, 0x10},
        {0x8000, 0x08, 0x00}, /* a null SS at CPL 0 */
        {0x8000, 0x23, 0x1B},
        {0x8000, 0x2B, 0x1B},
        {0x8000, 0x30, 0x10}, /* compatibility mode at CPL 0 */
        {0x8000, 0x3B, 0x1B}, /* conforming, DPL 0, RPL 3 */
        {0x8000, 0x41, 0x01}, /* CPL 1, a null SS */
        {0x8000, 0x4B, 0x1B}, /* conforming, DPL 3, RPL 3 */
        {0xFFFF800000000000, 0x08, 0x10},
        {0xABCD0000FFFFFFFF, 0x2B, 0x1B}, /* EIP counts */
    };

    set_descriptor(SPARE, 0x00AFBB000000FFFF); /* 64-bit code, DPL 1 */
    set_descriptor(SPARE_2, 0x00AFFF000000FFFF);
    put_frame(frames[_i].rip, frames[_i].cs, USER_STACK, frames[_i].ss);
    check_allowed(SIM_WIDTH_64);
}
END_TEST

START_TEST(bad_frames_of_iretq_have_their_exceptions)
{
    static const struct {
        uint64_t rip;
        uint16_t cs, ss;
        uint64_t descriptor; /* of SPARE */
        unsigned int vector;
        uint32_t error_code;
        const char *reason;
    } frames[] = {
        {0x0000800000000000, 0x23, 0x1B, 0, 13, 0,
         "IRETQ: RIP 0x800000000000 in the frame at 0x1f000 is not canonical"},
        {0x8000, 0x00, 0x10, 0, 13, 0, "IRETQ: the CS selector is null"},
        {0x8000, 0x03, 0x10, 0, 13, 0, "IRETQ: the CS selector is null"},
        {0x8000, 0x83, 0x1B, 0, 13, 0x80, "IRETQ: CS selector 0x83 is outside"},
        {0x8000, 0x0C, 0x10, 0, 13, 0x0C, "IRETQ: CS selector 0xc is outside"},
        {0x8000, 0x10, 0x10, 0, 13, 0x10, "IRETQ: CS selector 0x10 is a data segment"},
        {0x8000, 0x40, 0x10, 0x0000890000000067, 13, 0x40, "IRETQ: CS selector 0x40 is a system"},
        {0x8000, 0x43, 0x1B, 0x00EFFB000000FFFF, 13, 0x40,
         "IRETQ: CS selector 0x43 is a code segment with both L and D"},
        {0x8000, 0x0B, 0x1B, 0, 13, 0x08, "IRETQ: CS selector 0xb has DPL 0, which is not its R"},
        {0x8000, 0x20, 0x10, 0, 13, 0x20, "IRETQ: CS selector 0x20 has DPL 3, which is not its R"},
        {0x8000, 0x41, 0x11, 0x00AFFF000000FFFF, 13, 0x40,
         "IRETQ: CS selector 0x41 is a conforming segment with DPL 3 above its RPL 1"},
        {0x8000, 0x43, 0x1B, 0x00AF7B000000FFFF, 11, 0x40, "IRETQ: CS selector 0x43 is not pres"},
        {0x1000, 0x43, 0x1B, 0x0040FB0000000FFF, 13, 0, "IRETQ: EIP 0x1000 in the frame at 0x1f0"},
        {0x8000, 0x23, 0x03, 0, 13, 0, "IRETQ: the SS selector is null, which only"},
        {0x8000, 0x23, 0x00, 0, 13, 0, "IRETQ: the SS selector is null, which only"},
        {0x8000, 0x30, 0x00, 0, 13, 0, "IRETQ: the SS selector is null, which only"},
        {0x8000, 0x08, 0x01, 0, 13, 0, "IRETQ: the SS selector is null with RPL 1"},
        {0x8000, 0x23, 0x83, 0, 13, 0x80, "IRETQ: SS selector 0x83 is outside"},
        {0x8000, 0x23, 0x18, 0, 13, 0x18, "IRETQ: SS selector 0x18 has RPL 0, but the new CPL is"},
        {0x8000, 0x23, 0x23, 0, 13, 0x20, "IRETQ: SS selector 0x23 is a code segment"},
        {0x8000, 0x23, 0x43, 0x00CFF1000000FFFF, 13, 0x40, "IRETQ: SS selector 0x43 is a read-on"},
        {0x8000, 0x23, 0x43, 0x0000E20000000067, 13, 0x40, "IRETQ: SS selector 0x43 is a system"},
        {0x8000, 0x23, 0x13, 0, 13, 0x10, "IRETQ: SS selector 0x13 has DPL 0, but the new CPL is"},
        {0x8000, 0x23, 0x43, 0x00CF73000000FFFF, 12, 0x40, "IRETQ: SS selector 0x43 is not pres"},
    };

    set_descriptor(SPARE, frames[_i].descriptor);
    put_frame(frames[_i].rip, frames[_i].cs, USER_STACK, frames[_i].ss);
    run(SIM_WIDTH_64);
    check_refused(frames[_i].vector, frames[_i].error_code, frames[_i].reason);
}
END_TEST

START_TEST(a_return_does_not_lead_to_more_privilege)
{
    enter_user(USER_CODE);
    put_frame(0x8000, 0x08, USER_STACK, 0x10);
    set_page(FRAME, FRAME | 7);
    run(SIM_WIDTH_64);
    check_refused(13, 0x08, "IRETQ: CS selector 0x8 has RPL 0, more privileged than CPL 3");
    put_frame(0x8000, 0x23, USER_STACK, 0x1B);
    check_allowed(SIM_WIDTH_64);
}
END_TEST

START_TEST(nt_is_refused_in_ia_32e_mode_only)
{
    put_frame(0x8000, 0x08, KERNEL_STACK, 0x10);
    cpu.rflags |= 0x4000;
    run(SIM_WIDTH_64);
    check_refused(13, 0, "IRETQ: RFLAGS.NT is 1 in IA-32e mode");
    delivery_case_close();
    protected_mode_open();
    cpu.rflags |= 0x4000;
    check_allowed(SIM_WIDTH_32);
    ck_assert(sim_interrupt_return_is_nested(&cpu)); /* which is checked as a task switch */
}
END_TEST

START_TEST(a_frame_that_cannot_be_read_is_a_page_fault_at_its_first_missing_byte)
{
    put_frame(0x8000, 0x23, USER_STACK, 0x1B);
    set_page(FRAME, 0);
    cpu.rsp = FRAME - 16;
    put64(FRAME - 16, 0x8000);
    put64(FRAME - 8, 0x23);
    run(SIM_WIDTH_64);
    check_refused(14, 0, "IRETQ: the frame at 0x1f000: page fault, error code 0x0");
    ck_assert_uint_eq(check.fault_address, FRAME);
    enter_user(USER_CODE);
    cpu.rsp = FRAME - 0x800;
    run(SIM_WIDTH_64);
    check_refused(14, 5, "IRETQ: the frame at 0x1e800: page fault"); /* P, U/S */
    ck_assert_uint_eq(check.fault_address, 0x1E800);
}
END_TEST

/* Explicit supervisor accesses: [SDM 3A] 4.6.1. */
START_TEST(vm_in_the_flags_of_the_frame_means_nothing_in_ia_32e_mode)
{
    put_frame(0x8000, 0x10, KERNEL_STACK, 0x10);
    put64(FRAME + 16, 0x20202);
    run(SIM_WIDTH_64);
    check_refused(13, 0x10, "IRETQ: CS selector 0x10 is a data segment");
}
END_TEST

START_TEST(smap_applies_to_the_frame_unless_ac_is_set)
{
    put_frame(0x8000, 0x08, KERNEL_STACK, 0x10);
    set_page(FRAME, FRAME | 7);
    cpu.cr4 |= 0x200000;
    run(SIM_WIDTH_64);
    check_refused(14, 1, "IRETQ: the frame at 0x1f000: page fault");
    cpu.rflags |= 0x40000;
    check_allowed(SIM_WIDTH_64);
}
END_TEST

START_TEST(a_frame_across_the_canonical_hole_is_ss_0)
{
    put_frame(0x8000, 0x08, KERNEL_STACK, 0x10);
    cpu.rsp = 0x0000800000000000;
    run(SIM_WIDTH_64);
    check_refused(12, 0, "IRETQ: the frame at 0x800000000000: the address is not canonical");
}
END_TEST

START_TEST(a_descriptor_that_is_not_mapped_is_a_page_fault_of_the_supervisor)
{
    enter_user(USER_CODE);
    put_frame(0x8000, 0x23, USER_STACK, 0x1B);
    set_page(FRAME, FRAME | 7);
    set_page(GDT_AT, 0);
    run(SIM_WIDTH_64);
    check_refused(14, 0, "IRETQ: the descriptor of CS 0x23 at 0x10020: page fault");
    ck_assert_uint_eq(check.fault_address, GDT_AT + 0x20);
}
END_TEST

START_TEST(what_is_not_in_ram_is_left_to_the_engine)
{
    put_frame(0, 0, 0, 0);
    set_page(FRAME, 0x10000003);
    check_allowed(SIM_WIDTH_64);
    set_page(FRAME, FRAME | 3);
    ram.size = FRAME + 39; /* RAM ends in the frame */
    check_allowed(SIM_WIDTH_64);
    ram.size = 0x200000;
    set_page(FRAME, FRAME | 3);
    put_frame(0, 8, 0, 0);
    set_page(GDT_AT, 0x10000003);
    check_allowed(SIM_WIDTH_64);
}
END_TEST

START_TEST(cpl_3_with_alignment_checks_needs_an_aligned_frame)
{
    enter_user(USER_CODE);
    put_frame(0x8000, 0x23, USER_STACK, 0x1B);
    set_page(FRAME, FRAME | 7);
    set_page(FRAME - 4096, (FRAME - 4096) | 7);
    cpu.rflags |= 0x40000;
    cpu.cr0 |= 0x40000;
    check_allowed(SIM_WIDTH_64);
    cpu.rsp = FRAME - 4;
    run(SIM_WIDTH_64);
    check_refused(17, 0, "IRETQ: the frame at 0x1effc is not aligned");
    cpu.cr0 &= ~UINT64_C(0x40000);
    run(SIM_WIDTH_64);
    ck_assert_uint_ne(check.exception.vector, 17);
    cpu.cr0 |= 0x40000;
    cpu.rflags = 0x202;
    run(SIM_WIDTH_64);
    ck_assert_uint_ne(check.exception.vector, 17);
    cpu.rflags |= 0x40000;
    cpu.cs = KERNEL_CODE;
    run(SIM_WIDTH_64);
    ck_assert_uint_ne(check.exception.vector, 17);
}
END_TEST

START_TEST(iretd_in_64_bit_mode_reads_five_words_of_32_bits)
{
    put_frame_32(0x8000, 0x23, USER_STACK, 0x1B);
    check_allowed(SIM_WIDTH_32);
    put_frame_32(0x8000, 0x08, USER_STACK, 0x1B); /* SS is popped at the same privilege too */
    run(SIM_WIDTH_32);
    check_refused(13, 0x18, "IRETD: SS selector 0x1b has RPL 3, but the new CPL is 0");
}
END_TEST

START_TEST(compatibility_mode_pops_ss_only_for_another_privilege)
{
    enter_user(USER_CODE_32);
    set_page(FRAME, FRAME | 7);
    put_frame_32(0x8000, 0x2B, 0, 0);
    cpu.rsp |= 0x1234567800000000; /* ESP counts */
    check_allowed(SIM_WIDTH_32);
    cpu.cs = KERNEL_CODE_32;
    cpu.ss = KERNEL_DATA;
    run(SIM_WIDTH_32);
    check_refused(13, 0, "IRETD: the SS selector is null");
}
END_TEST

START_TEST(protected_mode_checks_the_same)
{
    put_frame_32(0x8000, 0x30, 0, 0);
    check_allowed(SIM_WIDTH_32);
    put_frame_32(0x8000, 0x2B, USER_STACK, 0x1B);
    check_allowed(SIM_WIDTH_32);
    put_frame_32(0x8000, 0x2B, USER_STACK, 0x10);
    run(SIM_WIDTH_32);
    check_refused(13, 0x10, "IRETD: SS selector 0x10 has RPL 0");
    put_frame_32(0x8000, 0x2B, USER_STACK, 0);
    run(SIM_WIDTH_32);
    check_refused(13, 0, "IRETD: the SS selector is null");
    set_descriptor(SPARE, 0x00409B0000000FFF);
    put_frame_32(0x1000, SPARE, 0, 0);
    run(SIM_WIDTH_32);
    check_refused(13, 0, "IRETD: EIP 0x1000 in the frame at 0x1f000 is beyond the limit 0xfff");
    put_frame_32(0xFFF, SPARE, 0, 0);
    check_allowed(SIM_WIDTH_32);
    set_descriptor(SPARE, 0x00EF9B000000FFFF); /* L means nothing here */
    put_frame_32(0xFFF, SPARE, 0, 0);
    check_allowed(SIM_WIDTH_32);
    set_descriptor(SPARE, 0x00609B0000000FFF);
    put_frame_32(0x1000, SPARE, 0, 0);
    run(SIM_WIDTH_32);
    check_refused(13, 0, "IRETD: EIP 0x1000 in the frame at 0x1f000 is beyond the limit 0xfff");
}
END_TEST

START_TEST(iret_of_16_bits_reads_words)
{
    cpu.rsp = FRAME;
    put16(FRAME, 0x8000);
    put16(FRAME + 2, 0x10);
    run(SIM_WIDTH_16);
    check_refused(13, 0x10, "IRET: CS selector 0x10 is a data segment");
    put16(FRAME + 2, 0x2B);
    put16(FRAME + 8, 0x1B);
    check_allowed(SIM_WIDTH_16);
}
END_TEST

START_TEST(a_return_to_virtual_8086_mode_is_left_to_the_engine)
{
    put_frame_32(0x8000, 0, 0, 0);
    put32(FRAME + 8, 0x20202);
    check_allowed(SIM_WIDTH_32);
    enter_user(USER_CODE_32);
    cpu.rsp = FRAME;
    run(SIM_WIDTH_32);
    check_refused(13, 0, "IRETD: the CS selector is null"); /* VM counts only at CPL 0 */
}
END_TEST

START_TEST(a_frame_beyond_the_stack_segment_is_ss_0)
{
    set_descriptor(SPARE, 0x0040930000000FFF);
    put32(0xFF4, 0x8000);
    put32(0xFF8, 0x30);
    cpu.ss = SPARE;
    cpu.rsp = 0xFF4;
    check_allowed(SIM_WIDTH_32);
    cpu.rsp = 0xFF5;
    run(SIM_WIDTH_32);
    check_refused(12, 0, "IRETD: the frame at 0x40:0xff5 is not within the stack's limit 0xfff");
    put32(0xFF8, 0x2B); /* two more words */
    cpu.rsp = 0xFF4;
    run(SIM_WIDTH_32);
    check_refused(12, 0, "IRETD: the frame at 0x40:0x1000 is not within");
}
END_TEST

START_TEST(real_mode_checks_only_limits)
{
    delivery_case_close();
    real_mode_open();
    check_allowed(SIM_WIDTH_16);
    cpu.rsp = 0xABCD7FFF; /* SP counts; no alignment check: CS bits 1:0 are no CPL here */
    cpu.cr0 |= 0x40000;
    cpu.rflags |= 0x40000;
    check_allowed(SIM_WIDTH_16);
    cpu.rsp = 0xFFFB;
    run(SIM_WIDTH_16);
    ck_assert(check.faults);
    ck_assert_uint_eq(check.exception.vector, 12);
    ck_assert(!check.exception.has_error_code);
    cpu.rsp = 0x8000;
    cpu.rflags |= 0x4000; /* NT means nothing */
    put32(0x38000, 0x10000);
    run(SIM_WIDTH_32);
    ck_assert(check.faults);
    ck_assert_uint_eq(check.exception.vector, 13);
    check = sim_far_return_check(&cpu, &ram, SIM_WIDTH_32, 0);
    ck_assert_uint_eq(check.exception.vector, 13);
}
END_TEST

START_TEST(a_far_return_to_the_same_privilege_pops_two_words)
{
    cpu.rsp = FRAME;
    put64(FRAME, 0x8000);
    put64(FRAME + 8, 0x08);
    ck_assert(!sim_far_return_check(&cpu, &ram, SIM_WIDTH_64, 0).faults);
    put64(FRAME, 0xFFFF700000000000);
    check = sim_far_return_check(&cpu, &ram, SIM_WIDTH_64, 0);
    check_refused(13, 0, "RETF: RIP 0xffff700000000000 in the frame at 0x1f000 is not canonical");
    cpu.rflags |= 0x4000; /* NT is IRET's */
    put64(FRAME, 0x8000);
    ck_assert(!sim_far_return_check(&cpu, &ram, SIM_WIDTH_64, 0).faults);
}
END_TEST

START_TEST(a_far_return_to_less_privilege_finds_ss_behind_the_parameters)
{
    cpu.rsp = FRAME;
    put64(FRAME, 0x8000);
    put64(FRAME + 8, 0x23);
    put64(FRAME + 16 + 24, USER_STACK);
    put64(FRAME + 24 + 24, 0x1B);
    ck_assert(!sim_far_return_check(&cpu, &ram, SIM_WIDTH_64, 24).faults);
    check = sim_far_return_check(&cpu, &ram, SIM_WIDTH_64, 16);
    check_refused(13, 0, "RETF: the SS selector is null");
}
END_TEST

static TCase *far_return_case(void)
{
    TCase *far = tcase_create("RETF");

    tcase_add_checked_fixture(far, long_mode_open, delivery_case_close);
    tcase_add_test(far, a_far_return_to_the_same_privilege_pops_two_words);
    tcase_add_test(far, a_far_return_to_less_privilege_finds_ss_behind_the_parameters);
    return far;
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("interrupt_return");
    TCase *long_mode = tcase_create("IA-32e mode");
    TCase *legacy = tcase_create("protected and real mode");

    tcase_add_checked_fixture(long_mode, long_mode_open, delivery_case_close);
    tcase_add_loop_test(long_mode, good_frames_of_iretq_are_allowed, 0, 10);
    tcase_add_loop_test(long_mode, bad_frames_of_iretq_have_their_exceptions, 0, 24);
    tcase_add_test(long_mode, a_return_does_not_lead_to_more_privilege);
    tcase_add_test(long_mode, nt_is_refused_in_ia_32e_mode_only);
    tcase_add_test(long_mode,
                   a_frame_that_cannot_be_read_is_a_page_fault_at_its_first_missing_byte);
    tcase_add_test(long_mode, vm_in_the_flags_of_the_frame_means_nothing_in_ia_32e_mode);
    tcase_add_test(long_mode, smap_applies_to_the_frame_unless_ac_is_set);
    tcase_add_test(long_mode, a_frame_across_the_canonical_hole_is_ss_0);
    tcase_add_test(long_mode, a_descriptor_that_is_not_mapped_is_a_page_fault_of_the_supervisor);
    tcase_add_test(long_mode, what_is_not_in_ram_is_left_to_the_engine);
    tcase_add_test(long_mode, cpl_3_with_alignment_checks_needs_an_aligned_frame);
    tcase_add_test(long_mode, iretd_in_64_bit_mode_reads_five_words_of_32_bits);
    tcase_add_test(long_mode, compatibility_mode_pops_ss_only_for_another_privilege);
    suite_add_tcase(suite, long_mode);

    tcase_add_checked_fixture(legacy, protected_mode_open, delivery_case_close);
    tcase_add_test(legacy, protected_mode_checks_the_same);
    tcase_add_test(legacy, iret_of_16_bits_reads_words);
    tcase_add_test(legacy, a_return_to_virtual_8086_mode_is_left_to_the_engine);
    tcase_add_test(legacy, a_frame_beyond_the_stack_segment_is_ss_0);
    tcase_add_test(legacy, real_mode_checks_only_limits);
    suite_add_tcase(suite, legacy);

    suite_add_tcase(suite, far_return_case());
    return suite;
}
