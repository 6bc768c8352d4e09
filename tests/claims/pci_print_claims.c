/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about capabilities in words and about Vital Product Data.
 */
#include "drydock/pci_print.h"
#include "drydock/pci_vpd.h"
#include "drydock/text.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"
#include "tests/claims/pci_script.h"

/* The lines printed, each ended with a bar. */
struct lines {
    char buffer[512];
    struct dd_text text;
};

static void note_line(void *context, const char *line)
{
    struct lines *lines = context;

    dd_text_format(&lines->text, "%s|", line);
}

static enum dd_status print(const struct dd_pci_access *access, struct dd_pci_address address,
                            struct lines *lines)
{
    const struct dd_pci_print request = {
        .access = access, .address = address, .emit = note_line, .context = lines};

    dd_text_init(&lines->text, lines->buffer, sizeof lines->buffer);
    return dd_pci_print_capabilities(&request);
}

/* What lspci prints of it. */
CLAIM(pci_the_capabilities_of_the_ahci_controller_are_printed)
{
    struct dd_pci_access access;
    struct lines lines;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(print(&access, pci_at(0, 0x1F, 2), &lines));
    lines.buffer[53] = '\0'; /* the rest of the message depends on who used it last */
    CLAIM_TEXT(lines.buffer, "\tCapabilities: [80] MSI: Enable- Count=1/1 Maskable- ");
}

CLAIM(pci_a_bad_list_is_printed_up_to_where_it_is_bad)
{
    struct dd_pci_access access = pci_script_open();
    struct lines lines;

    pci_script_put(0x40, 0x0000440C);
    pci_script_put(0x44, 0x0000400E);
    CLAIM_OK(print(&access, pci_script_address, &lines));
    CLAIM_TEXT(lines.buffer, "\tCapabilities: [40] Hot-plug capable|"
                             "\tCapabilities: [44] AGP3 <?>|"
                             "\tCapabilities: [40] <chain looped>|");
    pci_script_vanish_after(6);
    CLAIM_STATUS(print(&access, pci_script_address, &lines), DD_ENODEV);
}

/* ---- Vital Product Data: [PCI 3.0] I ---- */

static const uint8_t storage[] = {0x82, 0x02, 0x00, 'N',  'm',  0x90, 0x04, 0x00,
                                  'R',  'V',  0x01, 0x84, 0x78, 0,    0,    0};

/* While somebody waits the function fetches the dword and sets the flag. */
static void serve(void *context, uint32_t microseconds)
{
    uint32_t head = pci_script_get(0x40);
    uint32_t at = head >> 16 & 0x7FFC;
    uint32_t data = 0;

    (void)context;
    (void)microseconds;
    for (unsigned int i = 0; i < 4 && at + i < sizeof storage; i++) {
        data |= (uint32_t)storage[at + i] << 8 * i;
    }
    pci_script_put(0x44, data);
    pci_script_put(0x40, head | 0x80000000);
}

CLAIM(pci_vital_product_data_is_read_and_its_checksum_checked)
{
    static const struct dd_delay serving = {serve, NULL};
    struct dd_pci_access access = pci_script_open();
    const struct dd_pci_vpd_place place = {&access, pci_script_address, 0x40};
    struct dd_pci_vpd vpd;
    struct dd_pci_vpd_item item;
    uint16_t at = 0;
    uint8_t name[2];

    pci_script_put(0x40, 0x00000003);
    pci_script_allow(0x40, 0xFFFF0000);
    CLAIM_OK(dd_pci_vpd_open(&vpd, &place, &serving));
    CLAIM_OK(dd_pci_vpd_next(&vpd, &at, &item));
    CLAIM_EQUAL(item.tag, 0x82);
    CLAIM_EQUAL(item.length, 2);
    CLAIM_OK(dd_pci_vpd_read(&vpd, item.at, name, 2));
    CLAIM_EQUAL(name[0], 'N');
    CLAIM_EQUAL(name[1], 'm');
    CLAIM_OK(dd_pci_vpd_next(&vpd, &at, &item));
    CLAIM_STATUS(dd_pci_vpd_next(&vpd, &at, &item), DD_ENOENT);
    CLAIM_OK(dd_pci_vpd_check(&vpd));
}

CLAIM(pci_vital_product_data_that_never_comes_is_given_up)
{
    struct dd_pci_access access = pci_script_open();
    const struct dd_pci_vpd_place place = {&access, pci_script_address, 0x40};
    struct dd_pci_vpd vpd;
    uint8_t byte;

    pci_script_put(0x40, 0x00000003);
    CLAIM_OK(dd_pci_vpd_open(&vpd, &place, &pci_script_delay));
    CLAIM_STATUS(dd_pci_vpd_read(&vpd, 0, &byte, 1), DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_waited(), 125000);
}
