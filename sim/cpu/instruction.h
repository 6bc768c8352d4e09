/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Instructions the machine looks at before the engine executes them: those that
 * load control, debug and model-specific registers, descriptor-table registers,
 * flush the TLB or return from handlers. The engine accepts values a processor
 * refuses; here stands what the manual says.
 */
#ifndef DRYDOCK_SIM_INSTRUCTION_H
#define DRYDOCK_SIM_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/machine/machine.h"
#include "sim/cpu/system.h"
#include "sim/mmu/tlb.h"
#include "sim/report/trace.h"

/** Longest instruction in bytes. Spec: [SDM 2] 2.3.11. */
#define SIM_INSTRUCTION_MAX 15u

/** The instructions the machine looks at, by the manual's mnemonics. */
enum sim_instruction_kind {
    SIM_KIND_OTHER, /**< any other one, or no instruction at all */
    SIM_KIND_MOV_TO_CR,
    SIM_KIND_MOV_FROM_CR8, /**< reads of other control registers are SIM_KIND_OTHER */
    SIM_KIND_MOV_TO_DR,
    SIM_KIND_MOV_FROM_DR,
    SIM_KIND_LMSW,
    SIM_KIND_CLTS,
    SIM_KIND_XSETBV,
    SIM_KIND_XGETBV,
    SIM_KIND_RDMSR,
    SIM_KIND_WRMSR,
    SIM_KIND_RDPMC,
    SIM_KIND_LGDT,
    SIM_KIND_LIDT,
    SIM_KIND_LLDT,
    SIM_KIND_LTR,
    SIM_KIND_INVLPG,
    SIM_KIND_INVPCID,
    SIM_KIND_INVLPGB,
    SIM_KIND_TLBSYNC,
    SIM_KIND_INVLPGA,
    SIM_KIND_MONITOR,
    SIM_KIND_MWAIT,
    SIM_KIND_CLFLUSH,
    SIM_KIND_CLFLUSHOPT,
    SIM_KIND_CLWB,
    SIM_KIND_SWAPGS,
    SIM_KIND_WRFSBASE,
    SIM_KIND_WRGSBASE,
    SIM_KIND_WRPKRU,
    SIM_KIND_RDRAND,
    SIM_KIND_RDSEED,
    SIM_KIND_LOCKED, /**< any instruction with a LOCK prefix that it does not allow */
    SIM_KIND_IRET,   /**< this and those below are found, but only the machine deals with them */
    SIM_KIND_RET_FAR,
    SIM_KIND_CALL_FAR,
    SIM_KIND_JMP_FAR,
    SIM_KIND_SYSCALL,
    SIM_KIND_SYSRET,
    SIM_KIND_SYSENTER,
    SIM_KIND_SYSEXIT,
    SIM_KIND_COUNT,
};

/**
 * Which instruction the bytes begin with.
 *
 * @param bytes  @p size bytes of code; more than the instruction's own are ignored
 * @param code   width the code is executed in
 */
enum sim_instruction_kind sim_instruction_kind(const uint8_t *bytes, size_t size,
                                               enum sim_width code);

/** The manual's mnemonic: "MOV CR", "LGDT", …; "instruction" for SIM_KIND_OTHER. */
const char *sim_instruction_name(enum sim_instruction_kind kind);

/**
 * Whether the processor itself reads a segment descriptor for the instruction: an access with
 * supervisor rights, also at CPL 3. Spec: [SDM 3A] 4.6.1.
 */
bool sim_instruction_reads_descriptor(const uint8_t *bytes, size_t size, enum sim_width code);

/**
 * Whether the instruction reads its operand in memory and writes it back: with or without LOCK, an
 * access that needs the right to write. Such an instruction reads no other memory.
 */
bool sim_instruction_modifies(const uint8_t *bytes, size_t size, enum sim_width code);

/**
 * Whether the operand in memory is addressed by RSP or RBP, without FS or GS, in 64-bit code: then
 * an address that is not canonical raises #SS. Spec: [SDM 1] 3.7.4; [SDM 3A] 6.15, interrupt 12.
 */
bool sim_instruction_uses_stack_segment(const uint8_t *bytes, size_t size, enum sim_width code);

/** What is special about an instruction that is executed in a step of its own. */
enum sim_instruction_flow {
    SIM_FLOW_OTHER,
    SIM_FLOW_PUSHES_FLAGS, /**< PUSHF */
    SIM_FLOW_POPS_FLAGS,   /**< POPF and IRET */
    SIM_FLOW_SYSRET,       /**< loads TF, which matters for the trap after itself */
    SIM_FLOW_REPEATS,      /**< a string instruction with REP, REPE or REPNE */
};

enum sim_instruction_flow sim_instruction_flow(const uint8_t *bytes, size_t size,
                                               enum sim_width code);

/** Near branches. */
enum sim_instruction_branch {
    SIM_BRANCH_NONE, /**< any other instruction; LOOP too, which changes RCX */
    SIM_BRANCH_JMP,  /**< JMP, Jcc, JRCXZ: changes RIP only */
    SIM_BRANCH_CALL, /**< pushes the return address */
    SIM_BRANCH_RET,
};

/**
 * Which branch the bytes begin with.
 *
 * @param[out] release  bytes that SIM_BRANCH_RET releases after the return address; else 0
 */
enum sim_instruction_branch sim_instruction_branch(const uint8_t *bytes, size_t size,
                                                   enum sim_width code, uint16_t *release);

/** An access to I/O ports. */
struct sim_instruction_io {
    unsigned int width; /**< 1, 2 or 4 bytes */
    bool is_immediate;  /**< the port is in the instruction; else in DX */
    uint8_t port;       /**< valid if is_immediate */
};

/** Whether the bytes begin with IN, OUT, INS or OUTS; *io is set if so. */
bool sim_instruction_io(const uint8_t *bytes, size_t size, enum sim_width code,
                        struct sim_instruction_io *io);

/**
 * Length of the instruction the bytes begin with, of whatever kind.
 *
 * Opcodes the manual leaves undefined have the length their form suggests.
 *
 * @return 1..SIM_INSTRUCTION_MAX, or 0 if it is longer than that or than @p size
 *
 * Spec: [SDM 2] 2.1, 2.2, 2.3, 2.7; appendix A.
 */
size_t sim_instruction_length(const uint8_t *bytes, size_t size, enum sim_width code);

/**
 * Whether the bytes of a basic block may contain such an instruction: a quick test for opcode
 * bytes, true too often rather than too rarely.
 */
bool sim_instruction_suspect(const uint8_t *bytes, size_t size);

/**
 * Find the next instruction of a basic block that the machine looks at.
 *
 * @param bytes         the block's code
 * @param size          in bytes
 * @param code          width the block is executed in
 * @param[in,out] at    offset of an instruction's first byte, 0 at first; afterwards of the
 *                      instruction found
 * @param[out] length   of the instruction found, in bytes
 * @return whether there is one
 */
bool sim_instruction_find(const uint8_t *bytes, size_t size, enum sim_width code, size_t *at,
                          size_t *length);

/** Operands of SIM_KIND_RET_FAR. */
struct sim_instruction_far_return {
    enum sim_width operand; /**< operand size */
    uint16_t release;       /**< bytes of parameters */
};

/** Operands of SIM_KIND_CALL_FAR and SIM_KIND_JMP_FAR. */
struct sim_instruction_far_pointer {
    enum sim_width operand; /**< operand size, which is that of the offset */
    uint16_t selector;
    uint64_t offset;
};

/** Take the operands of a far return from its bytes. Returns false if they are cut off. */
bool sim_instruction_far_return(const uint8_t *bytes, size_t size, enum sim_width code,
                                struct sim_instruction_far_return *operands);

enum sim_instruction_verdict {
    SIM_INSTRUCTION_EXECUTE,   /**< nothing against it: the engine executes it */
    SIM_INSTRUCTION_DONE,      /**< done here: registers are as after it, RIP included */
    SIM_INSTRUCTION_EXCEPTION, /**< it faults: `exception` and `reason` are set */
};

/** What an instruction did to the processor beyond its registers, for the TLB and the trace. */
struct sim_instruction_effect {
    bool flushes;
    struct sim_tlb_flush flush; /**< valid if flushes */

    /** Addresses or rights mean something else from now on, whether or not anything is invalidated:
        MOV CR3 that flushes nothing, CR0.WP, CR4.SMAP, EFER.NXE, PKRU. Copies of translations kept
        outside of the TLB model have to be forgotten. */
    bool retranslates;

    bool loads_pdptes; /**< registers of PAE paging; `retranslates` is then set too */
    bool has_pdptes;   /**< what is loaded is RAM: `pdpte` is valid */
    uint64_t pdpte[4];

    bool traced;
    enum sim_trace_kind trace_kind; /**< this and the rest valid if traced */
    uint32_t trace_code;
    uint64_t trace_a, trace_b;
};

struct sim_instruction_result {
    enum sim_instruction_verdict verdict;
    struct sim_exception exception;
    char reason[192];                     /**< "MOV CR4: bit 15 is reserved" */
    struct sim_instruction_effect effect; /**< also for EXECUTE: what it will do */
};

/** The processor an instruction meets. */
struct sim_instruction_context {
    struct sim_cpu *cpu;             /**< rip, rsp, rflags, cr3 changed with SIM_INSTRUCTION_DONE;
                                          cr2 with a page fault */
    struct sim_registers *registers; /**< changed with SIM_INSTRUCTION_DONE; rsp, rip and rflags are
                                          those of cpu, before and after */
    struct sim_system *system;       /**< changed with SIM_INSTRUCTION_DONE; xcr0 also with XSETBV,
                                          dr6.BD and dr7.GD with the #DB of DR7.GD */
    struct sim_mmu mmu;              /**< for operands and descriptors in memory */
    bool own_mmu;                    /**< PCID and INVPCID exist only with the machine's own MMU */
};

/**
 * Read the target of a far CALL or JMP.
 *
 * @return false if it is in memory that cannot be read, or whose segment may have a base: that is
 *         left to the engine, as sim_instruction_step does it
 */
bool sim_instruction_far_pointer(const struct sim_instruction_context *context,
                                 const uint8_t *bytes, size_t size,
                                 struct sim_instruction_far_pointer *operand);

/**
 * Check one instruction, or execute it.
 *
 * Operands in memory are read with the rights of the instruction through the tables, not through
 * the TLB. Bases of segments are taken as 0. An operand that cannot be read that way, or whose
 * segment may have a base (FS, GS, 16-bit code), is left to the engine, value unchecked; INVPCID
 * raises its page faults itself.
 *
 * With SIM_INSTRUCTION_EXECUTE nothing stands against the instruction: the engine loads CR0, CR3,
 * CR4, EFER, table and base registers. After SIM_INSTRUCTION_DONE cpu->cr3 may be new. The kinds
 * only the machine deals with are always left to the engine, unchecked.
 *
 * @param bytes  the instruction, @p size bytes, as found by sim_instruction_find
 *
 * Spec: [SDM 2] each instruction's "Operation" and "Exceptions"; [SDM 3A] 2.5, 2.8, 5.8.7, 17.2;
 * [SDM 4] 2.1.
 */
struct sim_instruction_result sim_instruction_step(const struct sim_instruction_context *context,
                                                   const uint8_t *bytes, size_t size);

#endif
