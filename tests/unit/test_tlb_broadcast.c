/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of INVLPGB, TLBSYNC and INVLPGA: the operands, and what they invalidate. [AMD64 v3] */
#include "tests/unit/instruction_case.h"
#include "tests/unit/tlb_case.h"

#define PCIDE UINT64_C(0x20000)

#define INVLPGB "\x0F\x01\xFE"
#define TLBSYNC "\x0F\x01\xFF"
#define INVLPGA "\x0F\x01\xDF"

static void be(enum sim_processor processor)
{
    sim_system_init(&case_system, processor, 1, &case_clock);
}

static void invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
    case_registers.rax = rax;
    case_registers.rcx = ecx;
    case_registers.rdx = edx;
    STEP(INVLPGB);
}

static void use_amd(void)
{
    case_long_mode();
    be(SIM_PROCESSOR_AMD);
}

START_TEST(they_are_undefined_on_other_processors)
{
    be(_i == 0 ? SIM_PROCESSOR_EXECUTED : SIM_PROCESSOR_INTEL);
    STEP(INVLPGB);
    case_faults(6, 0, "INVLPGB: the processor does not have it");
    STEP(TLBSYNC);
    case_faults(6, 0, "TLBSYNC");
    STEP(INVLPGA);
    case_faults(6, 0, "INVLPGA");
}
END_TEST

START_TEST(they_are_privileged)
{
    case_cpu.cs = 0x33;
    STEP(INVLPGB);
    case_faults(13, 0, "INVLPGB: CPL is 3");
    STEP(TLBSYNC);
    case_faults(13, 0, "TLBSYNC: CPL is 3");
}
END_TEST

START_TEST(operands_say_what_is_invalidated)
{
    const struct sim_tlb_flush *flush = &case_result.effect.flush;

    invlpgb(0x12345001, 0x80000002, 0x0ABC0000); /* an address, any PCID, 3 large pages */
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_int_eq(flush->kind, SIM_TLB_BROADCAST);
    ck_assert_uint_eq(flush->linear, 0x12345000);
    ck_assert_uint_eq(flush->bytes, 0x600000);
    ck_assert(flush->all_pcids && !flush->with_global && !flush->final_only && flush->requested);
    invlpgb(0x1B, 7, 0x0ABC0000); /* PCID, global pages, final translations only; 8 pages */
    ck_assert_uint_eq(flush->bytes, 0x8000);
    ck_assert_uint_eq(flush->pcid, 0xABC);
    ck_assert(!flush->all_pcids && flush->with_global && flush->final_only);
    invlpgb(0x8, 0, 0); /* everything */
    ck_assert_uint_eq(flush->bytes, 0);
    ck_assert(flush->all_pcids && flush->with_global);
    invlpgb(0x5, 0, 3); /* of guest 3 alone */
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert(!case_result.effect.flushes);
    STEP(TLBSYNC);
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert(!case_result.effect.flushes);
}
END_TEST

START_TEST(operands_that_are_none_are_refused)
{
    static const struct {
        uint64_t rax;
        uint32_t ecx, edx;
        const char *sentence;
    } cases[] = {
        {0x1, 8, 0, "more pages than CPUID"},    {0x4, 0, 0x8000, "there is no such ASID"},
        {0x21, 0, 0, "a reserved bit is set"},   {0x801, 0, 0, "a reserved bit is set"},
        {0x1, 0, 1u << 28, "a reserved bit"},    {0x1, 1u << 16, 0, "a reserved bit"},
        {0x0100000000000001, 0, 0, "canonical"},
    };

    invlpgb(cases[_i].rax, cases[_i].ecx, cases[_i].edx);
    case_faults(13, 0, cases[_i].sentence);
}
END_TEST

START_TEST(invlpga_needs_svm_and_is_invlpg_for_the_host)
{
    STEP(INVLPGA);
    case_faults(6, 0, "INVLPGA: EFER.SVME is 0");
    case_system.efer_more = 0x1000;
    case_registers.rax = 0x5000;
    STEP(INVLPGA);
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert_int_eq(case_result.effect.flush.kind, SIM_TLB_ADDRESS);
    ck_assert_uint_eq(case_result.effect.flush.linear, 0x5000);
    case_registers.rcx = 1;
    STEP(INVLPGA);
    case_passes(SIM_INSTRUCTION_DONE);
    ck_assert(!case_result.effect.flushes);
}
END_TEST

/*
 * As in unit.tlb: LINEAR under PCIDs 5 and 6, LINEAR + 0x1000 global, LINEAR + 0x2000 reached by
 * paging-structure entries alone.
 */
START_TEST(a_broadcast_invalidates_what_it_names_and_no_more)
{
    static const struct {
        struct sim_tlb_flush flush;
        bool keeps_page, keeps_other, keeps_global, keeps_entry;
    } cases[] = {
        {{.bytes = 0x1000, .linear = LINEAR, .all_pcids = true}, false, false, true, false},
        {{.bytes = 0x1000, .linear = LINEAR, .pcid = 5}, false, true, true, false},
        {{.bytes = 0x1000, .linear = LINEAR, .pcid = 6}, true, false, true, true},
        {{.bytes = 0x1000, .linear = LINEAR, .pcid = 5, .final_only = true},
         false,
         true,
         true,
         true},
        {{.bytes = 0x2000, .linear = LINEAR, .pcid = 5, .with_global = true},
         false,
         true,
         false,
         false},
        {{.bytes = 0x1000, .linear = LINEAR - 0x1000, .pcid = 5}, true, true, true, false},
        {{.bytes = 0x1000, .linear = 0x1000, .all_pcids = true, .with_global = true},
         true,
         true,
         true,
         true},
        {{.bytes = 0x200000, .linear = LINEAR & ~UINT64_C(0x1FFFFF), .all_pcids = true},
         false,
         false,
         true,
         false},
        {{.all_pcids = true}, false, false, true, false},
        {{.all_pcids = true, .with_global = true}, false, false, false, false},
        {{.pcid = 6, .with_global = true}, true, false, false, true},
    };
    struct sim_tlb_flush what = cases[_i].flush;

    cpu.cr4 |= PCIDE;
    cpu.cr3 = 0x1006;
    set(0x4028, 0xA107);
    set(0x4030, 0xB007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    cpu.cr3 = 0x1005;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), 0xA000);
    what.kind = SIM_TLB_BROADCAST;
    sim_tlb_flush(tlb, &cpu, &what, 0x800);

    set(PTE, 0);
    set(0x4028, 0);
    set(PML4E, 0);
    ck_assert_uint_eq(read_at(LINEAR + 0x2000), cases[_i].keeps_entry ? 0xB000 : UINT64_MAX);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), cases[_i].keeps_global ? 0xA000 : UINT64_MAX);
    ck_assert_uint_eq(read_at(LINEAR), cases[_i].keeps_page ? 0x9000 : UINT64_MAX);
    cpu.cr3 = 0x1006;
    ck_assert_uint_eq(read_at(LINEAR), cases[_i].keeps_other ? 0x9000 : UINT64_MAX);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb_broadcast");
    TCase *operands = tcase_create("operands");
    TCase *cached = tcase_create("cached");

    tcase_add_checked_fixture(operands, use_amd, NULL);
    tcase_add_loop_test(operands, they_are_undefined_on_other_processors, 0, 2);
    tcase_add_test(operands, they_are_privileged);
    tcase_add_test(operands, operands_say_what_is_invalidated);
    tcase_add_loop_test(operands, operands_that_are_none_are_refused, 0, 7);
    tcase_add_test(operands, invlpga_needs_svm_and_is_invlpg_for_the_host);
    suite_add_tcase(suite, operands);
    tcase_add_checked_fixture(cached, tlb_case_open, tlb_case_close);
    tcase_add_loop_test(cached, a_broadcast_invalidates_what_it_names_and_no_more, 0, 11);
    suite_add_tcase(suite, cached);
    return suite;
}
