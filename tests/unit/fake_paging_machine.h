/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the paging tests put in place of a kernel and a processor: physical
 * memory with an allocator that fails on command, and an MMU written from the
 * manual with a TLB and paging-structure caches that keep all they may keep.
 *
 * None of it uses the library's own tables of bits.
 */
#ifndef DRYDOCK_TESTS_FAKE_PAGING_MACHINE_H
#define DRYDOCK_TESTS_FAKE_PAGING_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/paging.h"
#include "drydock/paging_memory.h"

enum {
    FAKE_FRAMES = 640,     /**< frames of memory */
    FAKE_EVENTS = 8192,    /**< events remembered */
    FAKE_TLB_ENTRIES = 64, /**< the oldest is forgotten first */
};

/** Physical address of the first frame. */
#define FAKE_MEMORY UINT64_C(0x100000)

enum fake_event_kind {
    FAKE_INVLPG,
    FAKE_INVPCID, /**< the address is the type */
    FAKE_INVLPGB, /**< the address is RAX */
    FAKE_TLBSYNC,
    FAKE_WRITE_CR3, /**< the address is the operand */
    FAKE_WRITE_CR4, /**< likewise */
    FAKE_FREE,
};

struct fake_event {
    enum fake_event_kind kind;
    uint64_t address; /**< linear, or physical address of the frame freed */
};

struct fake_machine {
    /* What the processor says about itself; may be set by a test. */
    uint64_t cr3;
    uint64_t cr4;
    uint64_t efer;
    uint32_t extended_leaves;     /**< CPUID 80000000H, EAX */
    uint32_t features;            /**< CPUID 80000001H, EDX */
    uint32_t address_sizes;       /**< CPUID 80000008H, EAX */
    uint32_t structured_features; /**< CPUID 7, EBX */
    /* The allocator. */
    unsigned int allocations_left; /**< until they fail */
    unsigned int frames_in_use;
    bool hand_out_unreachable; /**< the next frame is outside memory */
    bool frames_zeroed;        /**< frames are handed out full of zeros */
    size_t pointer_calls;      /**< how often a table was asked for */
    /* What happened. */
    struct fake_event events[FAKE_EVENTS];
    size_t event_count;
};

extern struct fake_machine fake;

/** Everything as new: NXE on, 1-GByte pages, 46 bits of physical address, all frames free. */
void fake_reset(void);

/** Forget the events so far. */
void fake_forget_events(void);

/** The kernel's memory for tables, reached through a function; and through a window. */
extern const struct dd_paging_memory fake_memory;
struct dd_paging_memory fake_window(void);

/** The words of a frame, or NULL if it is no memory. */
uint64_t *fake_frame(dd_paddr frame);

/** How often something happened. */
size_t fake_count(enum fake_event_kind kind);

/** How often INVLPG was executed. */
size_t fake_count_invlpg(void);

/** Sum over the contents of all frames in use, and over which they are. */
uint64_t fake_checksum(void);

/** The entry of a level for an address, found through present tables; NULL if one is missing. */
uint64_t *fake_entry(const struct dd_address_space *space, uint64_t address, unsigned int level);

/** Where an address leads, according to the manual. */
struct fake_walk {
    bool present; /**< otherwise a page fault */
    uint64_t physical;
    uint64_t page_bytes;
    bool write, user, execute; /**< what the whole path allows */
};

/** Walk the tables. No cache is used or filled. */
struct fake_walk fake_translate(const struct dd_address_space *space, uint64_t address);

/** Use an address as the processor does: from the TLB, or by a walk that fills all caches. */
struct fake_walk fake_access(const struct dd_address_space *space, uint64_t address);

/** Whether everything in the TLB is still what the tables say. */
bool fake_tlb_is_right(const struct dd_address_space *space);

#endif
