/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Where page tables are kept: what a kernel provides so that the library can
 * allocate, free and reach the frames of tables.
 *
 * Three ways to reach a frame are ready-made:
 *  - a window: all of physical memory, or the part tables come from, is mapped
 *    at a fixed distance (`pointer` is NULL). The fastest;
 *  - a function of the kernel (`pointer`): any other layout;
 *  - the recursive slot: an entry of the root references the root itself, so
 *    the tables in use appear at addresses of their own; paging_recursive.h.
 *
 * The library never keeps a pointer after a call, but for a cursor
 * (paging_cursor.h), and asks for one once a table, never once a page.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_MEMORY_H
#define DRYDOCK_PAGING_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** What is in a frame that was just allocated. */
enum dd_paging_frames {
    DD_PAGING_FRAMES_UNDEFINED, /**< anything: the library clears what it does not fill */
    DD_PAGING_FRAMES_ZEROED,    /**< zeros: clearing was done outside the path that maps */
};

/** Which table of an address space a frame is. */
struct dd_paging_place {
    unsigned int level; /**< 1 page table .. 5 PML5 table; 0: not linked to any table (yet) */
    dd_vaddr vaddr;     /**< some address whose translation goes through it */
};

/** What a kernel provides. Constant while an address space uses it. */
struct dd_paging_memory {
    /**
     * Hand out one 4-KByte frame that nobody uses: DD_OK, or DD_ENOMEM with *frame untouched.
     * The address is a multiple of 4096.
     */
    enum dd_status (*alloc)(void *context, dd_paddr *frame);

    /** Take a frame back. No processor holds a translation through it any more. */
    void (*free)(void *context, dd_paddr frame);

    /**
     * Where the 4096 bytes of a table are; NULL if this is no memory of tables (a corrupt entry
     * leads anywhere). The pointer of a frame that is not linked is used only until the next call
     * for another one that is not linked. If the function is NULL, the window is used.
     */
    void *(*pointer)(void *context, dd_paddr frame, struct dd_paging_place place);

    /**
     * The linear address at which the tables themselves show the table of a place, or NULL if they
     * do not: only a recursive slot does. What the TLB holds for it is invalidated when the place
     * gets another table or none.
     */
    dd_vaddr (*shown_at)(void *context, struct dd_paging_place place);

    void *allocator; /**< context of alloc and free */
    void *accessor;  /**< context of pointer and shown_at */

    /** Address at which physical address 0 is or would be seen; not used if `pointer` is set. */
    dd_vaddr window;
    uint64_t window_bytes; /**< physical addresses below this one can be reached through it */

    enum dd_paging_frames frames;
};

/**
 * Where a frame of tables can be read and written.
 *
 * @param memory  as the kernel filled it in
 * @param frame   physical address, a multiple of 4096
 * @param place   which table of the address space it is; level 0 if none
 * @return the 512 entries, or NULL if the frame is out of reach
 */
static inline volatile uint64_t *dd_paging_memory_table(const struct dd_paging_memory *memory,
                                                        dd_paddr frame,
                                                        struct dd_paging_place place)
{
    if (memory->pointer != NULL) {
        return memory->pointer(memory->accessor, frame, place);
    }
    if (frame.raw >= memory->window_bytes) {
        return NULL;
    }
    return (volatile uint64_t *)(uintptr_t)(memory->window.raw + frame.raw);
}

/** Where a frame can be reached that is not linked to any table; see dd_paging_memory_table(). */
static inline volatile uint64_t *dd_paging_memory_unlinked(const struct dd_paging_memory *memory,
                                                           dd_paddr frame)
{
    return dd_paging_memory_table(memory, frame, (struct dd_paging_place){0, {0}});
}

#endif
