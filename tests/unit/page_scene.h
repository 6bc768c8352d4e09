/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The model test's scene: two address spaces, what they should map, what is
 * pending, and the calls made about them.
 */
#ifndef DRYDOCK_TESTS_PAGE_SCENE_H
#define DRYDOCK_TESTS_PAGE_SCENE_H

#include "drydock/paging.h"
#include "drydock/paging_range.h"
#include "drydock/tlb.h"
#include "sim/cpu/cpu.h"
#include "tests/unit/page_map.h"

enum {
    SCENE_BATCHES = 2,
    SCENE_CENTERS = 4,
};

struct scene {
    struct page_map map;
    const struct dd_paging_memory *memory;
    struct dd_address_space spaces[PAGE_MAP_SPACES];
    bool is_alive[PAGE_MAP_SPACES];
    struct dd_paging_error error;
    struct dd_tlb_pending pending[SCENE_BATCHES];
    unsigned int pending_tables[SCENE_BATCHES];
    bool is_exclusive; /**< what the handles say */
    unsigned int lost; /**< frames of upper halves nobody can reach any more */
    uint64_t centers[SCENE_CENTERS];
};

extern struct scene scene;

/** What a call is asked to do. Not all calls use all of it. */
struct ask {
    unsigned int space;
    uint64_t vaddr, paddr, length, value;
    enum dd_page_size size;
    unsigned int flags, mask;
    enum dd_paging_partly partly;
    unsigned int batch; /**< 1 or 2; 0: no struct dd_tlb_pending */
};

/** One kind of call. */
struct call {
    const char *name;
    unsigned int weight;
    bool is_range;
    bool aims_above; /**< it is about a page larger than those there are */
    /** What it should return; if DD_OK, the map is changed. */
    enum dd_status (*predict)(const struct ask *ask);
    /** What it returns. */
    enum dd_status (*perform)(const struct ask *ask);
};

/** Calls about single pages, and about ranges; each list ends without a name. */
extern const struct call page_calls[];
extern const struct call range_calls[];

/** Make the scene that a seed stands for. */
void scene_open(uint64_t seed);

/** Take all down, and see that no frame is left. */
void scene_close(void);

/** Do the step that a number stands for. Complaints are in world.complaint. */
void scene_step(uint64_t seed);

/** What the last step was, in words. */
const char *scene_words(void);

/** Whether the last step's call returned DD_OK. */
bool scene_succeeded(void);

/** Compare where an address leads: map, library and reference walker. */
void scene_check_address(unsigned int space, uint64_t address);

/** Compare every entry of every table, and which frames are in use. */
void scene_check_all(void);

/** Make an address space, if there is a frame for it. */
void scene_make_space(unsigned int space);

/** Share, prepare, destroy or make spaces, as a number says. Returns what was done, in words. */
const char *scene_change_spaces(uint64_t number);

/** Settle a batch by some function; whether it did. */
bool scene_settle(unsigned int batch, enum dd_status (*settle)(struct dd_tlb_pending *pending));

/** The entry of a level for a key, through tables there are. */
uint64_t *scene_entry(uint64_t key, unsigned int level);

/** The processor when it uses a space. */
struct sim_cpu scene_cpu(unsigned int space);

/* ---- Changes of the map, and what they leave stale ---- */

/** The pages of first to last are going to change. */
void scene_stale_pages(const struct ask *ask, uint64_t first, uint64_t last);

/** Take a table out, by a call. */
void scene_drop_table(const struct ask *ask, struct table *table);

/** Take out tables of first to last that are empty, as far as they can be. */
void scene_drop_idle(const struct ask *ask, uint64_t first, uint64_t last);

/** Key of the ask's address. */
uint64_t scene_key(const struct ask *ask);

/** What a call returns because of its arguments alone. */
enum dd_status scene_check_page(const struct ask *ask, bool is_changing);
enum dd_status scene_check_range(const struct ask *ask, bool is_changing);
enum dd_status scene_check_flags(unsigned int flags);
enum dd_status scene_check_physical(const struct ask *ask, uint64_t bytes, uint64_t alignment);

/** The batch of the ask, or NULL. */
struct dd_tlb_pending *scene_pending(const struct ask *ask);

#endif
