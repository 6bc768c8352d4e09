/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/devices/io_apic.c: what is accessed in which order, by [82093AA]. */
#include "drydock/io_apic.h"
#include "tests/unit/device_script.h"
#include "tests/unit/unit.h"

#define WRITE  DD_HOSTED_WRITE32
#define SELECT 0xFEC00000u
#define WINDOW 0xFEC00010u

static const struct dd_io_apic apic = {
    .registers = {0xFEC00000}, .entry_count = 24, .version = 0x20};

static const struct dd_io_apic_entry fixed = {
    .vector = 0x51, .destination = 3, .trigger = DD_APIC_LEVEL, .polarity = DD_APIC_ACTIVE_LOW};

/* ---- dd_io_apic_open: [82093AA] 3.2.2 ---- */

START_TEST(open_reads_version_and_number_of_entries)
{
    struct dd_io_apic opened = {0};

    device_script_answer(WINDOW, 0x00170011);
    ck_assert_int_eq(dd_io_apic_open(&opened, dd_vaddr_from(0xFEC00000)), DD_OK);
    ck_assert_uint_eq(opened.registers.raw, 0xFEC00000);
    ck_assert_uint_eq(opened.version, 0x11);
    ck_assert_uint_eq(opened.entry_count, 24);
    DEVICE_EXPECT({WRITE, SELECT, 0x01});
}
END_TEST

static const struct {
    uint32_t version;
    enum dd_status status;
} versions[] = {{0xFFFFFFFF, DD_ENODEV},
                {0x00000000, DD_ENODEV},
                {0x00780020, DD_EMALFORMED}, /* the index of entry 120 would be 0x100 */
                {0x00770020, DD_OK},
                {0x00000011, DD_OK}};

START_TEST(open_believes_no_version_that_cannot_be)
{
    struct dd_io_apic opened = {.version = 0x77};

    device_script_answer(WINDOW, versions[_i].version);
    ck_assert_int_eq(dd_io_apic_open(&opened, dd_vaddr_from(0xFEC00000)), versions[_i].status);
    ck_assert(versions[_i].status == DD_OK || opened.version == 0x77);
}
END_TEST

START_TEST(open_rejects_an_address_before_any_access)
{
    struct dd_io_apic opened = {.version = 0x77};

    ck_assert_int_eq(dd_io_apic_open(&opened, dd_vaddr_from(0xFEC00200)), DD_EALIGN);
    ck_assert_uint_eq(opened.version, 0x77);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

/* ---- ID: [82093AA] 3.2.1 ---- */

START_TEST(id_is_four_bits_among_reserved_ones)
{
    device_script_answer(WINDOW, 0xF7123456);
    ck_assert_uint_eq(dd_io_apic_read_id(&apic), 7);
    ck_assert_int_eq(dd_io_apic_write_id(&apic, 15), DD_OK);
    ck_assert_int_eq(dd_io_apic_write_id(&apic, 16), DD_EARG);
    DEVICE_EXPECT({WRITE, SELECT, 0}, {WRITE, SELECT, 0}, {WRITE, SELECT, 0},
                  {WRITE, WINDOW, 0xFF123456});
}
END_TEST

/* ---- entries: [82093AA] 3.2.4 ---- */

/* Level, active low, vector 0x51 for APIC 3; reserved bits 31:17 and 55:32 as they were. */
START_TEST(an_entry_is_masked_while_half_of_it_is_old)
{
    device_script_answer(WINDOW, 0xABCC0944);
    device_script_answer(WINDOW, 0x07654321);
    ck_assert_int_eq(dd_io_apic_write_entry(&apic, 23, &fixed), DD_OK);
    DEVICE_EXPECT({WRITE, SELECT, 0x3E}, {WRITE, SELECT, 0x3F}, {WRITE, SELECT, 0x3E},
                  {WRITE, WINDOW, 0xABCD0944}, {WRITE, SELECT, 0x3F}, {WRITE, WINDOW, 0x03654321},
                  {WRITE, SELECT, 0x3E}, {WRITE, WINDOW, 0xABCCA051});
}
END_TEST

START_TEST(every_field_of_an_entry_is_in_its_place)
{
    const struct dd_io_apic_entry entry = {.vector = 0xFE,
                                           .delivery = DD_APIC_LOWEST_PRIORITY,
                                           .destination_mode = DD_APIC_LOGICAL,
                                           .destination = 0x81,
                                           .mask = DD_APIC_MASKED};

    device_script_answer(WINDOW, 0);
    ck_assert_int_eq(dd_io_apic_write_entry(&apic, 0, &entry), DD_OK);
    DEVICE_EXPECT({WRITE, SELECT, 0x10}, {WRITE, SELECT, 0x11}, {WRITE, SELECT, 0x10},
                  {WRITE, WINDOW, 0x00010000}, {WRITE, SELECT, 0x11}, {WRITE, WINDOW, 0x81000000},
                  {WRITE, SELECT, 0x10}, {WRITE, WINDOW, 0x000109FE});
}
END_TEST

START_TEST(an_entry_reads_as_its_fields)
{
    struct dd_io_apic_entry entry = {0};
    struct dd_io_apic_input state = {0};

    device_script_answer(WINDOW, 0x0001D930); /* all but the status */
    device_script_answer(WINDOW, 0xFF000000);
    ck_assert_int_eq(dd_io_apic_read_entry(&apic, 1, &entry), DD_OK);
    ck_assert_uint_eq(entry.vector, 0x30);
    ck_assert_int_eq(entry.delivery, DD_APIC_LOWEST_PRIORITY);
    ck_assert_int_eq(entry.destination_mode, DD_APIC_LOGICAL);
    ck_assert_int_eq(entry.polarity, DD_APIC_ACTIVE_HIGH);
    ck_assert_int_eq(entry.trigger, DD_APIC_LEVEL);
    ck_assert_int_eq(entry.mask, DD_APIC_MASKED);
    ck_assert_uint_eq(entry.destination, 0xFF);
    device_script_answer(WINDOW, 0x00005000);
    ck_assert_int_eq(dd_io_apic_read_input(&apic, 1, &state), DD_OK);
    ck_assert_uint_eq(state.send_pending, 1);
    ck_assert_uint_eq(state.remote_irr, 1);
    device_script_answer(WINDOW, 0x0001AFFF);
    ck_assert_int_eq(dd_io_apic_read_input(&apic, 1, &state), DD_OK);
    ck_assert_uint_eq(state.send_pending, 0);
    ck_assert_uint_eq(state.remote_irr, 0);
}
END_TEST

static const struct dd_io_apic_entry bad_entries[] = {
    {.vector = 31},
    {.vector = 0x40, .delivery = DD_APIC_NMI},
    {.vector = 0, .delivery = DD_APIC_NMI, .trigger = DD_APIC_LEVEL},
    {.vector = 0x40, .delivery = (enum dd_apic_delivery)3},
    {.vector = 0x40, .delivery = DD_APIC_STARTUP},
    {.vector = 0x40, .trigger = (enum dd_apic_trigger)2},
    {.vector = 0x40, .polarity = (enum dd_apic_polarity)2},
    {.vector = 0x40, .mask = (enum dd_apic_mask)2},
    {.vector = 0x40, .destination_mode = (enum dd_apic_destination_mode)2},
};

START_TEST(entries_that_cannot_be_are_not_written)
{
    ck_assert_int_eq(dd_io_apic_write_entry(&apic, 0, &bad_entries[_i]), DD_EARG);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(inputs_that_do_not_exist_are_not_accessed)
{
    struct dd_io_apic_entry entry = {.vector = 0x77};
    struct dd_io_apic_input state = {.remote_irr = 7};

    ck_assert_int_eq(dd_io_apic_write_entry(&apic, 24, &fixed), DD_EARG);
    ck_assert_int_eq(dd_io_apic_read_entry(&apic, 24, &entry), DD_EARG);
    ck_assert_int_eq(dd_io_apic_read_input(&apic, 255, &state), DD_EARG);
    ck_assert_int_eq(dd_io_apic_mask(&apic, 24), DD_EARG);
    ck_assert_uint_eq(entry.vector, 0x77);
    ck_assert_uint_eq(state.remote_irr, 7);
    ck_assert_uint_eq(device_write_count, 0);
}
END_TEST

START_TEST(mask_changes_one_bit)
{
    device_script_answer(WINDOW, 0xFFFFFFFF);
    device_script_answer(WINDOW, 0x00000030);
    ck_assert_int_eq(dd_io_apic_unmask(&apic, 2), DD_OK);
    ck_assert_int_eq(dd_io_apic_mask(&apic, 2), DD_OK);
    ck_assert_int_eq(dd_io_apic_unmask(&apic, 24), DD_EARG);
    DEVICE_EXPECT({WRITE, SELECT, 0x14}, {WRITE, SELECT, 0x14}, {WRITE, WINDOW, 0xFFFEFFFF},
                  {WRITE, SELECT, 0x14}, {WRITE, SELECT, 0x14}, {WRITE, WINDOW, 0x00010030});
}
END_TEST

START_TEST(eoi_register_exists_from_version_20h_on)
{
    struct dd_io_apic old = apic;

    old.version = 0x1F;
    ck_assert_int_eq(dd_io_apic_eoi(&old, 0x51), DD_ENOTSUP);
    ck_assert_int_eq(dd_io_apic_eoi(&apic, 0x51), DD_OK);
    DEVICE_EXPECT({WRITE, 0xFEC00040, 0x51});
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_io_apic");
    TCase *tests = tcase_create("I/O APIC");

    tcase_add_checked_fixture(tests, device_script_reset, NULL);
    tcase_add_test(tests, open_reads_version_and_number_of_entries);
    tcase_add_loop_test(tests, open_believes_no_version_that_cannot_be, 0, COUNT(versions));
    tcase_add_test(tests, open_rejects_an_address_before_any_access);
    tcase_add_test(tests, id_is_four_bits_among_reserved_ones);
    tcase_add_test(tests, an_entry_is_masked_while_half_of_it_is_old);
    tcase_add_test(tests, every_field_of_an_entry_is_in_its_place);
    tcase_add_test(tests, an_entry_reads_as_its_fields);
    tcase_add_loop_test(tests, entries_that_cannot_be_are_not_written, 0, COUNT(bad_entries));
    tcase_add_test(tests, inputs_that_do_not_exist_are_not_accessed);
    tcase_add_test(tests, mask_changes_one_bit);
    tcase_add_test(tests, eoi_register_exists_from_version_20h_on);
    suite_add_tcase(suite, tests);
    return suite;
}
