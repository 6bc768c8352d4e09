/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The simulated machine: one x86-64 processor, RAM, ports, memory-mapped
 * devices, and the images loaded into it.
 *
 * A new machine is in 64-bit mode at CPL 0 with interrupts off. The first
 * 512 GiB of linear addresses are mapped to the same physical addresses,
 * writable and executable for the supervisor, except the first page, so that a
 * null pointer faults, and the page below the stack. PML4 entries 1 to 511 are
 * empty. CR0.WP, EFER.NXE and SSE are on. A flat GDT is loaded (0x08 kernel
 * code, 0x10 kernel data, 0x1B user data, 0x23 user code); the IDT is empty.
 *
 * These tables and a stack live in the machine's own low memory below
 * SIM_MACHINE_LOW_END, which images must not use. A guest that loads page
 * tables of its own keeps that memory mapped at its physical addresses: calls
 * return through it.
 *
 * Virtual time advances by a nanosecond an instruction, counted when a basic
 * block is entered; the time-stamp counter, the timers and RDRAND depend on it
 * and on the seed alone, so that a run can be repeated exactly.
 *
 * Exceptions and interrupts are delivered through the guest's IDT. An exception
 * that cannot be ends the run with SIM_STOP_FAULT; the machine stays usable,
 * with the processor as the exception left it, and the next call starts at CPL 0
 * again.
 *
 * Breakpoints of DR0 to DR3 raise #DB. Data breakpoints need the machine's own MMU: with
 * SIM_MMU_ENGINE they never do.
 *
 * Addresses are translated by the machine's own page walker and a TLB that keeps
 * what hardware may keep (tlb.h), or, if asked for, by the engine's MMU.
 */
#ifndef DRYDOCK_SIM_MACHINE_H
#define DRYDOCK_SIM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cpu/processor.h"
#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/util/error.h"
#include "sim/report/finding.h"
#include "sim/report/trace.h"

/** RAM below this physical address belongs to the machine: tables, stack, scratch. */
#define SIM_MACHINE_LOW_END 0x100000u

/** Physical RAM starts at 0; most a machine may have. */
#define SIM_MACHINE_MAX_RAM (UINT64_C(3) << 30)

struct sim_machine;

/** General registers, by the manual's names. */
struct sim_registers {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rip, rflags;
};

/** Why a run ended. */
enum sim_stop {
    SIM_STOP_RETURNED, /**< the called function returned, or the single instruction completed */
    SIM_STOP_HALTED,   /**< HLT with nothing that could wake the processor */
    SIM_STOP_FAULT,    /**< an exception nobody handled; see sim_fault */
    SIM_STOP_EXITED,   /**< the guest wrote to the debug-exit device */
    SIM_STOP_BUDGET,   /**< more than the allowed number of basic blocks or exceptions */
    SIM_STOP_ENGINE,   /**< the engine gave up; sim_fault says why in words */
};

/** An exception the guest did not handle, with everything needed to say what happened. */
struct sim_fault {
    unsigned int vector; /**< 0..255 */
    bool has_error_code; /**< whether this vector pushes one */
    uint32_t error_code; /**< as the processor would push it */
    uint64_t rip;        /**< instruction that faulted (trap: the one after it), linear */
    uint64_t cr2;        /**< linear address of a page fault */
    char symbol[128];    /**< "function+0x12" at rip, or empty */
    char source[256];    /**< "file.c:123" at rip, or empty */
    char reason[256];    /**< why it was not delivered, or why the run ended */
};

/** Outcome of sim_machine_call and sim_machine_execute. */
struct sim_result {
    enum sim_stop stop;
    uint64_t value;         /**< RAX after SIM_STOP_RETURNED, the exit code after SIM_STOP_EXITED */
    struct sim_fault fault; /**< valid after SIM_STOP_FAULT; rip, symbol, source and reason also
                                 after SIM_STOP_HALTED, SIM_STOP_BUDGET and SIM_STOP_ENGINE */
};

/** Who translates addresses. */
enum sim_mmu_kind {
    SIM_MMU_OWN,    /**< the machine's walker and TLB model */
    SIM_MMU_ENGINE, /**< the engine, with its own deviations: docs/engine-deviations.md */
};

/**
 * Whether the machine audits: translations (tlb.h, with SIM_MMU_OWN only) while they are used and at
 * the end of each sim_machine_call, descriptor tables when they are loaded. What it finds is in
 * sim_machine_findings.
 */
enum sim_machine_audit {
    SIM_MACHINE_AUDITED,
    SIM_MACHINE_UNAUDITED, /**< faster: see `./dev bench` */
};

/** What a machine is made of. All zero but ram_bytes is what sim_machine_create takes. */
struct sim_machine_options {
    uint64_t ram_bytes; /**< a multiple of 2 MiB, 2 MiB to SIM_MACHINE_MAX_RAM */
    enum sim_mmu_kind mmu;
    enum sim_machine_audit audit;
    uint64_t seed; /**< of RDRAND and RDSEED */
    enum sim_processor processor;
};

/** sim_machine_create with a choice. The options are copied. */
struct sim_machine *sim_machine_create_with(const struct sim_machine_options *options,
                                            struct sim_error *error);

/**
 * Make a machine.
 *
 * @param ram_bytes   RAM from physical address 0; a multiple of 2 MiB, 2 MiB to SIM_MACHINE_MAX_RAM
 * @param[out] error  why there is none
 * @return the machine, to be destroyed with sim_machine_destroy; NULL on failure
 */
struct sim_machine *sim_machine_create(uint64_t ram_bytes, struct sim_error *error);

/** Free a machine and everything it owns. NULL is allowed. */
void sim_machine_destroy(struct sim_machine *machine);

/**
 * Connect a device to a range of I/O ports or of physical addresses.
 *
 * Ports or addresses nobody serves read as all ones and ignore writes; for physical addresses that
 * is a finding, and with SIM_MMU_ENGINE it ends the run (SIM_STOP_ENGINE) unless there is a router
 * (sim_machine_route).
 *
 * @param region  copied; region->device must outlive the machine. Physical addresses: base and
 *                size are multiples of 4096, below 1 TiB
 * @return 0, or -1 with *error set: overlap with RAM or another region, or too many regions
 */
SIM_MUST_CHECK int sim_machine_add_ports(struct sim_machine *machine,
                                         const struct sim_region *region, struct sim_error *error);
SIM_MUST_CHECK int sim_machine_add_mmio(struct sim_machine *machine,
                                        const struct sim_region *region, struct sim_error *error);

/**
 * Let devices answer whose places software chooses: where there is no region, and for physical
 * addresses no RAM, they are asked for. Both are copied; `find` may be NULL.
 */
void sim_machine_route(struct sim_machine *machine, const struct sim_bus_router *ports,
                       const struct sim_bus_router *memory);

/** Most devices one machine has. */
#define SIM_MACHINE_MAX_DEVICES 32u

/**
 * Make a device part of the machine: its time passes, and its state is part of snapshots.
 *
 * @param device  copied; what it points to outlives the machine
 * @return 0, or -1 with *error set: SIM_MACHINE_MAX_DEVICES are there already
 */
SIM_MUST_CHECK int sim_machine_add_device(struct sim_machine *machine,
                                          const struct sim_device *device, struct sim_error *error);

/** The clock devices look at; lives as long as the machine. */
const struct sim_clock *sim_machine_clock(const struct sim_machine *machine);

/** The difference of the time-stamp counter to the clock; lives as long as the machine. */
const uint64_t *sim_machine_tsc_offset(const struct sim_machine *machine);

/** RAM, for devices that access it themselves; lives as long as the machine. */
struct sim_memory;
const struct sim_memory *sim_machine_memory(const struct sim_machine *machine);

/** For devices that write to RAM themselves: what they wrote may be code or page tables. */
void sim_machine_note_dma(struct sim_machine *machine, uint64_t physical, uint64_t size);

/** For devices that keep the processor waiting for an answer: time passes. */
void sim_machine_pass_time(struct sim_machine *machine, uint64_t nanoseconds);

/** For devices: the guest programmed them against their manual; a finding. */
void sim_machine_complain(struct sim_machine *machine, const char *text);

/** Who interrupts the processor; copied. Without one there are no interrupts. */
void sim_machine_set_interrupts(struct sim_machine *machine,
                                const struct sim_interrupt_source *source);

/** Registers answered by the local APIC; copied. Without them CR8 is 0 and their MSRs do not exist. */
struct sim_apic_registers;
void sim_machine_set_apic(struct sim_machine *machine, const struct sim_apic_registers *registers);

/** What the guest did wrong without being stopped. Lives as long as the machine. */
struct sim_findings *sim_machine_findings(struct sim_machine *machine);

/** The trace of everything that happened. Lives as long as the machine. */
struct sim_trace *sim_machine_trace(struct sim_machine *machine);

/** Requested TLB flushes for which there was no reason; 0 without audit. */
uint64_t sim_machine_unneeded_flushes(const struct sim_machine *machine);

/**
 * Load an ELF64 x86-64 executable at its physical addresses and remember its symbols and line
 * table. Those of an image loaded before are forgotten.
 *
 * @return 0, or -1 with *error set; RAM is untouched on failure
 */
SIM_MUST_CHECK int sim_machine_load(struct sim_machine *machine, const char *path,
                                    struct sim_error *error);

/** First multiple of 4096 above the loaded image; SIM_MACHINE_LOW_END without one. */
uint64_t sim_machine_image_end(const struct sim_machine *machine);

/** Bytes of RAM. */
uint64_t sim_machine_ram_size(const struct sim_machine *machine);

/**
 * Where the host reads and writes the machine's RAM. After writing over code the guest has
 * executed, call sim_machine_forget_code.
 *
 * @return pointer to @p length bytes at @p physical, or NULL if they are not all RAM
 */
void *sim_machine_ram(struct sim_machine *machine, uint64_t physical, uint64_t length);

/** Whether a host pointer is inside the machine's RAM, and which physical address it is. */
bool sim_machine_ram_address(const struct sim_machine *machine, const void *pointer,
                             uint64_t *physical);

/** Let the engine forget code it has translated: the host changed the bytes. */
void sim_machine_forget_code(struct sim_machine *machine);

/**
 * Read memory at linear addresses through the guest's current tables, with supervisor rights.
 *
 * @param size  1..4096 bytes
 * @return whether all of it is mapped RAM; *buffer is untouched otherwise
 */
bool sim_machine_read_linear(struct sim_machine *machine, uint64_t linear, void *buffer,
                             size_t size);

/**
 * Call a function of the loaded image by its symbol, System V ABI, on the machine's own stack.
 *
 * @param arguments  up to 6 integers or machine addresses
 * @return how the call ended; SIM_STOP_ENGINE with fault.reason set if there is no such symbol
 */
struct sim_result sim_machine_call(struct sim_machine *machine, const char *symbol,
                                   const uint64_t *arguments, size_t count);

/**
 * sim_call(machine, "map_page", root, virtual, physical): sim_machine_call with at least one
 * argument, converted to uint64_t.
 */
#define sim_call(machine, symbol, ...)                                     \
    sim_machine_call((machine), (symbol), (const uint64_t[]){__VA_ARGS__}, \
                     sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

/**
 * Execute machine code from the scratch page, ending after its last byte.
 *
 * @param code       at most 64 bytes; may not jump away for good
 * @param registers  rax…r15 loaded before; stored after with rsp, rip and rflags, which before are
 *                   the machine's: IF, IOPL, NT, AC and ID persist from run to run, other flags
 *                   are clear
 * @return SIM_STOP_RETURNED if the end was reached; registers are untouched otherwise. A fault
 *         leaves the machine usable: a load, a store or a jump can be tried this way
 */
struct sim_result sim_machine_execute(struct sim_machine *machine, const uint8_t *code, size_t size,
                                      struct sim_registers *registers);

struct sim_boot_request;

/**
 * Prepare a machine to run a whole kernel: RAM as boot_protocol.h describes it, the processor at the
 * image's entry. The machine's own low memory is gone: no sim_machine_call and sim_machine_execute.
 *
 * @param machine  new; only its devices have been added
 * @param request  what it points to is copied
 * @return 0, or -1 with *error set; the machine can then only be destroyed
 */
SIM_MUST_CHECK int sim_machine_start(struct sim_machine *machine, const char *path,
                                     const struct sim_boot_request *request,
                                     struct sim_error *error);

/** Go on until something ends the run; never SIM_STOP_RETURNED. After SIM_STOP_HALTED and
 *  SIM_STOP_BUDGET it can be called again. */
struct sim_result sim_machine_run(struct sim_machine *machine);

/** Linear address of 4096 bytes of scratch RAM for operands of sim_machine_execute. */
uint64_t sim_machine_scratch(const struct sim_machine *machine);

/**
 * Most basic blocks one call may execute (0: no limit). Default: 1,000,000,000.
 *
 * A basic block is a run of instructions up to a branch; each round of a repeated string
 * instruction counts as one, and each deadline of a device that passes during a HLT. A run is also
 * ended after 10,000 exceptions without a return from any of them, when the same fault comes up
 * 10,000 times in a row, and after 500 deadlines in a HLT with interrupts off.
 */
void sim_machine_set_budget(struct sim_machine *machine, uint64_t blocks);

/**
 * End the current run, or the next one, with SIM_STOP_BUDGET at its next basic block. It may be called
 * by the handler of a signal.
 */
void sim_machine_interrupt(struct sim_machine *machine);

/** For devices: end the current run with SIM_STOP_EXITED and this value. */
void sim_machine_exit(struct sim_machine *machine, uint64_t value);

/** "#PF" for 14 and so on; "vector 77" for the rest, valid until the thread's next call. */
const char *sim_vector_name(unsigned int vector);

/** What a fault means: "write to a page that is not present, by the supervisor". */
void sim_fault_explain(const struct sim_fault *fault, char *text, size_t size);

/** How a run ended in one line: "#PF, write to … at function+0x12 (file.c:123): IDT limit 0 …". */
void sim_result_describe(const struct sim_result *result, char *text, size_t size);

/** Print a fault in a few lines: vector, error code decoded, symbol, source line, CR2, reason. */
void sim_fault_print(FILE *file, const struct sim_fault *fault);

#endif
