/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all readers of capabilities of the extended list have in common: places where no capability
 * can be, capabilities cut short by the end of configuration space, and functions that vanish.
 */
#include <string.h>

#include "drydock/pci_acs.h"
#include "drydock/pci_aer.h"
#include "drydock/pci_cxl.h"
#include "drydock/pci_doe.h"
#include "drydock/pci_dpc.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_flit.h"
#include "drydock/pci_hierarchy.h"
#include "drydock/pci_ide.h"
#include "drydock/pci_latency.h"
#include "drydock/pci_npem.h"
#include "drydock/pci_power_budget.h"
#include "drydock/pci_protocol.h"
#include "drydock/pci_rebar.h"
#include "drydock/pci_root_complex.h"
#include "drydock/pci_sriov.h"
#include "drydock/pci_tph.h"
#include "drydock/pci_translation.h"
#include "drydock/pci_vc.h"
#include "drydock/pci_vendor_specific.h"
#include "tests/unit/extended_case.h"

/* READER(what, function, struct it fills) */
#define READER(name, function_name, type)                            \
    static enum dd_status read_##name(uint16_t offset, void *result) \
    {                                                                \
        struct type *out = result;                                   \
                                                                     \
        return function_name(&fake.access, address, offset, out);    \
    }

READER(acs, dd_pci_acs_read, dd_pci_acs)
READER(aer, dd_pci_aer_read, dd_pci_aer)
READER(aer_root, dd_pci_aer_read_root, dd_pci_aer_root)
READER(ari, dd_pci_ari_read, dd_pci_ari)
READER(ats, dd_pci_ats_read, dd_pci_ats)
READER(cxl_device, dd_pci_cxl_read_device, dd_pci_cxl_device)
READER(cxl_flex_bus, dd_pci_cxl_read_flex_bus, dd_pci_cxl_flex_bus)
READER(cxl_gpf, dd_pci_cxl_read_gpf, dd_pci_cxl_gpf)
READER(cxl_port, dd_pci_cxl_read_port, dd_pci_cxl_port)
READER(doe, dd_pci_doe_read, dd_pci_doe)
READER(dpa, dd_pci_dpa_read, dd_pci_dpa)
READER(dpc, dd_pci_dpc_read, dd_pci_dpc)
READER(dvsec, dd_pci_dvsec_read, dd_pci_dvsec)
READER(frs, dd_pci_frs_read, dd_pci_frs)
READER(hierarchy, dd_pci_hierarchy_read, dd_pci_hierarchy)
READER(ide, dd_pci_ide_read, dd_pci_ide)
READER(l1ss, dd_pci_l1ss_read, dd_pci_l1ss)
READER(ln_requester, dd_pci_ln_requester_read, dd_pci_ln_requester)
READER(ltr, dd_pci_ltr_read, dd_pci_ltr)
READER(mpcie, dd_pci_mpcie_read, dd_pci_mpcie)
READER(multicast, dd_pci_multicast_read, dd_pci_multicast)
READER(nop_flit, dd_pci_nop_flit_read, dd_pci_nop_flit)
READER(npem, dd_pci_npem_read, dd_pci_npem)
READER(pasid, dd_pci_pasid_read, dd_pci_pasid)
READER(pmux, dd_pci_pmux_read, dd_pci_pmux)
READER(pri, dd_pci_pri_read, dd_pci_pri)
READER(ptm, dd_pci_ptm_read, dd_pci_ptm)
READER(rcec, dd_pci_rcec_read, dd_pci_rcec)
READER(rcilink, dd_pci_rcilink_read, dd_pci_rcilink)
READER(rclink, dd_pci_rclink_read, dd_pci_rclink)
READER(rcrb, dd_pci_rcrb_read, dd_pci_rcrb)
READER(readiness, dd_pci_readiness_read, dd_pci_readiness)
READER(rebar, dd_pci_rebar_read, dd_pci_rebar)
READER(sriov, dd_pci_sriov_read, dd_pci_sriov)
READER(tph, dd_pci_tph_read, dd_pci_tph)
READER(vc, dd_pci_vc_read, dd_pci_vc)
READER(vsec, dd_pci_vsec_read, dd_pci_vsec)

static const struct {
    enum dd_status (*read)(uint16_t offset, void *result);
    size_t size;           /* of the result */
    unsigned int smallest; /* bytes of the smallest form */
} readers[] = {
    {read_acs, sizeof(struct dd_pci_acs), 8},
    {read_aer, sizeof(struct dd_pci_aer), 44},
    {read_aer_root, sizeof(struct dd_pci_aer_root), 56},
    {read_ari, sizeof(struct dd_pci_ari), 8},
    {read_ats, sizeof(struct dd_pci_ats), 8},
    {read_cxl_device, sizeof(struct dd_pci_cxl_device), 56},
    {read_cxl_flex_bus, sizeof(struct dd_pci_cxl_flex_bus), 16},
    {read_cxl_gpf, sizeof(struct dd_pci_cxl_gpf), 16},
    {read_cxl_port, sizeof(struct dd_pci_cxl_port), 40},
    {read_doe, sizeof(struct dd_pci_doe), 24},
    {read_dpa, sizeof(struct dd_pci_dpa), 17},
    {read_dpc, sizeof(struct dd_pci_dpc), 12},
    {read_dvsec, sizeof(struct dd_pci_dvsec), 10},
    {read_frs, sizeof(struct dd_pci_frs), 16},
    {read_hierarchy, sizeof(struct dd_pci_hierarchy), 32},
    {read_ide, sizeof(struct dd_pci_ide), 12},
    {read_l1ss, sizeof(struct dd_pci_l1ss), 16},
    {read_ln_requester, sizeof(struct dd_pci_ln_requester), 8},
    {read_ltr, sizeof(struct dd_pci_ltr), 8},
    {read_mpcie, sizeof(struct dd_pci_mpcie), 28},
    {read_multicast, sizeof(struct dd_pci_multicast), 40},
    {read_nop_flit, sizeof(struct dd_pci_nop_flit), 20},
    {read_npem, sizeof(struct dd_pci_npem), 16},
    {read_pasid, sizeof(struct dd_pci_pasid), 8},
    {read_pmux, sizeof(struct dd_pci_pmux), 16},
    {read_pri, sizeof(struct dd_pci_pri), 16},
    {read_ptm, sizeof(struct dd_pci_ptm), 12},
    {read_rcec, sizeof(struct dd_pci_rcec), 12},
    {read_rcilink, sizeof(struct dd_pci_rcilink), 12},
    {read_rclink, sizeof(struct dd_pci_rclink), 8},
    {read_rcrb, sizeof(struct dd_pci_rcrb), 16},
    {read_readiness, sizeof(struct dd_pci_readiness), 12},
    {read_rebar, sizeof(struct dd_pci_rebar), 12},
    {read_sriov, sizeof(struct dd_pci_sriov), 64},
    {read_tph, sizeof(struct dd_pci_tph), 12},
    {read_vc, sizeof(struct dd_pci_vc), 28},
    {read_vsec, sizeof(struct dd_pci_vsec), 8},
};

static uint8_t result[512];
static uint8_t untouched[512];

/* A DVSEC of CXL with room for all forms, one Resizable BAR, one channel, version 2. */
static void setup(void)
{
    begin(0x00020001);
    put(0x04, 0x04011E98);
    put(0x08, 0x00000020);
    memset(result, 0x5A, sizeof result);
    memset(untouched, 0x5A, sizeof untouched);
}

static enum dd_status read(int index, unsigned int offset)
{
    ck_assert_uint_le(readers[index].size, sizeof result);
    return readers[index].read((uint16_t)offset, result);
}

START_TEST(places_where_no_capability_can_be_are_refused)
{
    ck_assert_int_eq(read(_i, 0x3C), DD_EARG);
    ck_assert_int_eq(read(_i, 0x1000), DD_EARG);
    ck_assert_int_eq(read(_i, 0xFFFC), DD_EARG);
    ck_assert_int_eq(read(_i, 0x202), DD_EALIGN);
    address.device = 32;
    ck_assert_int_eq(read(_i, 0x200), DD_EARG);
    ck_assert_mem_eq(result, untouched, sizeof result);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(a_capability_cut_short_by_the_end_is_malformed)
{
    unsigned int last = (0x1000 - readers[_i].smallest) & ~3u;

    for (unsigned int offset = last + 4; offset < 0x1000; offset += 4) {
        memcpy(&function->bytes[offset], &function->bytes[AT], 0x1000 - offset);
        ck_assert_int_eq(read(_i, offset), DD_EMALFORMED);
    }
    ck_assert_mem_eq(result, untouched, sizeof result);
}
END_TEST

START_TEST(a_function_that_vanishes_leaves_the_result_alone)
{
    unsigned int accesses;

    ck_assert_int_eq(read(_i, AT), DD_OK);
    accesses = fake.access_count;
    ck_assert_uint_gt(accesses, 0);
    memset(result, 0x5A, sizeof result);
    for (unsigned int i = 0; i < accesses; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(read(_i, AT), DD_ENODEV);
        ck_assert_mem_eq(result, untouched, sizeof result);
    }
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_extended_readers");
    TCase *hostile = tcase_create("hostile");
    const int count = (int)(sizeof readers / sizeof readers[0]);

    tcase_add_checked_fixture(hostile, setup, NULL);
    tcase_add_loop_test(hostile, places_where_no_capability_can_be_are_refused, 0, count);
    tcase_add_loop_test(hostile, a_capability_cut_short_by_the_end_is_malformed, 0, count);
    tcase_add_loop_test(hostile, a_function_that_vanishes_leaves_the_result_alone, 0, count);
    suite_add_tcase(suite, hostile);
    return suite;
}
