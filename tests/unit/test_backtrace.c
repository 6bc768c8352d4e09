/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Backtraces through functions whose frames are known, on a stack that the test writes. */
#include "sim/report/backtrace.h"

#include <string.h>

#include "tests/unit/unit.h"

enum {
    STACK = 0x10000, /* lowest address */
    FAR = 0x200000,  /* the same stack is here once more */
    WORDS = 512
};

static struct sim_image *image;
static uint64_t stack[WORDS];
static struct sim_registers registers;
static struct sim_backtrace backtrace;

static void open_guest(void)
{
    struct sim_error error = {""};

    image = sim_image_open(UNWIND_GUEST, &error);
    ck_assert_msg(image != NULL, "%s", error.text);
    memset(stack, 0, sizeof stack);
    registers = (struct sim_registers){.rsp = STACK};
}

static void close_guest(void)
{
    sim_image_close(image);
}

static uint64_t at(const char *symbol, uint64_t offset)
{
    uint64_t address = 0;

    ck_assert_msg(sim_image_find_symbol(image, symbol, &address), "no %s", symbol);
    return address + offset;
}

/* The stack, at two places; and PUSH RBP as the first byte of unwind_framed. */
static bool read_guest(void *context, uint64_t linear, void *buffer, size_t size)
{
    uint64_t framed = at("unwind_framed", 0);

    (void)context;
    if (linear == framed && size == 1) {
        *(uint8_t *)buffer = 0x55;
        return true;
    }
    if (linear >= STACK + FAR) {
        linear -= FAR;
    }
    if (linear < STACK || linear - STACK > sizeof stack || sizeof stack - (linear - STACK) < size) {
        return false;
    }
    memcpy(buffer, (const uint8_t *)stack + (linear - STACK), size);
    return true;
}

static void collect(void)
{
    const struct sim_stack_reader reader = {read_guest, NULL};

    sim_backtrace_collect(&registers, SIM_WIDTH_64, image, &reader, &backtrace);
}

static void check_frame(size_t number, uint64_t pc, enum sim_frame_source source)
{
    ck_assert_uint_gt(backtrace.count, number);
    ck_assert_uint_eq(backtrace.frames[number].pc, pc);
    ck_assert_int_eq(backtrace.frames[number].source, source);
}

/* unwind_leaf after its push, called by unwind_middle with the caller's address above its locals. */
static void call_leaf_from_middle(uint64_t caller)
{
    registers.rip = at("unwind_leaf", 1);
    stack[0] = 0xB0B; /* RBX */
    stack[1] = at("unwind_middle", 9);
    stack[2 + 5] = caller; /* 0x28 bytes further */
}

START_TEST(call_frame_information_leads_through_frames_without_frame_pointers)
{
    call_leaf_from_middle(at("unwind_start", 5));
    collect();
    ck_assert_uint_eq(backtrace.count, 3);
    check_frame(0, at("unwind_leaf", 1), SIM_FRAME_INNERMOST);
    check_frame(1, at("unwind_middle", 9), SIM_FRAME_CFI);
    check_frame(2, at("unwind_start", 5), SIM_FRAME_CFI);
    ck_assert(!backtrace.cut);
}
END_TEST

START_TEST(the_outermost_frame_is_where_the_information_says_so)
{
    registers.rip = at("unwind_start", 5);
    registers.rbp = STACK + 64; /* looks like a frame */
    stack[8] = STACK + 128;
    stack[9] = at("unwind_middle", 9);
    collect();
    ck_assert_uint_eq(backtrace.count, 1);
}
END_TEST

/* The function that does not return has its CFA in RBX, which the leaf saved. */
START_TEST(a_call_at_the_very_end_belongs_to_the_function_before)
{
    call_leaf_from_middle(at("unwind_no_return", 9));
    stack[0] = STACK + 256;
    stack[32] = at("unwind_start", 5);
    collect();
    ck_assert_uint_eq(at("unwind_no_return", 9), at("unwind_exception", 0));
    ck_assert_uint_eq(backtrace.count, 4);
    check_frame(2, at("unwind_no_return", 9), SIM_FRAME_CFI);
    check_frame(3, at("unwind_start", 5), SIM_FRAME_CFI);
}
END_TEST

/* [SDM 3A] figure 6-9: RIP, CS, RFLAGS, RSP, SS. The interrupted code has another stack. */
START_TEST(an_exception_frame_leads_to_the_interrupted_instruction_and_its_stack)
{
    call_leaf_from_middle(at("unwind_exception", 5));
    stack[8] = at("unwind_middle", 4); /* before its call, after its SUB */
    stack[9] = 0x08;
    stack[10] = 0x202;
    stack[11] = STACK + 1024;
    stack[12] = 0x10;
    stack[128 + 5] = at("unwind_start", 5);
    collect();
    ck_assert_uint_eq(backtrace.count, 5);
    check_frame(2, at("unwind_exception", 5), SIM_FRAME_CFI);
    check_frame(3, at("unwind_middle", 4), SIM_FRAME_CFI);
    ck_assert(backtrace.frames[3].exact);
    ck_assert(!backtrace.frames[2].exact);
    check_frame(4, at("unwind_start", 5), SIM_FRAME_CFI);
}
END_TEST

START_TEST(debug_frame_is_used_where_eh_frame_says_nothing)
{
    registers.rip = at("unwind_described", 4);
    stack[3] = at("unwind_start", 5);
    collect();
    ck_assert_uint_eq(backtrace.count, 2);
    check_frame(1, at("unwind_start", 5), SIM_FRAME_CFI);
}
END_TEST

START_TEST(frame_pointers_are_used_where_there_is_no_information)
{
    registers.rip = at("unwind_framed", 9);
    registers.rbp = STACK + 16;
    stack[2] = STACK + 64;
    stack[3] = at("unwind_framed", 9);
    stack[8] = 0;
    stack[9] = at("unwind_framed", 10);
    collect();
    ck_assert_uint_eq(backtrace.count, 3);
    check_frame(1, at("unwind_framed", 9), SIM_FRAME_POINTER);
    check_frame(2, at("unwind_framed", 10), SIM_FRAME_POINTER);
}
END_TEST

START_TEST(a_function_just_entered_has_its_return_address_on_top)
{
    registers.rbp = STACK + 64;
    registers.rip = at("unwind_framed", 0);
    stack[0] = at("unwind_start", 5);
    collect();
    check_frame(1, at("unwind_start", 5), SIM_FRAME_STACK_TOP);

    registers.rip = at("unwind_framed", 1); /* after PUSH RBP */
    stack[0] = STACK + 64;
    stack[1] = at("unwind_start", 5);
    collect();
    check_frame(1, at("unwind_start", 5), SIM_FRAME_STACK_TOP);
}
END_TEST

START_TEST(a_call_to_nowhere_is_traced_to_the_caller)
{
    registers.rip = 0;
    stack[0] = at("unwind_middle", 9);
    stack[1 + 5] = at("unwind_start", 5);
    collect();
    ck_assert_uint_eq(backtrace.count, 3);
    check_frame(0, 0, SIM_FRAME_INNERMOST);
    check_frame(1, at("unwind_middle", 9), SIM_FRAME_STACK_TOP);
    check_frame(2, at("unwind_start", 5), SIM_FRAME_CFI);
}
END_TEST

struct chain {
    uint64_t rbp, saved, pc;
};

/* With RSP at STACK + 16. Each is wrong in one way only. */
static const struct chain chains[] = {
    {STACK + 8, 0, 1},               /* below RSP */
    {STACK + 36, 0, 1},              /* not aligned */
    {STACK + FAR + 32, 0, 1},        /* more than a megabyte away */
    {STACK + 32, STACK + 32, 1},     /* its own caller */
    {STACK + 32, STACK + 24, 1},     /* leads back down */
    {STACK + 32, STACK + 64, 0},     /* no return address */
    {STACK + 32, STACK + 64, 0x1234} /* returns to no function */
};

START_TEST(what_does_not_look_like_a_frame_is_not_followed)
{
    const struct chain *chain = &chains[_i];
    uint64_t words[2] = {chain->saved, chain->pc == 1 ? at("unwind_framed", 9) : chain->pc};

    registers.rip = at("unwind_framed", 9);
    registers.rsp = STACK + 16;
    registers.rbp = chain->rbp;
    memcpy((uint8_t *)stack + (chain->rbp - STACK) % FAR, words, sizeof words);
    collect();
    ck_assert_uint_eq(backtrace.count, 1);
}
END_TEST

START_TEST(an_endless_recursion_is_cut_after_64_frames)
{
    registers.rip = at("unwind_framed", 9);
    registers.rbp = STACK;
    for (unsigned int i = 0; i + 3 < WORDS; i += 2) {
        stack[i] = STACK + 8 * (i + 2);
        stack[i + 1] = at("unwind_framed", 9);
    }
    collect();
    ck_assert_uint_eq(backtrace.count, 64);
    ck_assert(backtrace.cut);
}
END_TEST

START_TEST(a_stack_that_cannot_be_read_leaves_the_innermost_frame)
{
    call_leaf_from_middle(0);
    registers.rsp = 0xFFFFFFFFFFFFFFF8;
    collect();
    ck_assert_uint_eq(backtrace.count, 1);
}
END_TEST

START_TEST(a_null_return_address_ends_the_trace)
{
    call_leaf_from_middle(0);
    collect();
    ck_assert_uint_eq(backtrace.count, 2);
}
END_TEST

START_TEST(without_an_image_frame_pointers_are_followed)
{
    const struct sim_stack_reader reader = {read_guest, NULL};

    registers.rip = 0x1234;
    registers.rbp = STACK + 16;
    stack[3] = 0x5678;
    sim_backtrace_collect(&registers, SIM_WIDTH_64, NULL, &reader, &backtrace);
    ck_assert_uint_eq(backtrace.count, 2);
    check_frame(1, 0x5678, SIM_FRAME_POINTER);
}
END_TEST

/* EBP and 4-byte words. */
START_TEST(in_32_bit_code_a_frame_has_words_of_4_bytes)
{
    const struct sim_stack_reader reader = {read_guest, NULL};

    registers.rip = 0x1234;
    registers.rsp = UINT64_C(0xABCD00000000) | STACK;
    registers.rbp = STACK + 8;
    stack[1] = UINT64_C(0x5678) << 32;
    sim_backtrace_collect(&registers, SIM_WIDTH_32, NULL, &reader, &backtrace);
    ck_assert_uint_eq(backtrace.count, 2);
    check_frame(1, 0x5678, SIM_FRAME_POINTER);
    sim_backtrace_collect(&registers, SIM_WIDTH_16, NULL, &reader, &backtrace);
    ck_assert_uint_eq(backtrace.count, 1);
}
END_TEST

/* Any stack at all. */
START_TEST(a_stack_of_noise_is_survived)
{
    uint64_t noise = 0x9E3779B97F4A7C15u * (uint64_t)(_i + 1);
    const char *const symbols[] = {"unwind_leaf", "unwind_middle", "unwind_no_return",
                                   "unwind_exception", "unwind_framed"};

    for (unsigned int i = 0; i < WORDS; i++) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        stack[i] =
            noise % 3 == 0 ? STACK + noise % sizeof stack : at(symbols[noise % 5], noise / 5 % 12);
    }
    registers.rip = at(symbols[_i % 5], (uint64_t)_i % 9);
    registers.rbx = STACK + 64;
    registers.rbp = STACK + 128;
    collect();
    ck_assert_uint_ge(backtrace.count, 1);
    ck_assert_uint_le(backtrace.count, 64);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("backtrace");
    TCase *cfi = tcase_create("call frame information");
    TCase *pointers = tcase_create("frame pointers");
    TCase *ends = tcase_create("ends");

    tcase_add_checked_fixture(cfi, open_guest, close_guest);
    tcase_add_test(cfi, call_frame_information_leads_through_frames_without_frame_pointers);
    tcase_add_test(cfi, the_outermost_frame_is_where_the_information_says_so);
    tcase_add_test(cfi, a_call_at_the_very_end_belongs_to_the_function_before);
    tcase_add_test(cfi, an_exception_frame_leads_to_the_interrupted_instruction_and_its_stack);
    tcase_add_test(cfi, debug_frame_is_used_where_eh_frame_says_nothing);
    suite_add_tcase(suite, cfi);

    tcase_add_checked_fixture(pointers, open_guest, close_guest);
    tcase_add_test(pointers, frame_pointers_are_used_where_there_is_no_information);
    tcase_add_test(pointers, a_function_just_entered_has_its_return_address_on_top);
    tcase_add_test(pointers, a_call_to_nowhere_is_traced_to_the_caller);
    tcase_add_loop_test(pointers, what_does_not_look_like_a_frame_is_not_followed, 0,
                        (int)(sizeof chains / sizeof chains[0]));
    tcase_add_test(pointers, without_an_image_frame_pointers_are_followed);
    tcase_add_test(pointers, in_32_bit_code_a_frame_has_words_of_4_bytes);
    suite_add_tcase(suite, pointers);

    tcase_add_checked_fixture(ends, open_guest, close_guest);
    tcase_add_test(ends, an_endless_recursion_is_cut_after_64_frames);
    tcase_add_test(ends, a_stack_that_cannot_be_read_leaves_the_innermost_frame);
    tcase_add_test(ends, a_null_return_address_ends_the_trace);
    tcase_add_loop_test(ends, a_stack_of_noise_is_survived, 0, 100);
    suite_add_tcase(suite, ends);
    return suite;
}
