/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci_print/pci_print.c and of the printers of conventional capabilities. The lines
 * are those of lspci 3.9 for the same bytes.
 */
#include "drydock/pci_print.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static char printed[4096];
static const struct dd_delay *delay;

static void note_line(void *context, const char *line)
{
    size_t length = strlen(printed);

    ck_assert_ptr_eq(context, printed);
    ck_assert_uint_lt(length + strlen(line) + 1, sizeof printed);
    (void)snprintf(&printed[length], sizeof printed - length, "%s\n", line);
}

/* A function with a list that begins at 0x40. */
static void setup(void)
{
    fake_reset();
    delay = NULL;
    printed[0] = '\0';
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
}

static enum dd_status print(void)
{
    const struct dd_pci_print request = {.access = &fake.access,
                                         .address = address,
                                         .emit = note_line,
                                         .context = printed,
                                         .delay = delay};

    printed[0] = '\0';
    return dd_pci_print_capabilities(&request);
}

static void put(unsigned int at, const uint8_t *bytes, size_t size)
{
    memset(&function->bytes[0x40], 0, 0xC0);
    memcpy(&function->bytes[at], bytes, size);
}

/* The only capability, at 0x40, of these bytes is printed so. */
#define CHECK(lines, ...)                                                                  \
    do {                                                                                   \
        put(0x40, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})); \
        ck_assert_int_eq(print(), DD_OK);                                                  \
        ck_assert_str_eq(printed, "\tCapabilities: [40] " lines "\n");                     \
    } while (0)

START_TEST(power_management_is_printed)
{
    CHECK("Power Management version 3\n"
          "\t\tFlags: PMEClk- DSI+ D1+ D2- AuxCurrent=375mA PME(D0+,D1-,D2-,D3hot+,D3cold+)\n"
          "\t\tStatus: D3 NoSoftRst+ PME-Enable- DSel=0 DScale=1 PME+\n"
          "\t\tBridge: PM+ B3-",
          0x01, 0, 0xE3, 0xCB, 0x0B, 0xA0, 0xC0, 0x00);
}
END_TEST

START_TEST(message_interrupts_are_printed)
{
    CHECK("MSI: Enable+ Count=1/32 Maskable+ 64bit+\n"
          "\t\tAddress: 12345678fee0100c  Data: 1234\n"
          "\t\tMasking: 0f0f0f0f  Pending: 80000001",
          0x05, 0, 0x8B, 0x01, 0x0C, 0x10, 0xE0, 0xFE, 0x78, 0x56, 0x34, 0x12, 0x34, 0x12, 0x21,
          0x43, 0x0F, 0x0F, 0x0F, 0x0F, 0x01, 0x00, 0x00, 0x80);
    CHECK("MSI: Enable- Count=1/1 Maskable- 64bit-\n"
          "\t\tAddress: fee0100c  Data: 5678",
          0x05, 0, 0x00, 0x00, 0x0C, 0x10, 0xE0, 0xFE, 0x78, 0x56);
    CHECK("MSI-X: Enable+ Count=2048 Masked+\n"
          "\t\tVector table: BAR=2 offset=00001000\n"
          "\t\tPBA: BAR=3 offset=00002000",
          0x11, 0, 0xFF, 0xC7, 0x02, 0x10, 0, 0, 0x03, 0x20, 0, 0);
}
END_TEST

START_TEST(capabilities_of_one_line_are_printed)
{
    CHECK("Null", 0x00, 0);
    CHECK("Slot ID: 5 slots, First+, chassis 00", 0x04, 0, 0xE5, 0);
    CHECK("CompactPCI hot-swap <?>", 0x06, 0);
    CHECK("Debug port: BAR=1 offset=00a0", 0x0A, 0, 0xA0, 0x20);
    CHECK("CompactPCI central resource control <?>", 0x0B, 0);
    CHECK("Hot-plug capable", 0x0C, 0);
    CHECK("Subsystem: 8086:1234", 0x0D, 0, 0, 0, 0x86, 0x80, 0x34, 0x12);
    CHECK("AGP3 <?>", 0x0E, 0);
    CHECK("Secure device <?>", 0x0F, 0);
    CHECK("SATA HBA v1.0 BAR4 Offset=00000014", 0x12, 0, 0x10, 0, 0x48, 0x01);
    CHECK("SATA HBA v1.2 InCfgSpace", 0x12, 0, 0x12, 0, 0x0F, 0);
    CHECK("SATA HBA v1.0 BAR??3", 0x12, 0, 0x10, 0, 0x03, 0);
    CHECK("Capability ID 0x16 [9988]", 0x16, 0, 0x88, 0x99);
}
END_TEST

START_TEST(agp_is_printed_with_the_rates_of_its_mode)
{
    CHECK("AGP version 2.0\n"
          "\t\tStatus: RQ=32 Iso- ArqSz=0 Cal=0 SBA+ ITACoh- GART64- HTrans- 64bit- FW- AGP3- "
          "Rate=x1,x2,x4\n"
          "\t\tCommand: RQ=32 ArqSz=0 Cal=0 SBA+ AGP+ GART64- 64bit- FW- Rate=x1",
          0x02, 0, 0x20, 0, 0x07, 0x02, 0, 0x1F, 0x01, 0x03, 0, 0x1F);
    CHECK("AGP version 3.0\n"
          "\t\tStatus: RQ=32 Iso- ArqSz=2 Cal=2 SBA+ ITACoh- GART64- HTrans- 64bit- FW+ AGP3+ "
          "Rate=x4,x8\n"
          "\t\tCommand: RQ=32 ArqSz=0 Cal=0 SBA+ AGP+ GART64- 64bit- FW+ Rate=<none>",
          0x02, 0, 0x30, 0, 0x1B, 0x4A, 0, 0x1F, 0x10, 0x03, 0, 0x1F);
}
END_TEST

START_TEST(advanced_features_are_printed)
{
    CHECK("PCI Advanced Features\n"
          "\t\tAFCap: TP+ FLR+\n"
          "\t\tAFCtrl: FLR-\n"
          "\t\tAFStatus: TP+",
          0x13, 0, 6, 3, 0, 1);
}
END_TEST

START_TEST(vendor_information_is_decoded_for_virtio_only)
{
    CHECK("Vendor Specific Information: Len=10 <?>", 0x09, 0, 0x10, 0x01);
    fake_put32(function, 0, 0x10411AF4);
    CHECK("Vendor Specific Information: VirtIO: Notify\n"
          "\t\tBAR=4 offset=00003000 size=00001000 multiplier=00000004",
          0x09, 0, 0x14, 2, 4, 0, 0, 0, 0, 0x30, 0, 0, 0, 0x10, 0, 0, 4);
    CHECK("Vendor Specific Information: VirtIO: <unknown>\n"
          "\t\tBAR=1 offset=00000000 size=00000000",
          0x09, 0, 0x10, 9, 1);
    CHECK("Vendor Specific Information: Len=0f <?>", 0x09, 0, 0x0F, 1);
}
END_TEST

START_TEST(enhanced_allocation_is_printed)
{
    CHECK(
        "Enhanced Allocation (EA): NumEntries=1\n"
        "\t\tEntry 0: Enable+ Writable- EntrySize=4\n"
        "\t\t\t BAR Equivalent Indicator: VF-BAR 0\n"
        "\t\t\t PrimaryProperties: memory space, prefetchable\n"
        "\t\t\t SecondaryProperties: entry unavailable for use, PrimaryProperties should be used\n"
        "\t\t\t Base: 420001000\n"
        "\t\t\t MaxOffset: 500000fff",
        0x14, 0, 1, 0, 0x94, 0x01, 0xFF, 0x80, 0x02, 0x10, 0, 0x20, 0xFE, 0x0F, 0, 0, 4, 0, 0, 0,
        5);
    CHECK("Enhanced Allocation (EA): NumEntries=1\n\t\t<unreadable>", 0x14, 0, 1, 0, 0, 0, 0, 0);
}
END_TEST

/* ---- Vital Product Data ---- */

static const uint8_t *storage;
static size_t storage_size;

/* While somebody waits, the dword asked for is fetched, as long as there is one. */
static void serve(void *context, uint32_t microseconds)
{
    size_t at = (size_t)(function->bytes[0x42] | function->bytes[0x43] << 8);

    (void)context;
    (void)microseconds;
    if (at < storage_size) {
        for (size_t i = 0; i < 4; i++) {
            function->bytes[0x44 + i] = at + i < storage_size ? storage[at + i] : 0;
        }
        function->bytes[0x43] |= 0x80;
    }
}

static void check_vpd(const char *bytes, size_t size, const char *lines)
{
    static const struct dd_delay serving = {serve, NULL};
    char expected[4096];

    storage = (const uint8_t *)bytes;
    storage_size = size;
    memset(&function->bytes[0x40], 0, 0xC0);
    fake_put32(function, 0x40, 0x00000003);
    fake_allow32(function, 0x40, 0xFFFF0000);
    delay = &serving;
    ck_assert_int_eq(print(), DD_OK);
    (void)snprintf(expected, sizeof expected, "\tCapabilities: [40] Vital Product Data\n%s", lines);
    ck_assert_str_eq(printed, expected);
}

#define CHECK_VPD(bytes, lines) check_vpd(bytes, sizeof(bytes) - 1, lines)

START_TEST(vital_product_data_is_printed)
{
    CHECK("Vital Product Data\n\t\tNot readable", 0x03, 0);
    CHECK_VPD("\x82\x06\0ab\\\0\x01\0"
              "\x90\x1D\0PN\x03"
              "123CP\x03\x01\x02\xFFZ0\x01zQQ\x01q\x01Z\x01xRV\x02\x45\0"
              "\x91\x0D\0YA\x01tY1\x01sRW\x02\0\0"
              "\x78",
              "\t\tProduct Name: ab\\\\\\x00\\x01\n"
              "\t\tRead-only fields:\n"
              "\t\t\t[PN] Part number: 123\n"
              "\t\t\t[CP] Extended capability: 01 02 ff\n"
              "\t\t\t[Z0] Product specific: z\n"
              "\t\t\t[QQ] Unknown: 71\n"
              "\t\t\t[\\x01Z] Unknown: 78\n"
              "\t\t\t[RV] Reserved: checksum good, 1 byte(s) reserved\n"
              "\t\tRead/write fields:\n"
              "\t\t\t[YA] Asset tag: t\n"
              "\t\t\t[Y1] System specific: s\n"
              "\t\t\t[RW] Read-write area: 2 byte(s) free\n"
              "\t\tEnd\n");
}
END_TEST

START_TEST(vital_product_data_that_is_bad_is_printed_up_to_there)
{
    CHECK_VPD("", "\t\tNot readable\n");
    CHECK_VPD("\x82\x03\0ab\0\x85\x01\0x\x78",
              "\t\tProduct Name: ab\n"
              "\t\tUnknown large resource type 05, will not decode more.\n");
    CHECK_VPD("\x0B\0\0\0", "\t\tUnknown small resource type 01, will not decode more.\n");
    CHECK_VPD("\x82\xFF\xFF", "\t\tNo end tag found\n");
    CHECK_VPD("\x90\x05\0PN\x04"
              "ab\x78",
              "\t\tRead-only fields:\n"
              "\t\tEnd\n");
}
END_TEST

START_TEST(a_bad_list_says_where_it_is_bad)
{
    static const uint8_t loop[] = {0x0C, 0x44, 0, 0, 0x0E, 0x40};
    static const uint8_t broken[] = {0x0C, 0x44, 0, 0, 0xFF, 0x40};
    static const uint8_t header[] = {0x0C, 0x38};

    put(0x40, loop, sizeof loop);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(printed, "\tCapabilities: [40] Hot-plug capable\n"
                              "\tCapabilities: [44] AGP3 <?>\n"
                              "\tCapabilities: [40] <chain looped>\n");
    put(0x40, broken, sizeof broken);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(printed, "\tCapabilities: [40] Hot-plug capable\n"
                              "\tCapabilities: [44] <chain broken>\n");
    put(0x40, header, sizeof header);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(printed, "\tCapabilities: [40] Hot-plug capable\n"
                              "\tCapabilities: [38] <chain broken>\n");
}
END_TEST

START_TEST(a_capability_past_the_end_is_unreadable)
{
    function->bytes[0x34] = 0xFC;
    function->bytes[0xFC] = 0x01;
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(printed, "\tCapabilities: [fc] <unreadable>\n");
}
END_TEST

START_TEST(without_a_list_without_a_receiver_and_without_a_function_nothing_is_printed)
{
    struct dd_pci_print request = {.access = &fake.access, .address = address};

    ck_assert_int_eq(dd_pci_print_capabilities(&request), DD_EARG);
    function->bytes[0x06] = 0;
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(printed, "");
    function->bytes[0x06] = 0x10;
    function->bytes[0x0E] = 0x05;
    ck_assert_int_eq(print(), DD_ENOTSUP);
    fake.vanish_at = 0;
    ck_assert_int_eq(print(), DD_ENODEV);
    ck_assert_str_eq(printed, "");
}
END_TEST

START_TEST(whenever_a_function_vanishes_printing_ends)
{
    static const uint8_t list[] = {0x01, 0x48, 0, 0, 0, 0, 0, 0, 0x05, 0, 0x80, 0x01};

    put(0x40, list, sizeof list);
    ck_assert_int_eq(print(), DD_OK);
    for (unsigned int last = fake.access_count, i = 0; i < last; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(print(), DD_ENODEV);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_print");
    TCase *lines = tcase_create("lines");

    tcase_add_checked_fixture(lines, setup, NULL);
    tcase_add_test(lines, power_management_is_printed);
    tcase_add_test(lines, message_interrupts_are_printed);
    tcase_add_test(lines, capabilities_of_one_line_are_printed);
    tcase_add_test(lines, agp_is_printed_with_the_rates_of_its_mode);
    tcase_add_test(lines, advanced_features_are_printed);
    tcase_add_test(lines, vendor_information_is_decoded_for_virtio_only);
    tcase_add_test(lines, enhanced_allocation_is_printed);
    tcase_add_test(lines, vital_product_data_is_printed);
    tcase_add_test(lines, vital_product_data_that_is_bad_is_printed_up_to_there);
    tcase_add_test(lines, a_bad_list_says_where_it_is_bad);
    tcase_add_test(lines, a_capability_past_the_end_is_unreadable);
    tcase_add_test(lines,
                   without_a_list_without_a_receiver_and_without_a_function_nothing_is_printed);
    tcase_add_test(lines, whenever_a_function_vanishes_printing_ends);
    suite_add_tcase(suite, lines);
    return suite;
}
