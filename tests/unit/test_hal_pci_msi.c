/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_msi.c and of the registers of pci_msix.c: [PCI 3.0] 6.8, [PCIe 6] 7.7. */
#include "drydock/pci_msi.h"
#include "drydock/pci_msix.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_msi msi;
static struct dd_pci_msix msix;

/* A capability at 0x50 with this control; every other byte of it up to 0x68 takes what is written. */
static void put_msi(uint16_t control)
{
    fake_put32(function, 0x50, (uint32_t)control << 16 | 0x05);
    fake_allow32(function, 0x50, 0x04710000);
    for (unsigned int at = 0x54; at < 0x68; at += 4) {
        fake_put32(function, at, at * 0x01010101U);
        fake_allow32(function, at, 0xFFFFFFFF);
    }
    ck_assert_int_eq(dd_pci_msi_read(&fake.access, address, 0x50, &msi), DD_OK);
    fake_forget();
}

static void setup(void)
{
    fake_reset();
    memset(&msi, 0, sizeof msi);
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
}

static enum dd_status program(uint64_t where, uint32_t data, unsigned int vectors)
{
    const struct dd_pci_msi_message message = {where, data, vectors};

    return dd_pci_msi_program(&fake.access, address, &msi, &message);
}

START_TEST(the_four_forms_have_their_registers_in_their_places)
{
    put_msi(0x0000);
    ck_assert_uint_eq(msi.address, 0x54545454);
    ck_assert_uint_eq(msi.address_upper, 0);
    ck_assert_uint_eq(msi.data, 0x5858);
    ck_assert_uint_eq(msi.mask, 0);
    put_msi(0x0080);
    ck_assert_uint_eq(msi.address_upper, 0x58585858);
    ck_assert_uint_eq(msi.data, 0x5C5C);
    put_msi(0x0100);
    ck_assert_uint_eq(msi.data, 0x5858);
    ck_assert_uint_eq(msi.mask, 0x5C5C5C5C);
    ck_assert_uint_eq(msi.pending, 0x60606060);
    put_msi(0x0380);
    ck_assert_uint_eq(msi.extended_data, 0x5C5C);
    ck_assert_uint_eq(msi.mask, 0x60606060);
    ck_assert_uint_eq(msi.pending, 0x64646464);
}
END_TEST

START_TEST(a_form_that_does_not_fit_is_malformed)
{
    /* Forms end 10, 14, 20 and 24 bytes after their start; those with extended data 12 and 16. */
    static const struct {
        uint16_t control;
        uint16_t last; /* the last place it fits */
    } forms[] = {{0x0000, 0xF4}, {0x0080, 0xF0}, {0x0100, 0xEC},
                 {0x0180, 0xE8}, {0x0200, 0xF4}, {0x0280, 0xF0}};

    for (unsigned int i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        uint16_t last = forms[i].last;

        memset(function->bytes + 0x40, 0, 0xC0);
        fake_put32(function, last, (uint32_t)forms[i].control << 16 | 0x05);
        fake_put32(function, last + 4U, (uint32_t)forms[i].control << 16 | 0x05);
        ck_assert_int_eq(dd_pci_msi_read(&fake.access, address, last, &msi), DD_OK);
        ck_assert_int_eq(dd_pci_msi_read(&fake.access, address, (uint16_t)(last + 4), &msi),
                         DD_EMALFORMED);
    }
}
END_TEST

START_TEST(a_function_that_vanishes_is_gone_whenever_it_does)
{
    put_msi(0x0180);
    for (unsigned int i = 0; i < 6; i++) {
        fake_forget();
        fake.vanish_at = i;
        memset(&msi, 0x5A, sizeof msi);
        ck_assert_int_eq(dd_pci_msi_read(&fake.access, address, 0x50, &msi), DD_ENODEV);
        ck_assert_uint_eq(msi.control, 0x5A5A);
    }
}
END_TEST

START_TEST(numbers_of_vectors_are_powers_of_two_up_to_32)
{
    for (unsigned int i = 0; i < 8; i++) {
        msi.control = (uint16_t)(i << 1 | (7 - i) << 4);
        ck_assert_uint_eq(dd_pci_msi_capable_vectors(&msi), i < 6 ? 1U << i : 0);
        ck_assert_uint_eq(dd_pci_msi_enabled_vectors(&msi), i > 1 ? 1U << (7 - i) : 0);
    }
}
END_TEST

START_TEST(a_message_is_written_with_msi_off)
{
    put_msi(0x018B); /* enabled, 32 vectors, 64-bit, masks */
    ck_assert_int_eq(program(0x00000001FEE01004, 0x4160, 32), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x50), 0x01DA0005);
    ck_assert_uint_eq(fake_get32(function, 0x54), 0xFEE01004);
    ck_assert_uint_eq(fake_get32(function, 0x58), 0x00000001);
    ck_assert_uint_eq(fake_get32(function, 0x5C), 0x5C5C4160);
    ck_assert_uint_eq(fake_get32(function, 0x60), 0x60606060);
    ck_assert_uint_eq(fake.log[1].offset, 0x52); /* off before anything else is written */
    ck_assert(fake.log[1].is_write);
    put_msi(0x0000);
    ck_assert_int_eq(program(0xFEE00000, 0x0041, 1), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x54), 0xFEE00000);
    ck_assert_uint_eq(fake_get32(function, 0x58), 0x58580041);
}
END_TEST

START_TEST(extended_data_is_written_where_it_is_and_switched_on_when_needed)
{
    put_msi(0x0280);
    ck_assert_int_eq(program(0xFEE00000, 0x12345678, 1), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x5C), 0x12345678);
    ck_assert_uint_eq(fake_get32(function, 0x50), 0x06800005);
    ck_assert_int_eq(program(0xFEE00000, 0x5678, 1), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x5C), 0x00005678);
    ck_assert_uint_eq(fake_get32(function, 0x50), 0x02800005);
}
END_TEST

START_TEST(messages_that_cannot_be_are_not_written)
{
    put_msi(0x0006); /* 8 vectors, 32-bit */
    ck_assert_int_eq(program(0xFEE00002, 0x40, 1), DD_EALIGN);
    ck_assert_int_eq(program(0xFEE00000, 0x40, 0), DD_EARG);
    ck_assert_int_eq(program(0xFEE00000, 0x40, 3), DD_EARG);
    ck_assert_int_eq(program(0xFEE00000, 0x40, 64), DD_EARG);
    ck_assert_int_eq(program(0xFEE00000, 0x40, 0x80000001), DD_EARG);
    ck_assert_int_eq(program(0xFEE00000, 0x44, 8), DD_EARG);
    ck_assert_int_eq(program(0xFEE00000, 0x40, 16), DD_ENOTSUP);
    ck_assert_int_eq(program(0x100000000, 0x40, 1), DD_ENOTSUP);
    ck_assert_int_eq(program(0xFEE00000, 0x10040, 1), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
    ck_assert_int_eq(program(0xFEE00000, 0x48, 8), DD_OK);
    fake_forget();
    fake.vanish_at = 0;
    ck_assert_int_eq(program(0xFEE00000, 0x48, 8), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(enabling_changes_one_bit)
{
    put_msi(0x01DA);
    ck_assert_int_eq(dd_pci_msi_enable(&fake.access, address, &msi), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x50), 0x01DB0005);
    ck_assert_int_eq(dd_pci_msi_disable(&fake.access, address, &msi), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x50), 0x01DA0005);
    ck_assert_uint_eq(fake_write_count(), 2);
}
END_TEST

START_TEST(one_vector_is_masked_and_unmasked)
{
    struct dd_pci_msi_vector vector = {&msi, 31};
    uint32_t pending = 0;

    put_msi(0x010A); /* 32 vectors, 32-bit, masks */
    ck_assert_int_eq(dd_pci_msi_mask(&fake.access, address, &vector), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x5C), 0xDC5C5C5C);
    vector.index = 2;
    ck_assert_int_eq(dd_pci_msi_unmask(&fake.access, address, &vector), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x5C), 0xDC5C5C58);
    ck_assert_int_eq(dd_pci_msi_read_pending(&fake.access, address, &msi, &pending), DD_OK);
    ck_assert_uint_eq(pending, 0x60606060);
    vector.index = 32;
    ck_assert_int_eq(dd_pci_msi_mask(&fake.access, address, &vector), DD_EARG);
    put_msi(0x0000);
    vector.index = 0;
    ck_assert_int_eq(dd_pci_msi_mask(&fake.access, address, &vector), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_msi_read_pending(&fake.access, address, &msi, &pending), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- MSI-X ---- */

static void put_msix(uint16_t control, uint32_t table, uint32_t pba)
{
    fake_put32(function, 0x70, (uint32_t)control << 16 | 0x11);
    fake_put32(function, 0x74, table);
    fake_put32(function, 0x78, pba);
    fake_allow32(function, 0x70, 0xC0000000);
    ck_assert_int_eq(dd_pci_msix_read(&fake.access, address, 0x70, &msix), DD_OK);
    fake_forget();
}

START_TEST(the_table_and_the_pending_bits_are_found)
{
    struct dd_pci_bar_part place;

    put_msix(0x07FF, 0x00001002, 0x00009003);
    ck_assert_uint_eq(dd_pci_msix_count(&msix), 2048);
    ck_assert_int_eq(dd_pci_msix_find_table(&msix, &place), DD_OK);
    ck_assert_uint_eq(place.bar, 2);
    ck_assert_uint_eq(place.offset, 0x1000);
    ck_assert_uint_eq(place.bytes, 0x8000);
    ck_assert_int_eq(dd_pci_msix_find_pending(&msix, &place), DD_OK);
    ck_assert_uint_eq(place.bar, 3);
    ck_assert_uint_eq(place.offset, 0x9000);
    ck_assert_uint_eq(place.bytes, 256);
    put_msix(0x0040, 0x00000000, 0x00000805);
    ck_assert_uint_eq(dd_pci_msix_count(&msix), 65);
    ck_assert_int_eq(dd_pci_msix_find_pending(&msix, &place), DD_OK);
    ck_assert_uint_eq(place.bytes, 16);
    put_msix(0x003F, 0x00000000, 0x00000805);
    ck_assert_int_eq(dd_pci_msix_find_pending(&msix, &place), DD_OK);
    ck_assert_uint_eq(place.bytes, 8);
}
END_TEST

START_TEST(places_in_no_bar_are_malformed)
{
    struct dd_pci_bar_part place = {.bar = 0x5A};

    put_msix(0x0001, 0x00001006, 0x00001007);
    ck_assert_int_eq(dd_pci_msix_find_table(&msix, &place), DD_EMALFORMED);
    ck_assert_int_eq(dd_pci_msix_find_pending(&msix, &place), DD_EMALFORMED);
    put_msix(0x0000, 0xFFFFFFF0, 0xFFFFFFF8);
    ck_assert_uint_eq(place.bar, 0x5A);
    ck_assert_int_eq(dd_pci_msix_find_table(&msix, &place), DD_OK);
    ck_assert_int_eq(dd_pci_msix_find_pending(&msix, &place), DD_OK);
    put_msix(0x0001, 0xFFFFFFF0, 0xFFFFFFF8);
    ck_assert_int_eq(dd_pci_msix_find_table(&msix, &place), DD_EMALFORMED);
}
END_TEST

START_TEST(msix_is_enabled_and_masked_as_a_whole)
{
    put_msix(0x3807, 0, 0);
    ck_assert_int_eq(dd_pci_msix_enable(&fake.access, address, &msix), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x70), 0xB8070011);
    ck_assert_int_eq(dd_pci_msix_mask_function(&fake.access, address, &msix), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x70), 0xF8070011);
    ck_assert_int_eq(dd_pci_msix_disable(&fake.access, address, &msix), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x70), 0x78070011);
    ck_assert_int_eq(dd_pci_msix_unmask_function(&fake.access, address, &msix), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x70), 0x38070011);
}
END_TEST

/* The memory of the function is the fake's window: the table at 0x100, the pending bits at 0x200. */
static struct dd_pci_msix_vectors map_vectors(void)
{
    const uint64_t base = FAKE_ECAM_BASE + (uint64_t)address.device * 0x8000;

    fake_allow32(function, 0x10C, 0x00000001);
    return (struct dd_pci_msix_vectors){dd_vaddr_from(base + 0x100), dd_vaddr_from(base + 0x200),
                                        40};
}

/* A write to memory is posted: only a read after it says that the function has it. */
START_TEST(a_mask_is_read_back)
{
    const struct dd_pci_msix_vectors vectors = map_vectors();
    const struct fake_access *last;

    fake_forget();
    ck_assert_int_eq(dd_pci_msix_mask(&vectors, 0), DD_OK);
    last = &fake.log[fake.access_count - 1];
    ck_assert(!last->is_write);
    ck_assert_uint_eq(last->offset, 0x10C);
    ck_assert_uint_eq(last->value, 1);
    fake.vanish_at = fake.access_count + 5; /* an entry is four registers; then the write */
    ck_assert_int_eq(dd_pci_msix_unmask(&vectors, 0), DD_ENODEV);
}
END_TEST

START_TEST(a_function_that_is_gone_has_no_pending_vectors)
{
    const struct dd_pci_msix_vectors vectors = map_vectors();
    bool is_pending = false;

    fake_put32(function, 0x200, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_msix_is_pending(&vectors, 31, &is_pending), DD_OK);
    ck_assert(is_pending);
    ck_assert_int_eq(dd_pci_msix_is_pending(&vectors, 32, &is_pending), DD_OK);
    ck_assert(!is_pending);
    fake.vanish_at = fake.access_count;
    ck_assert_int_eq(dd_pci_msix_is_pending(&vectors, 0, &is_pending), DD_ENODEV);
    ck_assert(!is_pending);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("hal_pci_msi");
    TCase *one = tcase_create("MSI");
    TCase *many = tcase_create("MSI-X");

    tcase_add_checked_fixture(one, setup, NULL);
    tcase_add_test(one, the_four_forms_have_their_registers_in_their_places);
    tcase_add_test(one, a_form_that_does_not_fit_is_malformed);
    tcase_add_test(one, a_function_that_vanishes_is_gone_whenever_it_does);
    tcase_add_test(one, numbers_of_vectors_are_powers_of_two_up_to_32);
    tcase_add_test(one, a_message_is_written_with_msi_off);
    tcase_add_test(one, extended_data_is_written_where_it_is_and_switched_on_when_needed);
    tcase_add_test(one, messages_that_cannot_be_are_not_written);
    tcase_add_test(one, enabling_changes_one_bit);
    tcase_add_test(one, one_vector_is_masked_and_unmasked);
    suite_add_tcase(suite, one);
    tcase_add_checked_fixture(many, setup, NULL);
    tcase_add_test(many, the_table_and_the_pending_bits_are_found);
    tcase_add_test(many, places_in_no_bar_are_malformed);
    tcase_add_test(many, msix_is_enabled_and_masked_as_a_whole);
    tcase_add_test(many, a_mask_is_read_back);
    tcase_add_test(many, a_function_that_is_gone_has_no_pending_vectors);
    suite_add_tcase(suite, many);
    return suite;
}
