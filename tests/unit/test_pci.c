/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci.c: both mechanisms, and a kernel's own. */
#include "drydock/pci.h"

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_access mechanism1;
static struct dd_pci_access ecam;

static void setup(void)
{
    const struct dd_pci_ecam window = {.base = {FAKE_ECAM_BASE}, .last_bus = 255};

    fake_reset();
    dd_pci_access_init_mechanism1(&mechanism1);
    ck_assert_int_eq(dd_pci_access_init_ecam(&ecam, &window), DD_OK);
}

static void expect_insn(unsigned int index, enum dd_hosted_insn insn, uint64_t where,
                        uint64_t value)
{
    ck_assert_uint_lt(index, fake.insn_count);
    ck_assert_int_eq(fake.insns[index].insn, insn);
    ck_assert_uint_eq(fake.insns[index].where, where);
    ck_assert_uint_eq(fake.insns[index].value, value);
}

/* ---- Mechanism 1: [PCI 3.0] 3.2.2.3.2, figure 3-2 ---- */

START_TEST(mechanism1_read32_selects_the_dword_and_reads_the_data_port)
{
    uint32_t value = 0;

    fake_put32(fake_add(0x12, 3, 5, 0x12348086), 0xFC, 0xCAFEF00D);
    ck_assert_int_eq(dd_pci_read32(&mechanism1, fake_address(0x12, 3, 5), 0xFC, &value), DD_OK);
    ck_assert_uint_eq(value, 0xCAFEF00D);
    ck_assert_uint_eq(fake.insn_count, 2);
    expect_insn(0, DD_HOSTED_OUT32, 0xCF8, 0x80121DFC);
    expect_insn(1, DD_HOSTED_IN32, 0xCFC, 0xCAFEF00D);
}
END_TEST

START_TEST(mechanism1_reaches_the_last_function_of_the_last_bus)
{
    uint32_t value = 0;

    ck_assert_int_eq(dd_pci_read32(&mechanism1, fake_address(255, 31, 7), 0, &value), DD_ENODEV);
    expect_insn(0, DD_HOSTED_OUT32, 0xCF8, 0x80FFFF00);
}
END_TEST

START_TEST(mechanism1_reads_bytes_and_words_from_their_own_ports)
{
    struct dd_pci_address address = fake_address(0, 0x1F, 2);
    uint8_t byte = 0;
    uint16_t word = 0;

    fake_put32(fake_add(0, 0x1F, 2, 0x29228086), 0x0C, 0x44332211);
    for (uint16_t i = 0; i < 4; i++) {
        fake_forget();
        ck_assert_int_eq(dd_pci_read8(&mechanism1, address, (uint16_t)(0x0C + i), &byte), DD_OK);
        ck_assert_uint_eq(byte / 0x11, i + 1);
        ck_assert_uint_eq(byte % 0x11, 0);
        expect_insn(0, DD_HOSTED_OUT32, 0xCF8, 0x8000FA0C);
        expect_insn(1, DD_HOSTED_IN8, 0xCFCu + i, byte);
    }
    fake_forget();
    ck_assert_int_eq(dd_pci_read16(&mechanism1, address, 0x0E, &word), DD_OK);
    ck_assert_uint_eq(word, 0x4433);
    expect_insn(0, DD_HOSTED_OUT32, 0xCF8, 0x8000FA0C);
    expect_insn(1, DD_HOSTED_IN16, 0xCFE, 0x4433);
    ck_assert_uint_eq(fake.insn_count, 2);
}
END_TEST

START_TEST(mechanism1_writes_with_exactly_the_width_asked_for)
{
    struct dd_pci_address address = fake_address(0, 1, 0);
    struct fake_function *function = fake_add(0, 1, 0, 0x12348086);

    fake_allow32(function, 0x04, 0xFFFFFFFF);
    fake_allow32(function, 0x3C, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_write16(&mechanism1, address, 0x06, 0xBEEF), DD_OK);
    expect_insn(0, DD_HOSTED_OUT32, 0xCF8, 0x80000804);
    expect_insn(1, DD_HOSTED_OUT16, 0xCFE, 0xBEEF);
    ck_assert_uint_eq(fake_get32(function, 0x04), 0xBEEF0000);
    ck_assert_int_eq(dd_pci_write8(&mechanism1, address, 0x3D, 0x5A), DD_OK);
    expect_insn(3, DD_HOSTED_OUT8, 0xCFD, 0x5A);
    ck_assert_uint_eq(fake_get32(function, 0x3C), 0x00005A00);
    ck_assert_int_eq(dd_pci_write32(&mechanism1, address, 0x3C, 0x87654321), DD_OK);
    expect_insn(4, DD_HOSTED_OUT32, 0xCF8, 0x8000083C);
    expect_insn(5, DD_HOSTED_OUT32, 0xCFC, 0x87654321);
    ck_assert_uint_eq(fake_get32(function, 0x3C), 0x87654321);
    ck_assert_uint_eq(fake.insn_count, 6);
}
END_TEST

START_TEST(mechanism1_reaches_segment_0_and_256_bytes)
{
    uint8_t value = 0x77;
    struct dd_pci_address elsewhere = {.segment = 1};

    fake_put32(fake_add(0, 0, 0, 0x12348086), 0xFC, 0xAA000000);
    ck_assert_int_eq(dd_pci_read8(&mechanism1, fake_address(0, 0, 0), 255, &value), DD_OK);
    ck_assert_uint_eq(value, 0xAA);
    value = 0x77;
    fake_forget();
    ck_assert_int_eq(dd_pci_read8(&mechanism1, fake_address(0, 0, 0), 256, &value), DD_EARG);
    ck_assert_int_eq(dd_pci_read8(&mechanism1, elsewhere, 0, &value), DD_EARG);
    ck_assert_uint_eq(value, 0x77);
    ck_assert_uint_eq(fake.insn_count, 0);
}
END_TEST

/* ---- ECAM: [PCIe 6] 7.2.2, table 7-1 ---- */

START_TEST(ecam_address_is_base_bus_device_function_register)
{
    struct dd_pci_address address = fake_address(1, 2, 3);
    struct fake_function *function = fake_add(1, 2, 3, 0x12348086);
    uint32_t value = 0;
    uint16_t word = 0;
    uint8_t byte = 0;

    fake_put32(function, 0x104, 0x44332211);
    ck_assert_int_eq(dd_pci_read32(&ecam, address, 0x104, &value), DD_OK);
    ck_assert_int_eq(dd_pci_read16(&ecam, address, 0x106, &word), DD_OK);
    ck_assert_int_eq(dd_pci_read8(&ecam, address, 0x107, &byte), DD_OK);
    ck_assert_uint_eq(fake.insn_count, 3);
    expect_insn(0, DD_HOSTED_READ32, 0xB0113104, 0x44332211);
    expect_insn(1, DD_HOSTED_READ16, 0xB0113106, 0x4433);
    expect_insn(2, DD_HOSTED_READ8, 0xB0113107, 0x44);
    ck_assert_uint_eq(value, 0x44332211);
    ck_assert_uint_eq(word, 0x4433);
    ck_assert_uint_eq(byte, 0x44);
}
END_TEST

START_TEST(ecam_writes_with_exactly_the_width_asked_for)
{
    struct dd_pci_address address = fake_address(255, 31, 7);

    ck_assert_int_eq(dd_pci_write8(&ecam, address, 0xFFF, 0x12), DD_OK);
    ck_assert_int_eq(dd_pci_write16(&ecam, address, 0xFFE, 0x1234), DD_OK);
    ck_assert_int_eq(dd_pci_write32(&ecam, address, 0xFFC, 0x12345678), DD_OK);
    ck_assert_uint_eq(fake.insn_count, 3);
    expect_insn(0, DD_HOSTED_WRITE8, 0xBFFFFFFF, 0x12);
    expect_insn(1, DD_HOSTED_WRITE16, 0xBFFFFFFE, 0x1234);
    expect_insn(2, DD_HOSTED_WRITE32, 0xBFFFFFFC, 0x12345678);
}
END_TEST

START_TEST(ecam_base_is_of_bus_0_even_if_the_window_begins_later)
{
    const struct dd_pci_ecam window = {{FAKE_ECAM_BASE}, 0, 0x40, 0x5F};
    uint32_t value = 0;
    uint16_t edges[] = {0x3F, 0x60};

    ck_assert_int_eq(dd_pci_access_init_ecam(&ecam, &window), DD_OK);
    ck_assert_int_eq(dd_pci_read32(&ecam, fake_address(0x40, 0, 0), 0, &value), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read32(&ecam, fake_address(0x5F, 0, 0), 0, &value), DD_ENODEV);
    expect_insn(0, DD_HOSTED_READ32, 0xB4000000, 0xFFFFFFFF);
    expect_insn(1, DD_HOSTED_READ32, 0xB5F00000, 0xFFFFFFFF);
    for (unsigned int i = 0; i < 2; i++) {
        value = 0x77;
        ck_assert_int_eq(dd_pci_read32(&ecam, fake_address((uint8_t)edges[i], 0, 0), 0, &value),
                         DD_EARG);
        ck_assert_uint_eq(value, 0x77);
    }
    ck_assert_uint_eq(fake.insn_count, 2);
}
END_TEST

START_TEST(ecam_answers_for_its_own_segment_only)
{
    const struct dd_pci_ecam window = {{0x1000000000}, 0x10005, 0, 255};
    struct dd_pci_address address = {.segment = 0x10005};
    struct dd_pci_address other = {.segment = 5};
    uint32_t value = 0;

    ck_assert_int_eq(dd_pci_access_init_ecam(&ecam, &window), DD_OK);
    ck_assert_int_eq(dd_pci_read32(&ecam, address, 0, &value), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read32(&ecam, other, 0, &value), DD_EARG);
    expect_insn(0, DD_HOSTED_READ32, 0x1000000000, 0xFFFFFFFF);
    ck_assert_uint_eq(fake.insn_count, 1);
}
END_TEST

static const struct {
    struct dd_pci_ecam window;
    enum dd_status status;
} windows[] = {
    {{{0}, 0, 0, 0}, DD_OK},
    {{{0xE0000000}, 0, 255, 255}, DD_OK},
    {{{0xE0000000}, 0, 1, 0}, DD_EARG},
    {{{0xE0080000}, 0, 0, 255}, DD_EALIGN},
    {{{0xE0000001}, 0, 0, 255}, DD_EALIGN},
    {{{0xFFFFFFFFF0000000}, 0, 0, 255}, DD_OK}, /* ends at the last byte */
    {{{0xFFFFFFFFF0100000}, 0, 0, 255}, DD_EWRAP},
    {{{0xFFFFFFFFF0100000}, 0, 0, 254}, DD_OK},
    {{{0xFFFFFFFFFFF00000}, 0, 0, 0}, DD_OK},
    {{{0xFFFFFFFFFFF00000}, 0, 1, 1}, DD_EWRAP}, /* bus 1 would be above the end */
};

START_TEST(ecam_windows_are_checked_and_a_bad_one_leaves_the_handle)
{
    struct dd_pci_access access = {.segment = 0x5A5A};

    ck_assert_int_eq(dd_pci_access_init_ecam(&access, &windows[_i].window), windows[_i].status);
    if (windows[_i].status == DD_OK) {
        ck_assert_uint_eq(access.segment, 0);
        ck_assert_uint_eq(access.size, 4096);
    } else {
        ck_assert_uint_eq(access.segment, 0x5A5A);
    }
}
END_TEST

/* ---- Arguments, for each of the six accesses ---- */

struct call {
    enum dd_status (*perform)(struct dd_pci_address address, uint16_t offset);
    unsigned int width;
};

static enum dd_status try_read8(struct dd_pci_address address, uint16_t offset)
{
    uint8_t value = 0x77;
    enum dd_status status = dd_pci_read8(&fake.access, address, offset, &value);

    ck_assert(status == DD_OK || value == 0x77);
    return status;
}

static enum dd_status try_read16(struct dd_pci_address address, uint16_t offset)
{
    uint16_t value = 0x7777;
    enum dd_status status = dd_pci_read16(&fake.access, address, offset, &value);

    ck_assert(status == DD_OK || value == 0x7777);
    return status;
}

static enum dd_status try_read32(struct dd_pci_address address, uint16_t offset)
{
    uint32_t value = 0x77777777;
    enum dd_status status = dd_pci_read32(&fake.access, address, offset, &value);

    ck_assert(status == DD_OK || value == 0x77777777);
    return status;
}

static enum dd_status try_write8(struct dd_pci_address address, uint16_t offset)
{
    return dd_pci_write8(&fake.access, address, offset, 0x77);
}

static enum dd_status try_write16(struct dd_pci_address address, uint16_t offset)
{
    return dd_pci_write16(&fake.access, address, offset, 0x7777);
}

static enum dd_status try_write32(struct dd_pci_address address, uint16_t offset)
{
    return dd_pci_write32(&fake.access, address, offset, 0x77777777);
}

static const struct call calls[] = {{try_read8, 1},  {try_read16, 2},  {try_read32, 4},
                                    {try_write8, 1}, {try_write16, 2}, {try_write32, 4}};

START_TEST(accesses_out_of_range_are_refused_and_not_performed)
{
    const struct call *call = &calls[_i];
    struct dd_pci_address other_segment = {.segment = 1, .bus = 0x20};

    fake.access.first_bus = 0x20;
    fake.access.last_bus = 0x2F;
    ck_assert_int_eq(call->perform(fake_address(0x20, 32, 0), 0), DD_EARG);
    ck_assert_int_eq(call->perform(fake_address(0x20, 0, 8), 0), DD_EARG);
    ck_assert_int_eq(call->perform(fake_address(0x1F, 0, 0), 0), DD_EARG);
    ck_assert_int_eq(call->perform(fake_address(0x30, 0, 0), 0), DD_EARG);
    ck_assert_int_eq(call->perform(other_segment, 0), DD_EARG);
    ck_assert_int_eq(call->perform(fake_address(0x20, 0, 0), 4096), DD_EARG);
    ck_assert_int_eq(call->perform(fake_address(0x20, 0, 0), 0xFFFC), DD_EARG);
    fake.access.size = 256;
    ck_assert_int_eq(call->perform(fake_address(0x20, 0, 0), 256), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(the_last_of_everything_is_in_range)
{
    const struct call *call = &calls[_i];
    uint16_t last = (uint16_t)(4096 - call->width);

    fake_add(255, 31, 7, 0x12348086);
    ck_assert_int_eq(call->perform(fake_address(255, 31, 7), last), DD_OK);
    ck_assert_uint_eq(fake.access_count, 1);
    ck_assert_uint_eq(fake.log[0].offset, last);
    ck_assert_uint_eq(fake.log[0].width, call->width);
}
END_TEST

START_TEST(every_misaligned_offset_is_refused_and_not_accessed)
{
    const struct call *call = &calls[_i];

    fake_add(0, 0, 0, 0x12348086);
    for (uint16_t offset = 0; offset < 4096; offset++) {
        enum dd_status expected = offset % call->width == 0 ? DD_OK : DD_EALIGN;

        fake_forget();
        ck_assert_int_eq(call->perform(fake_address(0, 0, 0), offset), expected);
        ck_assert_uint_eq(fake.access_count, expected == DD_OK ? 1 : 0);
    }
}
END_TEST

/* ---- A kernel's own mechanism, and presence ---- */

START_TEST(bits_a_mechanism_returns_above_the_width_are_ignored)
{
    struct dd_pci_address address = fake_address(0, 0, 0);
    uint8_t byte = 0;
    uint16_t word = 0;

    fake_add(0, 0, 0, 0x29C08086);
    fake.dirty_reads = true;
    ck_assert_int_eq(dd_pci_read8(&fake.access, address, 1, &byte), DD_OK);
    ck_assert_int_eq(dd_pci_read16(&fake.access, address, 2, &word), DD_OK);
    ck_assert_uint_eq(fake.log[0].value, 0xFFFFFF80);
    ck_assert_uint_eq(byte, 0x80);
    ck_assert_uint_eq(word, 0x29C0);
}
END_TEST

START_TEST(an_absent_function_is_gone_and_its_ones_are_no_data)
{
    struct dd_pci_address address = fake_address(0, 4, 0);
    uint32_t value = 0x77;
    uint16_t word = 0x77;
    uint8_t byte = 0x77;

    ck_assert_int_eq(dd_pci_read32(&fake.access, address, 0x10, &value), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read16(&fake.access, address, 0x04, &word), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read8(&fake.access, address, 0x01, &byte), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read_id(&fake.access, address, &value), DD_ENODEV);
    ck_assert_int_eq(dd_pci_read_id(&fake.access, fake_address(0, 32, 0), &value), DD_EARG);
    ck_assert_uint_eq(value, 0x77);
    ck_assert_uint_eq(word, 0x77);
    ck_assert_uint_eq(byte, 0x77);
    ck_assert_uint_eq(fake.access_count, 7);
    ck_assert_int_eq(dd_pci_write32(&fake.access, address, 0x10, 0), DD_OK);
}
END_TEST

/* A vendor whose low byte is ones is a vendor. */
START_TEST(a_byte_of_the_vendor_id_may_be_all_ones)
{
    uint8_t byte = 0;

    (void)fake_add(0, 4, 0, 0x123410FF);
    ck_assert_int_eq(dd_pci_read8(&fake.access, fake_address(0, 4, 0), 0, &byte), DD_OK);
    ck_assert_uint_eq(byte, 0xFF);
}
END_TEST

/* [PCIe 6] 2.3.2: the Vendor ID is then 0001h, and all other bytes of the read are ones. */
START_TEST(a_register_of_a_function_that_is_not_ready_is_no_data)
{
    struct fake_function *function = fake_add(0, 4, 0, 0xFFFF0001);
    uint32_t value = 0x77;

    fake_put32(function, 0x10, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_read32(&fake.access, fake_address(0, 4, 0), 0x10, &value),
                     DD_ENOTREADY);
    ck_assert_uint_eq(value, 0x77);
}
END_TEST

START_TEST(a_register_of_all_ones_is_data_while_the_function_is_there)
{
    struct dd_pci_address address = fake_address(0, 4, 0);
    struct fake_function *function = fake_add(0, 4, 0, 0x12348086);
    uint32_t value = 0;
    uint16_t word = 0;
    uint8_t byte = 0;

    fake_put32(function, 0x10, 0xFFFFFFFF);
    fake_put32(function, 0x3C, 0x000001FF);
    ck_assert_int_eq(dd_pci_read32(&fake.access, address, 0x10, &value), DD_OK);
    ck_assert_int_eq(dd_pci_read16(&fake.access, address, 0x12, &word), DD_OK);
    ck_assert_int_eq(dd_pci_read8(&fake.access, address, 0x3C, &byte), DD_OK);
    ck_assert_uint_eq(value, 0xFFFFFFFF);
    ck_assert_uint_eq(word, 0xFFFF);
    ck_assert_uint_eq(byte, 0xFF);
    ck_assert_uint_eq(fake.access_count, 6);
    fake_forget();
    fake.vanish_at = 1; /* between the register and the Vendor ID: nothing is known */
    ck_assert_int_eq(dd_pci_read32(&fake.access, address, 0x10, &value), DD_ENODEV);
}
END_TEST

/* [PCI 3.0] 6.1: 0FFFFh is the invalid vendor; [PCIe 6] 2.3.2: 0001h is not ready yet. */
static const struct {
    uint32_t id;
    enum dd_status status;
} ids[] = {
    {0x29C08086, DD_OK}, {0x00000000, DD_OK},     {0xFFFF0001, DD_ENOTREADY},
    {0xFFFF0000, DD_OK}, {0x0000FFFF, DD_ENODEV}, {0x1234FFFF, DD_ENODEV},
    {0xFFFF7FFF, DD_OK},
};

START_TEST(vendor_ffff_is_nobody_and_0001_not_ready)
{
    uint32_t id = 0x77;

    fake_add(0, 0, 0, ids[_i].id);
    ck_assert_int_eq(dd_pci_read_id(&fake.access, fake_address(0, 0, 0), &id), ids[_i].status);
    ck_assert_uint_eq(id, ids[_i].status == DD_OK ? ids[_i].id : 0x77);
    ck_assert_uint_eq(fake.access_count, 1);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci");
    TCase *ports = tcase_create("mechanism 1");
    TCase *memory = tcase_create("ecam");
    TCase *arguments = tcase_create("arguments");
    TCase *presence = tcase_create("presence");

    tcase_add_checked_fixture(ports, setup, NULL);
    tcase_add_test(ports, mechanism1_read32_selects_the_dword_and_reads_the_data_port);
    tcase_add_test(ports, mechanism1_reaches_the_last_function_of_the_last_bus);
    tcase_add_test(ports, mechanism1_reads_bytes_and_words_from_their_own_ports);
    tcase_add_test(ports, mechanism1_writes_with_exactly_the_width_asked_for);
    tcase_add_test(ports, mechanism1_reaches_segment_0_and_256_bytes);
    suite_add_tcase(suite, ports);

    tcase_add_checked_fixture(memory, setup, NULL);
    tcase_add_test(memory, ecam_address_is_base_bus_device_function_register);
    tcase_add_test(memory, ecam_writes_with_exactly_the_width_asked_for);
    tcase_add_test(memory, ecam_base_is_of_bus_0_even_if_the_window_begins_later);
    tcase_add_test(memory, ecam_answers_for_its_own_segment_only);
    tcase_add_loop_test(memory, ecam_windows_are_checked_and_a_bad_one_leaves_the_handle, 0,
                        COUNT(windows));
    suite_add_tcase(suite, memory);

    tcase_add_checked_fixture(arguments, setup, NULL);
    tcase_add_loop_test(arguments, accesses_out_of_range_are_refused_and_not_performed, 0,
                        COUNT(calls));
    tcase_add_loop_test(arguments, the_last_of_everything_is_in_range, 0, COUNT(calls));
    tcase_add_loop_test(arguments, every_misaligned_offset_is_refused_and_not_accessed, 0,
                        COUNT(calls));
    suite_add_tcase(suite, arguments);

    tcase_add_checked_fixture(presence, setup, NULL);
    tcase_add_test(presence, bits_a_mechanism_returns_above_the_width_are_ignored);
    tcase_add_test(presence, an_absent_function_is_gone_and_its_ones_are_no_data);
    tcase_add_test(presence, a_byte_of_the_vendor_id_may_be_all_ones);
    tcase_add_test(presence, a_register_of_a_function_that_is_not_ready_is_no_data);
    tcase_add_test(presence, a_register_of_all_ones_is_data_while_the_function_is_there);
    tcase_add_loop_test(presence, vendor_ffff_is_nobody_and_0001_not_ready, 0, COUNT(ids));
    suite_add_tcase(suite, presence);
    return suite;
}
