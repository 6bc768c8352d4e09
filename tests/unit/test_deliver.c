/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/deliver*.c, with real handlers. Expectations: [SDM 3A] 6.12 to 6.15. */
#include <string.h>

#include "sim/cpu/deliver.h"
#include "tests/unit/machine_case.h"

/* Words of guest_record; see guest/handlers.S. */
enum {
    FRAME_ERROR_CODE,
    FRAME_RIP,
    FRAME_CS,
    FRAME_RFLAGS,
    FRAME_RSP,
    FRAME_SS,
    HANDLER_STACK,
    HANDLER_CS,
    HANDLER_SS,
    HANDLER_RFLAGS,
    HANDLER_COUNT
};

#define KERNEL_CODE       UINT64_C(0x00080000)     /* selector 0x08 */
#define INTERRUPT_GATE    (UINT64_C(0x8E00) << 32) /* present, DPL 0, type 0xE */
#define TRAP_GATE         (UINT64_C(0x8F00) << 32) /* present, DPL 0, type 0xF */
#define IST(n)            ((uint64_t)(n) << 32)
#define IST_SLOT(n)       (TSS_BASE + 28 + UINT64_C(8) * (n))
#define STACK_A           UINT64_C(0x380000)
#define STACK_B           UINT64_C(0x3A0008)
#define RETURN_TO_LOW_HLT UINT64_C(0x6000)

static const uint8_t load_rdx[] = {0x48, 0x8B, 0x02, 0xB8, 0x55, 0x00, 0x00, 0x00};
enum {
    LOAD_SIZE = 3
};

static uint64_t recorded(unsigned int index)
{
    struct sim_result result = sim_call(machine, "guest_recorded", index);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return result.value;
}

static void open_with_handlers(void)
{
    machine_case_open();
    machine_case_load();
    for (unsigned int vector = 0; vector < 256; vector++) {
        bool has_code = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;

        set_gate(vector, address_of(has_code ? "guest_handler_error" : "guest_handler_plain"),
                 INTERRUPT_GATE | KERNEL_CODE);
    }
    load_idt(0xFFF);
}

/* Where handlers resume: after the load of load_rdx. */
static void resume_after_load(void)
{
    ck_assert_int_eq(sim_call(machine, "guest_resume_at", 0x7000 + LOAD_SIZE).stop,
                     SIM_STOP_RETURNED);
}

START_TEST(a_page_fault_pushes_six_words_on_the_aligned_current_stack)
{
    /* subq $5, %rsp; movq (%rdx), %rax; addq $5, %rsp */
    static const uint8_t code[] = {0x48, 0x83, 0xEC, 0x05, 0x48, 0x8B,
                                   0x02, 0x48, 0x83, 0xC4, 0x05};
    struct sim_registers registers = {.rdx = UNMAPPED, .rcx = 0x77};
    uint64_t stack = 0;

    EXECUTE(&registers, 0x54, 0x58); /* pushq %rsp; popq %rax */
    stack = registers.rax;
    sim_call(machine, "guest_resume_at", 0x7007);
    ck_assert_int_eq(execute(code, sizeof code, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rcx, 0x77);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 1);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0);
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x7004);
    ck_assert_uint_eq(recorded(FRAME_CS), 0x08);
    ck_assert_uint_eq(recorded(FRAME_RSP), stack - 5);
    ck_assert_uint_eq(recorded(FRAME_SS), 0x10);
    ck_assert_uint_eq(recorded(HANDLER_STACK), ((stack - 5) & ~UINT64_C(15)) - 48);
    ck_assert_uint_eq(recorded(HANDLER_CS), 0x08);
    ck_assert_uint_eq(recorded(HANDLER_SS), 0x10);
}
END_TEST

START_TEST(an_interrupt_gate_clears_if_and_a_trap_gate_does_not)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    set_gate(14, address_of("guest_handler_error"),
             (_i == 0 ? INTERRUPT_GATE : TRAP_GATE) | KERNEL_CODE);
    EXECUTE(&registers, 0xFB); /* sti */
    resume_after_load();
    ck_assert_int_eq(execute(load_rdx, sizeof load_rdx, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0x55);
    /* IF and bit 1 as before, and RF, which faults set: [SDM 3B] 17.3.1.1 */
    ck_assert_uint_eq(recorded(FRAME_RFLAGS) & 0x10302, 0x10202);
    ck_assert_uint_eq(recorded(HANDLER_RFLAGS) & 0x10302, _i == 0 ? 0x002 : 0x202);
    ck_assert_uint_eq(registers.rflags & 0x302, 0x202);
}
END_TEST

START_TEST(nt_is_pushed_and_cleared)
{
    /* pushq $0x4002; popfq; int3 */
    static const uint8_t code[] = {0x68, 0x02, 0x40, 0x00, 0x00, 0x9D, 0xCC};
    struct sim_result result;

    sim_call(machine, "guest_resume_at", RETURN_TO_LOW_HLT);
    result = execute(code, sizeof code, NULL);
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(recorded(FRAME_RFLAGS) & 0x14000, 0x4000); /* a trap: no RF */
    ck_assert_uint_eq(recorded(HANDLER_RFLAGS) & 0x14000, 0);
}
END_TEST

START_TEST(a_single_step_is_a_trap_and_its_handler_does_not_step)
{
    /* pushq $0x102; popfq; nop; pushq $2; popfq */
    static const uint8_t code[] = {0x68, 0x02, 0x01, 0x00, 0x00, 0x9D, 0x90, 0x6A, 0x02, 0x9D};

    ck_assert_int_eq(execute(code, sizeof code, NULL).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x700A);
    ck_assert_uint_eq(recorded(FRAME_RFLAGS) & 0x10100, 0);
    ck_assert_uint_eq(recorded(HANDLER_RFLAGS) & 0x100, 0);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 3); /* after nop, pushq, popfq */
}
END_TEST

START_TEST(int3_resumes_after_itself)
{
    struct sim_registers registers = {0};

    /* int3; movl $7, %eax */
    ck_assert_int_eq(EXECUTE(&registers, 0xCC, 0xB8, 7, 0, 0, 0).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 7);
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x7001);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), UINT64_MAX);
}
END_TEST

START_TEST(an_ist_entry_replaces_the_stack)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    poke(IST_SLOT(1), STACK_A);
    poke(IST_SLOT(7), STACK_B);
    load_tss(103);
    resume_after_load();
    set_gate(14, address_of("guest_handler_error"), INTERRUPT_GATE | KERNEL_CODE | IST(1));
    ck_assert_int_eq(execute(load_rdx, sizeof load_rdx, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(HANDLER_STACK), STACK_A - 48);
    ck_assert_uint_eq(recorded(HANDLER_SS), 0x10);
    set_gate(14, address_of("guest_handler_error"), INTERRUPT_GATE | KERNEL_CODE | IST(7));
    ck_assert_int_eq(execute(load_rdx, sizeof load_rdx, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(HANDLER_STACK), STACK_B - 8 - 48);
    ck_assert_uint_eq(recorded(FRAME_RSP), 0x80000);
}
END_TEST

START_TEST(ring_3_faults_are_handled_on_rsp0_and_resumed)
{
    struct sim_result result;

    allow_user(STACK_A);
    sim_call(machine, "guest_resume_at", address_of("guest_user_resume"));
    result = sim_call(machine, "guest_enter_user", address_of("guest_user_code"), STACK_B);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 0x1234 + 5);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 5);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0x6); /* write, user, not present */
    ck_assert_uint_eq(recorded(FRAME_CS), 0x23);
    ck_assert_uint_eq(recorded(FRAME_SS), 0x1B);
    ck_assert_uint_eq(recorded(FRAME_RSP), STACK_B);
    ck_assert_uint_eq(recorded(HANDLER_STACK), STACK_A - 48);
    ck_assert_uint_eq(recorded(HANDLER_CS), 0x08);
    ck_assert_uint_eq(recorded(HANDLER_SS), 0); /* null, RPL 0: [SDM 3A] 6.14.4 */
}
END_TEST

START_TEST(int_n_from_ring_3_needs_a_gate_with_dpl_3)
{
    struct sim_result result;

    allow_user(STACK_A);
    set_gate(0x80, address_of("guest_handler_leave"), INTERRUPT_GATE | KERNEL_CODE);
    sim_call(machine, "guest_resume_at", address_of("guest_user_resume"));
    sim_machine_set_budget(machine, 10000);
    result = sim_call(machine, "guest_enter_user", address_of("guest_user_code"), STACK_B);
    ck_assert_int_eq(result.stop,
                     SIM_STOP_BUDGET); /* #GP resumes before the INT, again and again */
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0x80 * 8 + 2);
}
END_TEST

START_TEST(an_unhandled_fault_in_ring_3_leaves_the_machine_usable)
{
    struct sim_registers registers = {0};
    struct sim_result result;

    allow_user(STACK_A);
    load_idt(0);
    for (int i = 0; i < 3; i++) {
        result =
            sim_call(machine, "guest_enter_user", address_of("guest_user_privileged"), STACK_B);
        ck_assert_str_eq(result.fault.symbol, "guest_user_privileged");
        check_fault(&result, 13, 0);
        ck_assert_int_eq(EXECUTE(&registers, 0x8C, 0xC8).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, 0x08);
        ck_assert_int_eq(EXECUTE(&registers, 0x8C, 0xD0).stop, SIM_STOP_RETURNED);
        ck_assert_uint_eq(registers.rax, 0x10);
    }
}
END_TEST

START_TEST(after_ring_3_the_next_call_starts_in_the_kernels_own_segments)
{
    struct sim_registers registers = {.rax = 0x30};

    allow_user(STACK_A);
    poke(0x5030, 0x00AF9B000000FFFF); /* TR keeps what it loaded from there */
    /* pushq %rax; leaq 3(%rip), %rax; pushq %rax; lretq */
    EXECUTE(&registers, 0x50, 0x48, 0x8D, 0x05, 3, 0, 0, 0, 0x50, 0x48, 0xCB);
    load_idt(0);
    sim_call(machine, "guest_enter_user", address_of("guest_user_privileged"), STACK_B);
    ck_assert_int_eq(EXECUTE(&registers, 0x8C, 0xC8).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0x30);
}
END_TEST

START_TEST(a_page_fault_while_a_page_fault_is_delivered_is_a_double_fault)
{
    struct sim_registers registers = {.rdx = UNMAPPED + 0x123};

    poke(IST_SLOT(1), UNMAPPED + 0x1000);
    poke(IST_SLOT(2), STACK_A);
    load_tss(103);
    set_gate(14, address_of("guest_handler_error"), INTERRUPT_GATE | KERNEL_CODE | IST(1));
    set_gate(8, address_of("guest_handler_error"), INTERRUPT_GATE | KERNEL_CODE | IST(2));
    resume_after_load();
    ck_assert_int_eq(execute(load_rdx, sizeof load_rdx, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 1);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0); /* #DF: always 0 */
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x7000);
    ck_assert_uint_eq(recorded(HANDLER_STACK), STACK_A - 48);
    EXECUTE(&registers, 0x0F, 0x20, 0xD0);
    ck_assert_uint_eq(registers.rax, UNMAPPED + 0x1000 - 48); /* CR2: the push */
}
END_TEST

START_TEST(a_benign_exception_without_a_gate_becomes_segment_not_present)
{
    struct sim_registers registers = {0};

    set_gate(6, 0, (UINT64_C(0x0E00) << 32) | KERNEL_CODE); /* not present */
    sim_call(machine, "guest_resume_at", 0x7002);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x0B).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 1);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 6 * 8 + 3); /* IDT, EXT */
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x7000);
}
END_TEST

START_TEST(int_n_without_a_gate_has_an_error_code_without_ext)
{
    struct sim_registers registers = {0};

    load_idt(0x7FF); /* vectors 0 to 127 */
    sim_call(machine, "guest_resume_at", 0x7002);
    ck_assert_int_eq(EXECUTE(&registers, 0xCD, 0x80).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0x80 * 8 + 2);
    ck_assert_uint_eq(recorded(FRAME_RIP), 0x7000); /* a fault: [SDM 3A] 6.5 */
}
END_TEST

START_TEST(the_boundary_of_the_idt_limit_is_the_gates_last_byte)
{
    static const uint8_t store[] = {0x48, 0x89, 0x02};
    struct sim_registers registers = {.rdx = UNMAPPED};

    resume_after_load();
    load_idt(14 * 16 + 15);
    ck_assert_int_eq(execute(store, sizeof store, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 2);
    /* One byte less: #GP while a #PF is delivered, a double fault. */
    load_idt(14 * 16 + 14);
    ck_assert_int_eq(execute(store, sizeof store, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(recorded(FRAME_ERROR_CODE), 0);
    ck_assert_uint_eq(recorded(HANDLER_COUNT), 2);
}
END_TEST

/* What a failed delivery says; vectors 8 and 11 to 13 have no gate, so nothing else catches it. */
START_TEST(a_delivery_that_fails_says_why)
{
    static const struct {
        uint64_t handler, attributes;
        const char *reason;
    } cases[] = {
        {0x401000, 0, "IDT[14]: not present; then IDT[8]: not present"},
        {0x401000, (UINT64_C(0x0E00) << 32) | 0x80000, "IDT[14]: not present; then IDT[8]"},
        {0x401000, (UINT64_C(0x8C00) << 32) | 0x80000, "IDT[14]: type 0xc is neither"},
        {0x401000, (UINT64_C(0x9E00) << 32) | 0x80000, "IDT[14]: type 0x1e is neither"},
        {0x401000, INTERRUPT_GATE, "IDT[14]: the selector is null"},
        {0x401000, INTERRUPT_GATE | 0x30000, "IDT[14]: the selector is null"},
        {0x401000, INTERRUPT_GATE | 0x100000, "IDT[14]: selector 0x10 is a data segment"},
        {0x401000, INTERRUPT_GATE | 0x230000, "IDT[14]: selector 0x23 has DPL 3"},
        {0x401000, INTERRUPT_GATE | 0x380000, "IDT[14]: selector 0x38 is outside"},
        {0x401000, INTERRUPT_GATE | 0x0C0000, "IDT[14]: selector 0xc is outside"},
        {0x401000, INTERRUPT_GATE | 0x280000, "IDT[14]: selector 0x28 is a system segment"},
        {0x401000, INTERRUPT_GATE | KERNEL_CODE | IST(3), "TSS.IST3: 0x800000000000 is not canon"},
        {0x401000, INTERRUPT_GATE | KERNEL_CODE | IST(4),
         "push to the stack of TSS.IST4 at 0x8000000fd0: page"},
        {0x401000, INTERRUPT_GATE | KERNEL_CODE | IST(5),
         "push to the stack of TSS.IST5 at 0x7fffffffd0 is n"},
        {0x401000, INTERRUPT_GATE | KERNEL_CODE | IST(7), "TSS.IST7: outside the TSS (TR 0x28"},
        {UINT64_C(1) << 47, INTERRUPT_GATE | KERNEL_CODE, "IDT[14]: the handler's address 0x8000"},
    };
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    poke(IST_SLOT(3), UINT64_C(1) << 47);
    poke(IST_SLOT(4), UNMAPPED + 0x1000);
    poke(IST_SLOT(5), UNMAPPED); /* below it is identity mapping without RAM */
    load_tss(28 + 8 * 7 + 6);
    for (unsigned int vector = 0; vector < 32; vector++) {
        set_gate(vector, 0, 0);
    }
    set_gate(14, cases[_i].handler, cases[_i].attributes);
    result = execute(load_rdx, sizeof load_rdx, &registers);
    check_fault(&result, 14, 0);
    ck_assert_uint_eq(result.fault.cr2, UNMAPPED);
    ck_assert_uint_eq(result.fault.rip, 0x7000);
    ck_assert_msg(strncmp(result.fault.reason, cases[_i].reason, strlen(cases[_i].reason)) == 0,
                  "%s", result.fault.reason);
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
}
END_TEST

START_TEST(a_descriptor_that_is_not_64_bit_code_is_refused_and_left_alone)
{
    static const struct {
        uint64_t descriptor;
        const char *reason;
    } cases[] = {
        {0x00CF9A000000FFFF, "IDT[14]: selector 0x28 is not a 64-bit code segment"}, /* L 0, D 1 */
        {0x00EF9A000000FFFF, "IDT[14]: selector 0x28 is not a 64-bit code segment"}, /* L 1, D 1 */
        {0x00AF1A000000FFFF, "IDT[14]: selector 0x28 is not present"},
        {0x00AF92000000FFFF, "IDT[14]: selector 0x28 is a data segment"},
    };
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    load_tss(103); /* for its longer GDT at 0x5000 */
    poke(0x5028, cases[_i].descriptor);
    set_gate(14, 0x401000, INTERRUPT_GATE | 0x280000);
    set_gate(8, 0, 0);
    result = execute(load_rdx, sizeof load_rdx, &registers);
    check_fault(&result, 14, 0);
    ck_assert_msg(strncmp(result.fault.reason, cases[_i].reason, strlen(cases[_i].reason)) == 0,
                  "%s", result.fault.reason);
    ck_assert_uint_eq(peek(0x5028), cases[_i].descriptor); /* not accessed */
}
END_TEST

START_TEST(without_a_tss_an_ist_cannot_be_used)
{
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    set_gate(14, 0x401000, INTERRUPT_GATE | KERNEL_CODE | IST(1));
    set_gate(8, 0, 0);
    result = execute(load_rdx, sizeof load_rdx, &registers);
    check_fault(&result, 14, 0);
    ck_assert_int_eq(strncmp(result.fault.reason, "TSS.IST1: no TSS is loaded", 26), 0);
}
END_TEST

START_TEST(an_idt_outside_ram_is_named)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};
    struct sim_result result;

    poke(registers.rdi, 0xFFF | UINT64_C(0x4000000000) << 16);
    poke(registers.rdi + 8, 0);
    EXECUTE(&registers, 0x0F, 0x01, 0x1F);
    result = EXECUTE(NULL, 0x0F, 0x0B);
    check_fault(&result, 6, -1);
    ck_assert_str_eq(result.fault.reason, "IDT[6] at 0x4000000060 is not backed by RAM");
}
END_TEST

START_TEST(delivery_sets_accessed_and_dirty_bits_and_the_descriptors_accessed_bit)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    poke(0x5008, 0x00AF9A000000FFFF); /* kernel code, not accessed */
    poke(IST_SLOT(1), UNMAPPED + 0x1000);
    load_tss(103);
    map_unmapped(0x300003);
    set_gate(14, address_of("guest_handler_error"), INTERRUPT_GATE | KERNEL_CODE | IST(1));
    sim_call(machine, "guest_resume_at", 0x7000 + LOAD_SIZE);
    registers.rdx = UNMAPPED + 0x2000;
    ck_assert_int_eq(execute(load_rdx, sizeof load_rdx, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(peek(0x202000), 0x300063);
    ck_assert_uint_eq(peek(0x201000), 0x202027);
    ck_assert_uint_eq(peek(0x5008), 0x00AF9B000000FFFF);
}
END_TEST

/* As an emulator of devices does: the handler executes the instruction, again and again. */
START_TEST(a_handler_that_returns_behind_the_instruction_helps)
{
    static const uint8_t loop[] = {
        0x48, 0x8B, 0x02, /* 1: mov (%rdx), %rax */
        0x48, 0xFF, 0xC9, /* dec %rcx */
        0x75, 0xF8,       /* jnz 1b */
    };
    struct sim_registers registers = {.rcx = 20000, .rdx = UNMAPPED};

    sim_call(machine, "guest_resume_at", 0x7000 + LOAD_SIZE);
    ck_assert_int_eq(execute(loop, sizeof loop, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rcx, 0);
}
END_TEST

START_TEST(a_handler_that_faults_for_ever_is_stopped)
{
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    result = execute(load_rdx, sizeof load_rdx, &registers); /* resumes at the load */
    ck_assert_int_eq(result.stop, SIM_STOP_BUDGET);
    ck_assert_str_eq(result.fault.reason,
                     "the same #PF more than 10000 times in a row: its handler does not help");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("deliver");
    TCase *frame = tcase_create("frame");
    TCase *ring = tcase_create("rings");
    TCase *trouble = tcase_create("trouble");

    tcase_add_checked_fixture(frame, open_with_handlers, machine_case_close);
    tcase_add_test(frame, a_page_fault_pushes_six_words_on_the_aligned_current_stack);
    tcase_add_loop_test(frame, an_interrupt_gate_clears_if_and_a_trap_gate_does_not, 0, 2);
    tcase_add_test(frame, nt_is_pushed_and_cleared);
    tcase_add_test(frame, a_single_step_is_a_trap_and_its_handler_does_not_step);
    tcase_add_test(frame, int3_resumes_after_itself);
    tcase_add_test(frame, an_ist_entry_replaces_the_stack);
    tcase_add_test(frame, delivery_sets_accessed_and_dirty_bits_and_the_descriptors_accessed_bit);
    suite_add_tcase(suite, frame);

    tcase_add_checked_fixture(ring, open_with_handlers, machine_case_close);
    tcase_add_test(ring, ring_3_faults_are_handled_on_rsp0_and_resumed);
    tcase_add_test(ring, int_n_from_ring_3_needs_a_gate_with_dpl_3);
    tcase_add_test(ring, an_unhandled_fault_in_ring_3_leaves_the_machine_usable);
    tcase_add_test(ring, after_ring_3_the_next_call_starts_in_the_kernels_own_segments);
    suite_add_tcase(suite, ring);

    tcase_add_checked_fixture(trouble, open_with_handlers, machine_case_close);
    tcase_add_test(trouble, a_page_fault_while_a_page_fault_is_delivered_is_a_double_fault);
    tcase_add_test(trouble, a_benign_exception_without_a_gate_becomes_segment_not_present);
    tcase_add_test(trouble, int_n_without_a_gate_has_an_error_code_without_ext);
    tcase_add_test(trouble, the_boundary_of_the_idt_limit_is_the_gates_last_byte);
    tcase_add_loop_test(trouble, a_delivery_that_fails_says_why, 0, 16);
    tcase_add_loop_test(trouble, a_descriptor_that_is_not_64_bit_code_is_refused_and_left_alone, 0,
                        4);
    tcase_add_test(trouble, without_a_tss_an_ist_cannot_be_used);
    tcase_add_test(trouble, an_idt_outside_ram_is_named);
    tcase_add_test(trouble, a_handler_that_returns_behind_the_instruction_helps);
    tcase_add_test(trouble, a_handler_that_faults_for_ever_is_stopped);
    tcase_set_timeout(trouble, 30);
    suite_add_tcase(suite, trouble);
    return suite;
}
