/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the printers of the extended list: hal/src/pci_print_*.c, against lspci's lines. */
#include <stdio.h>
#include <string.h>

#include "drydock/pci_print.h"
#include "drydock/text.h"
#include "tests/unit/extended_case.h"

#define WORDS 16
#define TEXT  4096

struct line_case {
    uint8_t express_type;
    uint32_t header;
    uint32_t registers[WORDS];
    const char *lines;
};

static const struct line_case line_cases[] = {
#include "tests/unit/extended_lines.def"
};

static char text[TEXT];
static struct dd_text kept;

/* Keep the lines of the extended list. */
static void keep(void *context, const char *line)
{
    bool *is_extended = context;

    *is_extended = *is_extended || strncmp(line, "\tCapabilities: [100 ", 20) == 0;
    if (*is_extended) {
        dd_text_put(&kept, line);
        dd_text_put_character(&kept, '\n');
        ck_assert_uint_lt(kept.length, sizeof text);
    }
}

/* A function with PCI Express at 0x40 and this capability at 0x100. */
static void make(uint8_t express_type, uint32_t header, const uint32_t *registers)
{
    begin(0);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x40;
    fake_put32(function, 0x40, 0x00020010u | (uint32_t)express_type << 20);
    fake_put32(function, 0x100, header);
    for (unsigned int i = 0; i < WORDS; i++) {
        fake_put32(function, 0x104 + 4 * i, registers[i]);
    }
}

static enum dd_status print(void)
{
    bool is_extended = false;
    const struct dd_pci_print order = {
        .access = &fake.access, .address = address, .emit = keep, .context = &is_extended};

    dd_text_init(&kept, text, sizeof text);
    return dd_pci_print_capabilities(&order);
}

START_TEST(lines_are_those_of_lspci)
{
    const struct line_case *expected = &line_cases[_i];

    make(expected->express_type, expected->header, expected->registers);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(text, expected->lines);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

static const uint32_t no_registers[WORDS];

static const struct {
    uint16_t id;
    const char *title;
} titles[] = {
    {0x0004, "Power Budgeting <?>"},
    {0x0006, "Root Complex Internal Link <?>"},
    {0x0008, "Multi-Function Virtual Channel <?>"},
    {0x000A, "Root Complex Register Block <?>"},
    {0x0011, "Multi-Root I/O Virtualization <?>"},
    {0x0016, "Dynamic Power Allocation <?>"},
    {0x001A, "Protocol Multiplexing <?>"},
    {0x001C, "LN Requester <?>"},
    {0x0020, "PCI Express over M_PHY <?>"},
    {0x0021, "FRS Queueing <?>"},
    {0x0022, "Readiness Time Reporting <?>"},
    {0x0028, "Hierarchy ID <?>"},
    {0x0029, "Native PCIe Enclosure Management <?>"},
    {0x000C, "Extended Capability ID 0xc"},
    {0x7FFF, "Extended Capability ID 0x7fff"},
};

START_TEST(capabilities_without_lines_have_a_name)
{
    char expected[100];

    make(0, 0x00010000u | titles[_i].id, no_registers);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_int_gt(
        snprintf(expected, sizeof expected, "\tCapabilities: [100 v1] %s\n", titles[_i].title), 0);
    ck_assert_str_eq(text, expected);
}
END_TEST

/* lspci 3.9.0 does not know it; the words are those of later versions. */
START_TEST(encrypted_streams_are_printed)
{
    static const uint32_t registers[WORDS] = {0x01000047, 0x00000004, 0x07000105, 0x80000002,
                                              0x00000001, 0x2A400401, 0x00000000, 0x00FFFF00,
                                              0x02010001, 0x25612301, 0x00000004, 0x00000003};

    make(4, 0x00010030, registers);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(
        text,
        "\tCapabilities: [100 v1] Integrity & Data Encryption\n"
        "\t\tIDECap: Lnk=1 Sel=1 FlowThru+ PartHdr- Aggr- PCRC- IDE_KM+ SelCfg- "
        "Alg='AES-GCM-256-96b' TCs=1 TeeLim+\n"
        "\t\tIDECtl: FTEn+\n"
        "\t\tLinkIDE#0 Ctl: En+ NPR=2 PR- CPL- PCRC+ HdrEnc=no Alg='AES-GCM-256-96b' TC0 ID7\n"
        "\t\tLinkIDE#0 Sta: Status=secure RecvChkFail+\n"
        "\t\tSelectiveIDE#0 Cap: AddrBlks=1\n"
        "\t\tSelectiveIDE#0 Ctl: En+ NPR- PR- CPL- PCRC- CFG- HdrEnc=17:2 "
        "Alg='AES-GCM-256-96b' TC0 ID42 Default+\n"
        "\t\tSelectiveIDE#0 Sta: Status=insecure RecvChkFail-\n"
        "\t\tSelectiveIDE#0 RID: Valid+ Base=100 Limit=ffff SegBase=2\n"
        "\t\tSelectiveIDE#0 AddrBlk#0: Valid+ Base=312300000 Limit=4256fffff\n");
}
END_TEST

/* lspci 3.9.0 stops with an error behind these lines. */
START_TEST(at_most_eight_registers_name_functions_that_are_not_of_cxl)
{
    static const uint32_t registers[WORDS] = {0x03801E98, 0x00000002, 1, 2, 3, 4, 5, 6, 7, 0x18, 9};

    make(0, 0x00010023, registers);
    ck_assert_int_eq(print(), DD_OK);
    ck_assert_str_eq(text,
                     "\tCapabilities: [100 v1] Designated Vendor-Specific: Vendor=1e98 ID=0002 "
                     "Rev=0 Len=56: CXL\n"
                     "\t\tFuncMap 0: 00000001\n\t\tFuncMap 1: 00000002\n"
                     "\t\tFuncMap 2: 00000003\n\t\tFuncMap 3: 00000004\n"
                     "\t\tFuncMap 4: 00000005\n\t\tFuncMap 5: 00000006\n"
                     "\t\tFuncMap 6: 00000007\n\t\tFuncMap 7: 00000018\n");
}
END_TEST

START_TEST(a_function_that_vanishes_while_it_is_printed_is_gone)
{
    for (size_t i = 0; i < sizeof line_cases / sizeof line_cases[0]; i++) {
        const struct line_case *line_case = &line_cases[i];
        unsigned int accesses;

        make(line_case->express_type, line_case->header, line_case->registers);
        ck_assert_int_eq(print(), DD_OK);
        accesses = fake.access_count;
        for (unsigned int at = 0; at < accesses; at++) {
            fake_forget();
            fake.vanish_at = at;
            ck_assert_int_eq(print(), DD_ENODEV);
        }
    }
}
END_TEST

/* Every capability at every place near the end, and with registers of all ones. */
START_TEST(nothing_is_read_beyond_configuration_space)
{
    for (uint32_t id = 0; id < 0x38; id++) {
        for (unsigned int at = 0xF80; at < 0x1000; at += 4) {
            make(4, at << 20 | 0x00010003, no_registers);
            memset(&function->bytes[at], 0xFF, 0x1000 - at);
            fake_put32(function, at, 0x00020000u | id);
            ck_assert_int_eq(print(), DD_OK);
        }
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_print_extended");
    TCase *lines = tcase_create("lines");

    tcase_add_loop_test(lines, lines_are_those_of_lspci, 0,
                        (int)(sizeof line_cases / sizeof line_cases[0]));
    tcase_add_loop_test(lines, capabilities_without_lines_have_a_name, 0,
                        (int)(sizeof titles / sizeof titles[0]));
    tcase_add_test(lines, encrypted_streams_are_printed);
    tcase_add_test(lines, at_most_eight_registers_name_functions_that_are_not_of_cxl);
    tcase_add_test(lines, a_function_that_vanishes_while_it_is_printed_is_gone);
    tcase_add_test(lines, nothing_is_read_beyond_configuration_space);
    suite_add_tcase(suite, lines);
    return suite;
}
