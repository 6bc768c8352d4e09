/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/deliver*.c in protected and real mode. Expectations: [SDM 2] INT n, "Operation". */
#include "tests/unit/delivery_case.h"

enum {
    HANDLER = 0x401000,
    STACK_16_AT = 0x18000,
    CODE_16 = SPARE,
    STACK_16 = SPARE_2,
};

static void catch_obstacles(void)
{
    for (unsigned int vector = 10; vector <= 14; vector++) {
        set_gate32(vector, 0x5000 + vector, KERNEL_CODE_32, INTERRUPT_GATE);
    }
}

static void check_obstacle(unsigned int vector, uint32_t error_code)
{
    ck_assert_uint_eq(cpu.rip, 0x5000 + vector);
    ck_assert_uint_eq(get32(cpu.rsp), error_code);
    ck_assert_uint_eq(reason.step_count, 1);
}

START_TEST(at_the_same_privilege_the_frame_has_no_stack_pointer)
{
    set_gate32(14, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.rsp = KERNEL_STACK - 3; /* not aligned by the processor */
    ck_assert(raise_exception(14, 2));
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 3 - 16);
    ck_assert_uint_eq(get32(cpu.rsp), 2);
    ck_assert_uint_eq(get32(cpu.rsp + 4), 0x8000);
    ck_assert_uint_eq(get32(cpu.rsp + 8), 0x30);
    ck_assert_uint_eq(get32(cpu.rsp + 12), 0x10202);
    ck_assert_uint_eq(cpu.rip, HANDLER);
    ck_assert_uint_eq(cpu.cs, 0x30);
    ck_assert_uint_eq(cpu.ss, 0x10);
    ck_assert_uint_eq(cpu.rflags, 0x2);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_32);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_32);
}
END_TEST

START_TEST(from_ring_3_ss0_and_esp0_are_loaded)
{
    set_gate32(0x80, HANDLER, KERNEL_CODE_32, 0xEF);
    set_descriptor(KERNEL_DATA, 0x00CF92000000FFFF); /* not accessed */
    enter_user(USER_CODE_32);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 20);
    ck_assert_uint_eq(get32(cpu.rsp), 0x8000);
    ck_assert_uint_eq(get32(cpu.rsp + 4), 0x2B);
    ck_assert_uint_eq(get32(cpu.rsp + 8), 0x202);
    ck_assert_uint_eq(get32(cpu.rsp + 12), USER_STACK);
    ck_assert_uint_eq(get32(cpu.rsp + 16), 0x1B);
    ck_assert_uint_eq(cpu.ss, 0x10);
    ck_assert_uint_eq(cpu.cs, 0x30);
    ck_assert_uint_eq(cpu.rflags, 0x202); /* a trap gate */
    ck_assert_uint_eq(get64(GDT_AT + KERNEL_DATA), 0x00CF93000000FFFF);
}
END_TEST

START_TEST(an_error_code_from_ring_3_makes_six_words)
{
    set_gate32(13, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    enter_user(USER_CODE_32);
    ck_assert(raise_exception(13, 0x18));
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 24);
    ck_assert_uint_eq(get32(cpu.rsp), 0x18);
    ck_assert_uint_eq(get32(cpu.rsp + 20), 0x1B);
}
END_TEST

START_TEST(a_16_bit_gate_pushes_words_of_16_bits)
{
    set_gate32(0x40, 0xABCD1000, KERNEL_CODE_32, _i == 0 ? 0x86 : 0x87);
    set_gate32(13, 0xABCD1000, KERNEL_CODE_32, _i == 0 ? 0x86 : 0x87);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 6);
    ck_assert_uint_eq(get16(cpu.rsp), 0x8000);
    ck_assert_uint_eq(get16(cpu.rsp + 2), 0x30);
    ck_assert_uint_eq(get16(cpu.rsp + 4), 0x202);
    ck_assert_uint_eq(cpu.rip, 0x1000);
    ck_assert_uint_eq(cpu.rflags, _i == 0 ? 0x2 : 0x202);
    enter_user(USER_CODE_32);
    ck_assert(raise_exception(13, 0x18));
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 12);
    ck_assert_uint_eq(get16(cpu.rsp), 0x18);
    ck_assert_uint_eq(get16(cpu.rsp + 10), 0x1B);
}
END_TEST

START_TEST(a_16_bit_stack_uses_sp_and_its_base)
{
    set_descriptor(CODE_16, 0x00009B000000FFFF);
    set_descriptor(STACK_16, 0x000093018000FFFF); /* base 0x18000, B 0 */
    set_gate32(0x40, 0x1000, CODE_16, 0x8E);
    cpu.ss = STACK_16;
    cpu.stack = SIM_WIDTH_16;
    cpu.rsp = 0x77770000; /* SP 0: the frame is at the end of the segment */
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, 0x7777FFF4);
    ck_assert_uint_eq(get32(STACK_16_AT + 0xFFF4), 0x8000);
    ck_assert_uint_eq(get32(STACK_16_AT + 0xFFFC), 0x202);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_16);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_16);
}
END_TEST

START_TEST(a_32_bit_stack_adds_its_base_modulo_4_gib)
{
    set_descriptor(STACK_16, 0xFFCF93010000FFFF); /* base 0xFF010000 */
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.ss = STACK_16;
    cpu.rsp = 0x01010000;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, 0x0100FFF4);
    ck_assert_uint_eq(get32(0x1FFF4), 0x8000);
}
END_TEST

START_TEST(a_frame_does_not_wrap_in_a_16_bit_stack)
{
    set_descriptor(STACK_16, _i == 0 ? 0x000F93000000FFFF : 0x000097000000FFF0);
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.ss = STACK_16;
    cpu.stack = SIM_WIDTH_16;
    cpu.rsp = 4; /* the frame would be at 0xFFF8 to 0x10003 */
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, "the stack 0x48:0x4 has no room for 12 bytes");
}
END_TEST

/* What the processor remembers of SS counts, not what the table says now. */
START_TEST(the_width_of_the_stack_is_the_one_in_use)
{
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.stack = SIM_WIDTH_16; /* the descriptor has B = 1 */
    cpu.rsp = 0x00018000;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, 0x17FF4);
    ck_assert_uint_eq(get32(0x7FF4), 0x8000);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_16);
}
END_TEST

START_TEST(an_unknown_stack_segment_is_taken_as_flat)
{
    set_descriptor(SPARE, 0x00409B0000000FFF); /* code */
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.ss = _i == 0 ? 0x100 : SPARE; /* loaded from a GDT that is gone */
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 12);
    ck_assert_uint_eq(get32(KERNEL_STACK - 12), 0x8000);
}
END_TEST

/* While an interrupt is delivered at CPL 0. */
START_TEST(each_check_of_gate_and_code_segment_has_its_exception)
{
    static const struct {
        uint32_t handler;
        uint16_t selector;
        uint8_t access;
        uint64_t descriptor; /* of SPARE */
        unsigned int vector;
        uint32_t error_code;
        const char *text;
    } cases[] = {
        {0x1000, 0x30, 0x00, 0, 13, 0x203, "IDT[64]: not present"},
        {0x1000, 0x30, 0x8C, 0, 13, 0x203, "IDT[64]: type 0xc is not an interrupt gate"},
        {0x1000, 0x30, 0x9E, 0, 13, 0x203, "IDT[64]: type 0x1e is not an interrupt gate"},
        {0x1000, 0x30, 0x0E, 0, 11, 0x203, "IDT[64]: not present"},
        {0x1000, 0x30, 0x06, 0, 11, 0x203, "IDT[64]: not present"},
        {0x1000, 0x30, 0x05, 0, 11, 0x203, "IDT[64]: not present"}, /* a task gate */
        {0x1000, 0x02, 0x8E, 0, 13, 1, "IDT[64]: the selector is null"},
        {0x1000, 0x80, 0x8E, 0, 13, 0x81, "IDT[64]: selector 0x80 is outside"},
        {0x1000, 0x10, 0x8E, 0, 13, 0x11, "IDT[64]: selector 0x10 is a data segment"},
        {0x1000, 0x2B, 0x8E, 0, 13, 0x29, "IDT[64]: selector 0x2b has DPL 3"},
        {0x1000, 0x40, 0x8E, 0x00CF1B000000FFFF, 11, 0x41, "IDT[64]: selector 0x40 is not pres"},
        {0x1000, 0x40, 0x8E, 0x00409B0000000FFF, 13, 1, "IDT[64]: the handler's address 0x1000 is"},
    };

    catch_obstacles();
    set_descriptor(SPARE, cases[_i].descriptor);
    set_gate32(0x40, cases[_i].handler, cases[_i].selector, cases[_i].access);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, cases[_i].text);
    check_obstacle(cases[_i].vector, cases[_i].error_code);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), cases[_i].descriptor);
}
END_TEST

START_TEST(the_handler_may_be_at_its_segments_limit)
{
    set_descriptor(SPARE, 0x00409B0000001000);
    set_gate32(0x40, 0x1000, SPARE, INTERRUPT_GATE);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rip, 0x1000);
}
END_TEST

START_TEST(the_idts_limit_is_that_of_the_gates_last_byte)
{
    catch_obstacles();
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.idt.limit = 0x207;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    cpu.idt.limit = 0x206;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(13, 0x203);
}
END_TEST

START_TEST(int_n_at_cpl_3_needs_a_gate_with_dpl_3)
{
    catch_obstacles();
    set_gate32(0x80, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    enter_user(USER_CODE_32);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    check_obstacle(13, 0x402);
}
END_TEST

/* While an interrupt is delivered at CPL 3, on the way to SS0:ESP0. */
START_TEST(each_check_of_the_new_stack_has_its_exception)
{
    static const struct {
        uint16_t selector; /* SS0 */
        uint32_t esp;
        uint64_t descriptor; /* of SPARE */
        unsigned int vector;
        uint32_t error_code;
        const char *text;
    } cases[] = {
        {0x00, 0x1000, 0, 10, 1, "TSS.SS0: the selector is null"},
        {0x03, 0x1000, 0, 10, 1, "TSS.SS0: the selector is null"},
        {0x80, 0x1000, 0, 10, 0x81, "TSS.SS0: selector 0x80 is outside"},
        {0x14, 0x1000, 0, 10, 0x15, "TSS.SS0: selector 0x14 is outside"}, /* no LDT */
        {0x11, 0x1000, 0, 10, 0x11, "TSS.SS0: selector 0x11 has RPL 1"},
        {0x18, 0x1000, 0, 10, 0x19, "TSS.SS0: selector 0x18 has DPL 3"},
        {0x30, 0x1000, 0, 10, 0x31, "TSS.SS0: selector 0x30 is not a writable data segment"},
        {0x40, 0x1000, 0x00CF91000000FFFF, 10, 0x41, "TSS.SS0: selector 0x40 is not a writable"},
        {0x40, 0x1000, 0x0000820000000067, 10, 0x41, "TSS.SS0: selector 0x40 is not a writable"},
        {0x40, 0x1000, 0x00CF13000000FFFF, 12, 0x41, "TSS.SS0: selector 0x40 is not present"},
        {0x40, 0x1000, 0x0040930000000FFE, 12, 0x41, "the stack 0x40:0x1000 has no room for 20"},
        {0x40, 19, 0x00CF93000000FFFF, 12, 0x41, "the stack 0x40:0x13 has no room for 20 bytes"},
        /* expand-down, limit 0xFFF: offsets 0x1000 and up */
        {0x40, 0x1013, 0x0040970000000FFF, 12, 0x41, "the stack 0x40:0x1013 has no room"},
    };

    catch_obstacles();
    /* Obstacles are met at CPL 3 too: give them a stack of their own through a conforming segment. */
    set_descriptor(CONFORMING_CODE, 0x00CF9F000000FFFF);
    for (unsigned int vector = 10; vector <= 13; vector++) {
        set_gate32(vector, 0x5000 + vector, CONFORMING_CODE, INTERRUPT_GATE);
    }
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    set_descriptor(SPARE, cases[_i].descriptor);
    put32(TSS_AT + 4, cases[_i].esp);
    put16(TSS_AT + 8, cases[_i].selector);
    enter_user(USER_CODE_32);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, cases[_i].text);
    check_obstacle(cases[_i].vector, cases[_i].error_code);
    ck_assert_uint_eq(cpu.cs, 0x3B);
    ck_assert_uint_eq(cpu.rsp, USER_STACK - 16);
}
END_TEST

START_TEST(stacks_that_fit_exactly_are_taken)
{
    static const struct {
        uint32_t esp;
        uint64_t descriptor;
    } cases[] = {
        {0x1000, 0x0040930000000FFF}, /* limit 0xFFF: up to there */
        {20, 0x00CF93000000FFFF},
        {0x1014, 0x0040970000000FFF}, /* expand-down: from 0x1000 */
    };

    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    set_descriptor(SPARE, cases[_i].descriptor);
    put32(TSS_AT + 4, cases[_i].esp);
    put16(TSS_AT + 8, SPARE);
    enter_user(USER_CODE_32);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, cases[_i].esp - 20);
    ck_assert_uint_eq(get32(cpu.rsp + 16), 0x1B);
}
END_TEST

START_TEST(the_tss_must_reach_to_ss0)
{
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    enter_user(USER_CODE_32);
    cpu.tss.limit = 9;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    enter_user(USER_CODE_32);
    cpu.tss.limit = 8;
    set_descriptor(CONFORMING_CODE, 0x00CF9F000000FFFF);
    set_gate32(10, 0x500A, CONFORMING_CODE, INTERRUPT_GATE);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(10, SPARE_2 | 1);
    check_step(0, 0x40, "TSS.SS0: outside the TSS (TR 0x48, limit 0x8)");
}
END_TEST

START_TEST(a_full_current_stack_is_ss_0)
{
    catch_obstacles();
    set_descriptor(SPARE, 0x0040930000000FFF);
    set_gate32(0x40, HANDLER, KERNEL_CODE_32, INTERRUPT_GATE);
    cpu.ss = SPARE;
    cpu.rsp = 11;
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40)); /* nobody has room */
    check_step(0, 0x40, "the stack 0x40:0xb has no room for 12 bytes (expands up, limit 0xfff)");
    check_step(1, 12, "the stack 0x40:0xb has no room for 16 bytes");
    check_step(2, 8, "IDT[8]: not present");
    ck_assert_uint_eq(reason.steps[1].exception.error_code, 1);
}
END_TEST

START_TEST(what_is_not_simulated_says_so)
{
    set_gate32(8, 0, SPARE, 0x85);
    set_descriptor(SPARE, 0x000081015000002B);
    ck_assert(!raise_exception(8, 0));
    check_step(0, 8, "IDT[8]: task switch: a 16-bit TSS, which is not simulated");
    cpu.rflags |= 0x20000; /* VM */
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, "interrupts in virtual-8086 mode are not simulated");
    ck_assert_uint_eq(reason.step_count, 1);
}
END_TEST

START_TEST(real_mode_pushes_three_words_and_jumps_through_the_table)
{
    put16(0x84, 0x5678);
    put16(0x86, 0xF003);
    cpu.rflags = 0x40302; /* AC, IF, TF */
    cpu.idt.limit = 0x87;
    cpu.code = SIM_WIDTH_32;
    cpu.rsp = _i == 0 ? 0xABCD8000 : 0xABCD0000;
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x21));
    ck_assert_uint_eq(cpu.rip, 0x5678);
    ck_assert_uint_eq(cpu.cs, 0xF003);
    ck_assert_uint_eq(cpu.rsp, _i == 0 ? 0xABCD7FFA : 0xABCDFFFA);
    ck_assert_uint_eq(get16(0x30000 + (cpu.rsp & 0xFFFF)), 0x1234);
    ck_assert_uint_eq(get16(0x30002 + (cpu.rsp & 0xFFFF)), 0x0703);
    ck_assert_uint_eq(get16(0x30004 + (cpu.rsp & 0xFFFF)), 0x0302);
    ck_assert_uint_eq(cpu.rflags, 0x2);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_16);
}
END_TEST

START_TEST(real_mode_pushes_no_error_code)
{
    put16(0x34, 0x5678);
    ck_assert(raise_exception(13, 0));
    ck_assert_uint_eq(cpu.rsp, 0x7FFA);
}
END_TEST

START_TEST(real_mode_obstacles_are_gp_and_ss)
{
    put16(0x34, 0x500D);
    cpu.idt.limit = 0x86;
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x21));
    ck_assert_uint_eq(cpu.rip, 0x500D);
    check_step(0, 0x21, "IDT limit 134: no entry for vector 33");
    cpu.rsp = 5;
    ck_assert(!raise_from(SIM_SOURCE_SOFTWARE, 0x20));
    check_step(0, 0x20, "the stack 0x3000:0x5 has no room for 6 bytes");
    check_step(1, 12, "the stack 0x3000:0x5 has no room for 6 bytes");
    check_step(2, 8, "the stack 0x3000:0x5 has no room for 6 bytes");
    ck_assert_uint_eq(reason.step_count, 3);
    cpu.rsp = 6;
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x20));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("deliver in protected and real mode");
    TCase *frame = tcase_create("frame");
    TCase *real = tcase_create("real mode");

    tcase_add_checked_fixture(frame, protected_mode_open, delivery_case_close);
    tcase_add_test(frame, at_the_same_privilege_the_frame_has_no_stack_pointer);
    tcase_add_test(frame, from_ring_3_ss0_and_esp0_are_loaded);
    tcase_add_test(frame, an_error_code_from_ring_3_makes_six_words);
    tcase_add_loop_test(frame, a_16_bit_gate_pushes_words_of_16_bits, 0, 2);
    tcase_add_test(frame, a_16_bit_stack_uses_sp_and_its_base);
    tcase_add_test(frame, a_32_bit_stack_adds_its_base_modulo_4_gib);
    tcase_add_loop_test(frame, a_frame_does_not_wrap_in_a_16_bit_stack, 0, 2);
    tcase_add_test(frame, the_width_of_the_stack_is_the_one_in_use);
    tcase_add_loop_test(frame, an_unknown_stack_segment_is_taken_as_flat, 0, 2);
    tcase_add_loop_test(frame, each_check_of_gate_and_code_segment_has_its_exception, 0, 12);
    tcase_add_test(frame, the_handler_may_be_at_its_segments_limit);
    tcase_add_test(frame, the_idts_limit_is_that_of_the_gates_last_byte);
    tcase_add_test(frame, int_n_at_cpl_3_needs_a_gate_with_dpl_3);
    tcase_add_loop_test(frame, each_check_of_the_new_stack_has_its_exception, 0, 13);
    tcase_add_loop_test(frame, stacks_that_fit_exactly_are_taken, 0, 3);
    tcase_add_test(frame, the_tss_must_reach_to_ss0);
    tcase_add_test(frame, a_full_current_stack_is_ss_0);
    tcase_add_test(frame, what_is_not_simulated_says_so);
    suite_add_tcase(suite, frame);

    tcase_add_checked_fixture(real, real_mode_open, delivery_case_close);
    tcase_add_loop_test(real, real_mode_pushes_three_words_and_jumps_through_the_table, 0, 2);
    tcase_add_test(real, real_mode_pushes_no_error_code);
    tcase_add_test(real, real_mode_obstacles_are_gp_and_ss);
    suite_add_tcase(suite, real);
    return suite;
}
