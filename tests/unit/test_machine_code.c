/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the code that is executed: RIP is an offset into CS, and an instruction is longer than
 * the engine says if it does not know it.
 */
#include "sim/report/trace.h"
#include "tests/unit/machine_case.h"

#define CODE UINT64_C(0x7000) /* where EXECUTE puts code */
#define GDT  UINT64_C(0x5000)

/* The GDT with one more descriptor, 0x30: 32-bit code at 0x6000. [SDM 3A] figure 3-8 */
static void add_code_segment(void)
{
    struct sim_registers registers = {.rdx = sim_machine_scratch(machine)};

    EXECUTE(&registers, 0x0F, 0x01, 0x02); /* sgdt (%rdx) */
    poke(registers.rdx, (peek(registers.rdx) & ~UINT64_C(0xFFFF)) | 0x37);
    EXECUTE(&registers, 0x0F, 0x01, 0x12); /* lgdt (%rdx) */
    poke(GDT + 0x30, 0x00CF9B006000FFFF);
}

static const struct sim_trace_event *last_control_register(void)
{
    const struct sim_trace *trace = sim_machine_trace(machine);

    for (uint64_t i = trace->count; i > 0 && trace->count - i < SIM_TRACE_KEPT; i--) {
        const struct sim_trace_event *event = &trace->last[(i - 1) % SIM_TRACE_KEPT];

        if (event->kind == SIM_TRACE_CONTROL_REGISTER) {
            return event;
        }
    }
    ck_abort_msg("no control register was written");
    return NULL;
}

/* [SDM 3A] 3.4: linear address = base of the segment + offset. */
START_TEST(rip_is_an_offset_into_the_code_segment)
{
    static const uint8_t code[] = {
        0x6A, 0x30, 0x68, 0x0A, 0x10, 0x00, 0x00, 0x48, 0xCB, 0x90, /* to 0x30:0x100A */
        0x0F, 0x20, 0xC0, 0x0F, 0x22, 0xC0, /* movl %cr0, %eax; movl %eax, %cr0 */
        0x0F, 0x0B,                         /* ud2 */
    };
    struct sim_registers registers = {.rax = 0};
    struct sim_result result;

    add_code_segment();
    result = execute(code, sizeof code, &registers);
    check_fault(&result, 6, -1);
    ck_assert_uint_eq(result.fault.rip, CODE + 16);
    ck_assert_uint_eq(last_control_register()->rip, CODE + 13);
}
END_TEST

/* [SDM 2] INVPCID with SIB, and with a displacement; 2 is all contexts. */
START_TEST(an_instruction_the_engine_does_not_know_has_all_its_bytes)
{
    struct sim_registers registers = {.rax = 2};

    ck_assert_int_eq(
        EXECUTE(&registers, 0x6A, 0x00, 0x6A, 0x00, 0x66, 0x0F, 0x38, 0x82, 0x04, 0x24).stop,
        SIM_STOP_RETURNED);
    registers.rax = 2;
    ck_assert_int_eq(EXECUTE(&registers, 0x6A, 0x00, 0x6A, 0x00, 0x66, 0x0F, 0x38, 0x82, 0x84, 0x24,
                             0x00, 0x00, 0x00, 0x00)
                         .stop,
                     SIM_STOP_RETURNED);
}
END_TEST

/* The same with all its bytes but the first ones in the next page, wherever the page ends. */
START_TEST(an_instruction_the_engine_does_not_know_may_cross_pages)
{
    /* pushq $0; pushq $0; invpcid 0(%rsp), %rax; addq $16, %rsp; ret */
    static const uint8_t code[] = {0x6A, 0x00, 0x6A, 0x00, 0x66, 0x0F, 0x38, 0x82, 0x84, 0x24,
                                   0x00, 0x00, 0x00, 0x00, 0x48, 0x83, 0xC4, 0x10, 0xC3};
    const uint64_t address = 0x151000 - 4 - (uint64_t)_i;
    struct sim_registers registers = {.rax = 2, .rcx = address};
    uint8_t *place = sim_machine_ram(machine, address, sizeof code);

    ck_assert_ptr_nonnull(place);
    for (size_t i = 0; i < sizeof code; i++) {
        place[i] = code[i];
    }
    ck_assert_int_eq(EXECUTE(&registers, 0xFF, 0xD1).stop, SIM_STOP_RETURNED); /* callq *%rcx */
    ck_assert_uint_eq(registers.rax, 2);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_code");
    TCase *machine_case = tcase_create("machine");

    tcase_add_checked_fixture(machine_case, machine_case_open, machine_case_close);
    tcase_add_test(machine_case, rip_is_an_offset_into_the_code_segment);
    tcase_add_test(machine_case, an_instruction_the_engine_does_not_know_has_all_its_bytes);
    tcase_add_loop_test(machine_case, an_instruction_the_engine_does_not_know_may_cross_pages, 1,
                        10);
    suite_add_tcase(suite, machine_case);
    return suite;
}
