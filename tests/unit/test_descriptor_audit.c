/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptor audit, over tables typed as numbers from [SDM 3A] figures 3-8, 6-8, 8-4, 8-11. */
#include "sim/report/descriptor_audit.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/paged_memory.h"
#include "tests/unit/unit.h"

/* Where the tables are; all in low memory, each in a page of its own. */
enum place {
    GDT = 0x10000,
    IDT = 0x11000,
    TSS = 0x12000,
    LDT = 0x13000,
    HANDLER = 0x20000,
    STACK = 0x30000, /* top */
};

#define CODE_64   UINT64_C(0x00AF9A000000FFFF)
#define DATA      UINT64_C(0x00CF92000000FFFF)
#define USER_CODE UINT64_C(0x00AFFA000000FFFF)
/* At 0x20000, selector 0x08, type 0xE, P. */
#define GOOD_GATE UINT64_C(0x00028E0000080000)
/* A busy TSS at 0x12000, limit 0x67. */
#define GOOD_TSS UINT64_C(0x00008B0120000067)

static struct sim_findings findings;
static struct sim_audit_summary summary;

/* Code 0x08, data 0x10, TSS 0x18; 256 gates; RSP0 and IST1. Nothing is wrong. */
static void open_good(void)
{
    paged_open();
    paged_cpu.rip = 0x4242;
    paged_cpu.gdt = (struct sim_table){GDT, 0x27};
    paged_cpu.idt = (struct sim_table){IDT, 0xFFF};
    paged_cpu.tss = (struct sim_table){TSS, 0x67};
    paged_cpu.tr = 0x18;
    paged_poke(GDT + 0x08, CODE_64);
    paged_poke(GDT + 0x10, DATA);
    paged_poke(GDT + 0x18, GOOD_TSS);
    for (unsigned int vector = 0; vector < 32; vector++) {
        paged_poke(IDT + 16 * vector, GOOD_GATE);
    }
    paged_poke(TSS + 4, STACK);
    paged_poke(TSS + 36, STACK);
    paged_poke(TSS + 96, UINT64_C(0x68) << 48); /* I/O map base */
}

static void close_findings(void)
{
    sim_findings_free(&findings);
}

static void audit(unsigned int what)
{
    sim_findings_clear(&findings);
    summary = sim_audit_descriptors(&paged_mmu, what, &findings);
}

/* The audit of everything says exactly this. */
static void check_says(const char *text)
{
    audit(SIM_AUDIT_ALL);
    ck_assert_msg(findings.count == 1, "%zu findings, first: %s", findings.count,
                  findings.count == 0 ? "none" : findings.list[0].text);
    ck_assert_str_eq(findings.list[0].text, text);
    ck_assert_int_eq(findings.list[0].kind, SIM_FINDING_DESCRIPTOR);
    ck_assert_uint_eq(findings.list[0].rip, 0x4242);
    ck_assert_uint_eq(summary.problems, 1);
}

static void check_silent(unsigned int what)
{
    audit(what);
    ck_assert_msg(findings.count == 0, "%s", findings.count == 0 ? "" : findings.list[0].text);
    ck_assert_uint_eq(summary.problems, 0);
}

START_TEST(good_tables_are_counted_and_nothing_is_said)
{
    check_silent(SIM_AUDIT_ALL);
    ck_assert_uint_eq(summary.segments, 3);
    ck_assert_uint_eq(summary.gates, 32);
    ck_assert_uint_eq(summary.empty_gates, 224);
    audit(SIM_AUDIT_IDT);
    ck_assert_uint_eq(summary.segments, 0);
}
END_TEST

struct change {
    uint64_t place, low, high;
    const char *text;
};

/* One 16-byte entry of the good tables is replaced. */
static const struct change changes[] = {
    /* GDT. [SDM 3A] 3.4.5: L with D is reserved. */
    {GDT + 0x20, 0, 0, NULL}, /* base bits 63:32 of the TSS are 0 anyway */
    {GDT + 0x18, 0x00008B0120000066, 0, "TSS descriptor 0x18: limit 0x66 is below 0x67"},
    {GDT + 0x18, GOOD_TSS, 0x0000120000000000,
     "TSS descriptor 0x18: bits 12:8 of its last doubleword are 0x12, not 0"},
    {GDT + 0x18, GOOD_TSS, 0x00008000, "TSS descriptor 0x18: base 0x800000012000 is not canonical"},
    {GDT + 0x18, 0x0000830120000067, 0,
     "GDT: system descriptor 0x18 has type 0x3, which does not exist there in IA-32e mode"},
    {GDT + 0x18, GOOD_GATE, 0,
     "GDT: system descriptor 0x18 has type 0xe, which belongs into the IDT"},
    {GDT + 0x18, GOOD_TSS, 0x0000E00000000000, NULL},         /* only bits 12:8 of it matter */
    {GDT + 0x18, 0x00000B0120000067, UINT64_MAX >> 32, NULL}, /* not present: software's */
    {GDT + 0x18, 0x00008C0000080000, 0x80000000,
     "call gate 0x18: its target 0x8000000000000000 is not canonical"},
    {GDT + 0x18, 0x00008C0000080000, 0x0000010000000000,
     "call gate 0x18: bits 12:8 of its last doubleword are not 0"},
    /* IDT. [SDM 3A] 6.14.1, 6.12.1.1. */
    {IDT + 14 * 16, 0, 0, NULL},
    {IDT + 14 * 16, 0x00028E0000100000, 0, "IDT[14]: selector 0x10 is a data segment"},
    {IDT + 14 * 16, 0x00028E0000180000, 0, "IDT[14]: selector 0x18 is a system segment"},
    {IDT + 14 * 16, 0x00028E0000000000, 0, "IDT[14]: the selector is null"},
    {IDT + 14 * 16, 0x00028E0000280000, 0,
     "IDT[14]: selector 0x28 is outside the GDT (limit 0x27)"},
    {IDT + 14 * 16, 0x00028E00000C0000, 0, "IDT[14]: selector 0xc is outside the LDT (limit 0x0)"},
    {IDT + 14 * 16, 0x0002850000080000, 0,
     "IDT[14]: type 0x5 is neither an interrupt gate (0xe) nor a trap gate (0xf)"},
    {IDT + 14 * 16, 0x00029E0000080000, 0,
     "IDT[14]: type 0x1e is neither an interrupt gate (0xe) nor a trap gate (0xf)"},
    {IDT + 14 * 16, 0x00028F0000080000, 0, NULL},
    {IDT + 3 * 16, 0x0002EE0000080000, 0, NULL}, /* DPL 3 */
    {IDT + 14 * 16, 0x00020E0000080000, 0, "IDT[14]: is complete, but not present: P is 0"},
    {IDT + 14 * 16, 0x00000E0000000000, 0, NULL},
    {IDT + 14 * 16, 0x00000E0000080000, 0, NULL},
    {IDT + 14 * 16, GOOD_GATE, 0xFFFF8000,
     "IDT[14]: the handler 0xffff800000020000 is not mapped under this CR3: the PML4E is not "
     "present"},
    {IDT + 14 * 16, GOOD_GATE, 0x8000, "IDT[14]: the handler 0x800000020000 is not canonical"},
    {IDT + 14 * 16, GOOD_GATE, 0x1,
     "IDT[14]: the handler 0x100020000 is not mapped under this CR3: the PDPTE is not present"},
    {IDT + 8 * 16, 0x00028E0100080000, 0, NULL},
    {IDT + 8 * 16, 0x00028E0200080000, 0, "IDT[8]: TSS.IST2 is 0"},
    /* TSS. [SDM 3A] 8.7. */
    {TSS + 4, 0, 0, NULL},
    {TSS + 4, 0x31000, 0, NULL},
    {TSS + 4, 0x800000000000, 0, "TSS.RSP0 0x800000000000 is not canonical"},
    {TSS + 4, 0x40000000, 0,
     "TSS.RSP0 0x40000000 is not mapped under this CR3: the PDE is not present"},
    {TSS + 12, 0x40000000, 0, NULL}, /* RSP1: there is no ring 1 */
    {TSS + 84, 0x40000000, UINT64_C(0x68) << 32,
     "TSS.IST7 0x40000000 is not mapped under this CR3: the PDE is not present"},
};

START_TEST(one_wrong_entry_is_one_sentence)
{
    const struct change *change = &changes[_i];

    if (change->place >= GDT + 0x18 && change->place < IDT) {
        paged_cpu.tr = 0; /* the GDT alone is about the descriptor */
        paged_poke(IDT + 8 * 16, GOOD_GATE);
    }
    paged_poke_pair(change->place, change->low, change->high);
    if (change->text == NULL) {
        check_silent(SIM_AUDIT_ALL);
    } else {
        check_says(change->text);
    }
}
END_TEST

START_TEST(a_code_segment_with_both_l_and_d_is_named_wherever_it_is)
{
    paged_cpu.gdt.limit = 0x2F;
    paged_poke(GDT + 0x28, 0x00EF9A000000FFFF);
    check_says("code segment 0x28 has both L and D");
    paged_poke(GDT + 0x28, 0x00EF1A000000FFFF); /* not present */
    check_silent(SIM_AUDIT_ALL);
}
END_TEST

START_TEST(gates_with_the_same_problem_share_a_sentence)
{
    paged_poke(GDT + 0x08, 0x00CF9A000000FFFF); /* a 32-bit code segment */
    check_says("IDT[0..31]: selector 0x8 is not a 64-bit code segment: L is 0");
    paged_poke(IDT + 7 * 16, 0);
    audit(SIM_AUDIT_ALL);
    ck_assert_uint_eq(findings.count, 2);
    ck_assert_str_eq(findings.list[0].text,
                     "IDT[0..6]: selector 0x8 is not a 64-bit code segment: L is 0");
    ck_assert_str_eq(findings.list[1].text,
                     "IDT[8..31]: selector 0x8 is not a 64-bit code segment: L is 0");
}
END_TEST

START_TEST(a_code_segment_that_ring_0_cannot_use_is_named)
{
    paged_poke(GDT + 0x08, 0x00AFFA000000FFFF); /* DPL 3 */
    audit(SIM_AUDIT_IDT);
    ck_assert_str_eq(findings.list[0].text, "IDT[0..31]: selector 0x8 has DPL 3: ring 0 cannot "
                                            "enter it");
    paged_poke(GDT + 0x08, 0x00AFFE000000FFFF); /* conforming */
    check_silent(SIM_AUDIT_IDT);
    paged_poke(GDT + 0x08, 0x00AF1A000000FFFF); /* P = 0 */
    check_says("IDT[0..31]: selector 0x8 is not present");
    paged_poke(GDT + 0x08, 0x00EF9A000000FFFF); /* L and D */
    audit(SIM_AUDIT_IDT);
    ck_assert_str_eq(findings.list[0].text, "IDT[0..31]: code segment 0x8 has both L and D");
}
END_TEST

START_TEST(at_most_eight_sentences_are_about_one_table)
{
    for (unsigned int vector = 0; vector < 20; vector++) {
        paged_poke_pair(IDT + 16 * vector, GOOD_GATE, vector + 1);
    }
    audit(SIM_AUDIT_IDT);
    ck_assert_uint_eq(findings.count, 9);
    ck_assert_str_eq(findings.list[8].text, "IDT: 12 more problems");
    ck_assert_uint_eq(summary.problems, 20);
}
END_TEST

START_TEST(on_demand_a_finding_stays_with_the_instruction_that_loaded_the_table)
{
    paged_poke(IDT + 14 * 16, 0x00028E0000100000);
    audit(SIM_AUDIT_IDT);
    paged_cpu.rip = 0x5555;
    (void)sim_audit_descriptors(&paged_mmu, SIM_AUDIT_ALL, &findings);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_uint_eq(findings.list[0].rip, 0x4242);
    ck_assert_uint_eq(findings.list[0].count, 2);
    (void)sim_audit_descriptors(&paged_mmu, SIM_AUDIT_IDT, &findings); /* another LIDT */
    ck_assert_uint_eq(findings.count, 2);
    ck_assert_uint_eq(findings.list[1].rip, 0x5555);
}
END_TEST

START_TEST(a_handler_has_to_be_executable_for_the_supervisor)
{
    paged_set_entry(HANDLER, HANDLER | UINT64_C(0x8000000000000003));
    check_says("IDT[0..31]: the handler 0x20000 is mapped, but not for this: the PTE is not "
               "executable (XD 1)");
}
END_TEST

START_TEST(a_stack_has_to_be_writable_as_far_down_as_a_frame_reaches)
{
    paged_poke(TSS + 4, STACK - 0x1000 + 0x20); /* 32 bytes above a page boundary */
    paged_set_entry(STACK - 0x1000, (STACK - 0x1000) | 3);
    paged_set_entry(STACK - 0x2000, (STACK - 0x2000) | 1);
    check_says("TSS.RSP0 0x2f020 is mapped, but not for this: the PTE is read-only (R/W 0); "
               "CR0.WP is 1");
    paged_poke(TSS + 4, STACK - 0x1000 + 0x30);
    check_silent(SIM_AUDIT_ALL);
}
END_TEST

START_TEST(a_stack_ends_below_its_top)
{
    paged_set_entry(STACK, 0);
    check_silent(SIM_AUDIT_ALL);
}
END_TEST

START_TEST(a_tss_that_is_loaded_after_the_idt_is_asked_for_the_stacks_of_its_gates)
{
    paged_poke(IDT + 8 * 16, 0x00028E0300080000);
    paged_poke(IDT + 9 * 16, 0x00028E0000100000); /* not what was loaded */
    audit(SIM_AUDIT_TSS);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_str_eq(findings.list[0].text, "IDT[8]: TSS.IST3 is 0");
}
END_TEST

START_TEST(an_idt_that_is_loaded_before_the_tss_is_not_asked_for_stacks)
{
    paged_cpu.tr = 0;
    paged_poke(IDT + 8 * 16, 0x00028E0300080000);
    check_silent(SIM_AUDIT_IDT);
    check_says("IDT[8]: uses IST3, but no TSS is loaded");
}
END_TEST

/* PVH: TR is loaded with a TSS of base 0 and limit 0x67. */
START_TEST(the_tss_of_a_pvh_loader_is_not_asked_for_stacks_until_the_kernel_loads_its_own)
{
    paged_cpu.tss = (struct sim_table){0, 0x67};
    paged_poke(IDT + 8 * 16, 0x00028E0300080000);
    check_silent(SIM_AUDIT_IDT);
    check_says("IDT[8]: TSS.IST3 is 0");
}
END_TEST

START_TEST(an_ist_that_is_not_mapped_is_named_with_its_gate_if_only_the_idt_is_audited)
{
    paged_poke(IDT + 8 * 16, 0x00028E0100080000);
    paged_poke(TSS + 36, 0x40000000);
    audit(SIM_AUDIT_IDT);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_str_eq(findings.list[0].text, "IDT[8]: TSS.IST1 0x40000000 is not mapped under this "
                                            "CR3: the PDE is not present");
    check_says("TSS.IST1 0x40000000 is not mapped under this CR3: the PDE is not present");
}
END_TEST

START_TEST(a_short_tss_is_named)
{
    paged_cpu.tss.limit = 0x66;
    check_says("TSS limit 0x66 is below 0x67");
}
END_TEST

START_TEST(a_tss_that_is_not_mapped_is_named)
{
    paged_cpu.tss.base = 0x40000000;
    check_says("the TSS at 0x40000000 is not mapped under this CR3");
    paged_cpu.tss.base = 0x800000000000;
    check_says("TSS base 0x800000000000 is not canonical");
}
END_TEST

/* [SDM 1] 19.5.2: a map base within the TSS gives ring 3 ports. */
START_TEST(the_io_map_matters_once_there_is_ring_3)
{
    paged_poke(TSS + 96, 0);
    check_silent(SIM_AUDIT_ALL);
    paged_cpu.gdt.limit = 0x2F;
    paged_poke(GDT + 0x28, USER_CODE);
    check_says("TSS I/O map base 0x0 is below 0x68: ring 3 gets the ports that zero bits of the "
               "TSS's stacks stand for");
    paged_poke(TSS + 96, UINT64_C(0x68) << 48);
    paged_cpu.tss.limit = 0x2068;
    check_silent(SIM_AUDIT_ALL);
}
END_TEST

START_TEST(ring_1_stacks_matter_once_there_is_ring_1)
{
    paged_poke(TSS + 12, 0x40000000);
    paged_cpu.gdt.limit = 0x2F;
    paged_poke(GDT + 0x28, 0x00AFBA000000FFFF); /* DPL 1 */
    check_says("TSS.RSP1 0x40000000 is not mapped under this CR3: the PDE is not present");
}
END_TEST

START_TEST(a_gate_for_an_error_code_must_not_be_open_to_ring_3)
{
    paged_poke(IDT + 14 * 16, 0x0002EE0000080000);
    check_silent(SIM_AUDIT_ALL); /* there is no ring 3 */
    paged_cpu.gdt.limit = 0x2F;
    paged_poke(GDT + 0x28, USER_CODE);
    check_says("IDT[14]: DPL 3 lets ring 3 enter it by INT, without the error code it expects");
}
END_TEST

START_TEST(what_crosses_the_limit_is_named)
{
    paged_cpu.gdt.limit = 0x2B;
    paged_poke(GDT + 0x28, DATA);
    check_says("GDT: descriptor 0x28 crosses the limit 0x2b");
    paged_cpu.gdt.limit = 0x1F;
    paged_cpu.tr = 0;
    check_says("GDT: the 16 bytes of system descriptor 0x18 cross the limit 0x1f");
    paged_cpu.gdt.limit = 0x27;
    paged_cpu.idt.limit = 0x1FE;
    check_says("IDT[31] crosses the limit 0x1fe");
    paged_cpu.gdt.limit = 0x2B;
    paged_poke(GDT + 0x28, 0);
    paged_cpu.idt.limit = 0x1FF;
    paged_poke(IDT, 0x00028E0000280000);
    check_says("IDT[0]: selector 0x28 is outside the GDT (limit 0x2b)");
}
END_TEST

START_TEST(a_limit_of_the_size_instead_of_one_less_is_only_advice)
{
    paged_cpu.gdt.limit = 0x28;
    paged_cpu.idt.limit = 0x200;
    paged_poke(GDT + 0x28, DATA);
    paged_poke(IDT + 32 * 16, GOOD_GATE);
    paged_cpu.tr = 0;
    check_silent(SIM_AUDIT_ALL);
    audit(SIM_AUDIT_ALL | SIM_AUDIT_ADVICE);
    ck_assert_uint_eq(findings.count, 3);
    ck_assert_str_eq(findings.list[0].text, "GDT limit 0x28 is not one less than a multiple of 8");
    ck_assert_str_eq(findings.list[1].text,
                     "IDT limit 0x200 is not one less than a multiple of 16");
    ck_assert_str_eq(findings.list[2].text,
                     "IDT[14] shares its handler 0x20000 with IDT[0], which pushes no error code");
}
END_TEST

START_TEST(an_idt_that_is_not_aligned_is_only_advice)
{
    memmove(paged_memory.bytes + IDT + 4, paged_memory.bytes + IDT, 0xF00);
    paged_cpu.idt = (struct sim_table){IDT + 4, 0x1FF};
    paged_poke(IDT + 4, 0);
    paged_poke(IDT + 4 + 14 * 16, 0);
    check_silent(SIM_AUDIT_ALL);
    audit(SIM_AUDIT_IDT | SIM_AUDIT_ADVICE);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_str_eq(findings.list[0].text, "IDT base 0x11004 is not aligned to 8 bytes");
}
END_TEST

START_TEST(stacks_and_the_task_registers_descriptor_get_advice)
{
    paged_poke(IDT + 14 * 16, 0);
    paged_poke(TSS + 4, STACK + 8);
    paged_poke(GDT + 0x18, 0x0000890120000067); /* available again */
    check_silent(SIM_AUDIT_ALL);
    audit(SIM_AUDIT_TSS | SIM_AUDIT_ADVICE);
    ck_assert_uint_eq(findings.count, 2);
    ck_assert_str_eq(findings.list[0].text, "TSS.RSP0 0x30008 is not aligned to 16 bytes");
    ck_assert_str_eq(findings.list[1].text,
                     "TR 0x18 uses the TSS at 0x12000, but its descriptor in the GDT is no longer "
                     "a busy TSS there");
}
END_TEST

START_TEST(an_expand_down_segment_without_room_gets_advice)
{
    paged_poke(IDT + 14 * 16, 0);
    paged_poke(GDT + 0x10, 0x00CF96000000FFFF);
    check_silent(SIM_AUDIT_ALL);
    audit(SIM_AUDIT_GDT | SIM_AUDIT_ADVICE);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_str_eq(findings.list[0].text,
                     "data segment 0x10 is expand-down with limit 0xffffffff: outside 64-bit mode "
                     "no offset in it is valid");
}
END_TEST

START_TEST(tables_that_cannot_be_read_are_named)
{
    paged_cpu.idt.base = 0x40000000;
    check_says("IDT[0] at 0x40000000 cannot be read under this CR3");
    paged_cpu.idt.base = 0x800000000000;
    check_says("IDT base 0x800000000000 is not canonical");
    paged_cpu.idt.limit = 0;
    check_silent(SIM_AUDIT_ALL);
    paged_cpu.gdt.base = 0x40000000;
    paged_cpu.tr = 0;
    check_says("GDT: 0x40000008 cannot be read, so selectors from 0x8 on fail");
}
END_TEST

START_TEST(an_ldt_has_its_own_selectors_and_no_tss)
{
    paged_cpu.ldtr = 0x40;
    paged_cpu.ldt = (struct sim_table){LDT, 0x1F};
    paged_poke(LDT, CODE_64);
    paged_poke(LDT + 8, 0x00EF9A000000FFFF);
    check_says("code segment 0xc has both L and D");
    paged_poke(LDT + 8, GOOD_TSS);
    check_says(
        "LDT: system descriptor 0xc has type 0xb, which does not exist there in IA-32e mode");
    paged_poke(LDT + 8, 0);
    paged_poke(IDT + 14 * 16, 0x00028E0000040000); /* LDT entry 0 is a real one */
    check_silent(SIM_AUDIT_ALL);
}
END_TEST

/* [SDM 3A] 6.11: 8-byte gates, types 5, 6, 7, 14, 15. */
START_TEST(without_ia_32e_mode_gates_have_8_bytes)
{
    paged_cpu.efer = 0;
    paged_cpu.cr0 = 1;
    paged_cpu.tr = 0;
    paged_cpu.idt.limit = 0x7F;
    memset(paged_memory.bytes + IDT, 0, 0x100);
    paged_poke(GDT + 0x08, 0x00CF9A000000FFFF);
    for (unsigned int i = 0; i < 5; i++) {
        const uint64_t types[] = {5, 6, 7, 14, 15};

        paged_poke(IDT + 8 * i, 0x0002800000080000 | types[i] << 40);
    }
    check_silent(SIM_AUDIT_ALL);
    ck_assert_uint_eq(summary.gates, 5);
    ck_assert_uint_eq(summary.empty_gates, 11);
    paged_poke(IDT + 8, 0x0002890000080000);
    paged_poke(IDT + 16, 0x00028E0000100000);
    audit(SIM_AUDIT_IDT);
    ck_assert_uint_eq(findings.count, 2);
    ck_assert_str_eq(findings.list[1].text, "IDT[2]: selector 0x10 is a data segment");
}
END_TEST

START_TEST(a_64_bit_gdt_that_is_loaded_before_long_mode_is_fine)
{
    paged_cpu.efer = 0;
    paged_cpu.cr0 = 1;
    paged_cpu.tr = 0;
    paged_cpu.idt.limit = 0;
    paged_poke(GDT + 0x20, 0xFFFFFFFF); /* the TSS's base, bits 63:32 */
    check_silent(SIM_AUDIT_ALL);
    paged_poke(GDT + 0x20, 0x0000880000000000);
    check_says("GDT: system descriptor 0x20 has the reserved type 0x8");
}
END_TEST

START_TEST(real_mode_has_no_descriptors)
{
    paged_cpu.cr0 = 0;
    paged_cpu.efer = 0;
    paged_cpu.idt = (struct sim_table){0, 0x3FF};
    check_silent(SIM_AUDIT_ALL | SIM_AUDIT_ADVICE);
}
END_TEST

/* Any tables at all: no crash, few sentences. */
START_TEST(tables_of_noise_are_survived)
{
    uint64_t noise = 0x9E3779B97F4A7C15u * (uint64_t)(_i + 1);

    for (uint64_t place = GDT; place < LDT + 0x1000; place += 8) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        paged_poke(place, noise);
    }
    paged_cpu.gdt.limit = 0xFFFFFFFF;
    paged_cpu.idt.limit = 0xFFFFFFFF;
    paged_cpu.tss.limit = 0xFFFFFFFF;
    paged_cpu.ldt = (struct sim_table){UINT64_MAX - 7, 0xFFFFFFFF};
    paged_cpu.ldtr = 0x8;
    paged_cpu.tr = 0xFFFB;
    audit(SIM_AUDIT_ALL | SIM_AUDIT_ADVICE);
    ck_assert_uint_gt(findings.count, 0);
    ck_assert_uint_le(findings.count, 45); /* five tables, nine sentences */
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("descriptor_audit");
    TCase *entries = tcase_create("entries");
    TCase *idt = tcase_create("IDT");
    TCase *tss = tcase_create("TSS");
    TCase *shape = tcase_create("shape");
    TCase *modes = tcase_create("modes");

    tcase_add_checked_fixture(entries, open_good, close_findings);
    tcase_add_test(entries, good_tables_are_counted_and_nothing_is_said);
    tcase_add_loop_test(entries, one_wrong_entry_is_one_sentence, 0,
                        (int)(sizeof changes / sizeof changes[0]));
    tcase_add_test(entries, a_code_segment_with_both_l_and_d_is_named_wherever_it_is);
    tcase_add_test(entries, an_ldt_has_its_own_selectors_and_no_tss);
    suite_add_tcase(suite, entries);

    tcase_add_checked_fixture(idt, open_good, close_findings);
    tcase_add_test(idt, gates_with_the_same_problem_share_a_sentence);
    tcase_add_test(idt, a_code_segment_that_ring_0_cannot_use_is_named);
    tcase_add_test(idt, at_most_eight_sentences_are_about_one_table);
    tcase_add_test(idt, on_demand_a_finding_stays_with_the_instruction_that_loaded_the_table);
    tcase_add_test(idt, a_handler_has_to_be_executable_for_the_supervisor);
    tcase_add_test(idt, a_gate_for_an_error_code_must_not_be_open_to_ring_3);
    suite_add_tcase(suite, idt);

    tcase_add_checked_fixture(tss, open_good, close_findings);
    tcase_add_test(tss, a_stack_has_to_be_writable_as_far_down_as_a_frame_reaches);
    tcase_add_test(tss, a_stack_ends_below_its_top);
    tcase_add_test(tss, a_tss_that_is_loaded_after_the_idt_is_asked_for_the_stacks_of_its_gates);
    tcase_add_test(tss, an_idt_that_is_loaded_before_the_tss_is_not_asked_for_stacks);
    tcase_add_test(tss,
                   the_tss_of_a_pvh_loader_is_not_asked_for_stacks_until_the_kernel_loads_its_own);
    tcase_add_test(tss,
                   an_ist_that_is_not_mapped_is_named_with_its_gate_if_only_the_idt_is_audited);
    tcase_add_test(tss, a_short_tss_is_named);
    tcase_add_test(tss, a_tss_that_is_not_mapped_is_named);
    tcase_add_test(tss, the_io_map_matters_once_there_is_ring_3);
    tcase_add_test(tss, ring_1_stacks_matter_once_there_is_ring_1);
    suite_add_tcase(suite, tss);

    tcase_add_checked_fixture(shape, open_good, close_findings);
    tcase_add_test(shape, what_crosses_the_limit_is_named);
    tcase_add_test(shape, a_limit_of_the_size_instead_of_one_less_is_only_advice);
    tcase_add_test(shape, an_idt_that_is_not_aligned_is_only_advice);
    tcase_add_test(shape, stacks_and_the_task_registers_descriptor_get_advice);
    tcase_add_test(shape, an_expand_down_segment_without_room_gets_advice);
    tcase_add_test(shape, tables_that_cannot_be_read_are_named);
    suite_add_tcase(suite, shape);

    tcase_add_checked_fixture(modes, open_good, close_findings);
    tcase_add_test(modes, without_ia_32e_mode_gates_have_8_bytes);
    tcase_add_test(modes, a_64_bit_gdt_that_is_loaded_before_long_mode_is_fine);
    tcase_add_test(modes, real_mode_has_no_descriptors);
    tcase_add_loop_test(modes, tables_of_noise_are_survived, 0, 50);
    suite_add_tcase(suite, modes);
    return suite;
}
