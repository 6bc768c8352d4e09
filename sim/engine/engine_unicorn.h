/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the Unicorn engine share. Nobody else includes it.
 */
#ifndef DRYDOCK_SIM_ENGINE_UNICORN_H
#define DRYDOCK_SIM_ENGINE_UNICORN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

#include "sim/cpu/alignment.h"
#include "sim/engine/engine.h"

/**
 * Where four words that the API does not give access to are in a saved context, in bytes.
 * They differ from version to version and are found by trial; see engine_unicorn_calibrate.c.
 */
struct unicorn_words {
    size_t in_flight;      /**< vector of the exception being delivered, or -1 */
    size_t error_code;     /**< of the last exception */
    size_t software;       /**< 1 after INT n */
    size_t modes;          /**< bits 1:0 are the CPL; see enum unicorn_modes */
    size_t es_base;        /**< linear address of the segment in ES, 64 bits */
    size_t segment_stride; /**< from one segment register to the next, in bytes */
};

/** Bits of the word of modes. The trial runs see each of them change. */
enum unicorn_modes {
    UNICORN_MODE_PRIVILEGE = 3,
    UNICORN_MODE_SHADOW = 1 << 3, /**< STI or a load of SS came just before */
    UNICORN_MODE_CODE_32 = 1 << 4,
    UNICORN_MODE_STACK_32 = 1 << 5,
    UNICORN_MODE_BASES = 1 << 6, /**< segments other than FS and GS may have a base */
    UNICORN_MODE_CODE_64 = 1 << 15,
    UNICORN_MODE_ALL = UNICORN_MODE_PRIVILEGE | UNICORN_MODE_CODE_32 | UNICORN_MODE_STACK_32 |
                       UNICORN_MODE_CODE_64, /**< what follows from CS and SS */
};

/** Where the parts of a segment register are, in bytes from its base. */
enum unicorn_segment_part {
    UNICORN_SEGMENT_SELECTOR = 8, /**< before the base */
    UNICORN_SEGMENT_LIMIT = 8,
    UNICORN_SEGMENT_FLAGS = 12, /**< the upper half of the descriptor */
};

/** An operand of which something is known when its basic block is entered. */
struct unicorn_check {
    uint32_t at, length;                       /**< of the instruction in its block, in bytes */
    struct sim_aligned_operand operand, entry; /**< see struct sim_aligned_access */
};

/** All of a basic block, in the order of the instructions. */
struct unicorn_checks {
    size_t count;
    struct unicorn_check list[];
};

/** What is known about a basic block. */
struct unicorn_block {
    uint64_t address; /**< linear address of its first instruction */
    uint32_t size;    /**< bytes; 0: the slot is free */
    uint32_t instructions;
    struct unicorn_checks *checks; /**< NULL: none */
    bool may_enable;               /**< interrupts: something in it may load RFLAGS.IF */
};

/** Blocks by address: an open hash table that doubles. */
struct unicorn_blocks {
    struct unicorn_block *slots;
    size_t capacity;    /**< a power of two */
    size_t count;       /**< of the blocks */
    size_t check_count; /**< of all checks */
};

/** Why the engine stops at an address. */
enum unicorn_stop_reason {
    UNICORN_STOP_INSTRUCTION = 1, /**< a system instruction was found there */
    UNICORN_STOP_REACHED = 2,     /**< sim_engine_stop_at */
    UNICORN_STOP_MISALIGNED = 4,  /**< if `operand` is not aligned */
    UNICORN_STOP_LOOK = 8,        /**< it does not; the client looks before the next block */
};

/** A linear address the engine stops at. */
struct unicorn_stop {
    uint64_t address;     /**< 0: the slot is free */
    unsigned int reasons; /**< sum of enum unicorn_stop_reason */
    size_t length;        /**< of the instruction, in bytes; not for UNICORN_STOP_REACHED */
    struct sim_aligned_operand operand; /**< for UNICORN_STOP_MISALIGNED */
};

/** All of them, by address: an open hash table. */
struct unicorn_stops {
    struct unicorn_stop *slots;
    size_t capacity; /**< a power of two */
    size_t count;
};

/** The search for the exact address of an access that was refused. */
struct unicorn_trap {
    bool armed;    /**< the page below leads nowhere for now */
    bool hit;      /**< the access came, at `offset` */
    uint64_t page; /**< linear */
    uint32_t offset;
};

/** An instruction breakpoint, or one that was. */
struct unicorn_breakpoint {
    uint64_t linear;
    uc_hook hook;
    bool hooked; /**< `linear` and `hook` are valid */
    bool enabled;
};

#define UNICORN_BREAKPOINTS 4u

/** A page that was translated in a step. */
struct unicorn_fill {
    uint64_t linear, physical; /**< multiples of 4096 */
};

#define UNICORN_STEP_FILLS 8u

/** What was in RAM where an instruction stored. */
struct unicorn_overwritten {
    uint64_t physical;
    size_t size;
    uint8_t bytes[16];
};

#define UNICORN_STEP_STORES 256u

/** The execution of a single instruction. */
struct unicorn_step {
    bool wanted;                                   /**< the next run is one */
    bool running;                                  /**< this run is one */
    bool undoable;                                 /**< it can be undone */
    bool refused;                                  /**< the client forbade an access */
    uint64_t trap_flag;                            /**< RFLAGS.TF before */
    uint64_t blocks;                               /**< begun in this run */
    uint64_t instruction;                          /**< linear address of the last block */
    struct unicorn_fill fills[UNICORN_STEP_FILLS]; /**< the last ones */
    size_t fill_count;
    bool met_watched; /**< one of them is watched */
    struct unicorn_overwritten overwritten[UNICORN_STEP_STORES];
    size_t overwritten_count; /**< by the instruction, if undoable */
};

/** A range of physical addresses with a device; what Unicorn passes to its functions. */
struct unicorn_window {
    struct sim_engine *engine;
    uint64_t base;
    struct unicorn_window *next; /**< list of all, to be freed */
};

/** The segment in CS. It is only looked for when RIP is asked for. */
struct unicorn_code_segment {
    bool known; /**< in this run */
    uint16_t selector;
    bool is_64_bit;
    uint64_t base; /**< linear address */
};

/** The access of the instruction that is being executed, as a memory hook saw it. */
struct unicorn_access {
    struct sim_engine_access whole; /**< of size 0: none was seen */
    uint64_t rip;
};

/** A range of addresses a hook is called for; begin above end: everywhere. */
struct unicorn_range {
    uint64_t begin, end; /**< both included */
};

#define UNICORN_EVERYWHERE ((struct unicorn_range){1, 0})

/** Physical addresses that writes are noted for. */
struct unicorn_noted {
    struct unicorn_range range;
    uc_hook hook;
};

#define UNICORN_NOTED 4u

/** Virtual time; see engine_unicorn_time.c. */
struct unicorn_clock {
    uint64_t now;         /**< instructions counted, and time skipped */
    uint64_t seen;        /**< what sim_engine_time told last */
    bool in_block;        /**< a block was entered and is perhaps not complete */
    uint64_t counted_end; /**< where the code ends that `now` includes; linear */
    bool held;            /**< the block at `held_at` is counted and is the rest of another */
    uint64_t held_at;     /**< linear */
};

struct sim_engine {
    uc_engine *unicorn;
    uc_context *context; /**< scratch for saving, patching and restoring */
    uc_context *before;  /**< the instruction that is stepped and may be undone */
    struct unicorn_words words;
    uint64_t int_6_lag; /**< how far RIP is behind the end of INT 6, in bytes */
    struct sim_engine_client client;
    struct sim_memory memory;
    struct unicorn_blocks blocks;
    struct unicorn_stops stops;
    struct unicorn_trap trap;
    struct unicorn_breakpoint breakpoints[UNICORN_BREAKPOINTS];
    bool breaks;      /**< one is enabled */
    bool resumes;     /**< RFLAGS.RF was 1 when this run began */
    uint64_t resumed; /**< where it began; valid if breaks */
    struct unicorn_step step;
    bool watching;      /**< sim_engine_set_watching */
    uc_hook watch_hook; /**< valid while watching */
    struct unicorn_window *windows;
    struct unicorn_noted noted[UNICORN_NOTED]; /**< see engine_unicorn_writes.c */
    size_t noted_count;
    struct unicorn_access access; /**< to a device; valid while its function is called */
    struct unicorn_code_segment code_segment;
    uint64_t blocks_left; /**< in this run */
    struct unicorn_clock clock;
    uint64_t deadline;      /**< of sim_engine_set_deadline */
    uint64_t shadow_end;    /**< clock.now after the last instruction in an interrupt shadow */
    uint64_t passed;        /**< linear address of the instruction to let through */
    bool passing;           /**< `passed` is valid */
    uint64_t reached;       /**< linear address that was reached and is not to be reported again */
    bool leaving;           /**< `reached` is valid */
    bool look;              /**< sim_engine_request_look */
    bool attention;         /**< sim_engine_request_attention */
    bool interrupt_waiting; /**< sim_engine_set_interrupt_waiting */
    bool disabled;      /**< RFLAGS.IF was 0, and no block that may change that was entered since */
    bool wrote_watched; /**< settle_writes is due */
    uint64_t rested;    /**< RIP when the last run ended */
    bool running;       /**< no event came up yet in this run */
    bool again;         /**< the run is not over: code was thrown away */
    struct sim_engine_event event;
};

/** Find the words by trial runs. The engine is in its boot state, and is again afterwards. */
int unicorn_calibrate(struct sim_engine *engine, const struct sim_memory *memory,
                      const struct sim_engine_boot *boot, struct sim_error *error);

/** Install the hooks of each file. Whether Unicorn took them all. */
bool unicorn_add_hooks(struct sim_engine *engine);
bool unicorn_add_block_hook(struct sim_engine *engine);
bool unicorn_add_code_hooks(struct sim_engine *engine);
bool unicorn_add_memory_hooks(struct sim_engine *engine);

/** Unicorn takes hooks of all types as void *; ISO C wants a detour for a function. */
union unicorn_hook {
    uc_cb_hookintr_t interrupt;
    uc_cb_hookinsn_invalid_t invalid;
    uc_cb_hookcode_t code;
    uc_cb_eventmem_t unmapped;
    uc_cb_hookmem_t memory;
    uc_cb_tlbevent_t fill;
    uc_hook_edge_gen_t generated;
    uc_cb_insn_syscall_t syscall;
    uc_cb_insn_cpuid_t whole;
    uc_cb_insn_in_t in;
    uc_cb_insn_out_t out;
    void *pointer;
};

/** Add a hook. @p instruction matters for UC_HOOK_INSN only. Whether Unicorn took it. */
bool unicorn_add_hook(struct sim_engine *engine, int type, union unicorn_hook function,
                      struct unicorn_range range, int instruction);

/** Free the tables of engine_unicorn_code.c, and the windows of engine_unicorn_memory.c. */
void unicorn_free_code(struct sim_engine *engine);
void unicorn_free_blocks(struct sim_engine *engine);
void unicorn_free_stops(struct sim_engine *engine);
void unicorn_free_windows(struct sim_engine *engine);

/** A block has just been translated. */
void unicorn_remember_block(struct sim_engine *engine, const uc_tb *block, bool may_enable);

/** The basic block at an address; NULL if it is not known. */
struct unicorn_block *unicorn_find_block(const struct sim_engine *engine, uint64_t address,
                                         uint32_t size);

/** How many instructions there are from an address to another; 0 if they cannot be read. */
uint64_t unicorn_count_between(struct sim_engine *engine, uint64_t address, uint64_t end);

/** Length in bytes of the system instruction that is at an address now, where one was found before;
 *  0 if another instruction is there, @p before if it cannot be read. */
size_t unicorn_system_instruction(struct sim_engine *engine, uint64_t address, size_t before);

/** A block of so many instructions is entered that was not counted yet. */
void unicorn_count_block(struct sim_engine *engine, uint64_t end, uint32_t instructions);

/** While a block is held: whether the one that is entered is its rest. Then none is held. */
bool unicorn_continues_block(struct sim_engine *engine, uint64_t address);

/** When a run begins: it may begin elsewhere than with that rest. */
void unicorn_release_block(struct sim_engine *engine);

/** When a run has ended. */
void unicorn_settle_time(struct sim_engine *engine);

/** Where to begin to look for an address in an open hash table of @p capacity slots. */
static inline size_t unicorn_hash(uint64_t address, size_t capacity)
{
    return (size_t)((address * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (capacity - 1);
}

/** Stop before a system instruction. Whether its block has to be thrown away for that. */
bool unicorn_stop_at_instruction(struct sim_engine *engine, uint64_t address, size_t length);

/** Have the client look after the last instruction of a block. Whether the block has to be thrown
 *  away for that. */
bool unicorn_look_after(struct sim_engine *engine, uint64_t address);

/** Stop before an instruction if its operand is not aligned. Whether its block has to be thrown
 *  away for that. */
bool unicorn_stop_if_misaligned(struct sim_engine *engine, uint64_t address, size_t length,
                                const struct sim_aligned_operand *operand);

/** Whether unicorn_stop_if_misaligned was called for an address. */
bool unicorn_stops_if_misaligned(const struct sim_engine *engine, uint64_t address);

/** Note what has to be aligned in a block of this address and size that has just been translated.
 *  Whether the block has to be thrown away. */
bool unicorn_note_alignment(struct sim_engine *engine, uint64_t address,
                            const struct sim_basic_block *code);

/** Forget it. */
void unicorn_forget_checks(struct unicorn_blocks *blocks, struct unicorn_block *block);

/** When a block with checks is entered. False: it was thrown away, since something in it is not
 *  aligned. */
bool unicorn_is_aligned_on_entry(struct sim_engine *engine, struct unicorn_block *block);

/** Whether an operand is not aligned with the registers as they are. */
bool unicorn_is_misaligned(struct sim_engine *engine, const struct sim_aligned_operand *operand);

/** Complete SIM_ENGINE_REFUSED: find the exact address of the access. */
void unicorn_find_refused_address(struct sim_engine *engine);

/** Whether there is a breakpoint at an address that is not passed over; then the run ends. */
bool unicorn_stop_at_breakpoint(struct sim_engine *engine, uint64_t address);

/** At the beginning of a block in a step. Whether its instruction is complete. */
bool unicorn_step_is_over(struct sim_engine *engine);

/** A page was translated. False: it is watched, and the access has to be refused for now. */
bool unicorn_note_fill(struct sim_engine *engine, uint64_t linear, enum sim_access_kind kind,
                       const struct sim_engine_page *page);

/** When an instruction of a step begins. */
void unicorn_begin_instruction(struct sim_engine *engine);

/** Put back the registers and the RAM that it has changed. */
void unicorn_undo_instruction(struct sim_engine *engine);

/** Before and after a run: turn it into a step if one is wanted. */
void unicorn_begin_step(struct sim_engine *engine);
void unicorn_end_step(struct sim_engine *engine);

/** Note why this run ends, unless it has ended already. */
void unicorn_record(struct sim_engine *engine, enum sim_engine_stop stop);

/** The same, and make Unicorn stop before the next instruction or block. */
void unicorn_stop(struct sim_engine *engine, enum sim_engine_stop stop);

/** End this run: the engine cannot go on. */
void unicorn_stop_for_failure(struct sim_engine *engine, const char *reason);

/** Start at RIP and come back with an event, but leave the engine's exception words alone. */
void unicorn_run_raw(struct sim_engine *engine, uint64_t blocks);

/** A word of a saved context. */
uint32_t unicorn_word(const uc_context *context, size_t offset);

/** The word of modes as it is now. */
uint32_t unicorn_modes(struct sim_engine *engine);

/** The bits UNICORN_MODE_ALL of that word for CS and SS of a processor. */
uint32_t unicorn_modes_for(const struct sim_cpu *cpu);

/** Linear address at which a segment begins, from the context saved last. Not in 64-bit code. */
uint64_t unicorn_segment_base(const struct sim_engine *engine, enum sim_segment_register segment);

/** Linear address of the instruction at RIP. */
uint64_t unicorn_linear_rip(struct sim_engine *engine);

/** Read a register of up to 64 bits; write one and return whether the value was accepted. */
uint64_t unicorn_get(struct sim_engine *engine, int id);
bool unicorn_set(struct sim_engine *engine, int id, uint64_t value);

/** General register by its number in instructions; 0 for SIM_NO_REGISTER. */
uint64_t unicorn_get_general(struct sim_engine *engine, unsigned int number);

/** Whether the instruction at RIP loads a segment register at CPL 0 with a segment that allows
 *  everything. */
bool unicorn_loads_unlimited(struct sim_engine *engine, const uint8_t *bytes, size_t length,
                             enum sim_width width);

/** Load control registers, tables and segment registers of the boot state. */
int unicorn_boot(struct sim_engine *engine, const struct sim_engine_boot *boot,
                 struct sim_error *error);

/** Set *error to SENTENCE and the engine's name and version. Always returns -1. */
int unicorn_error(struct sim_error *error, const char *sentence);

#endif
