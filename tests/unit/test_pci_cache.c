/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_cache.c. */
#include "drydock/pci_cache.h"

#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_express_link.h"
#include "drydock/pci_header.h"
#include "drydock/pci_scan.h"
#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_cache cache;
static struct fake_function *function;
static struct dd_pci_address address;

static void setup(void)
{
    fake_reset();
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    fake_put32(function, 0x04, 0x00100007);
    fake_put32(function, 0x10, 0xFEA00000);
    fake_put32(function, 0x34, 0x00000040);
    fake_put32(function, 0x40, 0x00025010);
    fake_put32(function, 0x50, 0x00006005);
    fake_put32(function, 0x60, 0x00000001);
    fake_put32(function, 0x100, 0x14010001);
    fake_put32(function, 0x140, 0x00010003);
    fake_allow32(function, 0x04, 0x000007FF);
    fake_allow32(function, 0x10, 0xFFFFF000);
    fake_allow32(function, 0x54, 0xFFFFFFFF);
    dd_pci_cache_init(&cache, &fake.access);
}

static uint32_t read(uint16_t offset)
{
    uint32_t value = 0;

    ck_assert_int_eq(dd_pci_read32(&cache.access, address, offset, &value), DD_OK);
    return value;
}

START_TEST(a_register_is_read_once_in_any_width)
{
    uint8_t byte = 0;
    uint16_t word = 0;

    ck_assert_uint_eq(read(0), 0x12348086);
    ck_assert_uint_eq(read(0), 0x12348086);
    ck_assert_int_eq(dd_pci_read8(&cache.access, address, 3, &byte), DD_OK);
    ck_assert_uint_eq(byte, 0x12);
    ck_assert_int_eq(dd_pci_read16(&cache.access, address, 2, &word), DD_OK);
    ck_assert_uint_eq(word, 0x1234);
    ck_assert_uint_eq(fake.access_count, 1);
    ck_assert_int_eq(dd_pci_read16(&cache.access, address, 0x100, &word), DD_OK);
    ck_assert_uint_eq(word, 0x0001);
    ck_assert_uint_eq(fake.access_count, 2);
    ck_assert_uint_eq(fake.log[1].width, 4);
}
END_TEST

START_TEST(another_function_is_another_function)
{
    fake_add(0, 4, 0, 0x56788086);
    ck_assert_uint_eq(read(0), 0x12348086);
    address.device = 4;
    ck_assert_uint_eq(read(0), 0x56788086);
    address.device = 3;
    ck_assert_uint_eq(read(0), 0x12348086);
    ck_assert_uint_eq(fake.access_count, 3);
}
END_TEST

START_TEST(a_write_is_performed_as_it_is_and_seen)
{
    (void)read(0x04);
    (void)read(0x08);
    ck_assert_int_eq(dd_pci_write8(&cache.access, address, 0x04, 0x02), DD_OK);
    ck_assert_uint_eq(fake.log[2].width, 1);
    ck_assert_uint_eq(read(0x04), 0x00100002);
    (void)read(0x08);
    ck_assert_uint_eq(fake.access_count, 4);
}
END_TEST

/* A reset changes the header: [PCIe 6] 6.6.2; so does the size of a range: 7.8.6. */
START_TEST(a_write_above_the_header_may_change_anything)
{
    (void)read(0x00);
    (void)read(0x3C);
    (void)read(0x40);
    (void)read(0x100);
    ck_assert_int_eq(dd_pci_write32(&cache.access, address, 0x54, 1), DD_OK);
    fake_forget();
    (void)read(0x00);
    (void)read(0x3C);
    (void)read(0x40);
    (void)read(0x100);
    ck_assert_uint_eq(fake.access_count, 4);
}
END_TEST

/* The second wait clears the register that is looked at. */
static void wait_for_clear(void *context, uint32_t microseconds)
{
    unsigned int *waits = context;

    (void)microseconds;
    if (++*waits == 2) {
        function->bytes[0x53] = 0;
    }
}

START_TEST(waiting_for_a_register_reads_it_each_time)
{
    unsigned int waits = 0;
    const struct dd_delay delay = {wait_for_clear, &waits};
    struct dd_pci_express express;

    /* a root port, type 4, in whose Link Status, 12h, bit 11 is Link Training: [PCIe 6] 7.5.3.8 */
    fake_put32(function, 0x40, 0x00425010);
    fake_put32(function, 0x50, 0x08000000);
    ck_assert_int_eq(dd_pci_express_read(&cache.access, address, 0x40, &express), DD_OK);
    ck_assert_int_eq(dd_pci_express_retrain(&cache.access, address, &express, &delay), DD_OK);
    ck_assert_uint_eq(waits, 2);
}
END_TEST

/* [PCIe 6] 2.3.2: Vendor ID 0001h, all ones in the other bytes. */
START_TEST(a_function_that_is_not_ready_is_asked_again)
{
    uint32_t value = 0x77;

    (void)read(0x00);
    fake_put32(function, 0x00, 0xFFFF0001);
    fake_put32(function, 0x54, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_read32(&cache.access, address, 0x54, &value), DD_ENOTREADY);
    ck_assert_int_eq(dd_pci_read_id(&cache.access, address, &value), DD_ENOTREADY);
    ck_assert_uint_eq(value, 0x77);
    fake_put32(function, 0x00, 0x12348086);
    fake_put32(function, 0x54, 0x00000055);
    ck_assert_uint_eq(read(0x54), 0x55);
    ck_assert_uint_eq(read(0x00), 0x12348086);
}
END_TEST

START_TEST(a_function_that_vanishes_is_gone_until_it_is_forgotten)
{
    uint32_t value = 0x77;

    (void)read(0);
    fake.vanish_at = 1;
    ck_assert_int_eq(dd_pci_read32(&cache.access, address, 0x10, &value), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read_id(&cache.access, address, &value), DD_ENODEV);
    ck_assert_uint_eq(value, 0x77);
    ck_assert_uint_eq(fake.access_count, 3);
    fake.vanish_at = FAKE_NEVER;
    ck_assert_int_eq(dd_pci_read_id(&cache.access, address, &value), DD_ENODEV);
    dd_pci_cache_forget(&cache);
    ck_assert_uint_eq(read(0), 0x12348086);
}
END_TEST

START_TEST(a_register_of_all_ones_is_kept_like_any_other)
{
    fake_put32(function, 0x54, 0xFFFFFFFF);
    ck_assert_uint_eq(read(0x54), 0xFFFFFFFF);
    ck_assert_uint_eq(fake.access_count,
                      3); /* the ID for the cache, and for who reads through it */
    ck_assert_uint_eq(read(0x54), 0xFFFFFFFF);
    ck_assert_uint_eq(fake.access_count, 3);
}
END_TEST

START_TEST(an_absent_function_takes_one_read)
{
    uint32_t id;

    ck_assert_int_eq(dd_pci_read_id(&cache.access, fake_address(0, 9, 0), &id), DD_ENODEV);
    ck_assert_uint_eq(fake.access_count, 1);
}
END_TEST

START_TEST(the_handle_reaches_what_the_one_behind_it_reaches)
{
    uint32_t value;

    fake.access.size = 256;
    fake.access.first_bus = 2;
    dd_pci_cache_init(&cache, &fake.access);
    ck_assert_int_eq(dd_pci_read32(&cache.access, fake_address(2, 0, 0), 256, &value), DD_EARG);
    ck_assert_int_eq(dd_pci_read32(&cache.access, fake_address(1, 0, 0), 0, &value), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Everything about every function ---- */

static enum dd_pci_visit continue_walk(void *context, const struct dd_pci_capability *capability)
{
    (void)context;
    (void)capability;
    return DD_PCI_VISIT_CONTINUE;
}

static enum dd_pci_visit look_at_everything(void *context, const struct dd_pci_function *found)
{
    const struct dd_pci_access *access = context;
    const struct dd_pci_capability_visitor walker = {continue_walk, NULL};
    struct dd_pci_header header;
    struct dd_pci_bar bars[DD_PCI_BARS];

    ck_assert_int_eq(dd_pci_read_header(access, found->address, &header), DD_OK);
    ck_assert_int_eq(dd_pci_walk_capabilities(access, found->address, &walker), DD_OK);
    ck_assert_int_eq(dd_pci_walk_extended_capabilities(access, found->address, &walker), DD_OK);
    ck_assert_int_eq(dd_pci_size_bars(access, found->address, bars), DD_OK);
    return DD_PCI_VISIT_CONTINUE;
}

/* How often the log has a read of this dword of this function. */
static unsigned int count_reads(struct dd_pci_address at, unsigned int offset)
{
    unsigned int reads = 0;

    for (unsigned int i = 0; i < fake.access_count; i++) {
        const struct fake_access *access = &fake.log[i];

        reads += !access->is_write && access->address.bus == at.bus &&
                         access->address.device == at.device &&
                         access->address.function == at.function && access->offset / 4 == offset / 4
                     ? 1
                     : 0;
    }
    return reads;
}

/* A base address register is read and read back; so is the ROM's, at 0x30, of a bridge at 0x38. */
static unsigned int most_reads(unsigned int offset)
{
    return (offset >= 0x10 && offset < 0x28) || offset == 0x30 || offset == 0x38 ? 2 : 1;
}

START_TEST(a_full_dump_reads_no_register_twice)
{
    const struct dd_pci_visitor visitor = {look_at_everything, &cache.access};
    const uint8_t root = 0;

    fake_add_bridge(0, 5, 0, 1, 1);
    fake_add(1, 0, 0, 0x56788086);
    ck_assert_int_eq(dd_pci_scan(&cache.access, &root, 1, &visitor), DD_OK);
    for (unsigned int i = 0; i < fake.function_count; i++) {
        for (unsigned int offset = 0; offset < 4096; offset += 4) {
            ck_assert_uint_le(count_reads(fake.functions[i].address, offset), most_reads(offset));
        }
        ck_assert_uint_eq(count_reads(fake.functions[i].address, 0), 1);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_cache");
    TCase *reading = tcase_create("reading");

    tcase_add_checked_fixture(reading, setup, NULL);
    tcase_add_test(reading, a_register_is_read_once_in_any_width);
    tcase_add_test(reading, another_function_is_another_function);
    tcase_add_test(reading, a_write_is_performed_as_it_is_and_seen);
    tcase_add_test(reading, a_write_above_the_header_may_change_anything);
    tcase_add_test(reading, waiting_for_a_register_reads_it_each_time);
    tcase_add_test(reading, a_function_that_is_not_ready_is_asked_again);
    tcase_add_test(reading, a_function_that_vanishes_is_gone_until_it_is_forgotten);
    tcase_add_test(reading, a_register_of_all_ones_is_kept_like_any_other);
    tcase_add_test(reading, an_absent_function_takes_one_read);
    tcase_add_test(reading, the_handle_reaches_what_the_one_behind_it_reaches);
    tcase_add_test(reading, a_full_dump_reads_no_register_twice);
    suite_add_tcase(suite, reading);
    return suite;
}
