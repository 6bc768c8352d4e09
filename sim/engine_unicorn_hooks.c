/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Unicorn calls while the guest runs. A hook never changes the processor,
 * except for the result of the instruction it stands for: it records what
 * happened and asks Unicorn to stop. The first event of a run wins, since code
 * of the same basic block may execute after a stop was requested.
 *
 * Unicorn's time stamp counter is the host's. Here it counts basic blocks, so
 * that the same guest sees the same time in every run.
 */
#include "sim/engine_unicorn.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    VECTOR_UD = 6,
    MSR_TSC_AUX = (int)0xC0000103u
};

#define CR4_TSD (UINT64_C(1) << 2)

void unicorn_record(struct sim_engine *engine, enum sim_engine_stop stop)
{
    if (engine->running) {
        engine->running = false;
        engine->event.stop = stop;
    }
}

static void stop(struct sim_engine *engine, enum sim_engine_stop why)
{
    unicorn_record(engine, why);
    (void)uc_emu_stop(engine->unicorn);
}

static void stop_at_exception(struct sim_engine *engine, unsigned int vector)
{
    if (engine->running) {
        engine->event.exception = (struct sim_exception){.vector = vector};
    }
    stop(engine, SIM_ENGINE_EXCEPTION);
}

void unicorn_stop_for_failure(struct sim_engine *engine, const char *reason)
{
    if (engine->running) {
        (void)snprintf(engine->event.reason, sizeof engine->event.reason, "%s", reason);
    }
    stop(engine, SIM_ENGINE_FAILED);
}

static void on_interrupt(uc_engine *unicorn, uint32_t vector, void *context)
{
    (void)unicorn;
    if (vector > 255) {
        unicorn_stop_for_failure(context, "the engine raised an exception of its own");
        return;
    }
    stop_at_exception(context, vector);
}

static bool on_invalid(uc_engine *unicorn, void *context)
{
    (void)unicorn;
    stop_at_exception(context, VECTOR_UD);
    return true;
}

static void on_syscall(uc_engine *unicorn, void *context)
{
    (void)unicorn;
    unicorn_stop_for_failure(context, "SYSCALL and SYSENTER are not simulated");
}

static void on_block(uc_engine *unicorn, uint64_t address, uint32_t size, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    (void)address;
    (void)size;
    if (engine->blocks == 0) {
        stop(engine, SIM_ENGINE_BUDGET);
    } else {
        engine->blocks--;
    }
    engine->time++;
}

/* Then the instruction is left to Unicorn, which raises #GP. [SDM 2] RDTSC. */
static bool may_not_read_time(struct sim_engine *engine)
{
    return (unicorn_get(engine, UC_X86_REG_CS) & 3) != 0 &&
           (unicorn_get(engine, UC_X86_REG_CR4) & CR4_TSD) != 0;
}

static int on_rdtsc(uc_engine *unicorn, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    if (may_not_read_time(engine)) {
        return 0;
    }
    engine->time++;
    (void)unicorn_set(engine, UC_X86_REG_RAX, engine->time & UINT32_MAX);
    (void)unicorn_set(engine, UC_X86_REG_RDX, engine->time >> 32);
    return 1; /* it is done */
}

static int on_rdtscp(uc_engine *unicorn, void *context)
{
    uc_x86_msr processor = {.rid = (uint32_t)MSR_TSC_AUX};

    if (may_not_read_time(context)) {
        return 0;
    }
    (void)uc_reg_read(unicorn, UC_X86_REG_MSR, &processor);
    (void)unicorn_set(context, UC_X86_REG_RCX, processor.value & UINT32_MAX);
    return on_rdtsc(unicorn, context);
}

static uint32_t on_in(uc_engine *unicorn, uint32_t port, int size, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    return engine->ports.read(engine->ports.context, (uint16_t)port, (unsigned int)size);
}

static void on_out(uc_engine *unicorn, uint32_t port, int size, uint32_t value, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    engine->ports.write(engine->ports.context, (uint16_t)port, (unsigned int)size, value);
}

/* NOLINTNEXTLINE(readability-function-size): the signature is Unicorn's */
static bool on_unmapped(uc_engine *unicorn, uc_mem_type type, uint64_t address, int size,
                        int64_t value, void *context)
{
    const char *kind = "read from";
    char reason[128];

    (void)unicorn;
    (void)value;
    if (type == UC_MEM_WRITE_UNMAPPED) {
        kind = "write to";
    } else if (type == UC_MEM_FETCH_UNMAPPED) {
        kind = "fetch from";
    }
    (void)snprintf(reason, sizeof reason,
                   "%d-byte %s physical address 0x%" PRIx64 ", where there is no RAM or device",
                   size, kind, address);
    unicorn_stop_for_failure(context, reason);
    return false;
}

/* Unicorn takes hooks of all types as void *; ISO C wants a detour for a function. */
union hook_function {
    uc_cb_hookintr_t interrupt;
    uc_cb_hookinsn_invalid_t invalid;
    uc_cb_hookcode_t block;
    uc_cb_eventmem_t unmapped;
    uc_cb_insn_syscall_t syscall;
    uc_cb_insn_cpuid_t whole;
    uc_cb_insn_in_t in;
    uc_cb_insn_out_t out;
    void *pointer;
};

bool unicorn_add_hooks(struct sim_engine *engine)
{
    const struct {
        union hook_function function;
        int type, instruction;
    } hooks[] = {
        {{.interrupt = on_interrupt}, UC_HOOK_INTR, 0},
        {{.invalid = on_invalid}, UC_HOOK_INSN_INVALID, 0},
        {{.block = on_block}, UC_HOOK_BLOCK, 0},
        {{.unmapped = on_unmapped}, UC_HOOK_MEM_UNMAPPED, 0},
        {{.syscall = on_syscall}, UC_HOOK_INSN, UC_X86_INS_SYSCALL},
        {{.syscall = on_syscall}, UC_HOOK_INSN, UC_X86_INS_SYSENTER},
        {{.whole = on_rdtsc}, UC_HOOK_INSN, UC_X86_INS_RDTSC},
        {{.whole = on_rdtscp}, UC_HOOK_INSN, UC_X86_INS_RDTSCP},
        {{.in = on_in}, UC_HOOK_INSN, UC_X86_INS_IN},
        {{.out = on_out}, UC_HOOK_INSN, UC_X86_INS_OUT},
    };
    const uint64_t everywhere_begin = 1;
    const uint64_t everywhere_end = 0;

    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
        uc_hook hook = 0;

        if (uc_hook_add(engine->unicorn, &hook, hooks[i].type, hooks[i].function.pointer, engine,
                        everywhere_begin, everywhere_end, hooks[i].instruction) != UC_ERR_OK) {
            return false;
        }
    }
    return true;
}

void sim_engine_request_stop(struct sim_engine *engine)
{
    stop(engine, SIM_ENGINE_REQUESTED);
}
