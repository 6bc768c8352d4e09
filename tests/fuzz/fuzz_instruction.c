/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine does instead of the engine, as functions of a processor and
 * its memory: system instructions, delivery, returns, fast calls, the page
 * walker, the descriptor audit. Any bytes, in any state of the processor.
 */
#include "sim/cpu/deliver.h"
#include "sim/report/descriptor_audit.h"
#include "sim/cpu/fast_call.h"
#include "sim/cpu/instruction.h"
#include "sim/cpu/interrupt_return.h"
#include "sim/mmu/mmu_walk.h"
#include "tests/fuzz/processor.h"

enum {
    MAX_STEPS = 100,
    CODE_MAX = 48,
    TRANSFER_MAX = 4096
};

enum step {
    STEP_CHANGE,
    STEP_CHANGE_MORE,
    STEP_CHANGE_MOST,
    STEP_BLOCK,
    STEP_DELIVER,
    STEP_RETURN,
    STEP_FAST_CALL,
    STEP_AUDIT,
    STEP_WALK,
    STEP_TRANSFER,
    STEP_COUNT
};

static struct processor processor;

static void step_instruction(const uint8_t *bytes, size_t size)
{
    const struct sim_instruction_context context = {
        .cpu = &processor.cpu,
        .registers = &processor.registers,
        .system = &processor.system,
        .mmu = {&processor.cpu, &processor.memory},
        .own_mmu = (bytes[0] & 1) != 0,
    };
    struct sim_instruction_result result = sim_instruction_step(&context, bytes, size);

    fuzz_require(result.verdict != SIM_INSTRUCTION_EXCEPTION || result.reason[0] != '\0',
                 "a fault has a reason");
    fuzz_require(result.verdict != SIM_INSTRUCTION_EXCEPTION || result.exception.vector < 32,
                 "a fault is an exception");
}

/* Code that begins like an instruction the machine looks at, if the input says so. */
static size_t take_code(struct fuzz_input *input, uint8_t *bytes)
{
    static const struct {
        uint8_t size, bytes[4];
    } beginnings[] = {
        {0, {0}},
        {2, {0x0F, 0x22}},             /* MOV CR */
        {3, {0x44, 0x0F, 0x22}},       /* MOV CR8 */
        {2, {0x0F, 0x20}},             /* MOV from CR */
        {2, {0x0F, 0x21}},             /* MOV from DR */
        {2, {0x0F, 0x23}},             /* MOV DR */
        {2, {0x0F, 0x00}},             /* LLDT, LTR */
        {2, {0x0F, 0x01}},             /* LGDT, LMSW, INVLPG, XSETBV, WRPKRU, SWAPGS */
        {2, {0x0F, 0x06}},             /* CLTS */
        {2, {0x0F, 0x30}},             /* WRMSR */
        {2, {0x0F, 0x32}},             /* RDMSR */
        {2, {0x0F, 0x33}},             /* RDPMC */
        {2, {0x0F, 0xC7}},             /* RDRAND */
        {3, {0xF3, 0x0F, 0xAE}},       /* WRFSBASE */
        {4, {0x66, 0x0F, 0x38, 0x82}}, /* INVPCID */
        {1, {0x6C}},                   /* INS */
    };
    unsigned int choice = fuzz_choose(input, sizeof beginnings / sizeof *beginnings);
    size_t more = 1 + fuzz_choose(input, CODE_MAX - 4);

    memcpy(bytes, beginnings[choice].bytes, beginnings[choice].size);
    fuzz_take(input, bytes + beginnings[choice].size, more);
    return beginnings[choice].size + more;
}

/* A basic block, searched as the engine does. */
static void read_block(struct fuzz_input *input)
{
    uint8_t bytes[CODE_MAX];
    size_t size = take_code(input, bytes);
    struct sim_instruction_io io;
    enum sim_width code = processor.cpu.code;
    size_t at = 0;
    size_t length = 0;

    (void)sim_instruction_name(sim_instruction_kind(bytes, size, code));
    (void)sim_instruction_uses_stack_segment(bytes, size, code);
    (void)sim_instruction_flow(bytes, size, code);
    (void)sim_instruction_io(bytes, size, code, &io);
    (void)sim_instruction_modifies(bytes, size, code);
    (void)sim_instruction_reads_descriptor(bytes, size, code);
    length = sim_instruction_length(bytes, size, code);
    fuzz_require(length <= size && length <= SIM_INSTRUCTION_MAX, "an instruction ends in time");
    for (at = 0; sim_instruction_find(bytes, size, code, &at, &length); at += length) {
        fuzz_require(length > 0 && length <= size - at, "what is found is in the block");
        fuzz_require(sim_instruction_suspect(bytes + at, length), "what is found was suspect");
        step_instruction(bytes + at, length);
        if (processor.cpu.code != code) {
            break;
        }
    }
}

static void deliver(struct fuzz_input *input)
{
    static struct sim_delivery_reason reason;
    struct sim_exception exception = {.vector = fuzz_take8(input)};
    struct sim_cpu before = processor.cpu;

    exception.source = (enum sim_event_source)fuzz_choose(input, SIM_SOURCE_NMI + 1);
    exception.length = (uint8_t)fuzz_choose(input, 3);
    if (exception.source == SIM_SOURCE_EXCEPTION) {
        exception.has_error_code = sim_vector_has_error_code(exception.vector);
        exception.error_code = exception.has_error_code ? fuzz_take16(input) : 0;
    }
    reason = (struct sim_delivery_reason){.step_count = 0};
    if (!sim_deliver(&processor.memory, &processor.cpu, &processor.task, exception, &reason)) {
        fuzz_require(reason.step_count > 0 && reason.text[0] != '\0', "a failure has a reason");
        fuzz_require(processor.cpu.rip == before.rip && processor.cpu.rsp == before.rsp &&
                         processor.cpu.cs == before.cs && processor.cpu.ss == before.ss,
                     "a failed delivery leaves the processor alone");
    }
    fuzz_require(reason.step_count <= SIM_DELIVERY_STEPS, "there is room for all attempts");
}

static void check_return(struct fuzz_input *input)
{
    enum sim_width operand = (enum sim_width)fuzz_choose(input, 3);
    uint8_t choice = fuzz_take8(input);
    struct sim_return_check check =
        (choice & 1) != 0 ? sim_interrupt_return_check(&processor.cpu, &processor.memory, operand)
                          : sim_far_return_check(&processor.cpu, &processor.memory, operand,
                                                 (uint16_t)(choice << 7));

    fuzz_require(!check.faults || check.reason[0] != '\0', "a fault has a reason");
}

static void call_fast(struct fuzz_input *input)
{
    struct sim_fast_call call = {.next = processor.cpu.rip + 2};
    struct sim_fast_call_result result;

    call.kind = (enum sim_fast_call_kind)fuzz_choose(input, SIM_SYSEXIT + 1);
    call.operand = (enum sim_width)fuzz_choose(input, 3);
    call.msrs.star = fuzz_take64(input);
    call.msrs.lstar = processor_take_address(input);
    call.msrs.fmask = fuzz_take32(input);
    call.msrs.sysenter_cs = fuzz_take16(input);
    result = sim_fast_call(&call, &processor.cpu, &processor.registers);
    fuzz_require(!result.faults || result.reason[0] != '\0', "a fault has a reason");
}

static void audit(struct fuzz_input *input)
{
    const struct sim_mmu mmu = {&processor.cpu, &processor.memory};
    struct sim_findings findings = {NULL, 0, 0, 0};

    (void)sim_audit_descriptors(&mmu, fuzz_take8(input) & (SIM_AUDIT_ALL | SIM_AUDIT_ADVICE),
                                &findings);
    sim_findings_free(&findings);
}

static void walk(struct fuzz_input *input)
{
    struct sim_access access = {.linear = processor_take_address(input)};
    struct sim_walk walk;

    access.kind = (enum sim_access_kind)fuzz_choose(input, 3);
    access.mode = (enum sim_access_mode)fuzz_choose(input, 3);
    walk = sim_mmu_walk(&processor.cpu, &processor.memory, access);
    fuzz_require(walk.depth <= SIM_PAGING_LEVELS, "a walk has at most five steps");
    fuzz_require((walk.outcome == SIM_WALK_PAGE_FAULT) == (walk.cause != SIM_CAUSE_NONE),
                 "a page fault has a cause");
    (void)sim_mmu_mark(&processor.memory, &walk, access.kind);
}

static void transfer(struct fuzz_input *input)
{
    static uint8_t buffer[TRANSFER_MAX];
    const struct sim_mmu mmu = {&processor.cpu, &processor.memory};
    uint64_t linear = processor_take_address(input);
    size_t size = 1 + (fuzz_take16(input) & (TRANSFER_MAX - 1));
    struct sim_transfer_failure failure;

    if (sim_mmu_read(&mmu, linear, buffer, size, &failure) == SIM_TRANSFER_DONE) {
        fuzz_require(sim_mmu_peek(&mmu, linear, buffer, size), "what was read can be read");
    }
    if ((fuzz_take8(input) & 1) != 0 &&
        sim_mmu_write(&mmu, linear, buffer, size, &failure) != SIM_TRANSFER_DONE) {
        fuzz_require(failure.access.kind == SIM_ACCESS_WRITE, "it was a write that failed");
    }
}

static void take_step(struct fuzz_input *input)
{
    switch ((enum step)fuzz_choose(input, STEP_COUNT)) {
    case STEP_BLOCK:
        read_block(input);
        break;
    case STEP_DELIVER:
        deliver(input);
        break;
    case STEP_RETURN:
        check_return(input);
        break;
    case STEP_FAST_CALL:
        call_fast(input);
        break;
    case STEP_AUDIT:
        audit(input);
        break;
    case STEP_WALK:
        walk(input);
        break;
    case STEP_TRANSFER:
        transfer(input);
        break;
    default:
        processor_change(&processor, input);
        break;
    }
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};

    processor_set_up(&processor, fuzz_choose(&input, 3));
    for (unsigned int i = 0; i < MAX_STEPS && input.left > 0; i++) {
        take_step(&input);
    }
}
