/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The notes about mistakes that show themselves far from where they were made, and the titles. */
#include <stdio.h>
#include <string.h>

#include "sim/report/postmortem.h"
#include "tests/unit/paged_memory.h"
#include "tests/unit/unit.h"

enum {
    GDT = 0x10000,
    IDT = 0x11000,
    CODE = 0x20000,
    STACK = 0x30000,
};

static struct sim_postmortem postmortem;
static struct sim_postmortem_input input;
static struct sim_registers registers;
static struct sim_result result;
static struct sim_delivery_reason delivery;
static struct sim_trace trace;

/* [SDM 3A] 3.4.5: 64-bit code at 0x08, data at 0x10. */
static void open_case(void)
{
    paged_open();
    paged_poke(GDT + 0x08, 0x00AF9A000000FFFF);
    paged_poke(GDT + 0x10, 0x00CF92000000FFFF);
    paged_cpu.gdt = (struct sim_table){GDT, 0x17};
    paged_cpu.idt = (struct sim_table){IDT, 0xFFF};
    paged_poke(CODE, 0x9090909090909090);
    registers = (struct sim_registers){.rip = CODE, .rsp = STACK, .rflags = 0x2};
    result = (struct sim_result){.stop = SIM_STOP_FAULT};
    delivery = (struct sim_delivery_reason){.step_count = 0};
    sim_trace_init(&trace);
    input = (struct sim_postmortem_input){.result = &result,
                                          .cpu = &paged_cpu,
                                          .registers = &registers,
                                          .memory = &paged_memory,
                                          .delivery = &delivery,
                                          .trace = &trace};
}

static void collect(void)
{
    result.fault.rip = registers.rip;
    paged_cpu.rip = registers.rip;
    paged_cpu.rsp = registers.rsp;
    paged_cpu.rflags = registers.rflags;
    sim_postmortem_collect(&postmortem, &input);
}

static void fault(unsigned int vector, uint32_t error_code, uint64_t address)
{
    result.fault.vector = vector;
    result.fault.has_error_code = sim_vector_has_error_code(vector);
    result.fault.error_code = error_code;
    result.fault.cr2 = address;
    paged_cpu.cr2 = address;
    collect();
}

static void happen(enum sim_trace_kind kind, uint32_t code, uint64_t rip, uint64_t a)
{
    const struct sim_trace_event event = {.rip = rip, .kind = kind, .code = code, .a = a};

    sim_trace_add(&trace, &event);
}

static void add_step(const struct sim_exception *exception, const char *text)
{
    struct sim_delivery_step *step = &delivery.steps[delivery.step_count++];

    step->exception = *exception;
    (void)snprintf(step->text, sizeof step->text, "%s", text);
}

static bool has_note(const struct sim_postmortem_notes *notes, const char *part)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (strstr(notes->text[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

#define CHECK_NOTE(part) \
    ck_assert_msg(has_note(&postmortem.notes, part), "no note has \"%s\"", part)
#define CHECK_NO_NOTE(part) ck_assert(!has_note(&postmortem.notes, part))

START_TEST(a_handler_that_faults_itself_is_known_by_three_faults_in_a_row)
{
    happen(SIM_TRACE_EXCEPTION, 14, CODE, 0);
    happen(SIM_TRACE_EXCEPTION, 14, CODE, 0);
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("faults itself");
    happen(SIM_TRACE_EXCEPTION, 14, CODE, 0);
    fault(14, 0, 0x300000);
    CHECK_NOTE("The handler of #PF faults itself: the last 3 events are #PF.");
    happen(SIM_TRACE_OUT, 14, CODE, 0);
    happen(SIM_TRACE_EXCEPTION, 14, CODE, 0);
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("faults itself");
}
END_TEST

START_TEST(faults_of_several_kinds_are_no_handler_that_faults_itself)
{
    happen(SIM_TRACE_EXCEPTION, 13, CODE, 0);
    happen(SIM_TRACE_EXCEPTION, 6, CODE, 0);
    happen(SIM_TRACE_EXCEPTION, 14, CODE, 0);
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("faults itself");
}
END_TEST

START_TEST(a_handler_that_faults_for_ever_fills_the_kept_events)
{
    for (int i = 0; i < 100; i++) {
        happen(SIM_TRACE_EXCEPTION, 6, CODE, 0);
    }
    fault(6, 0, 0);
    CHECK_NOTE("The handler of #UD faults itself: the last 32 events are #UD.");
}
END_TEST

/* MOV CR3 has three bytes. */
START_TEST(tables_that_do_not_map_the_code_are_known_by_the_instruction_before)
{
    registers.rip = 0x300003;
    happen(SIM_TRACE_CONTROL_REGISTER, 3, 0x300000, 0x1000);
    happen(SIM_TRACE_EXCEPTION, 14, 0x300003, 0x10);
    fault(14, 0x10, 0x300003);
    CHECK_NOTE("The instruction before wrote CR3: the tables do not map the code");
    CHECK_NO_NOTE("look at the call");
    happen(SIM_TRACE_CONTROL_REGISTER, 3, 0x2FFFF3, 0x1000); /* 16 bytes before */
    happen(SIM_TRACE_EXCEPTION, 14, 0x300003, 0x10);
    fault(14, 0x10, 0x300003);
    CHECK_NO_NOTE("The instruction before wrote");
    happen(SIM_TRACE_CONTROL_REGISTER, 3, 0x300000, 0x1000);
    happen(SIM_TRACE_OUT, 0x80, 0x1000, 0);
    happen(SIM_TRACE_EXCEPTION, 14, 0x300003, 0x10);
    fault(14, 0x10, 0x300003);
    CHECK_NO_NOTE("The instruction before wrote");
    CHECK_NOTE("look at the call, jump or return before it");
}
END_TEST

START_TEST(a_handler_that_cannot_be_fetched_is_named_by_its_gate)
{
    paged_poke_pair(IDT + 6 * 16, 0x00308E0000080000, 0); /* to 0x8:0x300000 */
    registers.rip = 0x300000;
    happen(SIM_TRACE_EXCEPTION, 6, 0x20007, 0);
    happen(SIM_TRACE_EXCEPTION, 14, 0x300000, 0x10);
    fault(14, 0x10, 0x300000);
    CHECK_NOTE("This is the handler in IDT[6], for #UD at 0x20007.");
    registers.rip = 0x301000;
    fault(14, 0x10, 0x301000);
    CHECK_NO_NOTE("This is the handler");
}
END_TEST

START_TEST(a_system_call_that_leads_nowhere_is_named)
{
    registers.rip = 0x300000;
    happen(SIM_TRACE_SYSCALL, 0, 0x20007, 0x300000);
    happen(SIM_TRACE_EXCEPTION, 14, 0x300000, 0x10);
    fault(14, 0x10, 0x300000);
    CHECK_NOTE("IA32_LSTAR or IA32_SYSENTER_EIP");
}
END_TEST

START_TEST(a_jump_to_a_wild_address_points_to_what_led_there)
{
    registers.rip = 0x4141414141414141;
    fault(13, 0, 0);
    CHECK_NOTE("look at the call, jump or return before it");
}
END_TEST

START_TEST(zeros_are_no_code)
{
    registers.rip = 0x40000;
    fault(14, 0, 0x300000);
    CHECK_NOTE("There are only zeros here: this is no code.");
    paged_poke(0x40008, 0x0100000000000000); /* the last of 15 bytes is at 0x4000E */
    fault(14, 0, 0x300000);
    CHECK_NOTE("There are only zeros here");
    paged_poke(0x40008, 0x0001000000000000);
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("There are only zeros here");
}
END_TEST

/* IRETQ is 48 CF. [SDM 3A] figure 6-9: RIP, CS, RFLAGS, RSP, SS. */
START_TEST(an_error_code_left_on_the_stack_is_seen_by_the_frame_above_it)
{
    paged_poke(CODE, 0x909090909090CF48);
    paged_poke(STACK, 0x2);
    paged_poke(STACK + 8, 0x20007);
    paged_poke(STACK + 16, 0x8);
    paged_poke(STACK + 24, 0x10202);
    fault(13, 0, 0);
    CHECK_NOTE("The frame begins 8 bytes further up: the error code 0x2 is still on the stack.");
    paged_poke(STACK + 16, 0x10); /* no code segment */
    fault(13, 0, 0);
    CHECK_NO_NOTE("The frame begins");
    paged_poke(STACK + 16, 0x8);
    paged_poke(STACK + 24, 0x10200); /* bit 1 of RFLAGS is always 1 */
    fault(13, 0, 0);
    CHECK_NO_NOTE("The frame begins");
}
END_TEST

/* MOVAPS XMM1, XMM0 is 0F 28 C8; CR4.OSFXSR is bit 9. [SDM 3A] 2.5. */
/* [SDM 3A] figure 6-4: words of 4 bytes in protected mode. */
START_TEST(an_error_code_left_on_the_stack_of_32_bit_code_is_seen_too)
{
    paged_cpu.code = SIM_WIDTH_32;
    paged_cpu.cs = 0x08;
    paged_poke(CODE, 0x90909090909090CF);
    paged_poke(STACK, 0x20007ull << 32 | 0x2);
    paged_poke(STACK + 8, 0x10202ull << 32 | 0x8);
    fault(13, 0, 0);
    CHECK_NOTE("The frame begins 4 bytes further up: the error code 0x2 is still on the stack.");
    paged_poke(CODE, 0x9090909090909090); /* NOP */
    fault(13, 0, 0);
    CHECK_NO_NOTE("The frame begins");
}
END_TEST

START_TEST(sse_that_is_not_enabled_is_named)
{
    paged_poke(CODE, 0x9090909090C8280F);
    fault(6, 0, 0);
    CHECK_NOTE("SSE is not enabled: CR4.OSFXSR is 0.");
    paged_cpu.cr4 |= 0x200;
    fault(6, 0, 0);
    CHECK_NO_NOTE("SSE");
}
END_TEST

/* HLT is F4, CLI is FA. [SDM 3A] 5.9. */
START_TEST(what_ring_3_may_not_do_is_in_the_title)
{
    paged_cpu.cs = 0x23;
    paged_poke(CODE, 0x90909090909090F4);
    fault(13, 0, 0);
    ck_assert_str_eq(postmortem.title, "UNHANDLED #GP: hlt is for CPL 0 only, and CPL is 3");
    registers.rflags = 0x1002;
    paged_poke(CODE, 0x90909090909090FA);
    fault(13, 0, 0);
    ck_assert_str_eq(postmortem.title, "UNHANDLED #GP: cli is not allowed: CPL is 3 and IOPL 1");
    paged_cpu.cs = 0x8;
    fault(13, 0, 0);
    CHECK_NO_NOTE("is not allowed");
}
END_TEST

START_TEST(interrupts_are_named_by_where_they_come_from)
{
    static const struct sim_exception software = {.vector = 0x80, .source = SIM_SOURCE_SOFTWARE};
    static const struct sim_exception timer = {.vector = 8, .source = SIM_SOURCE_INTERRUPT};

    add_step(&software, "IDT[128]: not present");
    fault(0x80, 0, 0);
    ck_assert_str_eq(postmortem.title,
                     "UNHANDLED INT 0x80: software interrupt; IDT[128]: not present");
    ck_assert_str_eq(postmortem.steps[0].name, "INT 0x80");
    delivery.step_count = 0;
    add_step(&timer, "IDT[8]: not present");
    fault(8, 0, 0);
    ck_assert_ptr_nonnull(strstr(postmortem.title,
                                 "interrupt 0x8: a device's, on a vector of the processor's own "
                                 "exceptions; IDT[8]: not present"));
}
END_TEST

START_TEST(a_double_fault_without_a_stack_of_its_own_is_told_so)
{
    static const struct sim_exception double_fault = {.vector = 8, .has_error_code = true};

    paged_poke_pair(IDT + 8 * 16, 0x00028E0000080000, 0);
    add_step(&double_fault, "push to the stack: page fault, error code 0x2");
    delivery.steps[0].memory_failed = true;
    delivery.steps[0].access = (struct sim_access){0x300000, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR};
    fault(14, 2, 0x300008);
    ck_assert(has_note(&postmortem.steps[0].notes, "IDT[8] names no IST"));
    paged_poke_pair(IDT + 8 * 16, 0x00028E0100080000, 0); /* IST 1 */
    fault(14, 2, 0x300008);
    ck_assert(!has_note(&postmortem.steps[0].notes, "names no IST"));
}
END_TEST

START_TEST(a_guest_that_is_stuck_is_told_what_it_was_last_interrupted_by)
{
    static const struct sim_exception fault_14 = {.vector = 14, .has_error_code = true};

    result.stop = SIM_STOP_BUDGET;
    collect();
    CHECK_NO_NOTE("The last delivery");
    happen(SIM_TRACE_EXCEPTION, 14, 0x20007, 0);
    happen(SIM_TRACE_OUT, 0x80, 0x20010, 0);
    collect();
    CHECK_NOTE("The last delivery was that of #PF at 0x20007, error code 0x0, address 0x0.");
    add_step(&fault_14, "IDT[14]: not present");
    (void)snprintf(delivery.text, sizeof delivery.text, "IDT[14]: not present");
    collect();
    CHECK_NOTE("The last delivery was that of #PF at 0x20007, error code 0x0, address 0x0; in its "
               "way was: IDT[14]: not present.");
    happen(SIM_TRACE_EXCEPTION, 13, 0x20007, 0);
    input.cause = "MOV CR4: bit 31 is reserved";
    delivery.step_count = 0;
    collect();
    CHECK_NOTE("The last delivery was that of #GP at 0x20007: MOV CR4: bit 31 is reserved.");
}
END_TEST

/* [SDM 3A] figure 6-9: RIP, CS and RFLAGS; RET takes the first. */
START_TEST(a_handler_that_has_returned_with_ret_is_seen_by_what_is_left_of_the_frame)
{
    result.stop = SIM_STOP_HALTED;
    paged_poke(STACK, 0x08);
    paged_poke(STACK + 8, 0x202);
    collect();
    CHECK_NO_NOTE("RET instead of IRET"); /* nothing was delivered */
    happen(SIM_TRACE_INTERRUPT, 32, CODE, 0);
    collect();
    CHECK_NOTE("returned with RET instead of IRET");
    registers.rflags = 0x202;
    collect();
    CHECK_NO_NOTE("RET instead of IRET"); /* a handler's frame cannot matter: IF is on again */
    registers.rflags = 0x2;
    paged_poke(STACK + 8, 0x2);
    collect();
    CHECK_NO_NOTE("RET instead of IRET"); /* no flags of an interrupted instruction */
    paged_poke(STACK + 8, 0x202);
    paged_poke(STACK, 0x10);
    collect();
    CHECK_NO_NOTE("RET instead of IRET"); /* no code segment */
}
END_TEST

START_TEST(what_led_to_where_no_code_is_is_named)
{
    uint64_t branch = CODE + 0x10;

    paged_poke(CODE + 0x10, 0xC3); /* retq */
    paged_poke(CODE + 0x100, 0);
    paged_poke(CODE + 0x108, 0);
    input.branch = &branch;
    registers.rip = CODE + 0x100;
    fault(6, 0, 0);
    CHECK_NOTE("There are only zeros here: this is no code.");
    CHECK_NOTE("The processor was led here by retq at 0x20010.");
    registers.rip = 0x40000000;
    fault(14, 0x10, 0x40000000);
    CHECK_NOTE("The processor was led here by retq at 0x20010.");
    branch = 0x40000000; /* it cannot be read any more */
    fault(14, 0x10, 0x40000000);
    CHECK_NOTE("look at the call, jump or return before it");
}
END_TEST

/* [SDM 3A] 4.1.1, figure 5-2 */
START_TEST(compatibility_mode_of_the_kernel_is_told)
{
    fault(6, 0, 0);
    CHECK_NO_NOTE("compatibility mode");
    paged_cpu.code = SIM_WIDTH_32;
    fault(6, 0, 0);
    CHECK_NOTE("This is compatibility mode (EFER.LMA 1, CS.L 0)");
    paged_cpu.cs = 0x23; /* of a user, as it should be */
    fault(6, 0, 0);
    CHECK_NO_NOTE("compatibility mode");
}
END_TEST

/* mov %gs:8, %rax. [SDM 1] 3.4.2.1: with its base */
START_TEST(a_null_pointer_through_gs_is_a_base_that_was_forgotten)
{
    struct sim_postmortem_bases bases = {.fs = 0, .gs = 0};

    paged_poke(CODE, 0x00000825048B4865);
    paged_poke(CODE + 8, 0x9090909090909000);
    fault(14, 0, 0x8);
    CHECK_NO_NOTE("addressed through GS"); /* the base is not known */
    input.bases = &bases;
    fault(14, 0, 0x8);
    CHECK_NOTE("It is addressed through GS, whose base is 0");
    bases.gs = 0x10;
    fault(14, 0, 0x18);
    CHECK_NO_NOTE("addressed through GS");
    fault(14, 0, 0x300008);
    CHECK_NO_NOTE("addressed through GS");
    paged_poke(CODE, 0x00000825048B4864); /* FS */
    fault(14, 0, 0x8);
    CHECK_NOTE("It is addressed through FS");
    bases.fs = 0x10;
    fault(14, 0, 0x18);
    CHECK_NO_NOTE("addressed through FS");
}
END_TEST

START_TEST(a_string_instruction_that_goes_down_is_told)
{
    paged_poke(CODE, 0x909090909090A4F3); /* rep movsb */
    fault(14, 2, 0x300000);
    CHECK_NO_NOTE("CLD");
    registers.rflags = 0x402; /* DF. [SDM 1] 3.4.3.2 */
    fault(14, 2, 0x300000);
    CHECK_NOTE("RFLAGS.DF is 1: string instructions go down.");
    paged_poke(CODE, 0x9090909090018948); /* mov %rax, (%rcx) */
    fault(14, 2, 0x300000);
    CHECK_NO_NOTE("CLD");
}
END_TEST

START_TEST(avx_that_is_not_enabled_is_named)
{
    paged_poke(CODE, 0x90909090C057FCC5); /* vxorps %ymm0, %ymm0, %ymm0 */
    fault(6, 0, 0);
    CHECK_NOTE("AVX is not enabled: CR4.OSXSAVE is 0.");
    paged_cpu.cr4 |= 1 << 18;
    fault(6, 0, 0);
    CHECK_NO_NOTE("AVX is not enabled");
}
END_TEST

/* [8259A] ICW2: firmware gives vectors 8 to 15. */
START_TEST(an_interrupt_on_the_vectors_of_firmware_is_named)
{
    static const struct sim_exception timer = {.vector = 8, .source = SIM_SOURCE_INTERRUPT};

    add_step(&timer, "IDT[8]: not present");
    fault(11, 0x43, 0);
    CHECK_NOTE("This is IRQ 0 of the 8259, which firmware leaves with vectors 8 to 15");
    delivery.steps[0].exception.vector = 16;
    fault(11, 0x83, 0);
    CHECK_NO_NOTE("of the 8259");
    delivery.step_count = 0;
    happen(SIM_TRACE_INTERRUPT, 15, CODE, 0);
    result.stop = SIM_STOP_HALTED;
    collect();
    CHECK_NOTE("The last delivery was that of interrupt 0xf");
    CHECK_NOTE("This is IRQ 7 of the 8259");
}
END_TEST

START_TEST(a_call_of_the_bios_is_taken_for_one)
{
    struct sim_exception call = {.vector = 0x10, .source = SIM_SOURCE_SOFTWARE};

    add_step(&call, "IDT[16]: not present");
    fault(13, 0x82, 0);
    CHECK_NOTE("call the BIOS");
    delivery.steps[0].exception.vector = 0x1B;
    fault(13, 0xDA, 0);
    CHECK_NO_NOTE("call the BIOS");
    delivery.steps[0].exception =
        (struct sim_exception){.vector = 0x10, .source = SIM_SOURCE_EXCEPTION}; /* #MF */
    fault(13, 0x82, 0);
    CHECK_NO_NOTE("call the BIOS");
}
END_TEST

/* [SDM 3A] table 4-12: bits 4 and 3 of CR3 are PCD and PWT; 11:5 and 2:0 are ignored. */
START_TEST(a_table_that_is_not_aligned_is_told)
{
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("are ignored");
    paged_cpu.cr3 |= 0x18;
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("are ignored");
    paged_cpu.cr3 |= 0x20;
    fault(14, 0, 0x300000);
    CHECK_NOTE("the bits that are not of a multiple of 4096 are ignored");
    paged_cpu.cr4 |= 1 << 17; /* PCIDE: it is the PCID */
    fault(14, 0, 0x300000);
    CHECK_NO_NOTE("are ignored");
}
END_TEST

START_TEST(a_page_fault_the_tables_do_not_explain_is_told_so_in_the_title)
{
    input.cause = ""; /* as good as none */
    fault(14, 2, 0x40000);
    ck_assert_str_eq(postmortem.title,
                     "UNHANDLED #PF: write to 0x40000 by the supervisor, which the tables allow");
}
END_TEST

START_TEST(what_the_title_says_is_not_said_again)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    input.cause = "MOV CR4: bit 15 is reserved";
    fault(13, 0, 0);
    sim_postmortem_print(file, &postmortem);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_ptr_nonnull(strstr(text, "UNHANDLED #GP: MOV CR4: bit 15 is reserved\n"));
    ck_assert_ptr_null(strstr(text, "  note "));
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("postmortem suspects");
    TCase *tcase = tcase_create("suspects");

    tcase_add_checked_fixture(tcase, open_case, NULL);
    tcase_add_test(tcase, a_handler_that_faults_itself_is_known_by_three_faults_in_a_row);
    tcase_add_test(tcase, faults_of_several_kinds_are_no_handler_that_faults_itself);
    tcase_add_test(tcase, a_handler_that_faults_for_ever_fills_the_kept_events);
    tcase_add_test(tcase, tables_that_do_not_map_the_code_are_known_by_the_instruction_before);
    tcase_add_test(tcase, a_handler_that_cannot_be_fetched_is_named_by_its_gate);
    tcase_add_test(tcase, a_system_call_that_leads_nowhere_is_named);
    tcase_add_test(tcase, a_jump_to_a_wild_address_points_to_what_led_there);
    tcase_add_test(tcase, zeros_are_no_code);
    tcase_add_test(tcase, an_error_code_left_on_the_stack_is_seen_by_the_frame_above_it);
    tcase_add_test(tcase, an_error_code_left_on_the_stack_of_32_bit_code_is_seen_too);
    tcase_add_test(tcase, sse_that_is_not_enabled_is_named);
    tcase_add_test(tcase, what_ring_3_may_not_do_is_in_the_title);
    tcase_add_test(tcase, interrupts_are_named_by_where_they_come_from);
    tcase_add_test(tcase, a_double_fault_without_a_stack_of_its_own_is_told_so);
    tcase_add_test(tcase, a_guest_that_is_stuck_is_told_what_it_was_last_interrupted_by);
    tcase_add_test(tcase,
                   a_handler_that_has_returned_with_ret_is_seen_by_what_is_left_of_the_frame);
    tcase_add_test(tcase, what_led_to_where_no_code_is_is_named);
    tcase_add_test(tcase, compatibility_mode_of_the_kernel_is_told);
    tcase_add_test(tcase, a_null_pointer_through_gs_is_a_base_that_was_forgotten);
    tcase_add_test(tcase, a_string_instruction_that_goes_down_is_told);
    tcase_add_test(tcase, avx_that_is_not_enabled_is_named);
    tcase_add_test(tcase, an_interrupt_on_the_vectors_of_firmware_is_named);
    tcase_add_test(tcase, a_call_of_the_bios_is_taken_for_one);
    tcase_add_test(tcase, a_table_that_is_not_aligned_is_told);
    tcase_add_test(tcase, a_page_fault_the_tables_do_not_explain_is_told_so_in_the_title);
    tcase_add_test(tcase, what_the_title_says_is_not_said_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
