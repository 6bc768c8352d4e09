/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/deliver*.c in IA-32e mode. Expectations: [SDM 3A] 6.12 to 6.14; [SDM 2] INT n. */
#include <string.h>

#include "tests/unit/delivery_case.h"

#define HANDLER UINT64_C(0xFFFF800000401000)

/* Everything that becomes of an obstacle goes here, with the error code of the new exception. */
static void catch_obstacles(void)
{
    for (unsigned int vector = 10; vector <= 14; vector++) {
        set_gate64(vector, 0x5000 + vector, KERNEL_CODE, INTERRUPT_GATE, 0);
    }
}

/* The event ended in this exception instead, with this error code. */
static void check_obstacle(unsigned int vector, uint64_t error_code)
{
    ck_assert_uint_eq(cpu.rip, 0x5000 + vector);
    ck_assert_uint_eq(get64(cpu.rsp), error_code);
    ck_assert_uint_eq(reason.step_count, 1);
}

START_TEST(an_exception_with_an_error_code_pushes_six_words)
{
    set_gate64(14, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    cpu.rsp = KERNEL_STACK - 5;
    ck_assert(raise_exception(14, 6));
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 16 - 48);
    ck_assert_uint_eq(get64(cpu.rsp), 6);
    ck_assert_uint_eq(get64(cpu.rsp + 8), 0x8000);
    ck_assert_uint_eq(get64(cpu.rsp + 16), 0x08);
    ck_assert_uint_eq(get64(cpu.rsp + 24), 0x10202); /* a fault: RF */
    ck_assert_uint_eq(get64(cpu.rsp + 32), KERNEL_STACK - 5);
    ck_assert_uint_eq(get64(cpu.rsp + 40), 0x10);
    ck_assert_uint_eq(cpu.rip, HANDLER);
    ck_assert_uint_eq(cpu.cs, 0x08);
    ck_assert_uint_eq(cpu.ss, 0x10);
    ck_assert_uint_eq(reason.step_count, 0);
    ck_assert_str_eq(reason.text, "");
}
END_TEST

START_TEST(an_interrupt_pushes_five_words)
{
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 40);
    ck_assert_uint_eq(get64(cpu.rsp), 0x8000);
    ck_assert_uint_eq(get64(cpu.rsp + 32), 0x10);
}
END_TEST

START_TEST(flags_are_cleared_by_the_kind_of_gate)
{
    /* AC, RF, NT, IOPL 3, DF, IF, TF and bit 1; [SDM 3A] 6.12.1.3 */
    cpu.rflags = 0x57702;
    set_gate64(3, HANDLER, KERNEL_CODE, _i == 0 ? INTERRUPT_GATE : TRAP_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 3));
    ck_assert_uint_eq(get64(cpu.rsp + 16), 0x57702);
    ck_assert_uint_eq(cpu.rflags, _i == 0 ? 0x43402 : 0x43602);
}
END_TEST

/* [SDM 3B] 17.3.1.1 */
START_TEST(rf_is_pushed_set_for_faults_clear_for_int_n_and_else_as_it_is)
{
    static const struct {
        enum sim_event_source source;
        unsigned int vector;
        uint64_t without, with; /* RF pushed when it was 0, when it was 1 */
    } cases[] = {
        {SIM_SOURCE_EXCEPTION, 0, 0x10000, 0x10000},
        {SIM_SOURCE_EXCEPTION, 6, 0x10000, 0x10000},
        {SIM_SOURCE_EXCEPTION, 14, 0x10000, 0x10000},
        {SIM_SOURCE_EXCEPTION, 17, 0x10000, 0x10000},
        {SIM_SOURCE_EXCEPTION, 1, 0, 0x10000},
        {SIM_SOURCE_EXCEPTION, 8, 0, 0x10000},
        {SIM_SOURCE_EXCEPTION, 18, 0, 0x10000},
        {SIM_SOURCE_NMI, 2, 0, 0x10000},
        {SIM_SOURCE_INTERRUPT, 0x30, 0, 0x10000},
        {SIM_SOURCE_SOFTWARE, 0x80, 0, 0},
        {SIM_SOURCE_SOFTWARE, 14, 0, 0},
        {SIM_SOURCE_SOFTWARE, 3, 0, 0},
        {SIM_SOURCE_INT1, 1, 0, 0},
    };
    struct sim_cpu before = cpu;

    set_gate64(cases[_i].vector, HANDLER, KERNEL_CODE, TRAP_GATE, 0);
    ck_assert(raise_from(cases[_i].source, cases[_i].vector));
    ck_assert_uint_eq(get64(cpu.rsp + 16), 0x202 | cases[_i].without);
    cpu = before;
    cpu.rflags = 0x10202;
    ck_assert(raise_from(cases[_i].source, cases[_i].vector));
    ck_assert_uint_eq(get64(cpu.rsp + 16), 0x202 | cases[_i].with);
    ck_assert_uint_eq(cpu.rflags, 0x202);
}
END_TEST

START_TEST(from_ring_3_the_frame_goes_to_rsp0_and_ss_becomes_null)
{
    set_gate64(14, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    enter_user(USER_CODE);
    ck_assert(raise_exception(14, 4));
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 48);
    ck_assert_uint_eq(get64(cpu.rsp + 16), 0x23);
    ck_assert_uint_eq(get64(cpu.rsp + 32), USER_STACK);
    ck_assert_uint_eq(get64(cpu.rsp + 40), 0x1B);
    ck_assert_uint_eq(cpu.cs, 0x08);
    ck_assert_uint_eq(cpu.ss, 0); /* [SDM 3A] 6.14.4 */
}
END_TEST

START_TEST(a_handler_at_cpl_1_gets_rsp1_and_a_null_ss_with_rpl_1)
{
    set_descriptor(SPARE, 0x00AFBB000000FFFF); /* DPL 1 */
    put64(TSS_AT + 12, 0x27000);
    set_gate64(14, HANDLER, SPARE | 3, INTERRUPT_GATE, 0); /* the gate's RPL does not matter */
    enter_user(USER_CODE);
    ck_assert(raise_exception(14, 4));
    ck_assert_uint_eq(cpu.rsp, 0x27000 - 48);
    ck_assert_uint_eq(cpu.cs, 0x41);
    ck_assert_uint_eq(cpu.ss, 1);
}
END_TEST

START_TEST(a_conforming_handler_keeps_the_privilege_and_the_stack)
{
    set_gate64(0x80, HANDLER, CONFORMING_CODE, USER_GATE, 0);
    enter_user(USER_CODE);
    set_page(USER_STACK - 4096, (USER_STACK - 4096) | 7);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    ck_assert_uint_eq(cpu.rsp, USER_STACK - 40);
    ck_assert_uint_eq(cpu.cs, 0x3B);
    ck_assert_uint_eq(cpu.ss, 0x1B);
}
END_TEST

START_TEST(an_ist_entry_is_used_at_every_privilege)
{
    set_gate64(2, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 1);
    put64(TSS_AT + 36, IST1_STACK + 8);
    ck_assert(raise_from(SIM_SOURCE_NMI, 2));
    ck_assert_uint_eq(cpu.rsp, IST1_STACK - 40); /* aligned first */
    ck_assert_uint_eq(cpu.ss, 0x10);
    enter_user(USER_CODE);
    ck_assert(raise_from(SIM_SOURCE_NMI, 2));
    ck_assert_uint_eq(cpu.rsp, IST1_STACK - 40);
    ck_assert_uint_eq(cpu.ss, 0);
}
END_TEST

START_TEST(compatibility_mode_pushes_a_64_bit_frame_with_registers_of_32_bits)
{
    set_gate64(0x80, HANDLER, _i == 0 ? CONFORMING_CODE : KERNEL_CODE, USER_GATE, 0);
    enter_user(USER_CODE_32);
    cpu.rsp |= 0x1234567800000000;
    cpu.rip |= 0x1234567800000000;
    set_page(USER_STACK - 4096, (USER_STACK - 4096) | 7);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    ck_assert_uint_eq(cpu.rsp, (_i == 0 ? USER_STACK : RSP0_STACK) - 40);
    ck_assert_uint_eq(get64(cpu.rsp), 0x8000);
    ck_assert_uint_eq(get64(cpu.rsp + 8), 0x2B);
    ck_assert_uint_eq(get64(cpu.rsp + 24), USER_STACK);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_64);
}
END_TEST

/* [SDM 3A] 6.12.1.2: DPL protects INT n, INT3 and INTO only. */
START_TEST(the_gates_dpl_counts_only_for_software_interrupts)
{
    static const struct {
        enum sim_event_source source;
        unsigned int vector;
    } free_of_it[] = {{SIM_SOURCE_EXCEPTION, 3},
                      {SIM_SOURCE_INT1, 1},
                      {SIM_SOURCE_INTERRUPT, 0x80},
                      {SIM_SOURCE_NMI, 2}};

    catch_obstacles();
    for (unsigned int i = 0; i < 4; i++) {
        enter_user(USER_CODE);
        set_gate64(free_of_it[i].vector, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
        ck_assert(raise_from(free_of_it[i].source, free_of_it[i].vector));
        ck_assert_uint_eq(cpu.rip, HANDLER);
    }
    enter_user(USER_CODE);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 3));
    check_obstacle(13, 3 * 8 + 2);
    check_step(0, 3, "IDT[3]: DPL 0 does not allow INT at CPL 3");
    set_gate64(3, HANDLER, KERNEL_CODE, USER_GATE, 0);
    enter_user(USER_CODE);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 3));
    ck_assert_uint_eq(cpu.rip, HANDLER);
}
END_TEST

/* [SDM 3A] 6.13: EXT. */
START_TEST(the_error_code_of_an_obstacle_says_whether_the_event_was_external)
{
    static const struct {
        enum sim_event_source source;
        unsigned int vector;
        uint64_t error_code;
    } cases[] = {
        {SIM_SOURCE_INTERRUPT, 0x40, 0x40 * 8 + 3}, {SIM_SOURCE_NMI, 2, 2 * 8 + 3},
        {SIM_SOURCE_EXCEPTION, 6, 6 * 8 + 3},       {SIM_SOURCE_INT1, 1, 1 * 8 + 3},
        {SIM_SOURCE_SOFTWARE, 0x40, 0x40 * 8 + 2},  {SIM_SOURCE_SOFTWARE, 3, 3 * 8 + 2},
        {SIM_SOURCE_SOFTWARE, 14, 14 * 8 + 2},
    };

    catch_obstacles();
    set_gate64(14, 0, KERNEL_CODE, 0x0E, 0);
    set_gate64(cases[_i].vector, HANDLER, KERNEL_CODE, 0x0E, 0); /* not present */
    ck_assert(raise_from(cases[_i].source, cases[_i].vector));
    check_obstacle(11, cases[_i].error_code);
}
END_TEST

/* Every exception of the pseudocode, while an interrupt (EXT 1) is delivered at CPL 0. */
START_TEST(each_check_of_gate_and_code_segment_has_its_exception)
{
    static const struct {
        uint64_t handler;
        uint16_t selector;
        uint8_t access, ist;
        uint64_t descriptor; /* of SPARE */
        unsigned int vector;
        uint32_t error_code;
        const char *text;
    } cases[] = {
        {0x1000, 0x08, 0x00, 0, 0, 13, 0x40 * 8 + 3, "IDT[64]: not present"},
        {0x1000, 0x08, 0x8C, 0, 0, 13, 0x40 * 8 + 3, "IDT[64]: type 0xc is neither"},
        {0x1000, 0x08, 0x85, 0, 0, 13, 0x40 * 8 + 3, "IDT[64]: type 0x5 is neither"},
        {0x1000, 0x08, 0x86, 0, 0, 13, 0x40 * 8 + 3, "IDT[64]: type 0x6 is neither"},
        {0x1000, 0x08, 0x9E, 0, 0, 13, 0x40 * 8 + 3, "IDT[64]: type 0x1e is neither"},
        {0x1000, 0x08, 0x0E, 0, 0, 11, 0x40 * 8 + 3, "IDT[64]: not present"},
        {0x1000, 0x00, 0x8E, 0, 0, 13, 1, "IDT[64]: the selector is null"},
        {0x1000, 0x03, 0x8E, 0, 0, 13, 1, "IDT[64]: the selector is null"},
        {0x1000, 0x80, 0x8E, 0, 0, 13, 0x81, "IDT[64]: selector 0x80 is outside"},
        {0x1000, 0x0C, 0x8E, 0, 0, 13, 0x0D, "IDT[64]: selector 0xc is outside"}, /* TI, no LDT */
        {0x1000, 0x10, 0x8E, 0, 0, 13, 0x11, "IDT[64]: selector 0x10 is a data segment"},
        {0x1000, 0x40, 0x8E, 0, 0x0000890000000067, 13, 0x41, "IDT[64]: selector 0x40 is a system"},
        {0x1000, 0x23, 0x8E, 0, 0, 13, 0x21, "IDT[64]: selector 0x23 has DPL 3, less privileged"},
        {0x1000, 0x30, 0x8E, 0, 0, 13, 0x31, "IDT[64]: selector 0x30 is not a 64-bit code"},
        {0x1000, 0x40, 0x8E, 0, 0x00EF9B000000FFFF, 13, 0x41, "IDT[64]: selector 0x40 is not a 64"},
        {0x1000, 0x40, 0x8E, 0, 0x00AF1B000000FFFF, 11, 0x41, "IDT[64]: selector 0x40 is not pres"},
        {0x1000, 0x40, 0x8E, 0, 0x00CF1B000000FFFF, 13, 0x41, "IDT[64]: selector 0x40 is not a 64"},
        {0x800000000000, 0x08, 0x8E, 0, 0, 13, 1, "IDT[64]: the handler's address 0x8000"},
        {0x1000, 0x08, 0x8E, 2, 0, 12, 1, "TSS.IST2: 0x800000000000 is not canonical"},
        {0x1000, 0x08, 0x8E, 3, 0, 12, 1,
         "push to the stack of TSS.IST3 at 0xffff7fffffffffd8: the addr"},
        {0x1000, 0x08, 0x8E, 4, 0, 14, 2, "push to the stack of TSS.IST4 at 0x1fffd8: page fault"},
        {0x1000, 0x08, 0x8E, 5, 0, 10, 0x49, "TSS.IST5: outside the TSS (TR 0x48, limit 0x4a)"},
    };
    uint64_t handler = cases[_i].handler;

    catch_obstacles();
    set_descriptor(SPARE, cases[_i].descriptor);
    set_gate64(0x40, handler, cases[_i].selector, cases[_i].access, cases[_i].ist);
    put64(TSS_AT + 44, 0x800000000000);
    put64(TSS_AT + 52, 0xFFFF800000000000);
    put64(TSS_AT + 60, 0x200000);
    set_page(0x1FF000, 0);
    cpu.tss.limit = 28 + 8 * 5 + 6;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, cases[_i].text);
    check_obstacle(cases[_i].vector, cases[_i].error_code);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), cases[_i].descriptor); /* not accessed */
    ck_assert_uint_eq(cpu.cr2, cases[_i].vector == 14 ? 0x1FFFD8 : 0);
}
END_TEST

START_TEST(the_idts_limit_is_that_of_the_gates_last_byte)
{
    catch_obstacles();
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    cpu.idt.limit = 0x40F;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    cpu.idt.limit = 0x40E;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(13, 0x40 * 8 + 3);
}
END_TEST

START_TEST(tss_limit_and_rsp0_are_checked_when_the_privilege_changes)
{
    catch_obstacles();
    set_gate64(10, 0x500A, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(12, 0x500C, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    enter_user(USER_CODE);
    put64(TSS_AT + 4, 0x0000800000000000);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(12, 1);
    check_step(0, 0x40, "TSS.RSP0: 0x800000000000 is not canonical");
    enter_user(USER_CODE);
    cpu.tss.limit = 10;
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40)); /* no IST1 either */
    check_step(0, 0x40, "TSS.RSP0: outside the TSS (TR 0x48, limit 0xa)");
    check_step(1, 10, "TSS.IST1: outside the TSS");
    cpu.tr = 0;
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_step(0, 0x40, "TSS.RSP0: no TSS is loaded");
}
END_TEST

START_TEST(with_57_bits_more_addresses_are_canonical)
{
    set_gate64(0x40, 0x0080000000000000, KERNEL_CODE, INTERRUPT_GATE, 0);
    catch_obstacles();
    cpu.cr4 |= 0x1000;     /* LA57 */
    put64(0x5000, 0x1007); /* a PML5 table above the PML4 table */
    cpu.cr3 = 0x5000;
    set_gate64(0x40, 0x0080000000000000, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.rip, 0x0080000000000000);
    set_gate64(0x40, 0x0100000000000000, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(13, 1);
}
END_TEST

START_TEST(a_frame_that_crosses_into_a_missing_page_is_not_written_at_all)
{
    catch_obstacles();
    set_gate64(14, 0x500E, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    cpu.rsp = 0x22010;
    set_page(_i == 0 ? 0x21000 : 0x22000, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(14, 2);
    ck_assert_uint_eq(cpu.cr2, _i == 0 ? 0x21FE8 : 0x22000);
    for (uint64_t at = 0x21FE0; at < 0x22010; at += 8) {
        ck_assert_uint_eq(get64(at), 0);
    }
}
END_TEST

START_TEST(the_frame_is_pushed_with_supervisor_rights)
{
    catch_obstacles();
    set_gate64(14, 0x500E, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    set_page(RSP0_STACK - 4096, (RSP0_STACK - 4096) | 1); /* read-only */
    enter_user(USER_CODE);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(14, 3); /* P, W/R; not U/S */
    ck_assert_uint_eq(cpu.cr2, RSP0_STACK - 40);
}
END_TEST

/* SMAP, with the stack in a user page. Decision: see deliver_frame.c. */
START_TEST(ac_opens_smap_for_the_frame_only_without_a_change_of_privilege)
{
    static const struct {
        bool user, ac, delivered;
    } cases[] = {{false, true, true}, {false, false, false}, {true, true, false}};

    catch_obstacles();
    set_gate64(14, 0x500E, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(0x40, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    set_page(RSP0_STACK - 4096, (RSP0_STACK - 4096) | 7);
    cpu.rsp = RSP0_STACK;
    if (cases[_i].user) {
        enter_user(USER_CODE);
    }
    cpu.cr4 |= 0x200000; /* SMAP */
    cpu.rflags |= cases[_i].ac ? 0x40000 : 0;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    if (cases[_i].delivered) {
        ck_assert_uint_eq(cpu.rip, HANDLER);
    } else {
        check_obstacle(14, 3);
    }
}
END_TEST

START_TEST(a_handler_at_cpl_3_needs_a_stack_it_may_write_itself)
{
    catch_obstacles();
    set_gate64(0x80, HANDLER, USER_CODE, USER_GATE, 0);
    enter_user(USER_CODE);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    check_obstacle(14, 7); /* P, W/R, U/S: the page is the supervisor's */
}
END_TEST

START_TEST(delivery_marks_what_it_uses)
{
    set_descriptor(SPARE, 0x00AF9A000000FFFF);
    set_gate64(0x40, HANDLER, SPARE, INTERRUPT_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(get64(GDT_AT + SPARE), 0x00AF9B000000FFFF);
    ck_assert_uint_eq(get64(0x4000 + 8 * 0x1F), 0x1F063); /* the stack's PTE: A, D */
    ck_assert_uint_eq(get64(0x4000 + 8 * 0x11), 0x11023); /* the IDT's: A */
}
END_TEST

START_TEST(a_code_segment_may_be_in_the_ldt)
{
    catch_obstacles();
    set_gate64(0x40, HANDLER, 0x0C, INTERRUPT_GATE, 0);
    put64(LDT_AT + 8, 0x00AF9B000000FFFF);
    cpu.ldtr = SPARE;
    cpu.ldt = (struct sim_table){LDT_AT, 15};
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(cpu.cs, 0x0C);
    cpu.ldt.limit = 14;
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(13, 0x0D);
    cpu.ldt.limit = 15;
    cpu.ldtr = 0; /* no LDT */
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_obstacle(13, 0x0D);
}
END_TEST

START_TEST(tables_that_are_not_mapped_are_page_faults_of_the_supervisor)
{
    static const struct {
        uint64_t page;
        const char *text;
        uint64_t cr2;
    } cases[] = {
        {GDT_AT, "the code segment's descriptor at 0x10040: page fault", 0x10040},
        {TSS_AT, "TSS.IST2 at 0x1302c: page fault, error code 0x0", 0x1302C},
    };

    set_descriptor(SPARE, 0x00AF9B000000FFFF);
    set_gate64(0x40, HANDLER, SPARE, INTERRUPT_GATE, 2);
    set_page(cases[_i].page, 0);
    ck_assert(!raise_from(SIM_SOURCE_INTERRUPT, 0x40)); /* #PF has no gate: #DF has none */
    check_step(0, 0x40, cases[_i].text);
    check_step(1, 14, "IDT[14]: not present");
    check_step(2, 8, "IDT[8]: not present");
    ck_assert_uint_eq(reason.steps[1].exception.error_code, 0);
    ck_assert_uint_eq(reason.step_count, 3);
    ck_assert_uint_eq(cpu.cr2, 0); /* untouched on failure */
    ck_assert_uint_eq(cpu.rip, 0x8000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("deliver in IA-32e mode");
    TCase *frame = tcase_create("frame");
    TCase *check = tcase_create("checks");

    tcase_add_checked_fixture(frame, long_mode_open, delivery_case_close);
    tcase_add_test(frame, an_exception_with_an_error_code_pushes_six_words);
    tcase_add_test(frame, an_interrupt_pushes_five_words);
    tcase_add_loop_test(frame, flags_are_cleared_by_the_kind_of_gate, 0, 2);
    tcase_add_loop_test(frame, rf_is_pushed_set_for_faults_clear_for_int_n_and_else_as_it_is, 0,
                        13);
    tcase_add_test(frame, from_ring_3_the_frame_goes_to_rsp0_and_ss_becomes_null);
    tcase_add_test(frame, a_handler_at_cpl_1_gets_rsp1_and_a_null_ss_with_rpl_1);
    tcase_add_test(frame, a_conforming_handler_keeps_the_privilege_and_the_stack);
    tcase_add_test(frame, an_ist_entry_is_used_at_every_privilege);
    tcase_add_loop_test(frame, compatibility_mode_pushes_a_64_bit_frame_with_registers_of_32_bits,
                        0, 2);
    tcase_add_test(frame, delivery_marks_what_it_uses);
    tcase_add_test(frame, a_code_segment_may_be_in_the_ldt);
    suite_add_tcase(suite, frame);

    tcase_add_checked_fixture(check, long_mode_open, delivery_case_close);
    tcase_add_test(check, the_gates_dpl_counts_only_for_software_interrupts);
    tcase_add_loop_test(check, the_error_code_of_an_obstacle_says_whether_the_event_was_external, 0,
                        7);
    tcase_add_loop_test(check, each_check_of_gate_and_code_segment_has_its_exception, 0, 22);
    tcase_add_test(check, the_idts_limit_is_that_of_the_gates_last_byte);
    tcase_add_test(check, tss_limit_and_rsp0_are_checked_when_the_privilege_changes);
    tcase_add_test(check, with_57_bits_more_addresses_are_canonical);
    tcase_add_loop_test(check, a_frame_that_crosses_into_a_missing_page_is_not_written_at_all, 0,
                        2);
    tcase_add_test(check, the_frame_is_pushed_with_supervisor_rights);
    tcase_add_loop_test(check, ac_opens_smap_for_the_frame_only_without_a_change_of_privilege, 0,
                        3);
    tcase_add_test(check, a_handler_at_cpl_3_needs_a_stack_it_may_write_itself);
    tcase_add_loop_test(check, tables_that_are_not_mapped_are_page_faults_of_the_supervisor, 0, 2);
    suite_add_tcase(suite, check);
    return suite;
}
