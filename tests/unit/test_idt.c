/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/idt.c. */
#include <string.h>

#include "drydock/idt.h"
#include "tests/unit/insn_recorder.h"
#include "tests/unit/unit.h"

static struct dd_gate kernel_gate(uint64_t handler)
{
    return (struct dd_gate){
        .handler = dd_vaddr_from(handler), .selector = 0x08, .type = DD_GATE_TYPE_INTERRUPT};
}

static struct dd_idt empty_idt(void)
{
    struct dd_idt idt;

    memset(&idt, 0xA5, sizeof idt);
    dd_idt_init(&idt);
    return idt;
}

/* The table is as dd_idt_init left it. */
static void assert_empty(const struct dd_idt *idt)
{
    static const uint8_t zeros[4096];

    ck_assert_mem_eq(idt, zeros, sizeof zeros);
}

START_TEST(init_leaves_256_gates_that_are_not_present)
{
    struct dd_idt idt = empty_idt();

    ck_assert_uint_eq(sizeof idt, 4096);
    assert_empty(&idt);
}
END_TEST

/* [SDM 3A] figure 6-8. */
static const struct {
    struct dd_gate gate;
    uint64_t low;
    uint64_t high;
} gates[] = {
    {{{0xFFFFFFFF81234567}, 0x0008, DD_GATE_TYPE_INTERRUPT, 0, 0, 0},
     0x81238E0000084567,
     0xFFFFFFFF},
    {{{0xFFFFFFFF81234567}, 0x0008, DD_GATE_TYPE_TRAP, 0, 0, 0}, 0x81238F0000084567, 0xFFFFFFFF},
    {{{0x00007654FEDCBA98}, 0x0010, DD_GATE_TYPE_INTERRUPT, 3, 7, 0}, 0xFEDCEE070010BA98, 0x7654},
    {{{0x0000000000100000}, 0xFFFF, DD_GATE_TYPE_TRAP, 1, 1, 48}, 0x0010AF01FFFF0000, 0},
    {{{0}, 0x0004, DD_GATE_TYPE_TRAP, 2, 4, 57}, 0x0000CF0400040000, 0},
};

START_TEST(gates_have_the_layout_of_the_manual)
{
    struct dd_idt idt = empty_idt();

    ck_assert_int_eq(dd_idt_set_gate(&idt, 14, &gates[_i].gate), DD_OK);
    ck_assert_uint_eq(idt.gates[14].low, gates[_i].low);
    ck_assert_uint_eq(idt.gates[14].high, gates[_i].high);
}
END_TEST

START_TEST(a_gate_is_written_to_its_vector_only)
{
    struct dd_idt idt = empty_idt();
    struct dd_gate gate = kernel_gate(0x1000);

    for (unsigned int vector = 0; vector < 256; vector++) {
        ck_assert_int_eq(dd_idt_set_gate(&idt, (uint8_t)vector, &gate), DD_OK);
        ck_assert_uint_eq(idt.gates[vector].low, 0x00008E0000081000);
        idt.gates[vector] = (struct dd_idt_gate){0};
        assert_empty(&idt);
    }
}
END_TEST

START_TEST(a_gate_replaces_what_was_there)
{
    struct dd_idt idt;
    struct dd_gate gate = kernel_gate(0x1000);

    memset(&idt, 0xFF, sizeof idt);
    ck_assert_int_eq(dd_idt_set_gate(&idt, 3, &gate), DD_OK);
    ck_assert_uint_eq(idt.gates[3].low, 0x00008E0000081000);
    ck_assert_uint_eq(idt.gates[3].high, 0);
}
END_TEST

START_TEST(every_bit_of_a_handlers_address_has_its_own_place)
{
    struct dd_idt idt = empty_idt();

    for (unsigned int bit = 0; bit < 48; bit++) {
        uint64_t handler = bit < 47 ? UINT64_C(1) << bit : 0xFFFF800000000000;
        struct dd_gate gate = kernel_gate(handler);

        ck_assert_int_eq(dd_idt_set_gate(&idt, 0, &gate), DD_OK);

        uint64_t low = idt.gates[0].low;
        uint64_t high = idt.gates[0].high;
        ck_assert_uint_eq((low & 0xFFFF) | low >> 48 << 16 | high << 32, handler);
        ck_assert_uint_eq(low & 0x0000FFFFFFFF0000, 0x00008E0000080000);
        ck_assert_uint_eq(high >> 32, 0);
    }
}
END_TEST

/* dpl, ist, type and selector around the ends of their ranges: [SDM 3A] 6.14.1, table 3-2. */
static const struct {
    unsigned int type;
    uint16_t selector;
    uint8_t dpl;
    uint8_t ist;
    enum dd_status status;
} ranges[] = {
    {0xE, 0x08, 3, 7, DD_OK},          {0xE, 0x08, 4, 0, DD_EARG},   {0xE, 0x08, 255, 0, DD_EARG},
    {0xE, 0x08, 0, 8, DD_EARG},        {0xE, 0x08, 0, 255, DD_EARG}, {0xF, 0x08, 0, 0, DD_OK},
    {0x0, 0x08, 0, 0, DD_EARG},        {0x5, 0x08, 0, 0, DD_EARG},   {0xC, 0x08, 0, 0, DD_EARG},
    {0xD, 0x08, 0, 0, DD_EARG},        {0x10, 0x08, 0, 0, DD_EARG},  {0x1E, 0x08, 0, 0, DD_EARG},
    {0x8000000E, 0x08, 0, 0, DD_EARG}, {0xE, 0x00, 0, 0, DD_EARG},   {0xE, 0x03, 0, 0, DD_EARG},
    {0xE, 0x04, 0, 0, DD_OK},          {0xE, 0x0B, 0, 0, DD_OK},
};

START_TEST(a_gate_that_cannot_work_is_refused_and_changes_nothing)
{
    struct dd_idt idt = empty_idt();
    struct dd_gate gate = {
        dd_vaddr_from(0x1000), ranges[_i].selector, (enum dd_gate_type)ranges[_i].type,
        ranges[_i].dpl,        ranges[_i].ist,      0};

    ck_assert_int_eq(dd_idt_set_gate(&idt, 13, &gate), ranges[_i].status);
    if (ranges[_i].status != DD_OK) {
        assert_empty(&idt);
    }
}
END_TEST

/* [SDM 1] 3.3.7.1, 48 bits. */
static const struct {
    uint64_t handler;
    enum dd_status status;
} handlers[] = {
    {0x00007FFFFFFFFFFF, DD_OK},         {0x0000800000000000, DD_ECANONICAL},
    {0xFFFF7FFFFFFFFFFF, DD_ECANONICAL}, {0xFFFF800000000000, DD_OK},
    {0xFFFFFFFFFFFFFFFF, DD_OK},         {0x8000000000000000, DD_ECANONICAL},
};

START_TEST(a_handler_must_be_canonical)
{
    struct dd_idt idt = empty_idt();
    struct dd_gate gate = kernel_gate(handlers[_i].handler);

    ck_assert_int_eq(dd_idt_set_gate(&idt, 255, &gate), handlers[_i].status);
    if (handlers[_i].status != DD_OK) {
        assert_empty(&idt);
    }
}
END_TEST

START_TEST(a_gate_reads_back_as_it_was_described)
{
    struct dd_idt idt = empty_idt();
    struct dd_gate gate = {0};
    struct dd_gate read = {0};

    ck_assert_int_eq(dd_idt_get_gate(&idt, 200, &read), DD_ENOENT);
    ck_assert_int_eq(dd_idt_set_gate(&idt, 200, &gates[_i].gate), DD_OK);
    ck_assert_int_eq(dd_idt_get_gate(&idt, 200, &read), DD_OK);
    gate = gates[_i].gate;
    ck_assert_uint_eq(read.handler.raw, gate.handler.raw);
    ck_assert_uint_eq(read.selector, gate.selector);
    ck_assert_int_eq(read.type, gate.type);
    ck_assert_uint_eq(read.dpl, gate.dpl);
    ck_assert_uint_eq(read.ist, gate.ist);
    ck_assert_uint_eq(read.linear_width, 48);
    dd_idt_clear_gate(&idt, 200);
    assert_empty(&idt);
}
END_TEST

/* [SDM 3A] figure 6-8: bits 39:35 and 44 of the low half, 63:32 of the high half are 0. */
static enum dd_status expected_with_bit(unsigned int bit)
{
    bool reserved = bit < 64 ? (bit >= 35 && bit <= 39) || bit == 44 : bit >= 96;
    bool type = bit >= 40 && bit <= 43;

    if (bit == 47) {
        return DD_ENOENT;
    }
    return reserved || (type && bit != 40) ? DD_EMALFORMED : DD_OK;
}

START_TEST(a_gate_with_a_reserved_bit_is_malformed)
{
    for (unsigned int bit = 0; bit < 128; bit++) {
        struct dd_idt idt = empty_idt();
        struct dd_gate gate = kernel_gate(0x1000);
        struct dd_gate read = gate;

        ck_assert_int_eq(dd_idt_set_gate(&idt, 7, &gate), DD_OK);
        *(bit < 64 ? &idt.gates[7].low : &idt.gates[7].high) ^= UINT64_C(1) << bit % 64;
        ck_assert_msg(dd_idt_get_gate(&idt, 7, &read) == expected_with_bit(bit), "bit %u", bit);
    }
}
END_TEST

/* [SDM 3A] 6.10: 256 gates of 16 bytes. */
START_TEST(load_is_one_lidt_with_limit_4095)
{
    struct dd_idt idt = empty_idt();

    dd_idt_load(&idt);
    ck_assert_uint_eq(recorded_count, 1);
    ck_assert_int_eq(recorded[0].insn, DD_HOSTED_LIDT);
    ck_assert_uint_eq(recorded[0].operands.table.limit, 4095);
    ck_assert_uint_eq(recorded[0].operands.table.base.raw, (uintptr_t)&idt);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("idt");
    TCase *layout = tcase_create("layout");
    TCase *refusal = tcase_create("refusal");
    TCase *load = tcase_create("load");

    tcase_add_test(layout, init_leaves_256_gates_that_are_not_present);
    tcase_add_loop_test(layout, gates_have_the_layout_of_the_manual, 0, 5);
    tcase_add_test(layout, a_gate_is_written_to_its_vector_only);
    tcase_add_test(layout, a_gate_replaces_what_was_there);
    tcase_add_test(layout, every_bit_of_a_handlers_address_has_its_own_place);
    tcase_add_loop_test(layout, a_gate_reads_back_as_it_was_described, 0, 5);
    tcase_add_test(layout, a_gate_with_a_reserved_bit_is_malformed);
    suite_add_tcase(suite, layout);

    tcase_add_loop_test(refusal, a_gate_that_cannot_work_is_refused_and_changes_nothing, 0,
                        (int)(sizeof ranges / sizeof ranges[0]));
    tcase_add_loop_test(refusal, a_handler_must_be_canonical, 0, 6);
    suite_add_tcase(suite, refusal);

    tcase_add_checked_fixture(load, insn_recorder_reset, NULL);
    tcase_add_test(load, load_is_one_lidt_with_limit_4095);
    suite_add_tcase(suite, load);
    return suite;
}
