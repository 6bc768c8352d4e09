/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the machine needs of a CPU engine: run until something happens, and let
 * the registers be read and changed in between.
 *
 * One implementation: engine_unicorn*.c. An engine executes instructions; it
 * does not deliver exceptions and knows no devices. It stops before every
 * system instruction (instruction.h) and asks the machine for translations, or
 * translates by itself.
 */
#ifndef DRYDOCK_SIM_ENGINE_H
#define DRYDOCK_SIM_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/cpu/cpu.h"
#include "sim/util/error.h"
#include "sim/cpu/instruction.h"
#include "sim/cpu/task_switch.h"
#include "sim/machine/machine.h"
#include "sim/mmu/mmu_walk.h"

struct sim_engine;

/** Why sim_engine_run came back. */
enum sim_engine_stop {
    SIM_ENGINE_HALTED,      /**< HLT; RIP is after it */
    SIM_ENGINE_EXCEPTION,   /**< event.exception; RIP is the faulting instruction, after a trap */
    SIM_ENGINE_REFUSED,     /**< `translate` refused event.access; RIP is the instruction */
    SIM_ENGINE_INSTRUCTION, /**< a system instruction is next, event.length bytes long; or one whose
                                 operand in memory is not aligned as it has to be */
    SIM_ENGINE_REACHED,     /**< RIP is an address of sim_engine_stop_at */
    SIM_ENGINE_BREAKPOINT,  /**< RIP is an address of sim_engine_set_breakpoints */
    SIM_ENGINE_WATCHED,     /**< the instruction at RIP accesses a page that is watched */
    SIM_ENGINE_STEPPED,     /**< the instruction of sim_engine_step has been executed */
    SIM_ENGINE_FORBIDDEN, /**< `note_access` forbade an access of the instruction at RIP, which is as
                                 if it had not been begun */
    SIM_ENGINE_ATTENTION, /**< between two basic blocks: the deadline has come, an interrupt can
                                 be taken, or sim_engine_request_attention was called */
    SIM_ENGINE_REQUESTED, /**< sim_engine_request_stop */
    SIM_ENGINE_BUDGET,    /**< the limit of basic blocks was reached */
    SIM_ENGINE_FAILED,    /**< the engine cannot go on: event.reason says why */
};

/** A basic block that was entered. */
struct sim_engine_block {
    uint64_t address; /**< linear */
    size_t size;      /**< in bytes; 0: none */
};

struct sim_engine_event {
    enum sim_engine_stop stop;
    struct sim_exception exception; /**< valid after SIM_ENGINE_EXCEPTION */
    uint64_t linear;                /**< after SIM_ENGINE_REFUSED: the first byte refused; after
                                         SIM_ENGINE_BREAKPOINT: of the instruction */
    enum sim_access_kind kind;      /**< after SIM_ENGINE_REFUSED */
    size_t length;                  /**< valid after SIM_ENGINE_INSTRUCTION */
    uint64_t instruction;           /**< linear address of the last instruction executed; valid
                                         after SIM_ENGINE_STEPPED and a single-step trap */
    bool trap_flag;                 /**< TF as the instruction left it; valid after
                                         SIM_ENGINE_STEPPED */
    uint64_t block;                 /**< linear address of the last basic block that was entered */
    size_t block_size;              /**< in bytes; 0: nothing was executed since RIP was set */
    struct sim_engine_block branch; /**< that ended with the last jump, call or return before
                                         `block` */
    char reason[192];               /**< valid after SIM_ENGINE_FAILED */
};

/** Where a page of linear addresses leads, and what the current mode may do there. */
struct sim_engine_page {
    uint64_t physical; /**< multiple of 4096 */
    bool readable, writable, executable;
    bool watched;   /**< this read or write ends the run with SIM_ENGINE_WATCHED, except in a step,
                         after which it is asked for again; a fetch does not */
    bool unsettled; /**< settle_writes is due at the next block boundary */
};

/** An access to a device as the instruction makes it. The client is called for parts of it. */
struct sim_engine_access {
    uint64_t physical; /**< of its first byte */
    unsigned int size; /**< in bytes; 0: nothing is known */
};

/** What the engine asks while it runs. `context` is passed to all of them. */
struct sim_engine_client {
    void *context;

    /** Port I/O of the guest; widths are 1, 2 and 4 bytes. */
    uint32_t (*read_port)(void *context, uint16_t port, unsigned int width);
    void (*write_port)(void *context, uint16_t port, unsigned int width, uint32_t value);

    /**
     * An access of the guest to a mapped device; widths are 1, 2 and 4 bytes. @p whole is what this
     * is a part of: parts come one after the other, lowest address first.
     */
    uint32_t (*read_device)(void *context, uint64_t physical, unsigned int width,
                            struct sim_engine_access whole);
    void (*write_device)(void *context, uint64_t physical, unsigned int width,
                         struct sim_engine_access whole, uint32_t value);

    /**
     * With an engine that translates by itself: the guest accesses a physical address where there is
     * neither RAM nor a device. Fill in the addresses around it of which accesses shall go to
     * read_device and write_device from now on; false: the run ends.
     */
    bool (*find_gap)(void *context, uint64_t physical, struct sim_bus_gap *gap);

    /** CPUID: leaf in EAX and subleaf in ECX of @p values, then EAX, EBX, ECX, EDX. */
    void (*cpuid)(void *context, uint32_t values[4]);

    /**
     * Called before the next basic block after sim_engine_request_look. Whether to stop there with
     * SIM_ENGINE_ATTENTION.
     */
    bool (*look)(void *context);

    /** What RDTSC reads. */
    uint64_t (*read_tsc)(void *context);

    /**
     * Translate the page of a linear address; false: refused. The answer may be kept until
     * sim_engine_flush_tlb. NULL: the engine translates by itself, with a TLB of its own.
     */
    bool (*translate)(void *context, uint64_t page, enum sim_access_kind kind,
                      struct sim_engine_page *answer);

    /** The guest is about to write RAM at a physical address, in a page of
     *  sim_engine_note_writes or near one. NULL: not asked, and faster. */
    void (*note_write)(void *context, uint64_t physical, unsigned int size);

    /** Called at the next block boundary after note_write returned; may flush the TLB. */
    void (*settle_writes)(void *context);

    /**
     * While watching: an access of the instruction that is being stepped, at a linear address; with
     * an engine that translates by itself, only bits 11:0 of it are right. Returning false forbids
     * the access in a step that can be undone.
     */
    bool (*note_access)(void *context, uint64_t linear, unsigned int size,
                        enum sim_access_kind kind);
};

/** The state an engine starts in: 64-bit mode, CPL 0. */
struct sim_engine_boot {
    struct sim_cpu cpu;            /**< tables it names are in RAM already */
    uint16_t user_code, user_data; /**< selectors of flat segments with DPL 3, with RPL 3 */
    uint64_t trial_page;           /**< supervisor page, linear = physical, for trial runs */
};

/**
 * Make an engine and find out whether it can do what the machine needs.
 *
 * @param memory  mapped at physical address 0; outlives the engine
 * @param client  copied
 * @param[out] error  on failure a sentence that names the engine and its version
 * @return the engine, to be destroyed with sim_engine_destroy; NULL on failure
 */
struct sim_engine *sim_engine_create(const struct sim_memory *memory,
                                     const struct sim_engine_boot *boot,
                                     const struct sim_engine_client *client,
                                     struct sim_error *error);

/** Free an engine. NULL is allowed. */
void sim_engine_destroy(struct sim_engine *engine);

/**
 * Let accesses to a range of physical addresses go to the client's read_device and write_device.
 *
 * @param base, size  multiples of 4096
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_engine_add_device(struct sim_engine *engine, uint64_t base, uint64_t size,
                                         struct sim_error *error);

/**
 * Execute from RIP until something happens. The TLB is as the last run left it.
 *
 * @param[in,out] blocks  most basic blocks to execute, 0 gives SIM_ENGINE_BUDGET at once; what is
 *                        left afterwards. A basic block is a run of instructions up to a branch;
 *                        each round of a repeated string instruction is one too.
 */
void sim_engine_run(struct sim_engine *engine, uint64_t *blocks, struct sim_engine_event *event);

/** Execute the system instruction at RIP in the next run, instead of stopping before it. */
void sim_engine_pass_instruction(struct sim_engine *engine);

/**
 * Stop with SIM_ENGINE_REACHED every time before the instruction at a linear address is executed.
 * This cannot be taken back. Not while the engine runs.
 *
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_engine_stop_at(struct sim_engine *engine, uint64_t linear,
                                      struct sim_error *error);

/** After SIM_ENGINE_REACHED, if RIP was not changed: go on in the next run. */
void sim_engine_leave_reached(struct sim_engine *engine);

/**
 * Stop with SIM_ENGINE_BREAKPOINT before the instructions at these linear addresses, and no longer
 * at those of the last call. The instruction a run begins with is executed nevertheless if RFLAGS.RF
 * is 1. Not while the engine runs. At one address, this comes before all other stops.
 *
 * @param count  0..4
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_engine_set_breakpoints(struct sim_engine *engine, const uint64_t *linear,
                                              size_t count, struct sim_error *error);

/**
 * Let pages be watched, or not; also to be called when other pages are. Not while the engine runs.
 * The engine is slower while it watches, and translates code anew after it began or ended.
 *
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_engine_set_watching(struct sim_engine *engine, bool watching,
                                           struct sim_error *error);

/**
 * Execute one instruction in the next run, if nothing stops it before, as if RFLAGS.TF were 1; it
 * may access pages that are watched. RFLAGS.TF is afterwards as before, unless the instruction
 * cleared it. A load of SS is stepped together with the next instruction. PUSHF pushes TF = 1.
 */
void sim_engine_step(struct sim_engine *engine);

/** The same; if the client forbids an access, the instruction is undone: SIM_ENGINE_FORBIDDEN. */
void sim_engine_step_undoable(struct sim_engine *engine);

/** Whether data has to be aligned now: CR0.AM, RFLAGS.AC, CPL 3. Spec: [SDM 3A] 6.15, interrupt 17. */
bool sim_engine_checks_alignment(struct sim_engine *engine);

/** End the run from within a device callback; the rest of the basic block may still be executed. */
void sim_engine_request_stop(struct sim_engine *engine);

/** Have the client look before the next basic block: cheaper than to stop. */
void sim_engine_request_look(struct sim_engine *engine);

/** Stop with SIM_ENGINE_ATTENTION before the next basic block that is not in the shadow of STI or
 *  of a load of SS. */
void sim_engine_request_attention(struct sim_engine *engine);

/** Stop with SIM_ENGINE_ATTENTION at the first block boundary at or after this time. */
void sim_engine_set_deadline(struct sim_engine *engine, uint64_t time);

/** While set: stop with SIM_ENGINE_ATTENTION as soon as RFLAGS.IF is 1 and nothing blocks it. */
void sim_engine_set_interrupt_waiting(struct sim_engine *engine, bool waiting);

/** Whether the last instruction was STI or a load of SS that holds interrupts off for one more. */
bool sim_engine_interrupt_shadow(struct sim_engine *engine);

/**
 * Instructions executed so far, plus time skipped; while the engine runs, with all of the basic
 * block it is in. Never less than the last time it was asked for.
 */
uint64_t sim_engine_time(struct sim_engine *engine);

/** Let time pass without executing anything, as while halted. @p time is not before now. */
void sim_engine_skip_time(struct sim_engine *engine, uint64_t time);

/** Note writes to a page of RAM from now on. @param page  physical, a multiple of 4096 */
void sim_engine_note_writes(struct sim_engine *engine, uint64_t page);

/** Forget all translations of addresses. */
void sim_engine_flush_tlb(struct sim_engine *engine);

/** Linear address at which a segment begins, as the next instruction uses it. */
uint64_t sim_engine_segment_base(struct sim_engine *engine, enum sim_segment_register segment);

/** What the segment registers refer to, as they were loaded. Not in 64-bit code. */
void sim_engine_get_segments(struct sim_engine *engine,
                             struct sim_segment segments[SIM_TASK_SEGMENTS]);

/** Linear address of the instruction that is being executed; for the client's functions. */
uint64_t sim_engine_rip(struct sim_engine *engine);

/** Read the system registers. */
void sim_engine_get_cpu(struct sim_engine *engine, struct sim_cpu *cpu);

/**
 * Bring up to date what translation depends on and instructions change unseen: RIP, RFLAGS, CS.
 * @param[in,out] cpu  from sim_engine_get_cpu
 */
void sim_engine_get_mode(struct sim_engine *engine, struct sim_cpu *cpu);

/**
 * Become what delivery of an exception made of the processor: RIP, RSP, RFLAGS, CS, SS, CR2 and
 * with CS the privilege level. Other fields of @p cpu are ignored. The TLB is kept.
 *
 * @return 0, or -1 with *error set if the engine does not accept CS or SS
 */
SIM_MUST_CHECK int sim_engine_set_cpu(struct sim_engine *engine, const struct sim_cpu *cpu,
                                      struct sim_error *error);

/** General registers and selectors of the current task. Not in IA-32e mode. */
void sim_engine_get_task(struct sim_engine *engine, struct sim_task *task);

/** Become what a task switch made of the processor. The TLB is kept. */
void sim_engine_set_task(struct sim_engine *engine, const struct sim_cpu *cpu,
                         const struct sim_task *task);

/** After sim_engine_set_cpu in protected mode: what CS and SS refer to, if attributes are not 0. */
void sim_engine_set_code_and_stack(struct sim_engine *engine, const struct sim_task *task);

void sim_engine_set_cr2(struct sim_engine *engine, uint64_t linear);

/** Load CR3 and CR4 if they differ. */
void sim_engine_set_control(struct sim_engine *engine, const struct sim_cpu *cpu);

/** Set the linear addresses and limits of GDTR and IDTR. */
void sim_engine_set_tables(struct sim_engine *engine, const struct sim_cpu *cpu);

/**
 * Load CS; DS, ES, FS, GS and SS; and TR, whose descriptor is a busy TSS, from the GDT.
 *
 * @return 0, or -1 with *error set if the engine refuses one
 */
SIM_MUST_CHECK int sim_engine_set_segments(struct sim_engine *engine, uint16_t cs, uint16_t data,
                                           uint16_t tr, struct sim_error *error);

/** Read or load the general registers, RIP and RFLAGS. */
void sim_engine_get_registers(struct sim_engine *engine, struct sim_registers *registers);
void sim_engine_set_registers(struct sim_engine *engine, const struct sim_registers *registers);

/** Model-specific registers that the engine keeps: EFER, the bases, STAR and the like. */
uint64_t sim_engine_get_msr(struct sim_engine *engine, uint32_t index);
void sim_engine_set_msr(struct sim_engine *engine, uint32_t index, uint64_t value);

/** Forget translated code in a range of linear addresses that the host wrote to. */
void sim_engine_forget_range(struct sim_engine *engine, uint64_t linear, uint64_t length);

/** Forget all translated code. */
void sim_engine_forget_code(struct sim_engine *engine);

/** All registers and the time, to go back to. NULL without memory; sim_engine_free_state. */
struct sim_engine_state;
struct sim_engine_state *sim_engine_save(struct sim_engine *engine);
void sim_engine_restore(struct sim_engine *engine, const struct sim_engine_state *state);
void sim_engine_free_state(struct sim_engine_state *state);

#endif
