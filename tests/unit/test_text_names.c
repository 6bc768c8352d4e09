/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/text/text_names.c and text_identity.c: names become IDs. */
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
    {" SATA controller: Gamma, Inc. [G] Disk: 8x", 0x00092000, 0xFFFFFFFF, 0x01060000, 0xFFFFFFFF,
     NULL},
    {" Communication controller: Alpha Device 9a09", 0x9A091000, 0xFFFFFFFF, 0x07800000, 0xFFFFFFFF,
     NULL},
    {" Host bridge: Alpha Beta Unknown device 9a09 (rev ff)", 0x9A091001, 0xFFFFFFFF, 0x060000FF,
     0xFFFFFFFF, NULL},
    {" Host bridge: Device 1fff:1234", 0x12341FFF, 0xFFFFFFFF, 0x06000000, 0xFFFFFFFF, NULL},
    {" Host bridge: Unknown device 1fff:1234", 0x12341FFF, 0xFFFFFFFF, 0x06000000, 0xFFFFFFFF,
     NULL},
    /* broken by a mailer */
    {" Host bridge: Alpha Beta\nDisk (rev\n01)", 0x00011001, 0xFFFFFFFF, 0x06000001, 0xFFFFFFFF,
     NULL},
    /* ambiguous: what they have in common; unknown */
    {" Host bridge: Alpha Twin", 0x00011000, 0xFFF9FFFF, 0x06000000, 0xFFFFFFFF,
     "the device is ambiguous: 2 are called \"Alpha Twin\""},
    {" Host bridge: Alpha Tunnel", 0x00001000, 0x0000FFFF, 0x06000000, 0xFFFFFFFF,
     "the device is unknown: none is called \"Alpha Tunnel\""},
    {" Host bridge: Alphabet Disk", 0, 0, 0x06000000, 0xFFFFFFFF,
     "vendor and device are unknown: none is called \"Alphabet Disk\""},
    {" Host bridge: Same Device 0042", 0x00423001, 0xFFFFFFFD, 0x06000000, 0xFFFFFFFF,
     "vendor and device are ambiguous"},
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
    assert_text(&text, 0x00, 4, lines[_i].id & lines[_i].id_known, lines[_i].id_known);
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
    tcase_add_loop_test(identity, a_subsystem_is_one_of_its_device, 0,
                        (int)(sizeof subsystems / sizeof *subsystems));
    tcase_add_test(identity, without_a_list_names_are_unknown_and_numbers_are_not);
    tcase_add_test(identity, libpci_has_a_list_of_names);
    suite_add_tcase(suite, identity);
    return suite;
}
