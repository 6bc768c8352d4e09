/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump_vpd.c and sim/pci/bus/pci_config_vpd.c. [PCI 3.0] I */
#include <stdio.h>
#include <string.h>

#include "sim/pci/bus/pci_config.h"
#include "tests/unit/unit.h"

#define HEAD       "00:00.0 Host bridge\n\tCapabilities: [40] Vital Product Data\n"
#define CARD       "\t\tProduct Name: Card\n"
#define FIELDS     "\t\tRead-only fields:\n"
#define PART       "\t\t\t[PN] Part number: A1\n"
#define GOOD       "\t\t\t[RV] Reserved: checksum good, 2 byte(s) reserved\n"
#define FREE       "\t\tRead/write fields:\n\t\t\t[RW] Read-write area: 3 byte(s) free\n"
#define END        "\t\tEnd\n"
#define ROW        "00: 86 80 00 00 00 00 00 00 00 00 00 06 00 00 00 00\n"
#define ALL_FIELDS 0x90, 0x0B, 0x00, 'P', 'N', 0x02, 'A', '1', 'R', 'V', 0x03

static struct sim_dump dump;
static struct sim_dump_function *function;

static void read_text(const char *text)
{
    struct sim_error error = {""};

    ck_assert_msg(sim_dump_read_text("text", text, strlen(text), &dump, &error) == 0, "%s",
                  error.text);
    function = &dump.functions[0];
}

static void teardown(void)
{
    sim_dump_free(&dump);
}

/* Text after the slot line, and the bytes it stands for. */
static const struct {
    const char *text;
    uint8_t bytes[40];
    unsigned int size;
} contents[] = {
    {CARD END, {0x82, 0x04, 0x00, 'C', 'a', 'r', 'd', 0x78}, 8},
    /* strings may end in blanks, and have characters that cannot be printed */
    {"\t\tProduct Name: A  \n" END, {0x82, 0x03, 0x00, 'A', ' ', ' ', 0x78}, 7},
    {"\t\tProduct Name: \\\\\\x1f\n" END, {0x82, 0x02, 0x00, '\\', 0x1F, 0x78}, 6},
    /* the sum of 90+0B+50+4E+02+41+31+52+56+03 is 258h: A8h is missing */
    {FIELDS PART GOOD END, {ALL_FIELDS, 0xA8, 0x00, 0x00, 0x78}, 15},
    {FIELDS PART "\t\t\t[RV] Reserved: checksum bad, 2 byte(s) reserved\n" END,
     {ALL_FIELDS, 0xA7, 0x00, 0x00, 0x78},
     15},
    {FREE END, {0x91, 0x06, 0x00, 'R', 'W', 0x03, 0, 0, 0, 0x78}, 10},
    {FIELDS "\t\t\t[MN] Manufacture ID: 31 30 0a\n" END,
     {0x90, 0x06, 0x00, 'M', 'N', 0x03, 0x31, 0x30, 0x0A, 0x78},
     10},
    {FIELDS "\t\t\t[MN] Manufacture ID: 1E0F\n" END,
     {0x90, 0x07, 0x00, 'M', 'N', 0x04, '1', 'E', '0', 'F', 0x78},
     11},
    {FIELDS "\t\t\t[XY] Unknown: ff\n" END, {0x90, 0x04, 0x00, 'X', 'Y', 0x01, 0xFF, 0x78}, 8},
    {FIELDS "\t\t\t[V4] Vendor specific: \n" END, {0x90, 0x03, 0x00, 'V', '4', 0x00, 0x78}, 7},
    /* broken off by a mailer */
    {FIELDS "\t\t\t[V4] Vendor specific: \nDCM\n12 \n3\n" END,
     {0x90, 0x0B, 0x00, 'V', '4', 0x08, 'D', 'C', 'M', ' ', '1', '2', ' ', '3', 0x78},
     15},
    /* something else is stored there */
    {"\t\tUnknown small resource type 05, will not decode more.\n", {0x28}, 1},
    {CARD "\t\tUnknown small resource type 00, will not decode more.\n",
     {0x82, 0x04, 0x00, 'C', 'a', 'r', 'd', 0x00},
     8},
    /* it ends without an end */
    {CARD "\t\tNo end tag found\n", {0x82, 0x04, 0x00, 'C', 'a', 'r', 'd'}, 7},
    {FREE, {0x91, 0x06, 0x00, 'R', 'W', 0x03, 0, 0, 0}, 9},
    {FREE "\tCapabilities: [50] Null\n", {0x91, 0x06, 0x00, 'R', 'W', 0x03, 0, 0, 0}, 9},
    {"\t\tNot readable\n", {0}, 0},
};

START_TEST(text_becomes_bytes)
{
    char text[512];

    (void)snprintf(text, sizeof text, "%s%s%s", HEAD, contents[_i].text, ROW);
    read_text(text);
    ck_assert_uint_eq(function->vpd_size, contents[_i].size);
    ck_assert_mem_eq(function->vpd, contents[_i].bytes, contents[_i].size);
}
END_TEST

/* Two fields of 3 + 200 bytes: 196h */
START_TEST(a_resource_may_be_longer_than_a_field)
{
    read_text(HEAD FIELDS "\t\t\t[RW] Read-write area: 200 byte(s) free\n"
                          "\t\t\t[RW] Read-write area: 200 byte(s) free\n" END ROW);
    ck_assert_uint_eq(function->vpd_size, 410);
    ck_assert_mem_eq(function->vpd, ((const uint8_t[]){0x90, 0x96, 0x01, 'R', 'W', 0xC8}), 6);
}
END_TEST

/* Lines that cannot be made into bytes. */
static const char *const strange[] = {
    FIELDS "\t\t\t[XY] Unknown: 01 02 ...\n",
    "\t\t\t[PN] Part number: 1\n",
    CARD "\t\tUnknown large resource type 05, will not decode more.\n",
    CARD "broken off\n",
    FIELDS "\t\t\t[RV] Reserved: checksum unknown\n",
    FIELDS "\t\t\t[PN\n",
    FIELDS "\t\t\t[PN] Part number: \\q\n",
    FIELDS "\t\t\t[RW] Read-write area: 1100 byte(s) free\n",
    FIELDS "\t\t\t[RW] Read-write area: 256 byte(s) free\n",
};

START_TEST(what_is_not_understood_is_left_out_and_said)
{
    char text[512];

    (void)snprintf(text, sizeof text, "%s%s%s", HEAD, strange[_i], ROW);
    read_text(text);
    ck_assert_uint_eq(function->vpd_size, 0);
    ck_assert_ptr_nonnull(strstr(dump.remarks, "Vital Product Data of 0000:00:00.0 is left out"));
}
END_TEST

START_TEST(contents_belong_to_their_function)
{
    read_text(HEAD CARD "00:01.0 Host bridge\n" END ROW);
    ck_assert_uint_eq(dump.count, 2);
    ck_assert_uint_eq(dump.functions[0].vpd_size, 7);
    ck_assert_uint_eq(dump.functions[1].vpd_size, 0);
}
END_TEST

/* A function with the capability at 40h. */
static struct sim_pci_config config;
static struct sim_pci_masks masks;

static void load(const char *text)
{
    read_text(text);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
    function->bytes[0x40] = 0x03;
    sim_pci_config_init(&config, &masks, function);
}

static uint32_t get(unsigned int offset)
{
    return sim_pci_config_read(&config, offset, 4);
}

START_TEST(a_function_gives_four_bytes_for_an_address)
{
    load(HEAD CARD ROW);
    sim_pci_config_write(&config, 0x42, 2, 0x0000);
    ck_assert_uint_eq(get(0x40), 0x80000003);
    ck_assert_uint_eq(get(0x44), 0x43000482);
    sim_pci_config_write(&config, 0x40, 4, 0x00040003);
    ck_assert_uint_eq(get(0x40), 0x80040003);
    ck_assert_uint_eq(get(0x44), 0x00647261);
    sim_pci_config_write(&config, 0x43, 1, 0x7F);
    ck_assert_uint_eq(get(0x40), 0xFF040003);
    ck_assert_uint_eq(get(0x44), 0x00000000);
}
END_TEST

START_TEST(what_is_stored_is_lost)
{
    load(HEAD CARD ROW);
    sim_pci_config_write(&config, 0x44, 4, 0x12345678);
    sim_pci_config_write(&config, 0x42, 2, 0x8000);
    ck_assert_uint_eq(get(0x40), 0x00000003);
    sim_pci_config_write(&config, 0x42, 2, 0x0000);
    ck_assert_uint_eq(get(0x44), 0x43000482);
}
END_TEST

START_TEST(without_contents_there_is_no_answer)
{
    load("00:00.0 Host bridge\n" ROW);
    sim_pci_config_write(&config, 0x42, 2, 0x0000);
    ck_assert_uint_eq(get(0x40), 0x00000003);
    sim_pci_config_write(&config, 0x42, 2, 0x8004);
    ck_assert_uint_eq(get(0x40), 0x80040003);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_vpd");
    TCase *text = tcase_create("text");

    tcase_add_checked_fixture(text, NULL, teardown);
    tcase_add_loop_test(text, text_becomes_bytes, 0, (int)(sizeof contents / sizeof contents[0]));
    tcase_add_test(text, a_resource_may_be_longer_than_a_field);
    tcase_add_loop_test(text, what_is_not_understood_is_left_out_and_said, 0,
                        (int)(sizeof strange / sizeof strange[0]));
    tcase_add_test(text, contents_belong_to_their_function);
    tcase_add_test(text, a_function_gives_four_bytes_for_an_address);
    tcase_add_test(text, what_is_stored_is_lost);
    tcase_add_test(text, without_contents_there_is_no_answer);
    suite_add_tcase(suite, text);
    return suite;
}
