/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_acs.c, pci_translation.c and pci_latency.c; [PCIe 6] 7.7, 7.8 and 10.5. */
#include "drydock/pci_translation.h"

#include "drydock/pci_acs.h"
#include "drydock/pci_latency.h"
#include "tests/unit/extended_case.h"

static void setup(void)
{
    begin(0x00010001);
}

/* ---- Access Control Services: [PCIe 6] 7.7.11 ---- */

START_TEST(acs_is_decoded)
{
    struct dd_pci_acs acs;
    uint32_t value;

    put(0x04, 0x005D0A7F);
    put(0x08, 0x000003FF);
    ck_assert_int_eq(dd_pci_acs_read(&fake.access, address, AT, &acs), DD_OK);
    ck_assert_uint_eq(acs.capability, 0x0A7F);
    ck_assert_uint_eq(acs.control, 0x005D);
    ck_assert_uint_eq(dd_pci_acs_vector_bits(&acs), 10);
    ck_assert_int_eq(dd_pci_acs_read_vector(&fake.access, address, &acs, 0, &value), DD_OK);
    ck_assert_uint_eq(value, 0x3FF);
    ck_assert_int_eq(dd_pci_acs_read_vector(&fake.access, address, &acs, 1, &value), DD_ENOENT);
    acs.capability = 0x0020; /* egress control with 256 bits */
    ck_assert_uint_eq(dd_pci_acs_vector_bits(&acs), 256);
    ck_assert_int_eq(dd_pci_acs_read_vector(&fake.access, address, &acs, 7, &value), DD_OK);
    ck_assert_int_eq(dd_pci_acs_read_vector(&fake.access, address, &acs, 8, &value), DD_ENOENT);
    acs.capability = 0x0A5F; /* no egress control */
    ck_assert_uint_eq(dd_pci_acs_vector_bits(&acs), 0);
}
END_TEST

static const struct {
    uint16_t capability, services;
    enum dd_status status;
} services[] = {
    {0x001F, 0x001D, DD_OK},      {0x001F, 0x0020, DD_ENOTSUP}, {0x005F, 0x0040, DD_OK},
    {0x007F, 0x0080, DD_ENOTSUP}, {0x00FF, 0x1FFF, DD_OK},      {0x00FF, 0x2000, DD_EARG},
    {0x007F, 0x1000, DD_ENOTSUP}, {0x0000, 0x0000, DD_OK},      {0x0000, 0x0001, DD_ENOTSUP},
};

START_TEST(acs_services_are_set_if_the_function_has_them)
{
    put(0x04, 0xE0000000u | services[_i].capability);
    allow(0x04, 0xFFFF0000);
    ck_assert_int_eq(dd_pci_acs_set_services(&fake.access, address, AT, services[_i].services),
                     services[_i].status);
    ck_assert_uint_eq(get(0x04) >> 16,
                      services[_i].status == DD_OK ? 0xE000u | services[_i].services : 0xE000u);
}
END_TEST

/* Bits 12:7 are of the enhanced services: RsvdP where there are none. */
START_TEST(acs_bits_of_services_that_are_not_there_are_kept)
{
    put(0x04, 0xFF80007F);
    allow(0x04, 0xFFFF0000);
    ck_assert_int_eq(dd_pci_acs_set_services(&fake.access, address, AT, 0x0001), DD_OK);
    ck_assert_uint_eq(get(0x04), 0xFF81007F);
}
END_TEST

/* ---- Address Translation Service: [PCIe 6] 10.5.1 ---- */

START_TEST(ats_is_decoded_and_enabled_once)
{
    struct dd_pci_ats ats;

    put(0x04, 0x00600060);
    allow(0x04, 0xFFFF0000);
    ck_assert_int_eq(dd_pci_ats_read(&fake.access, address, AT, &ats), DD_OK);
    ck_assert_uint_eq(ats.capability, 0x0060);
    ck_assert_uint_eq(dd_pci_ats_queue_depth(&ats), 32);
    ats.capability = 0x001F;
    ck_assert_uint_eq(dd_pci_ats_queue_depth(&ats), 31);
    ck_assert_int_eq(dd_pci_ats_enable(&fake.access, address, AT, 11), DD_EARG);
    ck_assert_int_eq(dd_pci_ats_enable(&fake.access, address, AT, 44), DD_EARG);
    ck_assert_int_eq(dd_pci_ats_enable(&fake.access, address, AT, 21), DD_OK);
    ck_assert_uint_eq(get(0x04), 0x80690060);
    ck_assert_int_eq(dd_pci_ats_enable(&fake.access, address, AT, 12), DD_EEXIST);
    ck_assert_uint_eq(get(0x04), 0x80690060);
    ck_assert_int_eq(dd_pci_ats_disable(&fake.access, address, AT), DD_OK);
    ck_assert_uint_eq(get(0x04), 0x00690060);
}
END_TEST

/* ---- Page Request Interface: [PCIe 6] 10.5.2 ---- */

static enum dd_status enable_pri(uint32_t allocation)
{
    const struct dd_pci_pri_setting setting = {AT, allocation, &delay};

    return dd_pci_pri_enable(&fake.access, address, &setting);
}

static void setup_pri(void)
{
    begin(0x00010013);
    put(0x04, 0x8100A000);
    put(0x08, 0x00000040);
    allow(0x04, 0x0000FFFF);
    allow(0x0C, 0xFFFFFFFF);
    clearable(0x04, 0x00030000);
}

START_TEST(page_requests_are_reset_allocated_and_enabled_in_this_order)
{
    ck_assert_int_eq(enable_pri(0x20), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 3);
    ck_assert_uint_eq(get(0x04), 0x8100A001);
    ck_assert_uint_eq(get(0x0C), 0x20);
    for (unsigned int i = 0, writes = 0; i < fake.access_count; i++) {
        static const struct {
            uint16_t offset;
            uint32_t value;
        } expected[] = {{0x204, 0xA002}, {0x20C, 0x20}, {0x204, 0xA001}};

        if (fake.log[i].is_write) {
            ck_assert_uint_eq(fake.log[i].offset, expected[writes].offset);
            ck_assert_uint_eq(fake.log[i].value, expected[writes].value);
            writes++;
        }
    }
    ck_assert_int_eq(enable_pri(0x20), DD_EEXIST);
    ck_assert_int_eq(dd_pci_pri_disable(&fake.access, address, AT), DD_OK);
    ck_assert_uint_eq(get(0x04), 0x8100A000);
}
END_TEST

START_TEST(page_requests_beyond_the_capacity_are_refused)
{
    ck_assert_int_eq(enable_pri(0x41), DD_EARG);
    ck_assert_int_eq(enable_pri(0), DD_EARG);
    ck_assert_uint_eq(fake_write_count(), 0);
    put(0x04, 0x00000000); /* not stopped */
    ck_assert_int_eq(enable_pri(0x40), DD_ETIMEOUT);
    ck_assert_uint_eq(waited, 1000000);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(page_request_failures_are_cleared_as_they_were_read)
{
    struct dd_pci_pri pri;

    put(0x04, 0x81010000);
    ck_assert_int_eq(dd_pci_pri_read(&fake.access, address, AT, &pri), DD_OK);
    ck_assert_uint_eq(pri.status, 0x8101);
    ck_assert_uint_eq(pri.capacity, 0x40);
    put(0x04, 0x81030000);
    ck_assert_int_eq(dd_pci_pri_clear(&fake.access, address, &pri), DD_OK);
    ck_assert_uint_eq(last_write()->value, 0x0001);
    ck_assert_uint_eq(get(0x04), 0x81020000);
}
END_TEST

/* ---- Process Address Space ID: [PCIe 6] 7.8.9 ---- */

static const struct {
    uint16_t capability, enables;
    enum dd_status status;
} pasids[] = {
    {0x1406, 0x0007, DD_OK},      {0x1402, 0x0003, DD_OK}, {0x1402, 0x0005, DD_ENOTSUP},
    {0x1406, 0x0006, DD_EARG},    {0x1406, 0x0000, DD_OK}, {0x1406, 0x0010, DD_EARG},
    {0x1406, 0x0009, DD_ENOTSUP}, {0x1408, 0x0009, DD_OK},
};

START_TEST(pasids_are_enabled_as_far_as_the_function_can)
{
    struct dd_pci_pasid pasid;

    put(0x04, 0x55500000u | pasids[_i].capability);
    allow(0x04, 0xFFFF0000);
    ck_assert_int_eq(dd_pci_pasid_read(&fake.access, address, AT, &pasid), DD_OK);
    ck_assert_uint_eq(pasid.capability, pasids[_i].capability);
    ck_assert_int_eq(dd_pci_pasid_set_control(&fake.access, address, AT, pasids[_i].enables),
                     pasids[_i].status);
    ck_assert_uint_eq(get(0x04) >> 16,
                      0x5550u | (pasids[_i].status == DD_OK ? pasids[_i].enables : 0u));
}
END_TEST

/* ---- Latency Tolerance Reporting: [PCIe 6] 7.8.2 ---- */

static const struct {
    uint16_t latency;
    uint64_t nanoseconds;
} latencies[] = {{0x0000, 0},          {0x03FF, 1023},        {0x0401, 32},
                 {0x1003, 3145728}, /* what most platforms say */
                 {0x0BFF, 1047552},    {0x17FF, 34326183936}, {0xF003, 3145728},
                 {0x1801, UINT64_MAX}, {0x1C01, UINT64_MAX}};

START_TEST(a_latency_is_a_value_times_a_power_of_32)
{
    ck_assert_uint_eq(dd_pci_ltr_nanoseconds(latencies[_i].latency), latencies[_i].nanoseconds);
}
END_TEST

START_TEST(latencies_are_set_rounded_up)
{
    struct dd_pci_ltr ltr;

    put(0x04, 0xE000E000);
    allow(0x04, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_ltr_set_latencies(&fake.access, address, AT, 1023, 3145728), DD_OK);
    ck_assert_uint_eq(get(0x04), 0xEC60E3FF); /* 3145728 is 96 times 32768 */
    ck_assert_int_eq(dd_pci_ltr_set_latencies(&fake.access, address, AT, 1025, 34326183936), DD_OK);
    ck_assert_int_eq(dd_pci_ltr_read(&fake.access, address, AT, &ltr), DD_OK);
    ck_assert_uint_eq(dd_pci_ltr_nanoseconds(ltr.max_snoop), 1056);
    ck_assert_uint_eq(ltr.max_no_snoop, 0xF7FF);
    ck_assert_int_eq(dd_pci_ltr_set_latencies(&fake.access, address, AT, 0, 34326183937), DD_EARG);
    ck_assert_int_eq(dd_pci_ltr_set_latencies(&fake.access, address, AT, UINT64_MAX, 0), DD_EARG);
    ck_assert_uint_eq(get(0x04), 0xF7FFE421);
}
END_TEST

/* ---- L1 PM Substates: [PCIe 6] 7.8.3 ---- */

START_TEST(times_of_l1_substates_are_decoded)
{
    struct dd_pci_l1ss l1ss;

    put(0x04, 0x0028061F);
    put(0x08, 0x40A0060F);
    put(0x0C, 0x00000029);
    ck_assert_int_eq(dd_pci_l1ss_read(&fake.access, address, AT, &l1ss), DD_OK);
    ck_assert_uint_eq(l1ss.capabilities, 0x0028061F);
    ck_assert_uint_eq(dd_pci_l1ss_threshold_nanoseconds(&l1ss), 163840); /* 160 times 1024 */
    l1ss.control_1 = 0xC0A00000;
    ck_assert_uint_eq(dd_pci_l1ss_threshold_nanoseconds(&l1ss), UINT64_MAX);
    ck_assert_uint_eq(dd_pci_l1ss_power_on_microseconds(0, 5), 10);
    ck_assert_uint_eq(dd_pci_l1ss_power_on_microseconds(1, 5), 50);
    ck_assert_uint_eq(dd_pci_l1ss_power_on_microseconds(2, 31), 3100);
    ck_assert_uint_eq(dd_pci_l1ss_power_on_microseconds(3, 1), UINT64_MAX);
}
END_TEST

START_TEST(substates_are_enabled_if_the_function_has_them)
{
    put(0x04, 0x0000001A); /* PCI-PM and ASPM L1.1 */
    put(0x08, 0x40A00600);
    allow(0x08, 0xFFFFFFFF);
    ck_assert_int_eq(dd_pci_l1ss_set_substates(&fake.access, address, AT, 0xA), DD_OK);
    ck_assert_uint_eq(get(0x08), 0x40A0060A);
    ck_assert_int_eq(dd_pci_l1ss_set_substates(&fake.access, address, AT, 0x4), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_l1ss_set_substates(&fake.access, address, AT, 0x10), DD_EARG);
    ck_assert_int_eq(dd_pci_l1ss_set_substates(&fake.access, address, AT, 0), DD_OK);
    ck_assert_uint_eq(get(0x08), 0x40A00600);
}
END_TEST

/* ---- Precision Time Measurement: [PCIe 6] 7.9.15 ---- */

static const struct {
    uint32_t capability;
    enum dd_pci_ptm_role role;
    unsigned int granularity;
    enum dd_status status;
    uint32_t control;
} ptms[] = {
    {0x0401, DD_PCI_PTM_REQUESTS_TIME, 16, DD_OK, 0xABCD1001},
    {0x0406, DD_PCI_PTM_IS_ROOT, 4, DD_OK, 0xABCD0403},
    {0x0402, DD_PCI_PTM_IS_ROOT, 4, DD_ENOTSUP, 0xABCD0000},
    {0x0402, DD_PCI_PTM_REQUESTS_TIME, 255, DD_OK, 0xABCDFF01},
    {0x0400, DD_PCI_PTM_REQUESTS_TIME, 1, DD_ENOTSUP, 0xABCD0000},
    {0x0400, DD_PCI_PTM_OFF, 0, DD_OK, 0xABCD0000},
    {0x0407, DD_PCI_PTM_OFF, 256, DD_EARG, 0xABCD0000},
    {0x0407, (enum dd_pci_ptm_role)3, 0, DD_EARG, 0xABCD0000},
};

START_TEST(a_function_gets_the_part_in_ptm_that_it_can_have)
{
    struct dd_pci_ptm ptm;

    put(0x04, ptms[_i].capability);
    put(0x08, 0xABCD0000);
    allow(0x08, 0xFFFFFFFF);
    ck_assert_int_eq(
        dd_pci_ptm_set_role(&fake.access, address, AT, ptms[_i].role, ptms[_i].granularity),
        ptms[_i].status);
    ck_assert_int_eq(dd_pci_ptm_read(&fake.access, address, AT, &ptm), DD_OK);
    ck_assert_uint_eq(ptm.capability, ptms[_i].capability);
    ck_assert_uint_eq(ptm.control, ptms[_i].control);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_translation");
    TCase *translation = tcase_create("translation");
    TCase *requests = tcase_create("page requests");
    TCase *latency = tcase_create("latency");

    tcase_add_checked_fixture(translation, setup, NULL);
    tcase_add_test(translation, acs_is_decoded);
    tcase_add_test(translation, acs_bits_of_services_that_are_not_there_are_kept);
    tcase_add_loop_test(translation, acs_services_are_set_if_the_function_has_them, 0,
                        COUNT(services));
    tcase_add_test(translation, ats_is_decoded_and_enabled_once);
    tcase_add_loop_test(translation, pasids_are_enabled_as_far_as_the_function_can, 0,
                        COUNT(pasids));
    suite_add_tcase(suite, translation);
    tcase_add_checked_fixture(requests, setup_pri, NULL);
    tcase_add_test(requests, page_requests_are_reset_allocated_and_enabled_in_this_order);
    tcase_add_test(requests, page_requests_beyond_the_capacity_are_refused);
    tcase_add_test(requests, page_request_failures_are_cleared_as_they_were_read);
    suite_add_tcase(suite, requests);
    tcase_add_checked_fixture(latency, setup, NULL);
    tcase_add_loop_test(latency, a_latency_is_a_value_times_a_power_of_32, 0, COUNT(latencies));
    tcase_add_test(latency, latencies_are_set_rounded_up);
    tcase_add_test(latency, times_of_l1_substates_are_decoded);
    tcase_add_test(latency, substates_are_enabled_if_the_function_has_them);
    tcase_add_loop_test(latency, a_function_gets_the_part_in_ptm_that_it_can_have, 0, COUNT(ptms));
    suite_add_tcase(suite, latency);
    return suite;
}
