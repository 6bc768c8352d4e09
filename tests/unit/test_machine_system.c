/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System instructions in the machine: a refused one arrives at the guest's own handler as the
 * manual says, with RIP at the instruction and nothing changed. Expectations: [SDM 2] each
 * instruction's "Exceptions"; [SDM 3A] 2.5.
 */
#include <string.h>

#include "tests/unit/event_case.h"

#define GP 13
#define NP 11
#define UD 6

/* Read by instructions, except what only stores to memory. */
struct state {
    uint64_t cr0, cr2, cr3, cr4, cr8, efer, star, lstar, pat, gs_base, dr0, dr6, dr7;
    uint64_t tables[6]; /* GDTR and IDTR, 16 bytes each; TR, LDTR */
};

static uint64_t run(const uint8_t *code, size_t size, uint64_t rcx)
{
    struct sim_registers registers = {.rcx = rcx, .rdi = sim_machine_scratch(machine) + 128};

    ck_assert_int_eq(execute(code, size, &registers).stop, SIM_STOP_RETURNED);
    return registers.rax;
}

#define RUN(rcx, ...) \
    run((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (rcx))

/* rdmsr; shlq $32, %rdx; orq %rdx, %rax */
#define RDMSR(index) RUN((index), 0x0F, 0x32, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0)

static struct state read_state(void)
{
    struct state state = {
        .cr0 = RUN(0, 0x0F, 0x20, 0xC0),
        .cr2 = RUN(0, 0x0F, 0x20, 0xD0),
        .cr3 = RUN(0, 0x0F, 0x20, 0xD8),
        .cr4 = RUN(0, 0x0F, 0x20, 0xE0),
        .cr8 = RUN(0, 0x44, 0x0F, 0x20, 0xC0),
        .efer = RDMSR(0xC0000080),
        .star = RDMSR(0xC0000081),
        .lstar = RDMSR(0xC0000082),
        .pat = RDMSR(0x277),
        .gs_base = RDMSR(0xC0000101),
        .dr0 = RUN(0, 0x0F, 0x21, 0xC0),
        .dr6 = RUN(0, 0x0F, 0x21, 0xF0),
        .dr7 = RUN(0, 0x0F, 0x21, 0xF8),
    };
    uint64_t to = sim_machine_scratch(machine) + 128;

    memset(sim_machine_ram(machine, to, 48), 0, 48);
    /* sgdt (%rdi); sidt 16(%rdi); str 32(%rdi); sldt 40(%rdi) */
    RUN(0, 0x0F, 0x01, 0x07, 0x0F, 0x01, 0x4F, 0x10, 0x0F, 0x00, 0x4F, 0x20, 0x0F, 0x00, 0x47,
        0x28);
    memcpy(state.tables, sim_machine_ram(machine, to, 48), 48);
    return state;
}

/* RDX:RAX is `value`, RSI points to an operand of two words: `value` and `second`. */
static const struct refusal {
    uint8_t code[6], size;
    uint64_t value, second;
    uint32_t rcx;
    unsigned int vector;
    int error_code;
} refusals[] = {
    /* MOV CR0: PG without PE, no paging in 64-bit mode, NW without CD, bits 63:32 */
    {{0x0F, 0x22, 0xC0}, 3, 0x80010032, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xC0}, 3, 0x00010033, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xC0}, 3, 0xA0010033, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xC0}, 3, 0x180010033, 0, 0, GP, 0},
    /* MOV CR3: bit 40 with MAXPHYADDR 40, bit 63 without CR4.PCIDE */
    {{0x0F, 0x22, 0xD8}, 3, 0x10000001000, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xD8}, 3, 0x8000000000001000, 0, 0, GP, 0},
    /* MOV CR4: PAE cleared, a reserved bit, LA57 in IA-32e mode, bit 32 */
    {{0x0F, 0x22, 0xE0}, 3, 0x600, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xE0}, 3, 0x8620, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xE0}, 3, 0x1620, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xE0}, 3, 0x100000620, 0, 0, GP, 0},
    /* MOV CR8 above 15; CR1, CR5 and CR9 do not exist */
    {{0x44, 0x0F, 0x22, 0xC0}, 4, 0x10, 0, 0, GP, 0},
    {{0x0F, 0x22, 0xC8}, 3, 0, 0, 0, UD, -1},
    {{0x0F, 0x22, 0xE8}, 3, 0, 0, 0, UD, -1},
    {{0x44, 0x0F, 0x22, 0xC8}, 4, 0, 0, 0, UD, -1},
    /* WRMSR: EFER.LME cleared with paging on, reserved bits, addresses, PAT types, no such MSR */
    {{0x0F, 0x30}, 2, 0xC01, 0, 0xC0000080, GP, 0},
    {{0x0F, 0x30}, 2, 0xD03, 0, 0xC0000080, GP, 0},
    {{0x0F, 0x30}, 2, 0x0100000000000000, 0, 0xC0000101, GP, 0},
    {{0x0F, 0x30}, 2, 0x0100000000000000, 0, 0xC0000082, GP, 0},
    {{0x0F, 0x30}, 2, 0x0007040600070402, 0, 0x277, GP, 0},
    {{0x0F, 0x30}, 2, 0, 0, 0x12345, GP, 0},
    {{0x0F, 0x32}, 2, 0, 0, 0x12345, GP, 0},
    /* LGDT, LIDT: limit 0x37, base not canonical */
    {{0x0F, 0x01, 0x16}, 3, 0x37, 0x0100, 0, GP, 0},
    {{0x0F, 0x01, 0x1E}, 3, 0xFFF, 0x0100, 0, GP, 0},
    /* LTR: null, a code segment, the busy TSS, beyond the GDT, in the LDT */
    {{0x0F, 0x00, 0xD8}, 3, 0, 0, 0, GP, 0},
    {{0x0F, 0x00, 0xD8}, 3, 0x08, 0, 0, GP, 0x08},
    {{0x0F, 0x00, 0xD8}, 3, 0x28, 0, 0, GP, 0x28},
    {{0x0F, 0x00, 0xD8}, 3, 0x38, 0, 0, GP, 0x38},
    {{0x0F, 0x00, 0xD8}, 3, 0x2C, 0, 0, GP, 0x2C},
    /* LLDT: a data segment, beyond the GDT */
    {{0x0F, 0x00, 0xD0}, 3, 0x10, 0, 0, GP, 0x10},
    {{0x0F, 0x00, 0xD0}, 3, 0x38, 0, 0, GP, 0x38},
    /* MOV DR6, DR7: bits 63:32 */
    {{0x0F, 0x23, 0xF0}, 3, 0x1FFFF0FF0, 0, 0, GP, 0},
    {{0x0F, 0x23, 0xF8}, 3, 0x100000400, 0, 0, GP, 0},
    /* XSETBV and WRPKRU without CR4.OSXSAVE and CR4.PKE */
    {{0x0F, 0x01, 0xD1}, 3, 3, 0, 0, UD, -1},
    {{0x0F, 0x01, 0xEF}, 3, 0, 0, 0, UD, -1},
    /* INVPCID (%rsi), %rcx: type 4; a PCID although CR4.PCIDE = 0; reserved bits */
    {{0x66, 0x0F, 0x38, 0x82, 0x0E}, 5, 0, 0, 4, GP, 0},
    {{0x66, 0x0F, 0x38, 0x82, 0x0E}, 5, 1, 0, 1, GP, 0},
    {{0x66, 0x0F, 0x38, 0x82, 0x0E}, 5, 0x1000, 0, 1, GP, 0},
    /* RDPMC: no counters */
    {{0x0F, 0x33}, 2, 0, 0, 0, GP, 0},
};

START_TEST(a_refused_instruction_faults_and_changes_nothing)
{
    const struct refusal *refusal = &refusals[_i];
    struct state before = read_state();
    struct state after;
    struct sim_registers registers = {
        .rax = refusal->value,
        .rdx = refusal->value >> 32,
        .rcx = refusal->rcx,
        .rsi = sim_machine_scratch(machine),
        .rbx = 0x1234,
    };

    poke(registers.rsi, refusal->value);
    poke(registers.rsi + 8, refusal->second);
    on_event(refusal->vector, 0, refusal->size);
    ck_assert_int_eq(execute(refusal->code, refusal->size, &registers).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_at(0).rflags & 0x10000, 0x10000); /* a fault */
    check_only_event(refusal->vector, refusal->error_code, CODE);
    ck_assert_uint_eq(registers.rax, refusal->value);
    ck_assert_uint_eq(registers.rcx, refusal->rcx);
    ck_assert_uint_eq(registers.rdx, refusal->value >> 32);
    after = read_state();
    ck_assert_mem_eq(&before, &after, sizeof before);
}
END_TEST

START_TEST(a_tss_that_is_not_present_is_segment_not_present)
{
    struct sim_registers registers = {.rax = 0x28};

    poke(0x5028, 0x67 | TSS_BASE << 16 | UINT64_C(0x09) << 40);
    on_event(NP, 0, 3);
    EXECUTE(&registers, 0x0F, 0x00, 0xD8);
    check_only_event(NP, 0x28, CODE);
    ck_assert_uint_eq(peek(0x5028) >> 40 & 0xFF, 0x09); /* not made busy */
}
END_TEST

START_TEST(ltr_makes_its_tss_busy)
{
    ck_assert_uint_eq(peek(0x5028) >> 40 & 0xFF, 0x8B);
}
END_TEST

/* What CPL 3 may not do: [SDM 3A] 5.9. The size of each is what the handler skips. */
START_TEST(privileged_instructions_fault_in_ring_3)
{
    static const struct {
        uint8_t code[4], size;
    } cases[] = {
        {{0x0F, 0x01, 0x10}, 3},       /* lgdt (%rax) */
        {{0x0F, 0x01, 0x18}, 3},       /* lidt (%rax) */
        {{0x0F, 0x00, 0xD0}, 3},       /* lldt %ax */
        {{0x0F, 0x00, 0xD8}, 3},       /* ltr %ax */
        {{0x0F, 0x01, 0xF0}, 3},       /* lmsw %ax */
        {{0x0F, 0x06}, 2},             /* clts */
        {{0x0F, 0x22, 0xD8}, 3},       /* movq %rax, %cr3 */
        {{0x0F, 0x20, 0xC0}, 3},       /* movq %cr0, %rax */
        {{0x0F, 0x23, 0xF8}, 3},       /* movq %rax, %db7 */
        {{0x0F, 0x21, 0xF8}, 3},       /* movq %db7, %rax */
        {{0x0F, 0x01, 0x38}, 3},       /* invlpg (%rax) */
        {{0x0F, 0x30}, 2},             /* wrmsr */
        {{0x0F, 0x32}, 2},             /* rdmsr */
        {{0x0F, 0x08}, 2},             /* invd */
        {{0x0F, 0x09}, 2},             /* wbinvd */
        {{0xF4}, 1},                   /* hlt */
        {{0xFA}, 1},                   /* cli */
        {{0xFB}, 1},                   /* sti */
        {{0x44, 0x0F, 0x20, 0xC0}, 4}, /* movq %cr8, %rax */
    };
    struct sim_result result;

    allow_user(0x380000);
    on_event(GP, 0, cases[_i].size);
    result = execute_user(cases[_i].code, cases[_i].size, 0);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_at(0).cs, 0x23);
    check_only_event(GP, 0, USER_CODE);
}
END_TEST

/* [SDM 1] 19.5: IOPL 0, and the bitmap begins beyond the limit of the TSS. */
START_TEST(ring_3_needs_iopl_3_or_the_bitmap_for_a_port)
{
    allow_user(0x380000);
    poke(TSS_BASE + 96, UINT64_C(104) << 48);
    on_event(GP, 0, 2);
    EXECUTE_USER(0, 0xE6, 0x80);
    check_only_event(GP, 0, USER_CODE);
    EXECUTE_USER(0x3000, 0xE6, 0x80); /* IOPL 3 */
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(cr4_tsd_keeps_the_time_from_ring_3)
{
    allow_user(0x380000);
    on_event(GP, 0, 2);
    EXECUTE_USER(0, 0x0F, 0x31);
    ck_assert_uint_eq(event_count(), 0);
    RUN(0, 0xB8, 0x24, 0x06, 0x00, 0x00, 0x0F, 0x22, 0xE0); /* CR4 = 0x624 */
    EXECUTE_USER(0, 0x0F, 0x31);
    check_only_event(GP, 0, USER_CODE);
    RUN(0, 0x0F, 0x31);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

/* [SDM 3B] 17.2.2: DR4 and DR5 are DR6 and DR7 unless CR4.DE = 1. */
START_TEST(dr4_is_an_alias_only_without_cr4_de)
{
    ck_assert_uint_eq(RUN(0, 0x0F, 0x21, 0xE0), 0xFFFF0FF0);
    ck_assert_uint_eq(RUN(0, 0x0F, 0x21, 0xE8), 0x400);
    RUN(0, 0xB8, 0x28, 0x06, 0x00, 0x00, 0x0F, 0x22, 0xE0);
    on_event(UD, 0, 3);
    RUN(0, 0x0F, 0x21, 0xE0);
    check_only_event(UD, -1, CODE);
}
END_TEST

/* [SDM 3B] 17.2.4, 17.3.1.3: GD is cleared for the handler, BD says why. */
START_TEST(dr7_gd_guards_the_debug_registers)
{
    RUN(0, 0xB8, 0x00, 0x24, 0x00, 0x00, 0x0F, 0x23, 0xF8); /* DR7 = 0x2400 */
    on_event(1, 0, 3);
    RUN(0, 0x0F, 0x21, 0xC0);
    check_only_event(1, -1, CODE);
    ck_assert_uint_eq(RUN(0, 0x0F, 0x21, 0xF0), 0xFFFF2FF0);
    ck_assert_uint_eq(RUN(0, 0x0F, 0x21, 0xF8), 0x400);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(xcr0_needs_x87_and_knows_its_components)
{
    static const uint32_t refused[] = {0x2, 0x0, 0x7, 0x80000003};

    RUN(0, 0xB8, 0x20, 0x06, 0x04, 0x00, 0x0F, 0x22, 0xE0); /* CR4.OSXSAVE */
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct sim_registers registers = {.rax = refused[i]};

        on_event(GP, 0, 3);
        EXECUTE(&registers, 0x0F, 0x01, 0xD1);
        check_only_event(GP, 0, CODE);
    }
    /* movl $3, %eax; xsetbv; xorl %eax, %eax; xgetbv */
    ck_assert_uint_eq(
        RUN(0, 0xB8, 0x03, 0x00, 0x00, 0x00, 0x0F, 0x01, 0xD1, 0x31, 0xC0, 0x0F, 0x01, 0xD0), 3);
    on_event(GP, 0, 3);
    RUN(1, 0xB8, 0x03, 0x00, 0x00, 0x00, 0x0F, 0x01, 0xD1); /* XCR1 */
    check_only_event(GP, 0, CODE + 5);
}
END_TEST

/* [SDM 1] 13.3: XCR0 has x87 only; [SDM 3A] table 9-1: the x87 control word, MXCSR. */
START_TEST(floating_point_is_as_after_reset)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};

    /* movq %cr4, %rax; btsl $18, %eax; movq %rax, %cr4; xgetbv; fnstcw (%rdi); stmxcsr 8(%rdi) */
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x20, 0xE0, 0x0F, 0xBA, 0xE8, 0x12, 0x0F, 0x22, 0xE0,
                             0x0F, 0x01, 0xD0, 0xD9, 0x3F, 0x0F, 0xAE, 0x5F, 0x08)
                         .stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 1);
    ck_assert_uint_eq(registers.rdx, 0);
    ck_assert_uint_eq(peek(registers.rdi) & 0xFFFF, 0x40);
    ck_assert_uint_eq(peek(registers.rdi + 8) & 0xFFFFFFFF, 0x1F80);
}
END_TEST

START_TEST(cr8_reads_back_and_is_the_tpr)
{
    ck_assert_uint_eq(RUN(0, 0xB8, 0x0B, 0x00, 0x00, 0x00, 0x44, 0x0F, 0x22, 0xC0, 0x31, 0xC0, 0x44,
                          0x0F, 0x20, 0xC0),
                      0xB);
    /* movl $0xFEE00080, %eax; movl (%rax), %eax */
    ck_assert_uint_eq(RUN(0, 0xB8, 0x80, 0x00, 0xE0, 0xFE, 0x8B, 0x00), 0xB0);
}
END_TEST

static struct sim_machine *open_seeded(uint64_t seed)
{
    const struct sim_machine_options options = {.ram_bytes = 0x200000, .seed = seed};
    struct sim_error error = {""};
    struct sim_machine *one = sim_machine_create_with(&options, &error);

    ck_assert_msg(one != NULL, "%s", error.text);
    return one;
}

START_TEST(rdrand_and_rdseed_repeat_with_the_seed)
{
    /* rdrand %rax; setc %dl; rdrand %rbx; rdseed %rcx; rdtsc in EDX:EAX would spoil it */
    static const uint8_t code[] = {0x48, 0x0F, 0xC7, 0xF0, 0x0F, 0x92, 0xC2, 0x48,
                                   0x0F, 0xC7, 0xF3, 0x48, 0x0F, 0xC7, 0xF9};
    static const uint64_t seeds[3] = {7, 7, 8};
    struct sim_registers registers[3] = {{0}, {0}, {0}};

    for (int i = 0; i < 3; i++) {
        struct sim_machine *one = open_seeded(seeds[i]);

        ck_assert_int_eq(sim_machine_execute(one, code, sizeof code, &registers[i]).stop,
                         SIM_STOP_RETURNED);
        sim_machine_destroy(one);
    }
    ck_assert_mem_eq(&registers[0], &registers[1], sizeof registers[0]);
    ck_assert_uint_eq(registers[0].rdx, 1); /* CF: there is a number */
    ck_assert_uint_ne(registers[0].rax, registers[2].rax);
    ck_assert_uint_ne(registers[0].rax, registers[0].rbx);
    ck_assert_uint_ne(registers[0].rbx, registers[0].rcx);
}
END_TEST

/* A system instruction that was once at an address leaves nothing that could be measured there. */
START_TEST(time_does_not_depend_on_code_of_the_past)
{
    /* rdtsc; movl %eax, %ebx; movl $1000, %ecx; 1: nop; decl %ecx; jnz 1b; rdtsc; subl %ebx, %eax */
    static const uint8_t loop[] = {0x0F, 0x31, 0x89, 0xC3, 0xB9, 0xE8, 0x03, 0x00, 0x00,
                                   0x90, 0xFF, 0xC9, 0x75, 0xFB, 0x0F, 0x31, 0x29, 0xD8};
    uint64_t fresh = run(loop, sizeof loop, 0);

    /* nop nine times; movq %cr8, %rax where the loop begins */
    RUN(0, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x44, 0x0F, 0x20, 0xC0);
    ck_assert_uint_eq(run(loop, sizeof loop, 0), fresh);
    ck_assert_uint_ge(fresh, 3000);
    ck_assert_uint_lt(fresh, 3020);
}
END_TEST

/* [SDM 2] CPUID leaves 0, 1, 80000008H; [SDM 3A] 13.2 for OSXSAVE. */
START_TEST(cpuid_answers_for_this_machine)
{
    struct sim_registers registers = {.rax = 0};

    EXECUTE(&registers, 0x0F, 0xA2);
    ck_assert_uint_ge(registers.rax, 7);
    registers.rax = 1;
    EXECUTE(&registers, 0x0F, 0xA2);
    ck_assert_uint_eq(registers.rdx & 0x2301, 0x2101 | (registers.rdx & 0x200)); /* FPU, CX8, PGE */
    ck_assert_uint_eq(registers.rdx >> 9 & 1, 1);                                /* APIC */
    ck_assert_uint_eq(registers.rcx >> 27 & 1, 0);                               /* OSXSAVE */
    RUN(0, 0xB8, 0x20, 0x06, 0x04, 0x00, 0x0F, 0x22, 0xE0);
    registers.rax = 1;
    EXECUTE(&registers, 0x0F, 0xA2);
    ck_assert_uint_eq(registers.rcx >> 27 & 1, 1);
    registers.rax = 0x80000008;
    EXECUTE(&registers, 0x0F, 0xA2);
    ck_assert_uint_eq(registers.rax & 0xFF, 40);
    ck_assert_uint_eq(registers.rax >> 32, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_system");
    TCase *refused = tcase_create("refused");
    TCase *registers = tcase_create("registers");

    tcase_add_checked_fixture(refused, event_case_open, event_case_close);
    tcase_add_loop_test(refused, a_refused_instruction_faults_and_changes_nothing, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(refused, a_tss_that_is_not_present_is_segment_not_present);
    tcase_add_test(refused, ltr_makes_its_tss_busy);
    tcase_add_loop_test(refused, privileged_instructions_fault_in_ring_3, 0, 19);
    tcase_add_test(refused, ring_3_needs_iopl_3_or_the_bitmap_for_a_port);
    tcase_add_test(refused, cr4_tsd_keeps_the_time_from_ring_3);
    suite_add_tcase(suite, refused);

    tcase_add_checked_fixture(registers, event_case_open, event_case_close);
    tcase_add_test(registers, dr4_is_an_alias_only_without_cr4_de);
    tcase_add_test(registers, dr7_gd_guards_the_debug_registers);
    tcase_add_test(registers, xcr0_needs_x87_and_knows_its_components);
    tcase_add_test(registers, floating_point_is_as_after_reset);
    tcase_add_test(registers, cr8_reads_back_and_is_the_tpr);
    tcase_add_test(registers, rdrand_and_rdseed_repeat_with_the_seed);
    tcase_add_test(registers, time_does_not_depend_on_code_of_the_past);
    tcase_add_test(registers, cpuid_answers_for_this_machine);
    suite_add_tcase(suite, registers);
    return suite;
}
