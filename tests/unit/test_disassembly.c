/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disassembly: bytes typed from the opcode maps of [SDM 2D] appendix A. */
#include "sim/report/disassembly.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define BASE UINT64_C(0xFFFFFFFF80001000)

static struct sim_disassembly_line lines[16];

static size_t disassemble(const uint8_t *bytes, size_t size, enum sim_width width)
{
    struct sim_code code = {BASE, bytes, size, width};

    return sim_disassemble(&code, lines, 16);
}

START_TEST(instructions_are_listed_as_the_gnu_tools_print_them)
{
    static const uint8_t bytes[] = {0x55, 0x48, 0x89, 0xE5, 0x0F, 0x01,
                                    0x3F, 0x0F, 0x22, 0xD8, 0x48, 0xCF};
    const char *const texts[] = {"pushq %rbp", "movq %rsp, %rbp", "invlpg (%rdi)",
                                 "movq %rax, %cr3", "iretq"};
    const unsigned int sizes[] = {1, 3, 3, 3, 2};
    uint64_t address = BASE;

    ck_assert_uint_eq(disassemble(bytes, sizeof bytes, SIM_WIDTH_64), 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(lines[i].text, texts[i]);
        ck_assert_uint_eq(lines[i].address, address);
        ck_assert_uint_eq(lines[i].size, sizes[i]);
        ck_assert(lines[i].valid);
        ck_assert_mem_eq(lines[i].bytes, bytes + (address - BASE), sizes[i]);
        address += sizes[i];
    }
}
END_TEST

START_TEST(the_same_bytes_mean_different_things_in_the_three_widths)
{
    static const uint8_t bytes[] = {0x48, 0xB8, 1, 0, 0, 0, 0, 0, 0, 0};

    ck_assert_uint_eq(disassemble(bytes, 10, SIM_WIDTH_64), 1);
    ck_assert_str_eq(lines[0].text, "movabsq $0x1, %rax");
    (void)disassemble(bytes, 10, SIM_WIDTH_32);
    ck_assert_str_eq(lines[0].text, "decl %eax");
    ck_assert_str_eq(lines[1].text, "movl $1, %eax");
    (void)disassemble(bytes, 10, SIM_WIDTH_16);
    ck_assert_str_eq(lines[0].text, "decw %ax");
    ck_assert_str_eq(lines[1].text, "movw $1, %ax");
}
END_TEST

/* 06 is PUSH ES, which 64-bit mode does not have. */
START_TEST(what_is_no_instruction_is_a_byte_and_the_next_is_tried)
{
    static const uint8_t bytes[] = {0x06, 0xF4, 0x0F};

    ck_assert_uint_eq(disassemble(bytes, sizeof bytes, SIM_WIDTH_64), 3);
    ck_assert_str_eq(lines[0].text, ".byte 0x06");
    ck_assert(!lines[0].valid);
    ck_assert_uint_eq(lines[0].size, 1);
    ck_assert_str_eq(lines[1].text, "hlt");
    ck_assert_str_eq(lines[2].text, ".byte 0x0f"); /* cut off */
}
END_TEST

START_TEST(calls_and_jumps_know_their_target)
{
    static const uint8_t bytes[] = {0xE8, 0x10, 0, 0, 0, 0x74, 0xFE, 0xFF, 0xD0, 0x90};

    ck_assert_uint_eq(disassemble(bytes, sizeof bytes, SIM_WIDTH_64), 4);
    ck_assert(lines[0].has_target);
    ck_assert_uint_eq(lines[0].target, BASE + 0x15);
    ck_assert(lines[1].has_target);
    ck_assert_uint_eq(lines[1].target, BASE + 5);
    ck_assert(!lines[2].has_target); /* call *%rax */
    ck_assert(!lines[3].has_target);
}
END_TEST

static const uint8_t ten[] = {0x90, 0x50, 0x51, 0x52, 0x53, 0x90,
                              0x55, 0x56, 0x57, 0x58, 0x59, 0x5A};

START_TEST(a_listing_has_five_lines_before_and_three_after)
{
    struct sim_code code = {BASE, ten, sizeof ten, SIM_WIDTH_64};
    struct sim_listing listing;

    sim_disassemble_around(&code, BASE + 6, &listing);
    ck_assert_uint_eq(listing.count, 9);
    ck_assert_uint_eq(listing.marked, 5);
    ck_assert_uint_eq(listing.lines[0].address, BASE + 1);
    ck_assert_str_eq(listing.lines[5].text, "pushq %rbp");
    ck_assert_str_eq(listing.lines[8].text, "popq %rax");
    sim_disassemble_around(&code, BASE, &listing);
    ck_assert_uint_eq(listing.count, 4);
    ck_assert_uint_eq(listing.marked, 0);
    sim_disassemble_around(&code, BASE + 11, &listing);
    ck_assert_uint_eq(listing.count, 6);
    ck_assert_uint_eq(listing.marked, 5);
}
END_TEST

START_TEST(a_listing_from_the_middle_of_an_instruction_has_nothing_before)
{
    static const uint8_t bytes[] = {0x48, 0xB8, 0x90, 0x90, 0x90, 0x90,
                                    0x90, 0x90, 0x90, 0x90, 0xC3};
    struct sim_code code = {BASE, bytes, sizeof bytes, SIM_WIDTH_64};
    struct sim_listing listing;

    sim_disassemble_around(&code, BASE + 4, &listing);
    ck_assert_uint_eq(listing.marked, 0);
    ck_assert_str_eq(listing.lines[0].text, "nop");
}
END_TEST

START_TEST(an_address_outside_the_code_has_no_listing)
{
    struct sim_code code = {BASE, ten, sizeof ten, SIM_WIDTH_64};
    struct sim_listing listing;

    sim_disassemble_around(&code, BASE - 1, &listing);
    ck_assert_uint_eq(listing.count, 0);
    sim_disassemble_around(&code, BASE + sizeof ten, &listing);
    ck_assert_uint_eq(listing.count, 0);
}
END_TEST

struct operand_case {
    uint64_t address;
    unsigned int size;
    bool found, vector;
    uint8_t bytes[10];
};

/* With RBX 0x1000, RCX 0x10, RSP 0x8008, RIP BASE. [SDM 1] 3.7.5. */
static const struct operand_case operands[] = {
    {0x1000, 8, true, false, {0x48, 0x8B, 0x03}},             /* mov (%rbx), %rax */
    {0x1048, 8, true, false, {0x48, 0x89, 0x44, 0x8B, 0x08}}, /* mov %rax, 8(%rbx,%rcx,4) */
    {0xFFC, 4, true, false, {0x8B, 0x43, 0xFC}},              /* mov -4(%rbx), %eax */
    {BASE + 0x16, 1, true, false, {0x8A, 0x05, 0x10}},        /* mov 0x10(%rip), %al */
    {0x1000, 4, true, false, {0x67, 0x8B, 0x03}},             /* mov (%ebx), %eax */
    {0x8008, 16, true, true, {0x0F, 0x29, 0x04, 0x24}},       /* movaps %xmm0, (%rsp) */
    {0, 0, false, false, {0x48, 0x8D, 0x03}},                 /* lea (%rbx), %rax */
    {0, 0, false, false, {0x64, 0x48, 0x8B, 0x03}},           /* mov %fs:(%rbx), %rax */
    {0, 0, false, false, {0x48, 0x89, 0xC3}},                 /* mov %rax, %rbx */
    {0, 0, false, false, {0x0F, 0x1F, 0x03}},                 /* nopl (%rbx) */
    {0, 0, false, false, {0x06}},                             /* none in 64-bit mode */
};

START_TEST(the_operand_of_an_instruction_has_an_address)
{
    const struct operand_case *expected = &operands[_i];
    const struct sim_registers registers = {.rbx = 0x1000, .rcx = 0x10, .rsp = 0x8008};
    struct sim_code code = {BASE, expected->bytes, sizeof expected->bytes, SIM_WIDTH_64};
    struct sim_operand operand;

    ck_assert(sim_disassembly_operand(&code, &registers, &operand) == expected->found);
    if (expected->found) {
        ck_assert_uint_eq(operand.address, expected->address);
        ck_assert_uint_eq(operand.size, expected->size);
        ck_assert(operand.vector == expected->vector);
    }
}
END_TEST

/* Any bytes: every one is part of exactly one line. */
START_TEST(noise_is_covered_without_gaps)
{
    uint8_t noise[64];
    unsigned int seed = (unsigned int)_i + 1;
    struct sim_registers registers = {.rax = 1};
    struct sim_operand operand;
    struct sim_listing listing;
    uint64_t address = BASE;
    size_t count = 0;

    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (uint8_t)(rand_r(&seed) >> 7);
    }
    for (unsigned int width = 0; width < 3; width++) {
        struct sim_code code = {BASE, noise, sizeof noise, (enum sim_width)width};

        count = sim_disassemble(&code, lines, 16);
        address = BASE;
        for (size_t i = 0; i < count; i++) {
            ck_assert_uint_eq(lines[i].address, address);
            ck_assert_uint_ge(lines[i].size, 1);
            ck_assert_uint_lt(strlen(lines[i].text), sizeof lines[i].text - 1);
            address += lines[i].size;
        }
        ck_assert_uint_le(address, BASE + sizeof noise);
        sim_disassemble_around(&code, BASE + (uint64_t)_i % 64, &listing);
        ck_assert_uint_ge(listing.count, 1);
        (void)sim_disassembly_operand(&code, &registers, &operand);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("disassembly");
    TCase *all = tcase_create("lines");
    TCase *around = tcase_create("listing");
    TCase *operand = tcase_create("operand");

    tcase_add_test(all, instructions_are_listed_as_the_gnu_tools_print_them);
    tcase_add_test(all, the_same_bytes_mean_different_things_in_the_three_widths);
    tcase_add_test(all, what_is_no_instruction_is_a_byte_and_the_next_is_tried);
    tcase_add_test(all, calls_and_jumps_know_their_target);
    tcase_add_loop_test(all, noise_is_covered_without_gaps, 0, 200);
    suite_add_tcase(suite, all);

    tcase_add_test(around, a_listing_has_five_lines_before_and_three_after);
    tcase_add_test(around, a_listing_from_the_middle_of_an_instruction_has_nothing_before);
    tcase_add_test(around, an_address_outside_the_code_has_no_listing);
    suite_add_tcase(suite, around);

    tcase_add_loop_test(operand, the_operand_of_an_instruction_has_an_address, 0,
                        (int)(sizeof operands / sizeof operands[0]));
    suite_add_tcase(suite, operand);
    return suite;
}
