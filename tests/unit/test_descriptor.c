/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/descriptor.c and ldt.c. */
#include "drydock/descriptor.h"
#include "drydock/ldt.h"
#include "tests/unit/insn_recorder.h"
#include "tests/unit/unit.h"

/* Fields typed from [SDM 3A] figure 3-8, with G for limits from 1 MiB on. */
static uint64_t expected_descriptor(const struct dd_segment_parts *parts)
{
    uint64_t base = parts->base;
    uint64_t limit = parts->limit;
    uint64_t large = limit > 0xFFFFF;

    limit = large ? limit >> 12 : limit;
    return (limit & 0xFFFF) | (base & 0xFFFFFF) << 16 | (uint64_t)parts->type << 40 |
           UINT64_C(1) << 44 | (uint64_t)parts->dpl << 45 | (uint64_t)parts->present << 47 |
           (limit >> 16) << 48 | (uint64_t)parts->available << 52 |
           (uint64_t)(parts->size == DD_SEGMENT_64_BIT) << 53 |
           (uint64_t)(parts->size == DD_SEGMENT_32_BIT) << 54 | large << 55 | (base >> 24) << 56;
}

static const uint32_t limits[] = {0,       1,        0xFFFE,     0xFFFF,    0x10000,
                                  0xFFFFF, 0x100FFF, 0x12345FFF, 0xFFFFFFFF};

/* Types, levels, sizes and limits in all combinations; bases with one bit. */
START_TEST(segments_are_made_and_read_back)
{
    for (unsigned int i = 0; i < 16 * 4 * 3 * 9; i++) {
        struct dd_segment_parts parts = {.base = UINT32_C(1) << i % 32,
                                         .limit = limits[i / 192],
                                         .type = (uint8_t)(i % 16),
                                         .dpl = (uint8_t)(i / 16 % 4),
                                         .size = (enum dd_segment_size)(i / 64 % 3),
                                         .present = i % 2 == 0,
                                         .available = i % 3 == 0};
        struct dd_descriptor made = {.high = 1};
        struct dd_segment_parts read = {0};
        bool sayable = parts.size != DD_SEGMENT_64_BIT || parts.type >= 8;

        ck_assert_int_eq(dd_descriptor_make_segment(&parts, &made), sayable ? DD_OK : DD_EARG);
        if (!sayable) {
            continue;
        }
        ck_assert_uint_eq(made.low, expected_descriptor(&parts));
        ck_assert_uint_eq(made.high, 0);
        ck_assert_int_eq(dd_descriptor_read_segment(&made, &read), DD_OK);
        ck_assert_uint_eq(read.base, parts.base);
        ck_assert_uint_eq(read.limit, parts.limit);
        ck_assert_uint_eq(read.type, parts.type);
        ck_assert_uint_eq(read.dpl, parts.dpl);
        ck_assert_int_eq(read.size, parts.size);
        ck_assert_int_eq(read.present, parts.present);
        ck_assert_int_eq(read.available, parts.available);
        ck_assert_int_eq(dd_descriptor_kind(&made),
                         parts.type >= 8 ? DD_DESCRIPTOR_CODE : DD_DESCRIPTOR_DATA);
    }
}
END_TEST

/* [SDM 3A] table 3-2. */
START_TEST(system_types_have_their_kinds_and_two_entries)
{
    static const enum dd_descriptor_kind kinds[16] = {
        DD_DESCRIPTOR_NULL,          DD_DESCRIPTOR_OTHER, DD_DESCRIPTOR_LDT,
        DD_DESCRIPTOR_OTHER,         DD_DESCRIPTOR_OTHER, DD_DESCRIPTOR_OTHER,
        DD_DESCRIPTOR_OTHER,         DD_DESCRIPTOR_OTHER, DD_DESCRIPTOR_OTHER,
        DD_DESCRIPTOR_TSS_AVAILABLE, DD_DESCRIPTOR_OTHER, DD_DESCRIPTOR_TSS_BUSY,
        DD_DESCRIPTOR_CALL_GATE,     DD_DESCRIPTOR_OTHER, DD_DESCRIPTOR_OTHER,
        DD_DESCRIPTOR_OTHER};
    struct dd_descriptor descriptor = {.low = (uint64_t)_i << 40};

    ck_assert_int_eq(dd_descriptor_kind(&descriptor), kinds[_i]);
    ck_assert_uint_eq(dd_descriptor_entries(&descriptor), _i == 0 ? 1 : 2);
}
END_TEST

START_TEST(every_bit_of_a_system_base_has_its_own_place)
{
    uint64_t base = UINT64_C(1) << _i;
    struct dd_descriptor made = {0};
    dd_vaddr read = {0};

    ck_assert_int_eq(
        dd_descriptor_make_system(DD_DESCRIPTOR_LDT, dd_vaddr_from(base), 0xABCDE, &made), DD_OK);
    ck_assert_uint_eq((made.low >> 16 & 0xFFFFFF) | made.low >> 56 << 24 | made.high << 32, base);
    ck_assert_uint_eq(made.low & 0x00FFFF000000FFFF, 0x000A82000000BCDE);
    ck_assert_uint_eq(dd_descriptor_limit(&made), 0xABCDE);
    ck_assert_int_eq(dd_descriptor_read_base(&made, &read), DD_OK);
    ck_assert_uint_eq(read.raw, base);
}
END_TEST

/* [SDM 3A] figure 5-9. */
START_TEST(every_bit_of_a_call_gates_handler_has_its_own_place)
{
    struct dd_call_gate gate = {.handler =
                                    dd_vaddr_from(_i < 47 ? UINT64_C(1) << _i : 0xFFFF800000000000),
                                .selector = 0x1234,
                                .dpl = (uint8_t)(_i % 4)};
    struct dd_descriptor made = {0};

    ck_assert_int_eq(dd_descriptor_make_call_gate(&gate, &made), DD_OK);
    ck_assert_uint_eq((made.low & 0xFFFF) | made.low >> 48 << 16 | made.high << 32,
                      gate.handler.raw);
    ck_assert_uint_eq(made.low & 0x0000FFFFFFFF0000, 0x00008C0012340000 | (uint64_t)gate.dpl << 45);
    ck_assert_uint_eq(made.high >> 32, 0);
}
END_TEST

START_TEST(an_ldt_fills_up_from_entry_0)
{
    uint64_t entries[5] = {[4] = 0xA5};
    const struct dd_descriptor gate = {.low = 0x00008C0000080000, .high = 0x1234};
    const struct dd_descriptor data = {.low = 0x00CFF3000000FFFF};
    struct dd_ldt ldt;
    uint16_t selector = 0;

    ck_assert_int_eq(dd_ldt_init(&ldt, entries, 0), DD_EARG);
    ck_assert_int_eq(dd_ldt_init(&ldt, entries, 8193), DD_EARG);
    ck_assert_int_eq(dd_ldt_init(&ldt, entries, 4), DD_OK);
    ck_assert_int_eq(dd_ldt_add(&ldt, &gate, &selector), DD_OK);
    ck_assert_uint_eq(selector, 0x04);
    ck_assert_int_eq(dd_ldt_add(&ldt, &data, &selector), DD_OK);
    ck_assert_uint_eq(selector, 0x17);
    ck_assert_int_eq(dd_ldt_add(&ldt, &gate, &selector), DD_EFULL);
    ck_assert_uint_eq(selector, 0x17);
    ck_assert_uint_eq(ldt.used, 3);
    ck_assert_uint_eq(entries[0], gate.low);
    ck_assert_uint_eq(entries[1], 0x1234);
    ck_assert_uint_eq(entries[2], data.low);
    ck_assert_uint_eq(entries[4], 0xA5);
    dd_ldt_load(0x28);
    ck_assert_uint_eq(recorded_count, 1);
    ck_assert_int_eq(recorded[0].insn, DD_HOSTED_LLDT);
    ck_assert_uint_eq(recorded[0].operands.rax, 0x28);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("descriptor");
    TCase *layout = tcase_create("layout");
    TCase *ldt = tcase_create("ldt");

    tcase_add_test(layout, segments_are_made_and_read_back);
    tcase_add_loop_test(layout, system_types_have_their_kinds_and_two_entries, 0, 16);
    tcase_add_loop_test(layout, every_bit_of_a_system_base_has_its_own_place, 0, 64);
    tcase_add_loop_test(layout, every_bit_of_a_call_gates_handler_has_its_own_place, 0, 48);
    suite_add_tcase(suite, layout);

    tcase_add_checked_fixture(ldt, insn_recorder_reset, NULL);
    tcase_add_test(ldt, an_ldt_fills_up_from_entry_0);
    suite_add_tcase(suite, ldt);
    return suite;
}
