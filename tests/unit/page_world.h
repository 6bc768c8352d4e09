/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Memory for tables and a processor for the model test: the allocator fails on
 * command and knows which frames are out, and every translation that has
 * changed is stale until an instruction that the library executes drops it.
 *
 * Only what is said to be stale can be in the way: this is the most that caches
 * may hold, and each instruction drops the least the manual promises.
 */
#ifndef DRYDOCK_TESTS_PAGE_WORLD_H
#define DRYDOCK_TESTS_PAGE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/paging_memory.h"
#include "sim/cpu/cpu.h"

enum {
    WORLD_FRAMES = 512,
    WORLD_STALE = 32768, /**< runs of pages that can be stale; one call may add thousands */
    WORLD_EVERY_PCID = 0x10000,
};

/** What caches may still hold: pages in a row, or what a table was reached by. */
struct stale {
    uint64_t first, bytes; /**< linear address of the first page; of each */
    unsigned int count;    /**< of pages, at most 512 */
    uint64_t left[8];      /**< by page: not dropped yet */
    unsigned int pcid;     /**< WORLD_EVERY_PCID: may be held in any context */
    bool global;
    unsigned int batch; /**< in which the library has it to settle: 1 or 2 */
};

struct page_world {
    uint64_t cr3, cr4, efer;
    uint32_t features, address_sizes, structured_features; /**< CPUID */
    unsigned int allocations_left;
    unsigned int frames_in_use;
    bool frames_zeroed;
    unsigned int settling; /**< a batch, or 0: its frames may be freed, and what the call got */
    const char *complaint; /**< what went wrong, or NULL */
    size_t pointer_calls;
    size_t stale_count;
    struct stale stale[WORLD_STALE];
};

extern struct page_world world;

/** All frames free, nothing stale. */
void world_reset(void);

/** A call begins: frames allocated from now on are its own. */
void world_begin_call(void);

/** Frames that can still be allocated. */
unsigned int world_available(void);

/** Something that was present is not what it was. Full: the test has to settle. */
void world_add_stale(struct stale stale);

/** Whether anything of a batch is. */
bool world_is_stale(unsigned int batch);

/** All of one batch is in another one now. */
void world_move_stale(unsigned int into, unsigned int from);

/** Remember what went wrong, if it is the first. */
void world_complain(const char *what);

/** The words of a frame, or NULL if it is none. */
uint64_t *world_frame(uint64_t physical);

/** All memory from physical address 0, for the reference walker. */
const struct sim_memory *world_memory(void);

/** Memory reached through a function, which checks the places it is told; and through a window. */
extern const struct dd_paging_memory world_by_function;
const struct dd_paging_memory *world_by_window(void);

/** What the function checks places with: roots of the spaces there are; 0: none. */
extern uint64_t world_roots[2];

#endif
