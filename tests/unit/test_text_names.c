/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/text/text_names*.c and text_identity.c: names become IDs. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/text_case.h"

static const char list[] = "# a comment\n"
                           "\n"
                           "1000  Alpha\n"
                           "\t0001  Bridge\n"
                           "\t\t2000 0011  Board One\n"
                           "\t\t2000 0012  Board Two\n"
                           "\t0003  Twin\n"
                           "\t0005  Twin\n"
                           "1001  Alpha Beta\n"
                           "\t0001  Disk\n"
                           "2000  Gamma, Inc. [G]\n"
                           "\t0009  Disk: 8x\n"
                           "3001  Same\n"
                           "3003  Same\n"
                           "C 01  Mass storage controller\n"
                           "\t06  SATA controller\n"
                           "\t\t01  AHCI 1.0\n"
                           "C 06  Bridge\n"
                           "\t00  Host bridge\n"
                           "\t04  PCI bridge\n"
                           "C 07  Communication controller\n"
                           "\t80  Communication controller\n";

static struct sim_text_names *names;

static void open_names(void)
{
    names = sim_text_names_read(list, sizeof list - 1);
    ck_assert_ptr_nonnull(names);
}

static void close_names(void)
{
    sim_text_names_close(names);
}

/* A slot line after its address, and bytes 0-3 and 8-11 with what is known of them. */
static const struct {
    const char *slot;
    uint32_t id, id_known;
    uint32_t class, class_known;
    const char *remark; /* a part of it, NULL: none */
} lines[] = {
    /* -n */
    {" 0600: 8086:29c0", 0x29C08086, 0xFFFFFFFF, 0x06000000, 0xFFFFFFFF, NULL},
    {" Class 0604: 1af4:000c (rev 04)", 0x000C1AF4, 0xFFFFFFFF, 0x06040004, 0xFFFFFFFF, NULL},
    {" 0106: 8086:2922 (rev 02) (prog-if 01)", 0x29228086, 0xFFFFFFFF, 0x01060102, 0xFFFFFFFF,
     NULL},
    /* -nn */
    {" SATA controller [0106]: Intel Corporation X: Y [AHCI] [8086:2922] (rev a2) (prog-if 01 "
     "[AHCI "
     "1.0])",
     0x29228086, 0xFFFFFFFF, 0x010601A2, 0xFFFFFFFF, NULL},
    {" Network controller [0281]: Device [1fff:1234]", 0x12341FFF, 0xFFFFFFFF, 0x02810000,
     0xFFFFFFFF, NULL},
    /* names */
    {" PCI bridge: Alpha Bridge (rev 01) (prog-if 00 [Normal decode])", 0x00011000, 0xFFFFFFFF,
     0x06040001, 0xFFFFFFFF, NULL},
    {" pci Bridge: Alpha Beta Disk", 0x00011001, 0xFFFFFFFF, 0x06040000, 0xFFFFFFFF, NULL},
    {" PCI bridge: aLPHA Beta dISK", 0x00011001, 0xFFFFFFFF, 0x06040000, 0xFFFFFFFF, NULL},
    {" SATA controller: Gamma, Inc. [G] Disk: 8x", 0x00092000, 0xFFFFFFFF, 0x01060000, 0xFFFFFFFF,
     NULL},
    {" Communication controller: Alpha Device 9a09", 0x9A091000, 0xFFFFFFFF, 0x07800000, 0xFFFFFFFF,
     NULL},
    {" Host bridge: Alpha Beta Unknown device 9a09 (rev ff)", 0x9A091001, 0xFFFFFFFF, 0x060000FF,
     0xFFFFFFFF, NULL},
    {" Unknown communication controller: Alpha Bridge", 0x00011000, 0xFFFFFFFF, 0x07800000,
     0xFFFFFFFF, NULL},
    {" Host bridge: Alpha Beta: Unknown device 9a09", 0x9A091001, 0xFFFFFFFF, 0x06000000,
     0xFFFFFFFF, NULL},
    {" Host bridge: Device 1fff:1234", 0x12341FFF, 0xFFFFFFFF, 0x06000000, 0xFFFFFFFF, NULL},
    {" Host bridge: Unknown device 1fff:1234", 0x12341FFF, 0xFFFFFFFF, 0x06000000, 0xFFFFFFFF,
     NULL},
    /* broken by a mailer */
    {" Host bridge: Alpha Beta\nDisk (rev\n01)", 0x00011001, 0xFFFFFFFF, 0x06000001, 0xFFFFFFFF,
     NULL},
    /* ambiguous: the first of them, known is what they have in common; unknown */
    {" Host bridge: Alpha Twin", 0x00031000, 0xFFF9FFFF, 0x06000000, 0xFFFFFFFF,
     "the device is ambiguous: 2 are called \"Alpha Twin\""},
    {" Host bridge: Alpha Tunnel", 0x00001000, 0x0000FFFF, 0x06000000, 0xFFFFFFFF,
     "the device is unknown: none is called \"Alpha Tunnel\""},
    {" Host bridge: Alphabet Disk", 0, 0, 0x06000000, 0xFFFFFFFF,
     "vendor and device are unknown: none is called \"Alphabet Disk\""},
    {" Host bridge: Same Device 0042", 0x00423001, 0xFFFFFFFD, 0x06000000, 0xFFFFFFFF,
     "the vendor is ambiguous"},
    {" Time machine: 8086:1237", 0x12378086, 0xFFFFFFFF, 0, 0x0000FFFF,
     "the class is unknown: none is called \"Time machine\""},
};

START_TEST(a_slot_line_tells_who_a_function_is)
{
    char words[512];
    struct text_case text;
    char *remarks = NULL;

    (void)snprintf(words, sizeof words, "%s\n" TEXT_CONTROL, lines[_i].slot);
    text_begin(&text, names, words);
    ck_assert(text.read);
    assert_text(&text, 0x00, 4, lines[_i].id, lines[_i].id_known);
    assert_text(&text, 0x08, 4, lines[_i].class, lines[_i].class_known);
    remarks = sim_dump_take_remarks(&text.remarks, "case");
    if (lines[_i].remark == NULL) {
        ck_assert_msg(remarks == NULL, "%s", remarks);
    } else {
        ck_assert_ptr_nonnull(remarks);
        ck_assert_msg(strncmp(remarks, "case:7: 0000:00:02.0: ", 22) == 0 &&
                          strstr(remarks, lines[_i].remark) != NULL,
                      "%s", remarks);
    }
    free(remarks);
}
END_TEST

/* What is printed about the subsystem of 1000:0001, and bytes 2C-2F. */
static const struct {
    const char *subsystem;
    uint32_t id, known;
} subsystems[] = {
    {"1af4:1100", 0x11001AF4, 0xFFFFFFFF},
    {"Gamma, Inc. [G] Board Two", 0x00122000, 0xFFFFFFFF},
    {"Gamma, Inc. [G] Board Two [2000:0033]", 0x00332000, 0xFFFFFFFF},
    {"Gamma, Inc. [G] Device 4000", 0x40002000, 0xFFFFFFFF},
    {"Same Device 4000", 0x40003001, 0xFFFFFFFD},         /* of two vendors */
    {"Gamma, Inc. [G] Disk: 8x", 0x00002000, 0x0000FFFF}, /* that is a device's name */
    {"Alpha Bridge", 0x00001000, 0x0000FFFF},             /* as the function: not proof */
    {"Nobody Nothing", 0, 0},
};

START_TEST(a_subsystem_is_one_of_its_device)
{
    char words[512];
    struct text_case text;

    (void)snprintf(words, sizeof words,
                   " Host bridge: Alpha Bridge\n\tSubsystem: %s\n" TEXT_CONTROL,
                   subsystems[_i].subsystem);
    text_begin(&text, names, words);
    ck_assert(text.read);
    assert_text(&text, 0x2C, 4, subsystems[_i].id, subsystems[_i].known);
    text_end(&text);
}
END_TEST

/* What is said about the name in a subsystem's line, of a function that is called otherwise or so. */
static const struct {
    const char *text;
    const char *remarks; /* NULL: none */
} sayings[] = {
    {" Host bridge: Alpha Bridge\n\n\tSubsystem: Alpha Tunnel\n",
     "case:9: 0000:00:02.0: the device of the subsystem is unknown: none is called \"Alpha "
     "Tunnel\" "
     "(lspci -nn prints numbers)\n"},
    {" Host bridge: Alpha Bridge\n\tSubsystem: Same Device 0042\n",
     "case:8: 0000:00:02.0: the vendor of the subsystem is ambiguous: 2 are called \"Same Device "
     "0042\"\n"},
    {" Host bridge: Alpha Bridge\n\tSubsystem: Alpha Bridge\n",
     "case:8: 0000:00:02.0: the device of the subsystem is unknown: it is called like the "
     "function\n"},
    {" Host bridge: Alpha Device 9a09\n\tSubsystem: Alpha Device 9a09\n", NULL},
    {" Host bridge: Alpha Twin\n\tSubsystem: Alpha Twin\n",
     "case:7: 0000:00:02.0: the device is ambiguous: 2 are called \"Alpha Twin\"\n"},
};

START_TEST(what_is_not_certain_is_said_with_the_line_of_the_name)
{
    char words[512];
    struct text_case text;
    char *remarks = NULL;

    (void)snprintf(words, sizeof words, "%s" TEXT_CONTROL, sayings[_i].text);
    text_begin(&text, names, words);
    remarks = sim_dump_take_remarks(&text.remarks, "case");
    ck_assert_pstr_eq(remarks, sayings[_i].remarks);
    free(remarks);
}
END_TEST

START_TEST(without_a_list_names_are_unknown_and_numbers_are_not)
{
    struct text_case text;

    text_begin(&text, NULL, " Host bridge [0600]: Alpha Twin\n" TEXT_CONTROL);
    assert_text(&text, 0x00, 4, 0, 0);
    assert_text(&text, 0x0A, 2, 0x0600, 0xFFFF);
    ck_assert_uint_eq(text.remarks.count, 1);
    text_end(&text);
}
END_TEST

/* "1000  Alpha\n\t0001  Bridge\n" as gzip writes it. Spec: [RFC 1952] 2.3 */
static const unsigned char compressed[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x33, 0x34, 0x30, 0x30, 0x50,
    0x50, 0x70, 0xcc, 0x29, 0xc8, 0x48, 0xe4, 0xe2, 0x04, 0xb2, 0x0d, 0x15, 0x14, 0x9c, 0x8a,
    0x32, 0x53, 0xd2, 0x53, 0xb9, 0x00, 0xaa, 0xaa, 0x56, 0x06, 0x1a, 0x00, 0x00, 0x00};

static struct sim_text_names *open_file(const void *bytes, size_t size)
{
    char path[] = "/tmp/drydock-names-XXXXXX";
    int file = mkstemp(path);
    struct sim_text_names *opened = NULL;

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, bytes, size), (ssize_t)size);
    opened = sim_text_names_open(path);
    (void)close(file);
    (void)unlink(path);
    return opened;
}

START_TEST(a_list_may_be_compressed_or_not)
{
    struct sim_text_names *packed = open_file(compressed, sizeof compressed);
    struct sim_text_names *plain = open_file(list, sizeof list - 1);

    ck_assert_uint_eq(sim_text_names_device(packed, "Alpha Bridge").value, 0x00011000);
    ck_assert_uint_eq(sim_text_names_device(plain, "Alpha Bridge").value, 0x00011000);
    ck_assert_uint_eq(sim_text_names_class(packed, "PCI bridge").count, 0);
    ck_assert_uint_eq(sim_text_names_class(plain, "PCI bridge").value, 0x0604);
    sim_text_names_close(packed);
    sim_text_names_close(plain);
}
END_TEST

START_TEST(a_list_that_is_damaged_or_not_there_is_none)
{
    ck_assert_ptr_null(open_file(compressed, sizeof compressed - 20));
    ck_assert_ptr_null(sim_text_names_open("/nowhere/pci.ids.gz"));
}
END_TEST

/* Vendors are found by the first character of a name and by the low byte of an ID. */
START_TEST(vendors_that_are_alike_are_told_apart)
{
    static const char alike[] = "1001  Alpha\n\t0001  One\n\t\t1101 0007  Board\n"
                                "1101  Alpine\n\t0001  One\n\t\t1101 0008  Board\n"
                                "1201  Alpha Alpine\n\t0001  One\n";
    struct sim_text_names *read = sim_text_names_read(alike, sizeof alike - 1);
    size_t length = 0;

    ck_assert_ptr_nonnull(read);
    ck_assert_uint_eq(sim_text_names_vendor(read, "Alpha Alpine One", &length).value, 0x1201);
    ck_assert_uint_eq(length, 12);
    ck_assert_uint_eq(sim_text_names_vendor(read, "Alphabet", &length).count, 0);
    ck_assert_uint_eq(sim_text_names_device(read, "Alpine One").value, 0x00011101);
    ck_assert_uint_eq(sim_text_names_device(read, "Alpha Alpine One").value, 0x00011201);
    ck_assert_uint_eq(sim_text_names_subsystem(read, 0x00011001, "Alpine Board").value, 0x00071101);
    ck_assert_uint_eq(sim_text_names_subsystem(read, 0x00011101, "Alpine Board").value, 0x00081101);
    ck_assert_uint_eq(sim_text_names_subsystem(read, 0x00011201, "Alpine Board").count, 0);
    sim_text_names_close(read);
}
END_TEST

START_TEST(libpci_has_a_list_of_names)
{
    const struct sim_text_names *installed = sim_text_names_installed();
    struct sim_text_candidates found =
        sim_text_names_device(installed, "Intel Corporation 440FX - 82441FX PMC [Natoma]");

    ck_assert_ptr_nonnull(installed);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_uint_eq(found.value, 0x12378086);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("text_names");
    TCase *identity = tcase_create("identity");

    tcase_add_checked_fixture(identity, open_names, close_names);
    tcase_add_loop_test(identity, a_slot_line_tells_who_a_function_is, 0,
                        (int)(sizeof lines / sizeof *lines));
    tcase_add_loop_test(identity, what_is_not_certain_is_said_with_the_line_of_the_name, 0,
                        (int)(sizeof sayings / sizeof *sayings));
    tcase_add_loop_test(identity, a_subsystem_is_one_of_its_device, 0,
                        (int)(sizeof subsystems / sizeof *subsystems));
    tcase_add_test(identity, without_a_list_names_are_unknown_and_numbers_are_not);
    tcase_add_test(identity, a_list_may_be_compressed_or_not);
    tcase_add_test(identity, a_list_that_is_damaged_or_not_there_is_none);
    tcase_add_test(identity, vendors_that_are_alike_are_told_apart);
    tcase_add_test(identity, libpci_has_a_list_of_names);
    suite_add_tcase(suite, identity);
    return suite;
}
