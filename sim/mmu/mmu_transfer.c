/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing through the guest's tables. A transfer of at most 4096
 * bytes touches at most two pages; both are translated and found in RAM before
 * the first byte moves, because the processor too completes an access or does
 * nothing. What the walks leave behind in the entries is set afterwards.
 */
#include "sim/mmu/mmu_internal.h"

#include <string.h>

bool sim_mmu_mark(const struct sim_memory *memory, const struct sim_walk *walk,
                  enum sim_access_kind kind)
{
    unsigned int failed = walk->outcome == SIM_WALK_PAGE_FAULT ? 1 : 0;
    bool changed = false;

    if (walk->outcome != SIM_WALK_MAPPED && failed == 0) {
        return false;
    }
    for (unsigned int i = 0; i + failed < walk->depth; i++) {
        const struct sim_walk_step *step = &walk->steps[i];
        bool is_page = walk->outcome == SIM_WALK_MAPPED && i == walk->depth - 1;
        uint64_t marks = is_page && kind == SIM_ACCESS_WRITE ? ENTRY_A | ENTRY_D : ENTRY_A;
        uint8_t *flags = memory->bytes + step->address; /* A and D are in the first byte */

        if (walk->mode == SIM_PAGING_PAE && step->level == 3) {
            continue;
        }
        if ((*flags & marks) != marks) {
            sim_memory_mark_dirty(memory, step->address);
            *flags |= (uint8_t)marks;
            changed = true;
        }
    }
    return changed;
}

/* What a transfer does within one 4 KiB page. */
struct part {
    struct sim_walk walk;
    size_t size;
};

static enum sim_transfer find_part(const struct sim_mmu *mmu, struct sim_access access, size_t size,
                                   struct part *part)
{
    size_t in_page = 4096 - (size_t)(access.linear & 4095);

    part->size = size < in_page ? size : in_page;
    part->walk = sim_mmu_walk(mmu->cpu, mmu->memory, access);
    if (part->walk.outcome != SIM_WALK_MAPPED) {
        return SIM_TRANSFER_FAULT;
    }
    if (part->walk.physical >= mmu->memory->size ||
        mmu->memory->size - part->walk.physical < part->size) {
        return SIM_TRANSFER_NO_RAM;
    }
    return SIM_TRANSFER_DONE;
}

/* Finds one or two parts; parts[1].size is 0 if there is one. */
static enum sim_transfer find_parts(const struct sim_mmu *mmu, struct sim_access access,
                                    size_t size, struct part parts[2],
                                    struct sim_transfer_failure *failure)
{
    for (unsigned int i = 0; i < 2; i++) {
        enum sim_transfer result = SIM_TRANSFER_DONE;

        parts[i].size = 0;
        if (size == 0) {
            continue;
        }
        access.linear = mmu_linear(mmu->cpu, access.linear);
        result = find_part(mmu, access, size, &parts[i]);
        if (result != SIM_TRANSFER_DONE) {
            *failure = (struct sim_transfer_failure){access, parts[i].walk};
            return result;
        }
        size -= parts[i].size;
        access.linear += parts[i].size;
    }
    return SIM_TRANSFER_DONE;
}

static void copy_out(const struct sim_mmu *mmu, const struct part parts[2], uint8_t *to)
{
    for (unsigned int i = 0; i < 2 && parts[i].size > 0; i++) {
        memcpy(to, mmu->memory->bytes + parts[i].walk.physical, parts[i].size);
        to += parts[i].size;
    }
}

bool sim_mmu_peek(const struct sim_mmu *mmu, uint64_t linear, void *buffer, size_t size)
{
    struct sim_access access = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};
    struct sim_transfer_failure failure;
    struct part parts[2];

    if (find_parts(mmu, access, size, parts, &failure) != SIM_TRANSFER_DONE) {
        return false;
    }
    copy_out(mmu, parts, buffer);
    return true;
}

enum sim_transfer sim_mmu_read_as(const struct sim_mmu *mmu, struct sim_access from, void *buffer,
                                  size_t size, struct sim_transfer_failure *failure)
{
    struct part parts[2];
    enum sim_transfer result = find_parts(mmu, from, size, parts, failure);

    if (result == SIM_TRANSFER_DONE) {
        copy_out(mmu, parts, buffer);
        for (unsigned int i = 0; i < 2 && parts[i].size > 0; i++) {
            (void)sim_mmu_mark(mmu->memory, &parts[i].walk, from.kind);
        }
    }
    return result;
}

enum sim_transfer sim_mmu_write_as(const struct sim_mmu *mmu, struct sim_access to,
                                   const void *buffer, size_t size,
                                   struct sim_transfer_failure *failure)
{
    struct part parts[2];
    const uint8_t *from = buffer;
    enum sim_transfer result = SIM_TRANSFER_DONE;

    to.kind = SIM_ACCESS_WRITE;
    result = find_parts(mmu, to, size, parts, failure);
    for (unsigned int i = 0; result == SIM_TRANSFER_DONE && i < 2 && parts[i].size > 0; i++) {
        (void)sim_mmu_mark(mmu->memory, &parts[i].walk, SIM_ACCESS_WRITE);
        sim_memory_mark_dirty(mmu->memory, parts[i].walk.physical);
        memcpy(mmu->memory->bytes + parts[i].walk.physical, from, parts[i].size);
        from += parts[i].size;
    }
    return result;
}

enum sim_transfer sim_mmu_read(const struct sim_mmu *mmu, uint64_t linear, void *buffer,
                               size_t size, struct sim_transfer_failure *failure)
{
    struct sim_access from = {linear, SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR};

    return sim_mmu_read_as(mmu, from, buffer, size, failure);
}

enum sim_transfer sim_mmu_write(const struct sim_mmu *mmu, uint64_t linear, const void *buffer,
                                size_t size, struct sim_transfer_failure *failure)
{
    struct sim_access to = {linear, SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR};

    return sim_mmu_write_as(mmu, to, buffer, size, failure);
}
