/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data breakpoints. Expectations: [SDM 3B] 17.2.4, 17.2.5, 17.3.1.2. */
#include "sim/machine/snapshot.h"
#include "tests/unit/debug_case.h"

#define RFLAGS_TF UINT64_C(0x100)
#define RFLAGS_RF UINT64_C(0x10000)

/* DR7 with G0 for DR0: writes or any access, of 1, 2, 4 or 8 bytes. */
#define WRITE_1  UINT64_C(0x00010402)
#define WRITE_4  UINT64_C(0x000D0402)
#define WRITE_8  UINT64_C(0x00090402)
#define ACCESS_1 UINT64_C(0x00030402)
#define ACCESS_8 UINT64_C(0x000B0402)

START_TEST(write_traps_after_the_instruction)
{
    struct sim_registers registers = {.rdi = DATA, .rax = 0x1234};

    set_breakpoint(DATA, WRITE_4);
    registers = RUN_WITH(registers, 0x89, 0x07, 0xFF, 0xC3); /* movl %eax, (%rdi); incl %ebx */
    ck_assert_uint_eq(registers.rbx, 1);
    ck_assert_uint_eq(debug_event_at(0).data, 0x1234);
    ck_assert_uint_eq(debug_event_at(0).rflags & (RFLAGS_TF | RFLAGS_RF), 0);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(read_hits_only_a_breakpoint_on_any_access)
{
    poke(DATA, 0x5678);
    set_breakpoint(DATA, WRITE_4);
    ck_assert_uint_eq(RUN(0x8B, 0x07).rax, 0x5678); /* movl (%rdi), %eax */
    check_no_debug();
    set_breakpoint(DATA, ACCESS_8);
    ck_assert_uint_eq(RUN(0x8B, 0x07, 0x90).rax, 0x5678);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(fetch_does_not_hit)
{
    const struct sim_registers registers = {.rax = DATA};

    poke(DATA, 0xC3); /* ret */
    sim_machine_forget_code(machine);
    set_breakpoint(DATA, ACCESS_1);
    RUN_WITH(registers, 0xFF, 0xD0); /* call *%rax */
    check_no_debug();
    RUN_WITH(registers, 0xFF, 0xD0, 0x8A, 0x18); /* movb (%rax), %bl */
    check_debug(CODE + 4, 0xFFFF0FF1);
}
END_TEST

/* 8 bytes of LEN and access at a distance: they hit if they share a byte. */
START_TEST(access_hits_if_it_shares_a_byte)
{
    static const uint64_t fields[] = {0x1, 0x5, 0xD, 0x9}; /* LEN and R/W of a write */
    static const uint64_t lengths[] = {1, 2, 4, 8};
    static const uint8_t prefix[][2] = {{0x90, 0x88}, {0x66, 0x89}, {0x90, 0x89}, {0x48, 0x89}};
    const unsigned int which = (unsigned int)_i / 4;
    const unsigned int access = (unsigned int)_i % 4;
    const uint64_t length = lengths[which];
    const uint64_t size = lengths[access];

    set_breakpoint(DATA + 64, 0x402 | fields[which] << 16);
    for (uint64_t at = 48; at < 80; at++) {
        const bool shares = at < 64 + length && at + size > 64;
        const uint64_t before = debug_count();

        RUN_WITH(((struct sim_registers){.rdi = DATA + at, .rax = UINT64_MAX}), prefix[access][0],
                 prefix[access][1], 0x07, 0x90);
        ck_assert_msg(debug_count() - before == shares, "%lu bytes at %lu, LEN %lu: %lu hits", size,
                      at, length, debug_count() - before);
    }
}
END_TEST

START_TEST(status_bits_stay_until_they_are_cleared)
{
    set_debug_register(6, 0x6008); /* BS, BD, B3 */
    set_breakpoint(DATA, WRITE_4);
    RUN(0x89, 0x07);
    check_debug(CODE + 2, 0xFFFF6FF9);
}
END_TEST

START_TEST(low_bits_of_the_address_are_ignored)
{
    set_breakpoint(DATA + 7, WRITE_8);
    RUN(0xC6, 0x07, 0x01); /* movb $1, (%rdi) */
    check_debug(CODE + 3, 0xFFFF0FF1);
}
END_TEST

START_TEST(access_that_crosses_into_the_page_hits)
{
    struct sim_registers registers = {.rdi = DATA + 4092, .rax = 0x1122334455667788};

    set_breakpoint(DATA + 4096 + 3, WRITE_1);
    RUN_WITH(registers, 0x48, 0x89, 0x07); /* movq %rax, (%rdi) */
    check_debug(CODE + 3, 0xFFFF0FF1);
    ck_assert_uint_eq(peek(DATA + 4092), 0x1122334455667788);
    set_breakpoint(DATA + 4096 + 4, WRITE_1);
    RUN_WITH(registers, 0x48, 0x89, 0x07);
    check_no_debug();
    set_breakpoint(DATA + 4095, WRITE_1);
    RUN_WITH(registers, 0x48, 0x89, 0x07);
    check_debug(CODE + 3, 0xFFFF0FF1);
}
END_TEST

START_TEST(instruction_that_reads_and_writes_hits_a_write_breakpoint)
{
    poke(DATA, 41);
    set_breakpoint(DATA, WRITE_4);
    RUN(0xF0, 0xFF, 0x07, 0x90); /* lock incl (%rdi) */
    ck_assert_uint_eq(peek(DATA), 42);
    check_debug(CODE + 3, 0xFFFF0FF1);
    RUN(0xFF, 0x07, 0x90);
    ck_assert_uint_eq(peek(DATA), 43);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(several_breakpoints_are_reported_together)
{
    set_debug_register(1, DATA + 8);
    set_debug_register(2, DATA + 2048);
    set_debug_register(3, DATA + 3);
    set_breakpoint(DATA, 0x311904AA); /* DR0: writes of 8 bytes. DR3: any access to 1 byte */
    RUN(0x48, 0x89, 0x07);            /* movq %rax, (%rdi) */
    check_debug(CODE + 3, 0xFFFF0FF9);
}
END_TEST

START_TEST(repeated_instruction_traps_after_each_round_with_resume_flag)
{
    struct sim_registers registers = {.rdi = DATA, .rcx = 4, .rax = 0x41};

    set_breakpoint(DATA + 1, WRITE_1);
    RUN_WITH(registers, 0xF3, 0xAA, 0x90); /* rep stosb; nop */
    ck_assert_uint_eq(debug_event_at(0).rflags & RFLAGS_RF, RFLAGS_RF);
    ck_assert_uint_eq(debug_event_at(0).data, 0x4141);
    check_debug(CODE, 0xFFFF0FF1);
    ck_assert_uint_eq(peek(DATA), 0x41414141);
    set_breakpoint(DATA + 3, WRITE_1);
    RUN_WITH(registers, 0xF3, 0xAA, 0x90);
    ck_assert_uint_eq(debug_event_at(0).rflags & RFLAGS_RF, 0);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(register_of_a_device_can_have_a_breakpoint)
{
    struct sim_registers registers = {.rdi = 0xFEE00080, .rax = 0x20};

    set_breakpoint(0xFEE00080, WRITE_4);
    registers = RUN_WITH(registers, 0x89, 0x07, 0x8B, 0x1F); /* TPR, written and read */
    ck_assert_uint_eq(registers.rbx, 0x20);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(code_in_a_watched_page_can_be_changed)
{
    const struct sim_registers registers = {.rax = DATA};

    poke(DATA, 0xC3C3FF); /* incl %ebx; ret */
    sim_machine_forget_code(machine);
    set_breakpoint(DATA + 256, WRITE_1);
    RUN_WITH(registers, 0xFF, 0xD0);
    /* movb $0xCB, 1(%rax); call *%rax: decl %ebx */
    ck_assert_uint_eq(RUN_WITH(registers, 0xC6, 0x40, 0x01, 0xCB, 0xFF, 0xD0).rbx, UINT32_MAX);
    check_no_debug();
}
END_TEST

START_TEST(snapshot_arms_and_disarms)
{
    struct sim_error error = {""};
    struct sim_snapshot *without = sim_machine_snapshot(machine, &error);
    struct sim_snapshot *with = NULL;

    RUN(0x89, 0x07);
    set_breakpoint(DATA, WRITE_4);
    with = sim_machine_snapshot(machine, &error);
    ck_assert_int_eq(sim_machine_restore(machine, without, &error), 0);
    RUN(0x89, 0x07);
    check_no_debug();
    ck_assert_int_eq(sim_machine_restore(machine, with, &error), 0);
    RUN(0x89, 0x07);
    check_debug(CODE + 2, 0xFFFF0FF1);
    sim_snapshot_free(without);
    sim_snapshot_free(with);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_debug_data");
    TCase *tcase = tcase_create("core");

    tcase_add_checked_fixture(tcase, debug_case_open, event_case_close);
    tcase_add_test(tcase, write_traps_after_the_instruction);
    tcase_add_test(tcase, read_hits_only_a_breakpoint_on_any_access);
    tcase_add_test(tcase, fetch_does_not_hit);
    tcase_add_loop_test(tcase, access_hits_if_it_shares_a_byte, 0, 16);
    tcase_add_test(tcase, status_bits_stay_until_they_are_cleared);
    tcase_add_test(tcase, low_bits_of_the_address_are_ignored);
    tcase_add_test(tcase, access_that_crosses_into_the_page_hits);
    tcase_add_test(tcase, instruction_that_reads_and_writes_hits_a_write_breakpoint);
    tcase_add_test(tcase, several_breakpoints_are_reported_together);
    tcase_add_test(tcase, repeated_instruction_traps_after_each_round_with_resume_flag);
    tcase_add_test(tcase, register_of_a_device_can_have_a_breakpoint);
    tcase_add_test(tcase, code_in_a_watched_page_can_be_changed);
    tcase_add_test(tcase, snapshot_arms_and_disarms);
    suite_add_tcase(suite, tcase);
    return suite;
}
