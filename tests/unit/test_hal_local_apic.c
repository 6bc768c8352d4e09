/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/local_apic.c, by [SDM 3A] chapter 10. */
#include "drydock/local_apic.h"
#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define WRITE DD_HOSTED_WRITE32
#define WRMSR DD_HOSTED_WRMSR
#define PAGE  0xFEE00000u

enum {
    HAS_APIC = 1 << 9,    /* [SDM 2A] CPUID.1:EDX */
    HAS_X2APIC = 1 << 21, /* CPUID.1:ECX */
};

static const struct dd_local_apic xapic = {DD_LOCAL_APIC_XAPIC, {PAGE}};
static const struct dd_local_apic x2apic = {DD_LOCAL_APIC_X2APIC, {0}};
static const struct dd_local_apic disabled = {DD_LOCAL_APIC_DISABLED, {PAGE}};

/* ---- finding and opening: [SDM 3A] 10.4.4, table 10-5 ---- */

START_TEST(find_gives_the_address_without_the_other_fields)
{
    dd_paddr base = {77};

    device_script_answer(0x1B, 0xFFF80000FEE00D00);
    ck_assert_int_eq(dd_local_apic_find(&base), DD_ENODEV);
    ck_assert_uint_eq(base.raw, 77);
    device_script_features(0, HAS_APIC);
    ck_assert_int_eq(dd_local_apic_find(&base), DD_OK);
    ck_assert_uint_eq(base.raw, 0x80000FEE00000);
}
END_TEST

static const struct {
    uint64_t base;
    enum dd_status status;
    enum dd_local_apic_mode mode;
} bases[] = {{0xFEE00000, DD_OK, DD_LOCAL_APIC_DISABLED},
             {0xFEE00900, DD_OK, DD_LOCAL_APIC_XAPIC},
             {0xFEE00D00, DD_OK, DD_LOCAL_APIC_X2APIC},
             {0xFEE00500, DD_EMALFORMED, DD_LOCAL_APIC_DISABLED}};

START_TEST(open_takes_the_mode_from_two_bits)
{
    struct dd_local_apic apic = {DD_LOCAL_APIC_DISABLED, {77}};

    device_script_features(0, HAS_APIC);
    device_script_answer(0x1B, bases[_i].base);
    ck_assert_int_eq(dd_local_apic_open(&apic, dd_vaddr_from(PAGE)), bases[_i].status);
    ck_assert_int_eq(apic.mode, bases[_i].mode);
    ck_assert_uint_eq(apic.registers.raw, bases[_i].status == DD_OK ? PAGE : 77);
}
END_TEST

START_TEST(open_rejects_an_address_and_a_processor_without)
{
    struct dd_local_apic apic = {DD_LOCAL_APIC_XAPIC, {77}};

    ck_assert_int_eq(dd_local_apic_open(&apic, dd_vaddr_from(PAGE + 0x800)), DD_EALIGN);
    ck_assert_int_eq(dd_local_apic_open(&apic, dd_vaddr_from(PAGE)), DD_ENODEV);
    ck_assert_uint_eq(apic.registers.raw, 77);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

/* ---- modes: [SDM 3A] figure 10-27 ---- */

#define OFF DD_LOCAL_APIC_DISABLED
#define X   DD_LOCAL_APIC_XAPIC
#define X2  DD_LOCAL_APIC_X2APIC

/* `after`: IA32_APIC_BASE as written; 0: not written. Bit 9 is reserved and kept. */
static const struct {
    enum dd_local_apic_mode from, to;
    uint64_t before, after;
    enum dd_status status;
} arrows[] = {
    {OFF, OFF, 0xFEE00300, 0, DD_OK},
    {OFF, X, 0xFEE00300, 0xFEE00B00, DD_OK},
    {OFF, X2, 0xFEE00300, 0, DD_EARG},
    {X, OFF, 0xFEE00B00, 0xFEE00300, DD_OK},
    {X, X, 0xFEE00B00, 0, DD_OK},
    {X, X2, 0xFEE00B00, 0xFEE00F00, DD_OK},
    {X2, OFF, 0xFEE00F00, 0xFEE00300, DD_OK},
    {X2, X, 0xFEE00F00, 0, DD_EARG},
    {X2, X2, 0xFEE00F00, 0, DD_OK},
    {X, (enum dd_local_apic_mode)3, 0xFEE00B00, 0, DD_EARG},
};

START_TEST(set_mode_goes_along_the_arrows_only)
{
    struct dd_local_apic apic = {arrows[_i].from, {PAGE}};
    bool moves = arrows[_i].after != 0;

    device_script_features(HAS_X2APIC, HAS_APIC);
    device_script_answer(0x1B, arrows[_i].before);
    device_script_answer(0x1B, arrows[_i].after);
    ck_assert_int_eq(dd_local_apic_set_mode(&apic, arrows[_i].to), arrows[_i].status);
    ck_assert_int_eq(apic.mode, arrows[_i].status == DD_OK ? arrows[_i].to : arrows[_i].from);
    ck_assert_uint_eq(device_write_count, moves ? 1 : 0);
    if (moves) {
        ck_assert_int_eq(device_writes[0].insn, WRMSR);
        ck_assert_uint_eq(device_writes[0].place, 0x1B);
        ck_assert_uint_eq(device_writes[0].value, arrows[_i].after);
    }
}
END_TEST

START_TEST(set_mode_asks_for_the_feature_first)
{
    struct dd_local_apic apic = xapic;

    device_script_features(0xFFFFFFFF & ~(uint32_t)HAS_X2APIC, HAS_APIC);
    ck_assert_int_eq(dd_local_apic_set_mode(&apic, X2), DD_ENOTSUP);
    ck_assert_int_eq(apic.mode, X);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

/* [SDM 3A] 10.4.3: some processors enable again only by a reset. */
START_TEST(set_mode_notices_an_apic_that_stays_disabled)
{
    struct dd_local_apic apic = disabled;

    device_script_answer(0x1B, 0xFEE00100);
    ck_assert_int_eq(dd_local_apic_set_mode(&apic, X), DD_ENOTSUP);
    ck_assert_int_eq(apic.mode, OFF);
}
END_TEST

/* ---- registers: [SDM 3A] tables 10-1 and 10-6 ---- */

START_TEST(enable_changes_vector_and_enable_bit_only)
{
    device_script_answer(PAGE + 0xF0, 0x10FF);
    device_script_answer(0x80F, 0x000F);
    ck_assert_int_eq(dd_local_apic_enable(&xapic, 0xEF), DD_OK);
    ck_assert_int_eq(dd_local_apic_enable(&x2apic, 0x20), DD_OK);
    ck_assert_int_eq(dd_local_apic_enable(&xapic, 0x1F), DD_EARG);
    DEVICE_EXPECT({WRITE, PAGE + 0xF0, 0x11EF}, {WRMSR, 0x80F, 0x120});
}
END_TEST

START_TEST(disable_clears_the_enable_bit_only)
{
    device_script_answer(PAGE + 0xF0, 0x13EF);
    dd_local_apic_disable(&xapic);
    DEVICE_EXPECT({WRITE, PAGE + 0xF0, 0x12EF});
}
END_TEST

/* [SDM 3A] figure 10-6: bits 31:24 in xAPIC mode; 10.12.5.1: all 32 in x2APIC mode. */
START_TEST(ids_have_the_width_of_the_mode)
{
    device_script_answer(PAGE + 0x20, 0x9A000000);
    device_script_answer(PAGE + 0xD0, 0x04000000);
    device_script_answer(0x802, 0x9A000001);
    device_script_answer(0x80D, 0x00010004);
    ck_assert_uint_eq(dd_local_apic_read_id(&xapic), 0x9A);
    ck_assert_uint_eq(dd_local_apic_read_logical_id(&xapic), 0x04);
    ck_assert_uint_eq(dd_local_apic_read_id(&x2apic), 0x9A000001);
    ck_assert_uint_eq(dd_local_apic_read_logical_id(&x2apic), 0x00010004);
}
END_TEST

START_TEST(logical_id_selects_the_flat_model)
{
    device_script_answer(PAGE + 0xE0, 0x0FFFFFFF);
    device_script_answer(PAGE + 0xD0, 0x00123456);
    ck_assert_int_eq(dd_local_apic_write_logical_id(&xapic, 0x80), DD_OK);
    ck_assert_int_eq(dd_local_apic_write_logical_id(&x2apic, 0x80), DD_ENOTSUP);
    ck_assert_int_eq(dd_local_apic_write_logical_id(&disabled, 0x80), DD_ENODEV);
    DEVICE_EXPECT({WRITE, PAGE + 0xE0, 0xFFFFFFFF}, {WRITE, PAGE + 0xD0, 0x80123456});
}
END_TEST

START_TEST(version_has_three_fields)
{
    struct dd_local_apic_version version;

    device_script_answer(PAGE + 0x30, 0xFE06FF14);
    device_script_answer(0x803, 0x01050015);
    version = dd_local_apic_read_version(&xapic);
    ck_assert_uint_eq(version.version, 0x14);
    ck_assert_uint_eq(version.last_entry, 6);
    ck_assert_uint_eq(version.suppresses_eoi, 0);
    version = dd_local_apic_read_version(&x2apic);
    ck_assert_uint_eq(version.version, 0x15);
    ck_assert_uint_eq(version.last_entry, 5);
    ck_assert_uint_eq(version.suppresses_eoi, 1);
}
END_TEST

/* [SDM 3A] 10.9: bit 12, where bit 24 of the version says so. */
START_TEST(eoi_broadcasts_are_held_back_where_the_version_has_it)
{
    device_script_answer(PAGE + 0x30, 0x01050014);
    device_script_answer(PAGE + 0xF0, 0x01FF);
    device_script_answer(PAGE + 0xF0, 0x11FF);
    device_script_answer(0x803, 0x00050014);
    ck_assert_int_eq(dd_local_apic_set_eoi_broadcast(&xapic, DD_LOCAL_APIC_EOI_NO_BROADCAST),
                     DD_OK);
    ck_assert_int_eq(dd_local_apic_set_eoi_broadcast(&xapic, DD_LOCAL_APIC_EOI_BROADCAST), DD_OK);
    ck_assert_int_eq(dd_local_apic_set_eoi_broadcast(&x2apic, DD_LOCAL_APIC_EOI_NO_BROADCAST),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_local_apic_set_eoi_broadcast(&xapic, (enum dd_local_apic_eoi_broadcast)2),
                     DD_EARG);
    DEVICE_EXPECT({WRITE, PAGE + 0xF0, 0x11FF}, {WRITE, PAGE + 0xF0, 0x01FF});
}
END_TEST

START_TEST(priorities_and_eoi_are_in_their_places)
{
    device_script_answer(PAGE + 0x80, 0x35);
    device_script_answer(PAGE + 0xA0, 0x40);
    ck_assert_uint_eq(dd_local_apic_read_tpr(&xapic), 0x35);
    ck_assert_uint_eq(dd_local_apic_read_ppr(&xapic), 0x40);
    dd_local_apic_write_tpr(&x2apic, 0x7F);
    dd_local_apic_eoi(&xapic);
    dd_local_apic_eoi(&x2apic);
    DEVICE_EXPECT({WRMSR, 0x808, 0x7F}, {WRITE, PAGE + 0xB0, 0}, {WRMSR, 0x80B, 0});
}
END_TEST

/* [SDM 3A] 10.8.4: ISR 0x100, TMR 0x180, IRR 0x200, 32 vectors every 16 bytes. */
START_TEST(vectors_have_a_bit_each_in_three_banks)
{
    device_script_answer(PAGE + 0x100, 0xFFFFFFFE);
    device_script_answer(PAGE + 0x1F0, 0x80000000);
    device_script_answer(0x822, 0x00000002);
    ck_assert(!dd_local_apic_test(&xapic, DD_LOCAL_APIC_IN_SERVICE, 0));
    ck_assert(dd_local_apic_test(&xapic, DD_LOCAL_APIC_IN_SERVICE, 31));
    ck_assert(dd_local_apic_test(&xapic, DD_LOCAL_APIC_TRIGGER, 255));
    ck_assert(!dd_local_apic_test(&xapic, DD_LOCAL_APIC_TRIGGER, 254));
    ck_assert(dd_local_apic_test(&x2apic, DD_LOCAL_APIC_REQUESTED, 65));
    ck_assert(!dd_local_apic_test(&x2apic, DD_LOCAL_APIC_REQUESTED, 64));
    ck_assert(!dd_local_apic_test(&xapic, (enum dd_local_apic_bank)3, 64));
}
END_TEST

/* [SDM 3A] 10.5.3: a write first, and of zero in x2APIC mode. */
START_TEST(errors_are_read_after_a_write)
{
    device_script_answer(PAGE + 0x280, 0x60);
    device_script_answer(0x828, 0x80);
    ck_assert_uint_eq(dd_local_apic_take_errors(&xapic), 0x60);
    ck_assert_uint_eq(dd_local_apic_take_errors(&x2apic), 0x80);
    DEVICE_EXPECT({WRITE, PAGE + 0x280, 0}, {WRMSR, 0x828, 0});
}
END_TEST

START_TEST(a_disabled_apic_is_not_accessed)
{
    ck_assert_int_eq(dd_local_apic_enable(&disabled, 0xFF), DD_ENODEV);
    ck_assert_int_eq(dd_local_apic_set_eoi_broadcast(&disabled, DD_LOCAL_APIC_EOI_BROADCAST),
                     DD_ENODEV);
    dd_local_apic_disable(&disabled);
    dd_local_apic_eoi(&disabled);
    dd_local_apic_write_tpr(&disabled, 0xFF);
    ck_assert_uint_eq(dd_local_apic_read_id(&disabled), 0);
    ck_assert_uint_eq(dd_local_apic_take_errors(&disabled), 0);
    ck_assert(!dd_local_apic_test(&disabled, DD_LOCAL_APIC_REQUESTED, 64));
    ck_assert_uint_eq(device_write_count, 0);
    ck_assert_uint_eq(device_read_count, 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static void add_registers(TCase *tests)
{
    tcase_add_test(tests, enable_changes_vector_and_enable_bit_only);
    tcase_add_test(tests, disable_clears_the_enable_bit_only);
    tcase_add_test(tests, ids_have_the_width_of_the_mode);
    tcase_add_test(tests, logical_id_selects_the_flat_model);
    tcase_add_test(tests, version_has_three_fields);
    tcase_add_test(tests, eoi_broadcasts_are_held_back_where_the_version_has_it);
    tcase_add_test(tests, priorities_and_eoi_are_in_their_places);
    tcase_add_test(tests, vectors_have_a_bit_each_in_three_banks);
    tcase_add_test(tests, errors_are_read_after_a_write);
    tcase_add_test(tests, a_disabled_apic_is_not_accessed);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_local_apic");
    TCase *tests = tcase_create("local APIC");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_test(tests, find_gives_the_address_without_the_other_fields);
    tcase_add_loop_test(tests, open_takes_the_mode_from_two_bits, 0, COUNT(bases));
    tcase_add_test(tests, open_rejects_an_address_and_a_processor_without);
    tcase_add_loop_test(tests, set_mode_goes_along_the_arrows_only, 0, COUNT(arrows));
    tcase_add_test(tests, set_mode_asks_for_the_feature_first);
    tcase_add_test(tests, set_mode_notices_an_apic_that_stays_disabled);
    add_registers(tests);
    suite_add_tcase(suite, tests);
    return suite;
}
