/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the local APIC's IPIs and messages. [SDM 3A] 10.6, 10.8.4. */
#include "tests/unit/apic_case.h"

/* Figure 10-12, table 10-3, in xAPIC mode: what reaches the only processor, ID 0. */
START_TEST(each_form_of_icr_reaches_whom_it_should)
{
    static const struct {
        uint32_t high, low;
        bool taken;
    } writes[] = {
        {0x00000000, 0x00004041, true},  /* physical */
        {0x01000000, 0x00004041, false}, /* physical, nobody */
        {0xFF000000, 0x00004041, true},  /* physical, everybody */
        {0x00000000, 0x00004141, true},  /* lowest priority */
        {0x05000000, 0x00044041, true},  /* self; the destination is ignored */
        {0x05000000, 0x00084041, true},  /* all including self */
        {0x00000000, 0x000C4041, false}, /* all excluding self */
        {0x00000000, 0x00004841, false}, /* logical, nobody */
        {0x03000000, 0x00004841, true},  /* logical, flat */
        {0xFF000000, 0x00004841, true},  /* logical, everybody */
        {0x00000000, 0x00000041, true},  /* level and trigger have no meaning */
        {0x00000000, 0x00008041, true},
    };

    store(0xD0, 0x02000000);
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        store(0x310, writes[i].high);
        ck_assert(!pending());
        store(0x300, writes[i].low);
        ck_assert_uint_eq(load(0x300), writes[i].low); /* delivery status idle */
        ck_assert_msg(pending() == writes[i].taken, "write %zu", i);
        if (writes[i].taken) {
            ck_assert_uint_eq(take(), 0x41);
            store(0xB0, 0);
            ck_assert_uint_eq(eoi_count, 0); /* an edge */
        }
    }
    ck_assert_uint_eq(complaint_count, 0);
}
END_TEST

/* 10.6.2.2 */
START_TEST(logical_destinations_match_by_model)
{
    static const struct {
        uint32_t dfr, ldr, destination;
        bool taken;
    } cases[] = {
        {0xFFFFFFFF, 0x01000000, 0x01, true},  {0xFFFFFFFF, 0x80000000, 0x80, true},
        {0xFFFFFFFF, 0x80000000, 0x7F, false}, {0xFFFFFFFF, 0x00000000, 0xFE, false},
        {0xFFFFFFFF, 0x00000000, 0xFF, true},  {0x0FFFFFFF, 0x21000000, 0x21, true},
        {0x0FFFFFFF, 0x21000000, 0x2F, true},  {0x0FFFFFFF, 0x21000000, 0x2E, false},
        {0x0FFFFFFF, 0x21000000, 0x31, false}, {0x0FFFFFFF, 0x21000000, 0xFF, true},
        {0x0FFFFFFF, 0x21000000, 0x01, false}, {0x5FFFFFFF, 0x01000000, 0x01, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store(0xE0, cases[i].dfr);
        store(0xD0, cases[i].ldr);
        ck_assert_msg(send((struct sim_apic_message){.destination = cases[i].destination,
                                                     .mode = SIM_APIC_LOGICAL,
                                                     .vector = 0x50}) == cases[i].taken,
                      "case %zu", i);
    }
}
END_TEST

/* 10.5.3, bit 5 */
START_TEST(an_illegal_vector_in_icr_is_an_error_of_sending)
{
    store(0x310, 0x07000000); /* to nobody: sending only */
    store(0x300, 0x0000400F);
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0x20);
    store(0x300, 0x0000410F);
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0x20);
    store(0x300, 0x0004400F); /* to itself */
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0x60);
    store(0x310, 0);
    store(0x300, 0x00004010); /* the first legal one */
    store(0x300, 0x00004400); /* an NMI has no vector */
    store(0x280, 0);
    ck_assert_uint_eq(load(0x280), 0);
}
END_TEST

START_TEST(an_nmi_ipi_waits_for_the_processor_once)
{
    store(0x300, 0x00004400);
    ck_assert(!pending());
    ck_assert(take_nmi());
    ck_assert(!take_nmi());
    store(0x300, 0x000C4400); /* to the others */
    ck_assert(!take_nmi());
}
END_TEST

/* 10.4.7.3, 10.6.1 */
START_TEST(init_reaches_apic_and_processor_and_its_deassertion_and_sipi_do_nothing)
{
    store(0x80, 0x20);
    store(0x300, 0x00008500); /* INIT level de-assert */
    store(0x300, 0x00004608); /* start-up */
    store(0x300, 0x000C4500); /* INIT to the others */
    store(0x300, 0x000C4608);
    ck_assert_uint_eq(init_count, 0);
    ck_assert_uint_eq(load(0x80), 0x20);
    store(0x300, 0x0000C500);
    ck_assert_uint_eq(init_count, 1);
    ck_assert_uint_eq(load(0x80), 0);
    ck_assert(send((struct sim_apic_message){.delivery = SIM_APIC_INIT}));
    ck_assert_uint_eq(init_count, 2);
    ck_assert_uint_eq(complaint_count, 0);
}
END_TEST

/* Table 10-3; delivery modes 3 and 7 are reserved */
START_TEST(forbidden_forms_of_icr_are_complained_about_and_do_nothing)
{
    static const uint32_t forbidden[] = {0x00044141, 0x00044400, 0x00044500, 0x00044608,
                                         0x00084141, 0x00084400, 0x00084500, 0x00084608,
                                         0x00044200, 0x00004341, 0x000C4341, 0x00004700};

    for (unsigned int i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        store(0x300, forbidden[i]);
        ck_assert_uint_eq(complaint_count, i + 1);
        ck_assert(!pending());
        ck_assert(!take_nmi());
    }
    ck_assert_uint_eq(init_count, 0);
    store(0x300, 0x00004200); /* SMI: allowed, not modelled */
    ck_assert_uint_eq(complaint_count, sizeof forbidden / sizeof forbidden[0] + 1);
}
END_TEST

START_TEST(messages_with_reserved_modes_are_refused)
{
    ck_assert(!send((struct sim_apic_message){.delivery = 3, .vector = 0x40}));
    ck_assert(!send((struct sim_apic_message){.delivery = SIM_APIC_SMI}));
    ck_assert_uint_eq(complaint_count, 2);
    ck_assert(!pending());
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("local_apic_message");
    TCase *ipi = tcase_create("ipi");

    tcase_add_checked_fixture(ipi, setup, NULL);
    tcase_add_test(ipi, each_form_of_icr_reaches_whom_it_should);
    tcase_add_test(ipi, logical_destinations_match_by_model);
    tcase_add_test(ipi, an_illegal_vector_in_icr_is_an_error_of_sending);
    tcase_add_test(ipi, an_nmi_ipi_waits_for_the_processor_once);
    tcase_add_test(ipi, init_reaches_apic_and_processor_and_its_deassertion_and_sipi_do_nothing);
    tcase_add_test(ipi, forbidden_forms_of_icr_are_complained_about_and_do_nothing);
    tcase_add_test(ipi, messages_with_reserved_modes_are_refused);
    suite_add_tcase(suite, ipi);
    return suite;
}
