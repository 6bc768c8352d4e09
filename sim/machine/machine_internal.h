/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the machine share: its parts and its low memory.
 */
#ifndef DRYDOCK_SIM_MACHINE_INTERNAL_H
#define DRYDOCK_SIM_MACHINE_INTERNAL_H

#include <signal.h>

#include "sim/machine/bus.h"
#include "sim/cpu/cpu.h"
#include "sim/cpu/deliver.h"
#include "sim/machine/device.h"
#include "sim/engine/engine.h"
#include "sim/report/finding.h"
#include "sim/boot/image.h"
#include "sim/machine/inject.h"
#include "sim/machine/machine.h"
#include "sim/cpu/system.h"
#include "sim/mmu/tlb.h"
#include "sim/report/trace.h"

/** Physical addresses of what the machine keeps below SIM_MACHINE_LOW_END. */
enum machine_low_memory {
    LOW_PML4 = 0x1000,
    LOW_PDPT = 0x2000,
    LOW_PD = 0x3000, /**< the first GiB, so that single pages of it can be left out */
    LOW_PT = 0x4000, /**< the first 2 MiB */
    LOW_GDT = 0x5000,
    LOW_RETURN = 0x6000,      /**< a HLT: calls return to it */
    LOW_CODE = 0x7000,        /**< sim_machine_execute */
    LOW_SCRATCH = 0x8000,     /**< operands */
    LOW_STACK_GUARD = 0xF000, /**< not mapped */
    LOW_STACK_END = 0x80000,
};

/** Selectors of the boot GDT. */
enum machine_selector {
    SELECTOR_KERNEL_CODE = 0x08,
    SELECTOR_KERNEL_DATA = 0x10,
    SELECTOR_USER_DATA = 0x1B,
    SELECTOR_USER_CODE = 0x23,
};

enum {
    INSTRUCTION_HLT = 0xF4
};

/** Registers of PAE paging. */
struct machine_pdptes {
    bool loaded;
    uint64_t entry[4]; /**< valid if loaded */
};

/** Which fault it was. */
struct machine_fault_site {
    uint64_t rip, cr2;
    unsigned int vector;
};

/** Breakpoints, and the step that may be under way; see machine_debug.c. */
struct machine_debug {
    bool breaks, watches, ports; /**< breakpoints of instructions, data, ports are enabled */
    bool ports_enabled;          /**< in this run: CR4.DE is 1 too */
    bool aligns;                 /**< data has to be aligned: see machine_access.c */
    bool limits;                 /**< and to be within its segment: see machine_segment.c */
    bool watched;                /**< the instruction at RIP is to be stepped: it accesses data */
    bool stepping;               /**< this run is a step; the rest is valid then */
    bool resumes;                /**< RFLAGS.RF was 1 */
    bool traps;                  /**< RFLAGS.TF was 1 */
    enum sim_width code;
    uint64_t start;       /**< RIP */
    uint64_t held_before; /**< system.debug_held */
};

/** The exception of an access that is forbidden. */
struct machine_forbidden {
    unsigned int vector; /**< 0: there was none in this run */
    char cause[128];
};

/** The half of an access of 8 bytes that the device has given or not yet got. */
struct machine_half {
    uint64_t address; /**< physical, of the other half; 0: there is none */
    uint32_t value;
};

struct sim_machine {
    struct sim_machine_options options;
    struct sim_memory memory;
    struct sim_dirty_pages dirty;
    const void *dirty_since; /**< the snapshot that `dirty` is the difference to */
    bool *is_code;           /**< by page: the engine has fetched from it */
    struct sim_engine *engine;
    struct sim_tlb *tlb; /**< NULL with SIM_MMU_ENGINE */
    struct sim_system system;
    struct machine_debug debug;
    struct machine_forbidden forbidden;
    uint32_t pkru;
    struct sim_segment segments[SIM_TASK_SEGMENTS]; /**< valid if debug.limits */
    struct machine_pdptes pdptes;
    struct sim_clock clock;
    struct sim_bus ports;
    struct sim_bus devices; /**< memory-mapped */
    struct machine_half half;
    struct sim_device device_list[SIM_MACHINE_MAX_DEVICES];
    size_t device_count;
    struct sim_interrupt_source interrupts; /**< `pending` is NULL without one */
    uint32_t irq_levels; /**< of the lines of sim_machine_drive_irq, bit by line */
    struct sim_inject_pci pci;
    struct machine_injector *injector; /**< NULL: nothing goes wrong; see machine_inject.h */
    uint64_t injection_lists;          /**< lists of faults so far */
    struct sim_findings findings;
    struct sim_trace trace;
    struct sim_image *image;
    uint64_t budget;
    uint64_t blocks;               /**< left in this run */
    uint16_t kernel_cs, kernel_ss; /**< of the last call that started at CPL 0 */
    bool running;
    bool segments_changed;             /**< they have to be looked at */
    bool segments_change;              /**< that, when the engine has run */
    volatile sig_atomic_t interrupted; /**< sim_machine_interrupt was called */
    struct sim_engine_event event;     /**< what stopped the engine last */
    uint64_t exit_value;
    struct sim_instruction_effect pending; /**< on the TLB, of an instruction that the engine
                                                executes in this run */
    unsigned int nested;        /**< exceptions and interrupts delivered, minus returns from them */
    struct sim_cpu translating; /**< the processor as machine_translate last saw it */
    bool translating_is_valid;  /**< but for its mode, it is still like that */
    bool code_changed;          /**< by a device, after the engine had translated it */
    bool refused;               /**< the own MMU has refused an access in this run of the engine */
    struct sim_walk refusal;    /**< why; valid if refused */
    uint64_t implicit_page;     /**< linear page whose next accesses are the processor's own */
    enum sim_access_kind implicit_kind;       /**< of the last one of them */
    bool implicit;                            /**< both are valid */
    struct machine_fault_site last_site;      /**< of the last fault */
    unsigned int repeats;                     /**< of that fault, with no other in between */
    uint64_t returned_to;                     /**< RIP of the last frame that IRET took */
    struct sim_delivery_reason last_delivery; /**< the obstacles it met */
    char last_cause[192]; /**< why it came up, if the machine knows more than the vector says */
};

/** Write the boot tables into low memory and describe the state that uses them. */
void machine_set_up_low_memory(const struct sim_memory *memory, struct sim_engine_boot *boot);

/** The processor's registers, with those that the machine keeps itself. */
void machine_get_cpu(struct sim_machine *machine, struct sim_cpu *cpu);

/** Record an event that happens now, at the instruction RIP points to. */
void machine_trace(struct sim_machine *machine, enum sim_trace_kind kind, uint32_t code, uint64_t a,
                   uint64_t b);

/** What the engine asks the machine; see struct sim_engine_client. */
uint32_t machine_read_port(void *context, uint16_t port, unsigned int width);
void machine_write_port(void *context, uint16_t port, unsigned int width, uint32_t value);
uint32_t machine_read_device(void *context, uint64_t physical, unsigned int width,
                             struct sim_engine_access whole);
void machine_write_device(void *context, uint64_t physical, unsigned int width,
                          struct sim_engine_access whole, uint32_t value);
bool machine_find_gap(void *context, uint64_t physical, struct sim_bus_gap *gap);
bool machine_translate(void *context, uint64_t page, enum sim_access_kind kind,
                       struct sim_engine_page *answer);
void machine_note_write(void *context, uint64_t physical, unsigned int size);
void machine_settle_writes(void *context);

/**
 * With the own MMU the engine knows RAM only, and one device from here on: physical address P of a
 * device, or of nobody, is MACHINE_ALIAS + P for the engine. So devices can lie over RAM.
 */
#define MACHINE_ALIAS (UINT64_C(1) << 41)

/** One past the highest physical address: MAXPHYADDR of the processor model is 40. */
#define MACHINE_PHYSICAL_LIMIT (UINT64_C(1) << 40)

/** Deal with what devices wrote to RAM in the last run of the engine. */
void machine_finish_dma(struct sim_machine *machine);

enum machine_server {
    MACHINE_RAM,
    MACHINE_DEVICE,
    MACHINE_NOBODY,
};

/** Who answers at a physical address. */
enum machine_server machine_who_serves(const struct sim_machine *machine, uint64_t physical);

/** Deliver an exception or interrupt. Whether the guest goes on; else *result says why not. */
bool machine_deliver(struct sim_machine *machine, const struct sim_exception *exception,
                     const char *cause, struct sim_result *result);

/** The same for a page fault: sets CR2. */
bool machine_deliver_page_fault(struct sim_machine *machine, uint32_t error_code, uint64_t linear,
                                const char *cause, struct sim_result *result);

/** Become another task, which CR3 may change with. Whether the guest goes on. */
bool machine_enter_task(struct sim_machine *machine, const struct sim_cpu *before,
                        const struct sim_cpu *cpu, const struct sim_task *task,
                        struct sim_result *result);

/** CR4.SMAP, which does not bind the machine itself. */
#define MACHINE_CR4_SMAP (UINT64_C(1) << 21)

/**
 * CR4.SMAP and CR4.PKE, which keep the supervisor off the data of user pages. They do not bind the
 * machine when it reads an instruction that has been fetched.
 */
#define MACHINE_CR4_GUARDS (MACHINE_CR4_SMAP | UINT64_C(1) << 22)

/**
 * Read the code at RIP as the processor fetches it: through the TLB, whatever the tables say now.
 * Returns how many bytes could be read.
 */
size_t machine_read_code(struct sim_machine *machine, const struct sim_cpu *cpu, uint8_t *code,
                         size_t size);

/** Deal with SIM_ENGINE_REFUSED and SIM_ENGINE_INSTRUCTION. Whether the guest goes on. */
bool machine_handle_refusal(struct sim_machine *machine, const struct sim_engine_event *event,
                            struct sim_result *result);
bool machine_handle_instruction(struct sim_machine *machine, const struct sim_engine_event *event,
                                struct sim_result *result);

/** Load PDPTEs and invalidate what an instruction invalidates, in the TLB model and in the engine. */
void machine_forget_translations(struct sim_machine *machine, const struct sim_cpu *cpu,
                                 const struct sim_instruction_effect *effect);

/** Look what came of an access to a device: see struct sim_engine_client. */
bool machine_look(void *context);

/** End the run if sim_machine_interrupt was called, which has come to its end by that. Whether it was. */
bool machine_is_interrupted(struct sim_machine *machine, struct sim_result *result);

/** Let devices do what is due and take an interrupt if one can be. Whether the guest goes on. */
bool machine_attend(struct sim_machine *machine, const struct sim_engine_event *event,
                    struct sim_result *result);

/**
 * If RIP is not canonical and a near branch led there: be as before the branch, which faults
 * itself. What a CALL has pushed stays in memory, below the stack. Returns whether it is so.
 */
bool machine_undo_branch(struct sim_machine *machine, const struct sim_engine_event *event);

/**
 * Find the branch, or other instruction, that led to the instructions before RIP, or to RIP if none
 * has been executed there. False: it is not known, as after a delivery.
 *
 * @param[out] linear  its address
 */
bool machine_find_branch(struct sim_machine *machine, uint64_t *linear);

/** Make RFLAGS.RF what an interrupt at RIP has to push. Spec: [SDM 3B] 17.3.1.1. */
void machine_settle_resume_flag(struct sim_machine *machine, const struct sim_engine_event *event);

/** Let every device come up to now; tells the engine, and returns, when the next one is due. */
uint64_t machine_advance_devices(struct sim_machine *machine);

/** Whether a maskable interrupt waits. */
bool machine_interrupt_pending(const struct sim_machine *machine);

/** Find what interrupts the processor now, and take it. NMIs come first. Spec: [SDM 3A] table 6-2. */
bool machine_find_interrupt(struct sim_machine *machine, struct sim_exception *exception);

/** Pass the time of a HLT. Whether the guest goes on; else it stays halted for ever. */
bool machine_wait(struct sim_machine *machine, struct sim_result *result);

/**
 * Run from the registers' RIP until the HLT at @p end is reached (SIM_STOP_RETURNED) or something
 * else stops it. UINT64_MAX: no end.
 */
struct sim_result machine_run(struct sim_machine *machine, uint64_t end);

/** A result with the reason and the place where the guest is. */
SIM_PRINTF(3, 4)
struct sim_result machine_stop(struct sim_machine *machine, enum sim_stop stop, const char *format,
                               ...);

#endif
