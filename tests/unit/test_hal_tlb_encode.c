/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/paging/tlb_encode.c: operands of INVPCID and INVLPGB. */
#include "drydock/tlb.h"
#include "tests/unit/fake_paging_machine.h"
#include "tests/unit/unit.h"

/* ---- INVPCID. [SDM 2A] INVPCID: PCID in bits 11:0 of the low half, address in the high half ---- */

START_TEST(an_invpcid_descriptor_has_the_pcid_first)
{
    struct dd_invpcid_descriptor descriptor = {0};
    const uint64_t *words = (const uint64_t *)&descriptor;

    ck_assert_int_eq(dd_tlb_encode_invpcid(DD_INVPCID_ADDRESS, 0xABC,
                                           dd_vaddr_from(0xFFFF800012345000), 48, &descriptor),
                     DD_OK);
    ck_assert_uint_eq(words[0], 0xABC);
    ck_assert_uint_eq(words[1], 0xFFFF800012345000);
    ck_assert_uint_eq(sizeof descriptor, 16);
}
END_TEST

START_TEST(invpcid_types_have_the_values_of_the_manual)
{
    ck_assert_int_eq(DD_INVPCID_ADDRESS, 0);
    ck_assert_int_eq(DD_INVPCID_CONTEXT, 1);
    ck_assert_int_eq(DD_INVPCID_ALL, 2);
    ck_assert_int_eq(DD_INVPCID_ALL_BUT_GLOBAL, 3);
}
END_TEST

START_TEST(invpcid_refuses_what_would_be_a_gp)
{
    struct dd_invpcid_descriptor descriptor = {.pcid = 7, .address = {8}};
    dd_vaddr hole = dd_vaddr_from(0x0000800000000000);

    ck_assert_int_eq(
        dd_tlb_encode_invpcid(DD_INVPCID_CONTEXT, 0x1000, dd_vaddr_from(0), 48, &descriptor),
        DD_EARG);
    ck_assert_int_eq(
        dd_tlb_encode_invpcid((enum dd_invpcid_type)4, 0, dd_vaddr_from(0), 48, &descriptor),
        DD_EARG);
    ck_assert_int_eq(dd_tlb_encode_invpcid(DD_INVPCID_ADDRESS, 0, hole, 48, &descriptor),
                     DD_ECANONICAL);
    ck_assert_uint_eq(descriptor.pcid, 7);
    ck_assert_uint_eq(descriptor.address.raw, 8);
    ck_assert_int_eq(dd_tlb_encode_invpcid(DD_INVPCID_ADDRESS, 0xFFF, hole, 57, &descriptor),
                     DD_OK);
}
END_TEST

/* ---- INVLPGB. [AMD64 v3] INVLPGB ---- */

static const struct {
    struct dd_invlpgb invlpgb;
    uint64_t rax;
    uint32_t ecx, edx;
} goldens[] = {
    {{.first = {0x1000}, .count = 1, .bytes = DD_PAGE_4K}, 0x1001, 0, 0},
    {{.first = {0x1000}, .count = 8, .bytes = DD_PAGE_4K, .count_max = 7}, 0x1001, 7, 0},
    {{.first = {0xFFFF800000200000}, .count = 3, .bytes = DD_PAGE_2M, .count_max = 9},
     0xFFFF800000200001,
     0x80000002,
     0},
    {{.flags = DD_INVLPGB_PCID, .pcid = 0xABC}, 0x2, 0, 0x0ABC0000},
    {{.flags = DD_INVLPGB_ASID, .asid = 0x1234, .asid_count = 0x8000}, 0x4, 0, 0x1234},
    {{.flags = DD_INVLPGB_GLOBAL}, 0x8, 0, 0},
    {{.flags = DD_INVLPGB_FINAL_ONLY}, 0x10, 0, 0},
    {{.flags = DD_INVLPGB_NESTED}, 0x20, 0, 0},
    {{.first = {0x7000},
      .count = 1,
      .bytes = DD_PAGE_4K,
      .flags = 0x3E,
      .pcid = 1,
      .asid = 2,
      .asid_count = 3},
     0x703F,
     0,
     0x00010002},
};

START_TEST(invlpgb_operands_are_those_of_the_manual)
{
    struct dd_invlpgb invlpgb = goldens[_i].invlpgb;
    struct dd_invlpgb_operands operands = {0};

    invlpgb.linear_width = 48;
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_OK);
    ck_assert_uint_eq(operands.rax, goldens[_i].rax);
    ck_assert_uint_eq(operands.ecx, goldens[_i].ecx);
    ck_assert_uint_eq(operands.edx, goldens[_i].edx);
    operands.rax = 5;
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_ENOENT);
    ck_assert_uint_eq(operands.rax, 5);
}
END_TEST

/* ECX counts additional pages: with a limit of 7, eight pages an instruction and none twice. */
START_TEST(a_long_range_takes_several_instructions_without_overlap)
{
    struct dd_invlpgb invlpgb = {
        .first = {0x10000}, .count = 19, .bytes = DD_PAGE_4K, .count_max = 7, .linear_width = 48};
    static const uint64_t expected[3][2] = {{0x10001, 7}, {0x18001, 7}, {0x20001, 2}};

    for (unsigned int i = 0; i < 3; i++) {
        struct dd_invlpgb_operands operands = {0};

        ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_OK);
        ck_assert_uint_eq(operands.rax, expected[i][0]);
        ck_assert_uint_eq(operands.ecx, expected[i][1]);
    }
    ck_assert(invlpgb.finished);
}
END_TEST

static const struct {
    unsigned int width;
    uint64_t bytes, last_low, first_high;
} holes[] = {
    {48, DD_PAGE_4K, 0x00007FFFFFFFF000, 0xFFFF800000000000},
    {48, DD_PAGE_2M, 0x00007FFFFFE00000, 0xFFFF800000000000},
    {57, DD_PAGE_4K, 0x00FFFFFFFFFFF000, 0xFF00000000000000},
    {57, DD_PAGE_2M, 0x00FFFFFFFFE00000, 0xFF00000000000000},
};

START_TEST(a_range_across_the_hole_is_split_there)
{
    struct dd_invlpgb invlpgb = {.first = {holes[_i].last_low - holes[_i].bytes},
                                 .count = 5,
                                 .bytes = holes[_i].bytes,
                                 .count_max = 100,
                                 .linear_width = (uint8_t)holes[_i].width};
    struct dd_invlpgb_operands operands = {0};

    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_OK);
    ck_assert_uint_eq(operands.rax, (holes[_i].last_low - holes[_i].bytes) | 1);
    ck_assert_uint_eq(operands.ecx & 0xFFFF, 1);
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_OK);
    ck_assert_uint_eq(operands.rax, holes[_i].first_high | 1);
    ck_assert_uint_eq(operands.ecx & 0xFFFF, 2);
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_ENOENT);
}
END_TEST

START_TEST(a_range_may_end_at_the_top_but_not_go_on)
{
    struct dd_invlpgb invlpgb = {.first = {0xFFFFFFFFFFFFE000},
                                 .count = 2,
                                 .bytes = DD_PAGE_4K,
                                 .count_max = 100,
                                 .linear_width = 48};
    struct dd_invlpgb_operands operands = {0};

    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_OK);
    ck_assert_uint_eq(operands.ecx, 1);
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_ENOENT);
    invlpgb.first = dd_vaddr_from(0xFFFFFFFFFFFFE000);
    invlpgb.count = 3;
    invlpgb.finished = false;
    operands.rax = 5;
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), DD_EWRAP);
    ck_assert_uint_eq(operands.rax, 5);
    ck_assert_uint_eq(invlpgb.count, 3);
}
END_TEST

static const struct {
    struct dd_invlpgb invlpgb;
    enum dd_status status;
} bad[] = {
    {{.first = {0x1000}, .count = 1, .bytes = DD_PAGE_1G}, DD_EARG},
    {{.first = {0x1000}, .count = 1, .bytes = DD_PAGE_2M}, DD_EALIGN},
    {{.first = {0x0000800000000000}, .count = 1, .bytes = DD_PAGE_4K}, DD_ECANONICAL},
    {{.flags = 0x1}, DD_EARG},
    {{.flags = 0x40}, DD_EARG},
    {{.flags = DD_INVLPGB_PCID, .pcid = 0x1000}, DD_EARG},
    {{.flags = DD_INVLPGB_ASID, .asid = 8, .asid_count = 8}, DD_EARG},
};

START_TEST(invlpgb_refuses_what_would_be_a_gp)
{
    struct dd_invlpgb invlpgb = bad[_i].invlpgb;
    struct dd_invlpgb_operands operands = {.rax = 5};

    invlpgb.linear_width = 48;
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&invlpgb, &operands), bad[_i].status);
    ck_assert_uint_eq(operands.rax, 5);
}
END_TEST

/* There are no other widths; some of these would shift by more than there are bits. */
START_TEST(a_width_that_is_none_is_refused)
{
    static const uint8_t widths[] = {0, 1, 47, 49, 56, 58, 63, 64, 65, 255};
    struct dd_invlpgb one = {.first = {0x1000}, .count = 1, .bytes = DD_PAGE_4K};
    struct dd_invlpgb all = {.linear_width = widths[_i]};
    struct dd_tlb_request request = {.everything = true};
    struct dd_invpcid_descriptor descriptor = {.pcid = 7};
    struct dd_invlpgb_operands operands = {.rax = 5};

    fake_reset();
    one.linear_width = widths[_i];
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&one, &operands), DD_EARG);
    ck_assert_int_eq(dd_tlb_encode_invlpgb(&all, &operands), DD_EARG);
    ck_assert_int_eq(
        dd_tlb_encode_invpcid(DD_INVPCID_ADDRESS, 0, dd_vaddr_from(0), widths[_i], &descriptor),
        DD_EARG);
    ck_assert_int_eq(dd_tlb_shootdown_invlpgb(&all, &request), DD_EARG);
    ck_assert_uint_eq(operands.rax, 5);
    ck_assert_uint_eq(descriptor.pcid, 7);
    ck_assert_uint_eq(one.count, 1);
    ck_assert_uint_eq(fake.event_count, 0);
}
END_TEST

/* ---- The shoot-down ---- */

START_TEST(a_shootdown_by_invlpgb_does_all_ranges_and_waits)
{
    struct dd_invlpgb processor = {.count_max = 7, .linear_width = 48};
    struct dd_tlb_request request = {
        .ranges = {{{0x1000}, 9, DD_PAGE_4K}, {{0x40000000}, 1, DD_PAGE_1G}},
        .range_count = 2,
        .has_global = true,
        .pcid_enabled = true,
        .pcid = 5};

    fake_reset();
    ck_assert_int_eq(dd_tlb_shootdown_invlpgb(&processor, &request), DD_OK);
    /* Two for 9 pages of 4 KiB, 64 for the 512 times 2 MiB of the last page; then TLBSYNC. */
    ck_assert_uint_eq(fake_count(FAKE_INVLPGB), 2 + 64);
    ck_assert_uint_eq(fake.events[0].address, 0x1000 | 0x1 | 0x2 | 0x8);
    ck_assert_uint_eq(fake.events[1].address, 0x9000 | 0x1 | 0x2 | 0x8);
    ck_assert_uint_eq(fake.events[2].address, 0x40000000 | 0x1 | 0x2 | 0x8);
    ck_assert_int_eq(fake.events[fake.event_count - 1].kind, FAKE_TLBSYNC);
    fake_forget_events();
    request.everything = true;
    request.range_count = 0;
    request.every_pcid = true;
    ck_assert_int_eq(dd_tlb_shootdown_invlpgb(&processor, &request), DD_OK);
    ck_assert_uint_eq(fake.event_count, 2);
    ck_assert_uint_eq(fake.events[0].address, 0x8);
    ck_assert_int_eq(dd_tlb_shootdown_invlpgb(NULL, &request), DD_EARG);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_tlb_encode");
    TCase *invpcid = tcase_create("invpcid");
    TCase *invlpgb = tcase_create("invlpgb");

    tcase_add_test(invpcid, an_invpcid_descriptor_has_the_pcid_first);
    tcase_add_test(invpcid, invpcid_types_have_the_values_of_the_manual);
    tcase_add_test(invpcid, invpcid_refuses_what_would_be_a_gp);
    suite_add_tcase(suite, invpcid);
    tcase_add_loop_test(invlpgb, invlpgb_operands_are_those_of_the_manual, 0,
                        sizeof goldens / sizeof goldens[0]);
    tcase_add_test(invlpgb, a_long_range_takes_several_instructions_without_overlap);
    tcase_add_loop_test(invlpgb, a_range_across_the_hole_is_split_there, 0,
                        sizeof holes / sizeof holes[0]);
    tcase_add_test(invlpgb, a_range_may_end_at_the_top_but_not_go_on);
    tcase_add_loop_test(invlpgb, invlpgb_refuses_what_would_be_a_gp, 0, sizeof bad / sizeof bad[0]);
    tcase_add_loop_test(invlpgb, a_width_that_is_none_is_refused, 0, 10);
    tcase_add_test(invlpgb, a_shootdown_by_invlpgb_does_all_ranges_and_waits);
    suite_add_tcase(suite, invlpgb);
    return suite;
}
