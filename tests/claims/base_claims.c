/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the smallest pieces: status codes, addresses, fields. */
#include "drydock/addr.h"
#include "drydock/field.h"
#include "drydock/status.h"
#include "tests/claims/claim.h"

CLAIM(status_names_are_spelled_as_in_c)
{
    CLAIM_TEXT(dd_status_name((enum dd_status)0), "DD_OK");
    CLAIM_TEXT(dd_status_name((enum dd_status)1), "DD_EARG");
    CLAIM_TEXT(dd_status_name((enum dd_status)10), "DD_ENOMEM");
    CLAIM_TEXT(dd_status_name((enum dd_status)15), "DD_ETIMEOUT");
    CLAIM_TEXT(dd_status_text((enum dd_status)5), "no translation for this address");
}

CLAIM(status_names_survive_unknown_values)
{
    CLAIM_TEXT(dd_status_name((enum dd_status)4711), "DD_EUNKNOWN");
    CLAIM_TEXT(dd_status_text((enum dd_status)4711), "unknown status");
}

/* [SDM 1] 3.3.7.1: bits 63 down to the most significant implemented bit are all equal. */
CLAIM(canonical_addresses_have_equal_high_bits_at_48_and_57_bits)
{
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0), 48));
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0x00007FFFFFFFFFFF), 48));
    CLAIM_TRUE(!dd_vaddr_is_canonical(dd_vaddr_from(0x0000800000000000), 48));
    CLAIM_TRUE(!dd_vaddr_is_canonical(dd_vaddr_from(0xFFFF7FFFFFFFFFFF), 48));
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0xFFFF800000000000), 48));
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0xFFFFFFFFFFFFFFFF), 48));
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0x00FFFFFFFFFFFFFF), 57));
    CLAIM_TRUE(!dd_vaddr_is_canonical(dd_vaddr_from(0x0100000000000000), 57));
    CLAIM_TRUE(!dd_vaddr_is_canonical(dd_vaddr_from(0xFEFFFFFFFFFFFFFF), 57));
    CLAIM_TRUE(dd_vaddr_is_canonical(dd_vaddr_from(0xFF00000000000000), 57));
}

CLAIM(alignment_helpers_agree_with_division)
{
    CLAIM_TRUE(dd_is_aligned(0, 4096));
    CLAIM_TRUE(dd_is_aligned(0xFFFFFFFFFFFFF000, 4096));
    CLAIM_TRUE(!dd_is_aligned(4095, 4096));
    CLAIM_TRUE(dd_is_aligned(3, 1));
    CLAIM_EQUAL(dd_align_down(0x12345FFF, 0x1000), 0x12345000);
    CLAIM_EQUAL(dd_align_down(0xFFFFFFFFFFFFFFFF, 0x40000000), 0xFFFFFFFFC0000000);
}

enum {
    MIDDLE_HI = 11,
    MIDDLE_LO = 8,
    TOP_HI = 63,
    TOP_LO = 63,
    WHOLE_HI = 63,
    WHOLE_LO = 0
};

CLAIM(field_get_and_set_leave_neighbours_alone)
{
    CLAIM_EQUAL(DD_GET(0xABCDu, MIDDLE), 0xB);
    CLAIM_EQUAL(DD_SET(0xFFFFFFFFFFFFFFFFu, MIDDLE, 0), 0xFFFFFFFFFFFFF0FF);
    CLAIM_EQUAL(DD_SET(0, MIDDLE, 0xFF), 0xF00);
    CLAIM_EQUAL(DD_BITS(TOP), 0x8000000000000000);
    CLAIM_EQUAL(DD_SET(0x1234, TOP, 1), 0x8000000000001234);
    CLAIM_EQUAL(DD_GET(0xFEDCBA9876543210, WHOLE), 0xFEDCBA9876543210);
}
