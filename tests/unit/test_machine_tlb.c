/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB audit inside the machine: accesses in the basic block that makes their translation stale,
 * and flushes that are counted. Expectations: [SDM 3A] 4.10.2.3, 4.10.4.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define FRAME UINT64_C(0x300000)
#define PTE   UINT64_C(0x202000) /* of UNMAPPED, see map_unmapped */

/* The page is in use, RDX is its address and RCX its PTE. */
static struct sim_registers use_page(void)
{
    struct sim_registers registers = {.rdx = UNMAPPED, .rcx = PTE, .rdi = PTE};

    map_unmapped(FRAME | 7);
    poke(FRAME, 0xAAAA);
    EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    ck_assert_uint_eq(sim_machine_findings(machine)->count, 0);
    return registers;
}

static void check_finding(const char *text)
{
    const struct sim_findings *findings = sim_machine_findings(machine);

    ck_assert_uint_eq(findings->count, 1);
    ck_assert_msg(strstr(findings->list[0].text, text) != NULL, "%s", findings->list[0].text);
}

/* Before and after, in the engine's blocks: movq (%rdx), %rax; jmp. movq (%rdx), %rbx. */
static const uint8_t use_first[] = {0x48, 0x8B, 0x02, 0xEB, 0x00};
static const uint8_t use_again[] = {0x48, 0x8B, 0x1A};

/* Ways to clear the PTE. */
static const struct {
    const char *name;
    uint8_t code[20];
    size_t size;
} writers[] = {
    {"movq $0, (%rcx)", {0x48, 0xC7, 0x01, 0, 0, 0, 0}, 7},
    {"movb $0, (%rcx)", {0xC6, 0x01, 0}, 3},
    {"andl $0, (%rcx)", {0x83, 0x21, 0}, 3},
    {"lock andq $0, (%rcx)", {0xF0, 0x48, 0x83, 0x21, 0}, 5},
    {"xorl %eax, %eax; xchgq %rax, (%rcx)", {0x31, 0xC0, 0x48, 0x87, 0x01}, 5},
    {"xorl %eax, %eax; stosq", {0x31, 0xC0, 0x48, 0xAB}, 4},
    {"xorl %eax, %eax; leaq 8(%rcx), %rsp; pushq %rax",
     {0x31, 0xC0, 0x48, 0x8D, 0x61, 0x08, 0x50},
     7},
    {"pxor %xmm0, %xmm0; movups %xmm0, (%rcx)", {0x66, 0x0F, 0xEF, 0xC0, 0x0F, 0x11, 0x01}, 7},
};

START_TEST(a_stale_read_in_the_block_of_the_write_is_found)
{
    struct sim_registers registers;
    struct sim_result result;
    uint8_t code[sizeof use_first + sizeof writers[0].code + sizeof use_again];
    size_t size = sizeof use_first;

    registers = use_page();
    memcpy(code, use_first, sizeof use_first);
    memcpy(code + size, writers[_i].code, writers[_i].size);
    size += writers[_i].size;
    memcpy(code + size, use_again, sizeof use_again);
    result = execute(code, size + sizeof use_again, &registers);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", writers[_i].name);
    ck_assert_uint_eq(registers.rbx, 0xAAAA); /* what a processor may do */
    check_finding("read of 0x8000000000 through a translation that the tables no longer give: the "
                  "PTE at physical 0x202000 was 0x300007 and is 0x");
}
END_TEST

START_TEST(a_stale_write_in_the_block_of_the_write_is_found)
{
    struct sim_registers registers = use_page();

    EXECUTE(&registers, 0xC6, 0x02, 0x11);            /* movb $0x11, (%rdx): D is set */
    EXECUTE(&registers, 0xC6, 0x02, 0x22, 0xEB, 0x00, /* movb $0x22, (%rdx); jmp */
            0x80, 0x21, 0xFD, 0xC6, 0x02, 0x33);      /* andb $0xFD, (%rcx); movb $0x33, (%rdx) */
    ck_assert_uint_eq(peek(FRAME) & 0xFF, 0x33);
    check_finding("write to 0x8000000000 through a translation that the tables no longer give: the "
                  "PTE at physical 0x202000 was 0x300027 and is 0x300065");
}
END_TEST

/* The page of PTEs could be written before anything was read from it. */
START_TEST(a_table_that_was_just_filled_is_watched_too)
{
    struct sim_registers registers = {.rdx = UNMAPPED, .rcx = PTE, .rax = FRAME | 7};

    map_unmapped(0);
    poke(FRAME, 0xAAAA);
    EXECUTE(&registers, 0x48, 0x89, 0x01,          /* movq %rax, (%rcx) */
            0xEB, 0x00, 0x48, 0x8B, 0x1A,          /* jmp; movq (%rdx), %rbx */
            0xEB, 0x00, 0x48, 0xC7, 0x01, 0, 0, 0, /* jmp; movq $0, (%rcx) */
            0, 0x48, 0x8B, 0x32);                  /* movq (%rdx), %rsi */
    ck_assert_uint_eq(registers.rsi, 0xAAAA);
    check_finding("read of 0x8000000000 through a translation that the tables no longer give");
}
END_TEST

START_TEST(an_access_after_the_flush_faults_and_is_no_mistake)
{
    struct sim_registers registers = use_page();
    struct sim_result result;

    result = EXECUTE(&registers, 0x48, 0xC7, 0x01, 0, 0, 0, 0, /* movq $0, (%rcx) */
                     0x0F, 0x01, 0x3A, 0x48, 0x8B, 0x1A); /* invlpg (%rdx); movq (%rdx), %rbx */
    check_fault(&result, 14, 0);
    ck_assert_uint_eq(result.fault.rip, 0x700A);
    ck_assert_uint_eq(sim_machine_findings(machine)->count, 0);
}
END_TEST

/* RFLAGS.TF is the machine's own affair while it steps over the write. */
START_TEST(a_write_to_a_table_is_like_any_other_for_the_guest)
{
    struct sim_registers registers = use_page();

    EXECUTE(&registers, 0x4C, 0x8D, 0x41, 0x08, /* leaq 8(%rcx), %r8 */
            0x49, 0xC7, 0x00, 0, 0, 0, 0,       /* movq $0, (%r8) */
            0x9C, 0x58,                         /* pushfq; popq %rax */
            0x49, 0x83, 0x00, 0x07,             /* addq $7, (%r8) */
            0xFF, 0xC6);                        /* incl %esi */
    ck_assert_uint_eq(registers.rax & 0x100, 0);
    ck_assert_uint_eq(registers.rflags & 0x100, 0);
    ck_assert_uint_eq(registers.rsi, 1);
    ck_assert_uint_eq(peek(PTE + 8), 7);
    ck_assert_uint_eq(sim_machine_findings(machine)->count, 0);
}
END_TEST

/* The fault drops what the TLB had cached, the engine may still have it. [SDM 3A] 4.10.4.1 */
START_TEST(invlpg_after_a_fault_on_the_same_page_is_not_lost)
{
    const struct sim_machine_options options = {.ram_bytes = UINT64_C(16) << 20,
                                                .audit = SIM_MACHINE_UNAUDITED};
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;
    struct sim_error error;

    machine_case_close();
    machine = sim_machine_create_with(&options, &error); /* the audit flushes now and then */
    ck_assert_ptr_nonnull(machine);
    map_unmapped(FRAME | 7 | UINT64_C(1) << 63); /* execution disabled */
    poke(FRAME, 0xAAAA);
    poke(FRAME + 0x1000, 0xBBBB);
    EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    result = EXECUTE(&registers, 0xFF, 0xE2); /* jmp *%rdx */
    check_fault(&result, 14, 0x11);
    poke(PTE, (FRAME + 0x1000) | 7);
    EXECUTE(&registers, 0x0F, 0x01, 0x3A, 0x48, 0x8B, 0x02); /* invlpg (%rdx); movq (%rdx), %rax */
    ck_assert_uint_eq(registers.rax, 0xBBBB);
}
END_TEST

/* More tables than the engine has ranges of noted writes, and far apart. */
START_TEST(tables_all_over_memory_are_watched)
{
    enum {
        TABLES = 12
    };
    struct sim_registers registers = {0};
    const struct sim_findings *findings = sim_machine_findings(machine);

    map_unmapped(FRAME | 7);
    for (uint64_t i = 1; i <= TABLES; i++) {
        uint64_t table = 0xC00000 - (i * 7 % 13) * 0x81000;

        poke(0x201000 + i * 8, table | 7);
        poke(table, FRAME | 7);
        registers.rdx = UNMAPPED + i * 0x200000;
        EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */
    }
    for (uint64_t i = 1; i <= TABLES; i++) {
        registers.rcx = 0xC00000 - (i * 7 % 13) * 0x81000;
        registers.rdx = UNMAPPED + i * 0x200000;
        EXECUTE(&registers, 0x48, 0xC7, 0x01, 0, 0, 0, 0, /* movq $0, (%rcx) */
                0xEB, 0x00, 0x48, 0x8B, 0x02);            /* jmp; movq (%rdx), %rax */
        ck_assert_uint_eq(findings->count, i);
        ck_assert_msg(strstr(findings->list[i - 1].text, " and is 0x0 since 0x7000;") != NULL, "%s",
                      findings->list[i - 1].text);
    }
}
END_TEST

/* [SDM 3A] 4.10.4.2: what needs a flush. */
START_TEST(flushes_that_change_nothing_are_counted)
{
    struct sim_registers registers = use_page();
    uint64_t before = sim_machine_unneeded_flushes(machine);

    EXECUTE(&registers, 0x0F, 0x01, 0x3A, 0x48, 0x8B, 0x02); /* invlpg (%rdx); movq (%rdx), %rax */
    ck_assert_uint_eq(sim_machine_unneeded_flushes(machine), before + 1);
    EXECUTE(&registers, 0x80, 0x21, 0xFD, 0x0F, 0x01, 0x3A); /* andb $0xFD, (%rcx); invlpg (%rdx) */
    ck_assert_uint_eq(sim_machine_unneeded_flushes(machine), before + 1);
    EXECUTE(&registers, 0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8); /* movq %cr3, %rax; movq %rax, %cr3 */
    ck_assert_uint_eq(sim_machine_unneeded_flushes(machine), before + 2);
    ck_assert_uint_eq(sim_machine_findings(machine)->count, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_tlb");
    TCase *block = tcase_create("tlb");

    tcase_add_checked_fixture(block, machine_case_open, machine_case_close);
    tcase_add_loop_test(block, a_stale_read_in_the_block_of_the_write_is_found, 0,
                        sizeof writers / sizeof writers[0]);
    tcase_add_test(block, a_stale_write_in_the_block_of_the_write_is_found);
    tcase_add_test(block, a_table_that_was_just_filled_is_watched_too);
    tcase_add_test(block, an_access_after_the_flush_faults_and_is_no_mistake);
    tcase_add_test(block, a_write_to_a_table_is_like_any_other_for_the_guest);
    tcase_add_test(block, invlpg_after_a_fault_on_the_same_page_is_not_lost);
    tcase_add_test(block, tables_all_over_memory_are_watched);
    tcase_add_test(block, flushes_that_change_nothing_are_counted);
    suite_add_tcase(suite, block);
    return suite;
}
