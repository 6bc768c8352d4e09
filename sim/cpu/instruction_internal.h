/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files behind instruction.h share: the decoded form of an instruction
 * and the ways one ends.
 */
#ifndef DRYDOCK_SIM_INSTRUCTION_INTERNAL_H
#define DRYDOCK_SIM_INSTRUCTION_INTERNAL_H

#include "sim/cpu/cpuid.h"
#include "sim/cpu/instruction.h"

/** Opcode maps. Spec: [SDM 2] appendix A.2.1. */
enum instruction_map {
    MAP_ONE_BYTE,
    MAP_0F,
    MAP_0F38,
    MAP_0F3A,
    MAP_VECTOR, /**< VEX or EVEX; none of them matters here */
};

/** An instruction taken apart. Spec: [SDM 2] 2.1, 2.2.1. */
struct instruction {
    enum sim_width code;
    size_t length;
    bool lock, operand_size, address_size; /**< prefixes F0, 66, 67 */
    uint8_t repeat;                        /**< F2 or F3, the last one; 0 without */
    uint8_t segment;                       /**< the last segment-override prefix; 0 without */
    uint8_t rex;                           /**< 0 without */
    enum instruction_map map;
    uint8_t opcode;
    bool has_modrm;
    uint8_t modrm, sib; /**< sib is valid if the form has one */
    int32_t displacement;
};

/** Take the first instruction of @p size bytes apart; false if it is cut off or too long. */
bool instruction_decode(const uint8_t *bytes, size_t size, enum sim_width code,
                        struct instruction *instruction);

/** How an opcode goes on after its last byte; a letter of instruction_opcodes.c. 0: undefined. */
char instruction_form(enum instruction_map map, uint8_t opcode);

enum sim_instruction_kind instruction_classify(const struct instruction *instruction);

/** Whether LOCK is allowed before it. */
bool instruction_is_lockable(const struct instruction *instruction);

static inline unsigned int instruction_mod(const struct instruction *instruction)
{
    return instruction->modrm >> 6;
}

/** ModRM.reg with REX.R. */
static inline unsigned int instruction_reg(const struct instruction *instruction)
{
    return ((instruction->modrm >> 3) & 7u) | ((instruction->rex & 4u) << 1);
}

/** ModRM.rm with REX.B. */
static inline unsigned int instruction_rm(const struct instruction *instruction)
{
    return (instruction->modrm & 7u) | ((instruction->rex & 1u) << 3);
}

/** REX.W. */
static inline bool instruction_is_wide(const struct instruction *instruction)
{
    return (instruction->rex & 8u) != 0;
}

/** Width of addresses in the instruction. Spec: [SDM 1] 3.6. */
enum sim_width instruction_address_width(const struct instruction *instruction);

/** General register by its number in an instruction. */
uint64_t instruction_register(const struct sim_registers *registers, unsigned int number);

/** One instruction on its way through sim_instruction_step. */
struct step {
    const struct sim_instruction_context *context;
    struct instruction instruction;
    enum sim_instruction_kind kind;
    struct sim_instruction_result *result;
};

enum {
    VECTOR_DB = 1,
    VECTOR_UD = 6,
    VECTOR_NP = 11,
    VECTOR_GP = 13,
    VECTOR_PF = 14
};

#define CR0_PE UINT64_C(0x1)
#define CR0_TS UINT64_C(0x8)
#define CR0_WP (UINT64_C(1) << 16)
#define CR0_NW (UINT64_C(1) << 29)
#define CR0_CD (UINT64_C(1) << 30)
#define CR0_PG (UINT64_C(1) << 31)

#define CR4_DE       (UINT64_C(1) << 3)
#define CR4_PSE      (UINT64_C(1) << 4)
#define CR4_PAE      (UINT64_C(1) << 5)
#define CR4_PGE      (UINT64_C(1) << 7)
#define CR4_PCE      (UINT64_C(1) << 8)
#define CR4_LA57     (UINT64_C(1) << 12)
#define CR4_FSGSBASE (UINT64_C(1) << 16)
#define CR4_PCIDE    (UINT64_C(1) << 17)
#define CR4_OSXSAVE  (UINT64_C(1) << 18)
#define CR4_SMEP     (UINT64_C(1) << 20)
#define CR4_SMAP     (UINT64_C(1) << 21)
#define CR4_PKE      (UINT64_C(1) << 22)
#define CR4_CET      (UINT64_C(1) << 23)
#define CR4_PKS      (UINT64_C(1) << 24)

#define RFLAGS_VM (UINT64_C(1) << 17)

#define EFER_LME  (UINT64_C(1) << 8)
#define EFER_LMA  (UINT64_C(1) << 10)
#define EFER_NXE  (UINT64_C(1) << 11)
#define EFER_SVME (UINT64_C(1) << 12)

/** The instruction raises an exception; the sentence follows its name. */
SIM_PRINTF(4, 5)
void step_fault(struct step *step, unsigned int vector, uint32_t error_code, const char *format,
                ...);

/** #GP(0), the most common one. */
SIM_PRINTF(2, 3) void step_refuse(struct step *step, const char *format, ...);

/** It is done: advance RIP. */
void step_done(struct step *step);

/** Whether CPL is 0; raises #GP(0) if not. Spec: [SDM 3A] 5.9. */
bool step_is_privileged(struct step *step);

/** CPL, also in real and virtual-8086 mode. Spec: [SDM 3A] 20.1, 20.2. */
unsigned int step_privilege(const struct sim_cpu *cpu);

/** #UD with a sentence. */
SIM_PRINTF(2, 3) void step_undefined(struct step *step, const char *format, ...);

/** Record what the instruction does for the trace. */
void step_trace(struct step *step, enum sim_trace_kind kind, uint32_t code, uint64_t a);

/** General register by its number in an instruction. */
uint64_t step_register(const struct step *step, unsigned int number);

/** Write the low @p bytes (2, 4, 8) of a register; 4 clear the upper half. */
void step_set_register(struct step *step, unsigned int number, unsigned int bytes, uint64_t value);

/** EDX:EAX, and loading it with zero-extension. */
uint64_t step_edx_eax(const struct step *step);
void step_set_edx_eax(struct step *step, uint64_t value);

/** Linear address of the memory operand, bases taken as 0. Returns false if there may be one. */
bool step_address(const struct step *step, uint64_t *linear);

/** How a read of an operand ended, the faulting byte's address and walk being in *failure. */
enum sim_transfer step_read(const struct step *step, uint64_t linear, void *buffer, size_t size,
                            struct sim_transfer_failure *failure);

/** 16-bit operand in a register or in memory. Returns false if it cannot be read. */
bool step_read_rm16(const struct step *step, uint16_t *value);

/** Whether IA-32e mode is active. */
static inline bool step_is_long_mode(const struct sim_cpu *cpu)
{
    return (cpu->efer & EFER_LMA) != 0;
}

/** Record a flush; @p cr3 has the PCID in bits 11:0. */
void step_flush(struct step *step, enum sim_tlb_flush_kind kind, uint64_t cr3);

/**
 * Load the PDPTEs that a CR3 names, for PAE paging. Raises #GP(0) and returns false if that is not
 * allowed. Those outside RAM are left to the walk, which finds nothing there.
 */
bool step_load_pdptes(struct step *step, uint64_t cr3);

void step_load_cr0(struct step *step, uint64_t value);
void step_load_cr4(struct step *step, uint64_t value);

void step_mov_to_cr(struct step *step);
void step_mov_from_cr8(struct step *step);
void step_lmsw(struct step *step);
void step_clts(struct step *step);
void step_xsetbv(struct step *step);
void step_xgetbv(struct step *step);
void step_mov_dr(struct step *step);
void step_rdmsr(struct step *step);
void step_wrmsr(struct step *step);
void step_rdpmc(struct step *step);
void step_load_table(struct step *step);
void step_load_selector(struct step *step);
void step_invlpg(struct step *step);
void step_invpcid(struct step *step);
void step_invlpgb(struct step *step);
void step_tlbsync(struct step *step);
void step_invlpga(struct step *step);
void step_monitor(struct step *step);
void step_mwait(struct step *step);
void step_flush_line(struct step *step);
void step_swapgs(struct step *step);
void step_write_base(struct step *step);
void step_wrpkru(struct step *step);
void step_random(struct step *step);
void step_locked(struct step *step);

#endif
