/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Unicorn calls while the guest runs. A hook never changes the processor,
 * except for the result of the instruction it stands for: it records what
 * happened and asks Unicorn to stop. The first event of a run wins, since code
 * of the same basic block may execute after a stop was requested.
 */
#include "sim/engine/engine_unicorn.h"

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

void unicorn_stop(struct sim_engine *engine, enum sim_engine_stop stop)
{
    unicorn_record(engine, stop);
    (void)uc_emu_stop(engine->unicorn);
}

static void stop_at_exception(struct sim_engine *engine, unsigned int vector)
{
    if (engine->running) {
        engine->event.exception = (struct sim_exception){.vector = vector};
    }
    unicorn_stop(engine, SIM_ENGINE_EXCEPTION);
}

void unicorn_stop_for_failure(struct sim_engine *engine, const char *reason)
{
    if (engine->running) {
        (void)snprintf(engine->event.reason, sizeof engine->event.reason, "%s", reason);
    }
    unicorn_stop(engine, SIM_ENGINE_FAILED);
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
    unicorn_stop_for_failure(context,
                             "SYSCALL or SYSENTER executed where the machine did not look");
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
    uint64_t time = 0;

    (void)unicorn;
    if (may_not_read_time(engine)) {
        return 0;
    }
    engine->clock.now++; /* so that two reads in one basic block differ */
    time = engine->client.read_tsc(engine->client.context);
    (void)unicorn_set(engine, UC_X86_REG_RAX, time & UINT32_MAX);
    (void)unicorn_set(engine, UC_X86_REG_RDX, time >> 32);
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

static int on_cpuid(uc_engine *unicorn, void *context)
{
    static const int ids[] = {UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX};
    struct sim_engine *engine = context;
    uint32_t values[4];

    (void)unicorn;
    for (size_t i = 0; i < 4; i++) {
        values[i] = (uint32_t)unicorn_get(engine, ids[i]);
    }
    engine->client.cpuid(engine->client.context, values);
    for (size_t i = 0; i < 4; i++) {
        (void)unicorn_set(engine, ids[i], values[i]);
    }
    return 1; /* it is done */
}

static uint32_t on_in(uc_engine *unicorn, uint32_t port, int size, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    engine->access.whole.size = 0;
    return engine->client.read_port(engine->client.context, (uint16_t)port, (unsigned int)size);
}

static void on_out(uc_engine *unicorn, uint32_t port, int size, uint32_t value, void *context)
{
    struct sim_engine *engine = context;

    (void)unicorn;
    engine->access.whole.size = 0;
    engine->client.write_port(engine->client.context, (uint16_t)port, (unsigned int)size, value);
}

bool unicorn_add_hook(struct sim_engine *engine, int type, union unicorn_hook function,
                      struct unicorn_range range, int instruction)
{
    uc_hook hook = 0;

    return uc_hook_add(engine->unicorn, &hook, type, function.pointer, engine, range.begin,
                       range.end, instruction) == UC_ERR_OK;
}

bool unicorn_add_hooks(struct sim_engine *engine)
{
    const struct {
        union unicorn_hook function;
        int type, instruction;
    } hooks[] = {
        {{.interrupt = on_interrupt}, UC_HOOK_INTR, 0},
        {{.invalid = on_invalid}, UC_HOOK_INSN_INVALID, 0},
        {{.syscall = on_syscall}, UC_HOOK_INSN, UC_X86_INS_SYSCALL},
        {{.syscall = on_syscall}, UC_HOOK_INSN, UC_X86_INS_SYSENTER},
        {{.whole = on_rdtsc}, UC_HOOK_INSN, UC_X86_INS_RDTSC},
        {{.whole = on_rdtscp}, UC_HOOK_INSN, UC_X86_INS_RDTSCP},
        {{.whole = on_cpuid}, UC_HOOK_INSN, UC_X86_INS_CPUID},
        {{.in = on_in}, UC_HOOK_INSN, UC_X86_INS_IN},
        {{.out = on_out}, UC_HOOK_INSN, UC_X86_INS_OUT},
    };

    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
        if (!unicorn_add_hook(engine, hooks[i].type, hooks[i].function, UNICORN_EVERYWHERE,
                              hooks[i].instruction)) {
            return false;
        }
    }
    return unicorn_add_block_hook(engine);
}

void sim_engine_request_stop(struct sim_engine *engine)
{
    unicorn_stop(engine, SIM_ENGINE_REQUESTED);
}

void sim_engine_request_look(struct sim_engine *engine)
{
    engine->look = true;
}

void sim_engine_request_attention(struct sim_engine *engine)
{
    engine->attention = true;
}

void sim_engine_set_deadline(struct sim_engine *engine, uint64_t time)
{
    engine->deadline = time;
}

void sim_engine_set_interrupt_waiting(struct sim_engine *engine, bool waiting)
{
    engine->interrupt_waiting = waiting;
}
