/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci/pci_express_extended.c, hal/src/pci/pci_express_lanes.c and of their printers.
 * Offsets: [PCIe 6] 7.7.3 to 7.7.10, 7.9.20.
 */
#include "drydock/pci_express_extended.h"

#include <string.h>

#include "tests/unit/pci_print_case.h"

#define AT 0x100u

static struct dd_pci_address address;

/* An integrated endpoint, and bytes at 0x100 that count. */
static void setup(void)
{
    static const struct print_case endpoint = {.capability = {0x10, 0x00, 0x92, 0x00}};

    print_setup(&endpoint);
    address = function->address;
    for (unsigned int i = 4; i < 0x100; i++) {
        function->bytes[AT + i] = (uint8_t)i;
    }
}

/* ---- Decoders, all called alike ---- */

static struct {
    struct dd_pci_secondary_express secondary;
    struct dd_pci_data_link_feature feature;
    struct dd_pci_physical_16gt physical_16gt;
    struct dd_pci_physical_32gt physical_32gt;
    struct dd_pci_physical_64gt physical_64gt;
    struct dd_pci_lane_margining margining;
    struct dd_pci_alternate_protocol protocol;
    struct dd_pci_device3 device3;
} read;

static enum dd_status read_secondary(uint16_t offset, unsigned int lanes)
{
    return dd_pci_secondary_express_read(&fake.access, address, offset, lanes, &read.secondary);
}

static enum dd_status read_feature(uint16_t offset, unsigned int lanes)
{
    (void)lanes;
    return dd_pci_data_link_feature_read(&fake.access, address, offset, &read.feature);
}

static enum dd_status read_16gt(uint16_t offset, unsigned int lanes)
{
    return dd_pci_physical_16gt_read(&fake.access, address, offset, lanes, &read.physical_16gt);
}

static enum dd_status read_32gt(uint16_t offset, unsigned int lanes)
{
    return dd_pci_physical_32gt_read(&fake.access, address, offset, lanes, &read.physical_32gt);
}

static enum dd_status read_64gt(uint16_t offset, unsigned int lanes)
{
    return dd_pci_physical_64gt_read(&fake.access, address, offset, lanes, &read.physical_64gt);
}

static enum dd_status read_margining(uint16_t offset, unsigned int lanes)
{
    return dd_pci_lane_margining_read(&fake.access, address, offset, lanes, &read.margining);
}

static enum dd_status read_protocol(uint16_t offset, unsigned int lanes)
{
    (void)lanes;
    return dd_pci_alternate_protocol_read(&fake.access, address, offset, &read.protocol);
}

static enum dd_status read_device3(uint16_t offset, unsigned int lanes)
{
    (void)lanes;
    return dd_pci_device3_read(&fake.access, address, offset, &read.device3);
}

static const struct {
    enum dd_status (*read)(uint16_t offset, unsigned int lanes);
    unsigned int size, size_of_lane; /* without lanes, and of each */
    unsigned int reads;              /* with 2 lanes */
} decoders[] = {
    {read_secondary, 0x0C, 2, 4}, {read_feature, 0x0C, 0, 2}, {read_16gt, 0x20, 1, 8},
    {read_32gt, 0x20, 1, 9},      {read_64gt, 0x10, 1, 5},    {read_margining, 0x08, 4, 6},
    {read_protocol, 0x14, 0, 5},  {read_device3, 0x10, 0, 3},
};

START_TEST(each_register_is_read_once_and_nothing_is_written)
{
    ck_assert_int_eq(decoders[_i].read(AT, 2), DD_OK);
    ck_assert_uint_eq(fake.access_count, decoders[_i].reads);
    ck_assert_uint_eq(fake_write_count(), 0);
    for (unsigned int i = 0; i < fake.access_count; i++) {
        ck_assert_uint_ge(fake.log[i].offset, AT + 4);
        for (unsigned int j = 0; j < i; j++) {
            ck_assert_uint_ne(fake.log[i].offset, fake.log[j].offset);
        }
    }
}
END_TEST

START_TEST(a_capability_may_end_with_configuration_space_and_not_later)
{
    const unsigned int size = (decoders[_i].size + 2 * decoders[_i].size_of_lane + 3) & ~3u;
    const uint16_t last = (uint16_t)(0x1000 - size);

    ck_assert_int_eq(decoders[_i].read(last, 2), DD_OK);
    fake_forget();
    ck_assert_int_eq(decoders[_i].read((uint16_t)(last + 4), 2), DD_EMALFORMED);
    ck_assert_int_eq(decoders[_i].read(0x102, 2), DD_EALIGN);
    ck_assert_int_eq(decoders[_i].read(0x3C, 2), DD_EARG);
    ck_assert_int_eq(decoders[_i].read(0x1000, 2), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(a_function_that_vanishes_at_any_read_is_gone)
{
    memset(&read, 0x5A, sizeof read);
    for (uint32_t i = 0; i < decoders[_i].reads; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(decoders[_i].read(AT, 2), DD_ENODEV);
    }
    for (size_t i = 0; i < sizeof read; i++) {
        ck_assert_uint_eq(((const uint8_t *)&read)[i], 0x5A);
    }
}
END_TEST

START_TEST(a_link_has_at_most_32_lanes)
{
    if (decoders[_i].size_of_lane == 0) {
        return;
    }
    ck_assert_int_eq(decoders[_i].read(AT, 32), DD_OK);
    fake_forget();
    ck_assert_int_eq(decoders[_i].read(AT, 33), DD_EARG);
    ck_assert_int_eq(decoders[_i].read(AT, UINT32_MAX), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
    ck_assert_int_eq(decoders[_i].read(AT, 0), DD_OK);
}
END_TEST

START_TEST(registers_are_where_the_manual_has_them)
{
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
        ck_assert_int_eq(decoders[i].read(AT, 32), DD_OK);
    }
    ck_assert_uint_eq(read.secondary.link_control_3, 0x07060504);
    ck_assert_uint_eq(read.secondary.lane_errors, 0x0B0A0908);
    ck_assert_uint_eq(read.secondary.equalization[0], 0x0D0C);
    ck_assert_uint_eq(read.secondary.equalization[31], 0x4B4A);
    ck_assert_uint_eq(read.secondary.lanes, 32);
    ck_assert_uint_eq(read.feature.capabilities, 0x07060504);
    ck_assert_uint_eq(read.feature.status, 0x0B0A0908);
    ck_assert_uint_eq(read.physical_16gt.status, 0x0F0E0D0C);
    ck_assert_uint_eq(read.physical_16gt.local_parity, 0x13121110);
    ck_assert_uint_eq(read.physical_16gt.retimer_parity, 0x17161514);
    ck_assert_uint_eq(read.physical_16gt.second_retimer_parity, 0x1B1A1918);
    ck_assert_uint_eq(read.physical_16gt.equalization[31], 0x3F);
    ck_assert_uint_eq(read.physical_32gt.capabilities, 0x07060504);
    ck_assert_uint_eq(read.physical_32gt.control, 0x0B0A0908);
    ck_assert_uint_eq(read.physical_32gt.received[1], 0x17161514);
    ck_assert_uint_eq(read.physical_32gt.transmitted[0], 0x1B1A1918);
    ck_assert_uint_eq(read.physical_32gt.equalization[0], 0x20);
    ck_assert_uint_eq(read.physical_64gt.status, 0x0F0E0D0C);
    ck_assert_uint_eq(read.physical_64gt.equalization[1], 0x11);
    ck_assert_uint_eq(read.margining.capabilities, 0x0504);
    ck_assert_uint_eq(read.margining.status, 0x0706);
    ck_assert_uint_eq(read.margining.margins[2].control, 0x1110);
    ck_assert_uint_eq(read.margining.margins[2].status, 0x1312);
    ck_assert_uint_eq(read.protocol.control, 0x0B0A0908);
    ck_assert_uint_eq(read.protocol.data[1], 0x13121110);
    ck_assert_uint_eq(read.device3.status, 0x0F0E0D0C);
}
END_TEST

/* [PCIe 6] 7.9.20.2: bit 8 says that the last register is there. */
START_TEST(protocols_are_enabled_one_by_one_only_where_that_is_supported)
{
    fake_put32(function, AT + 4, 0x00000003);
    ck_assert_int_eq(read_protocol(AT, 0), DD_OK);
    ck_assert_uint_eq(read.protocol.selective_enable, 0);
    fake_put32(function, AT + 4, 0x00000103);
    ck_assert_int_eq(read_protocol(AT, 0), DD_OK);
    ck_assert_uint_eq(read.protocol.selective_enable, 0x17161514);
}
END_TEST

/* ---- In words ---- */

static const struct {
    uint32_t registers[4]; /* from 0x100 on */
    const char *lines;
} texts[] = {
    {{0x00010019, 0x00000002, 0x00018421},
     "[100 v1] Secondary PCI Express\n"
     "\t\tLnkCtl3: LnkEquIntrruptEn+ PerformEqu-\n"
     "\t\tLaneErrStat: LaneErr at lane: 0 5 10 15\n"},
    {{0x00010019, 0x00000001, 0x00010000},
     "[100 v1] Secondary PCI Express\n"
     "\t\tLnkCtl3: LnkEquIntrruptEn- PerformEqu+\n"
     "\t\tLaneErrStat: 0\n"},
    {{0x00010025}, "[100 v1] Data Link Feature <?>\n"},
    {{0x00010026}, "[100 v1] Physical Layer 16.0 GT/s <?>\n"},
    {{0x00010027}, "[100 v1] Lane Margining at the Receiver <?>\n"},
    {{0x0001002A, 0x00000502, 0x00000201, 0x0000068D},
     "[100 v1] Physical Layer 32.0 GT/s\n"
     "\t\tPhy32Cap: EqualizationBypass- NoEqualizationNeeded+\n"
     "\t\t\t  ModTsMode0+ ModTsMode1- ModTsMode2+\n"
     "\t\tPhy32Ctl: EqualizationBypassDis+ NoEqualizationNeededDis-\n"
     "\t\t\t  Modified TS Usage Mode: Alternate Protocol Negotiation\n"
     "\t\tPhy32Sta: EquComplete+ EquPhase1- EquPhase2+ EquPhase3+ LinkEquRequest-\n"
     "\t\t\t  Received Enhanced Link Behavior Control: No Equalization Needed\n"
     "\t\t\t  ModTsRecv- TxPrecodeOn- TxPrecodeReq+ NoEqualizationNeededRecv+\n"},
    {{0x0001002F, 0x000002CA, 0x0000016C, 0x0000000F},
     "[100 v1] Device 3\n"
     "\t\tDevCap3: DMWr Request Routing-, 14-Bit Tag Completer+, 14-Bit Tag Requester-\n"
     "\t\t\t L0p+, Port L0p Exit Latency: 8us to less than 16us, "
     "Retimer L0p Exit Latency: 16us to less than 32us\n"
     "\t\t\t UIO Mem RdWr Completer-, UIO Mem RdWr Requester-\n"
     "\t\tDevCtl3: DMWr Requester-, DMWr Egress Blocking-, 14-Bit Tag Requester+\n"
     "\t\t\t L0p+, Target Link Width: Unknown (6)\n"
     "\t\t\t UIO Mem RdWr Requester-, UIO Request 256B Boundary-\n"
     "\t\tDevSta3: Initial Link Width: Dynamic, Segment Captured+, Remote L0p-\n"},
    {{0x00010031, 0, 0, 0x000000B2},
     "[100 v1] Physical Layer 64.0 GT/s\n"
     "\t\tPhy64Sta: EquComplete- EquPhase1+ EquPhase2- EquPhase3- LinkEquRequest+\n"
     "\t\t\t  TxPrecodeOn+ TxPrecodeReq- NoEqualizationNeededRecv+\n"},
};

START_TEST(capabilities_are_printed_as_lspci_does)
{
    const char *extended;

    for (unsigned int i = 0; i < 4; i++) {
        fake_put32(function, AT + 4 * i, texts[_i].registers[i]);
    }
    ck_assert_int_eq(print_all(), DD_OK);
    extended = strstr(printed, "[100 v1]");
    ck_assert_ptr_nonnull(extended);
    ck_assert_str_eq(extended, texts[_i].lines);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_express_extended");
    TCase *decoding = tcase_create("decoding");
    TCase *words = tcase_create("words");

    tcase_add_checked_fixture(decoding, setup, NULL);
    tcase_add_loop_test(decoding, each_register_is_read_once_and_nothing_is_written, 0,
                        COUNT(decoders));
    tcase_add_loop_test(decoding, a_capability_may_end_with_configuration_space_and_not_later, 0,
                        COUNT(decoders));
    tcase_add_loop_test(decoding, a_function_that_vanishes_at_any_read_is_gone, 0, COUNT(decoders));
    tcase_add_loop_test(decoding, a_link_has_at_most_32_lanes, 0, COUNT(decoders));
    tcase_add_test(decoding, registers_are_where_the_manual_has_them);
    tcase_add_test(decoding, protocols_are_enabled_one_by_one_only_where_that_is_supported);
    suite_add_tcase(suite, decoding);

    tcase_add_checked_fixture(words, setup, NULL);
    tcase_add_loop_test(words, capabilities_are_printed_as_lspci_does, 0, COUNT(texts));
    suite_add_tcase(suite, words);
    return suite;
}
