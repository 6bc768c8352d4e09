/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access rights of pages as privilege level 3 has them: permission_bench.h, from [SDM 3A] 4.6.1. */
#include "drydock/arch/insn.h"
#include "tests/claims/permission_bench.h"
#include "tests/claims/user_mode.h"
#include "tests/claims/watch.h"

#define CR0_WP UINT64_C(0x10000) /* [SDM 3A] 2.5 */

/* movq %rax, (%rdi); int $USER_MODE_LEAVE: where nothing else is in the page of programs. */
#define STORE_PROGRAM UINT64_C(0x81CD078948)
#define STORE_OFFSET  0xF00

/* One access at level 3: 0 loads, 1 stores, 2 fetches. */
static uint32_t access_as_user(const struct user_mode *user, const struct permission_page *page,
                               unsigned int number)
{
    struct dd_interrupt_frame frame = user_mode_frame(user, USER_MODE_LOAD);
    enum dd_status entered = DD_OK;

    frame.rdi = page->vaddr.raw;
    if (number == 1) {
        frame.rip = user->code.raw + STORE_OFFSET;
    } else if (number == 2) {
        frame.rip = page->vaddr.raw + 16;
    }
    watch(record_and_leave);
    entered = user_mode_run(&frame);
    watch_end();
    if (entered != DD_OK || seen_count != 1) {
        return 0xBAD;
    }
    if (seen[0].frame.vector == USER_MODE_LEAVE) {
        return PERMISSION_ALLOWED;
    }
    return permission_outcome(
        (struct world_access){.vector = (uint32_t)seen[0].frame.vector,
                              .error_code = (uint32_t)seen[0].frame.error_code,
                              .address = seen[0].cr2},
        page->vaddr.raw + (number == 2 ? 16 : 0));
}

/* As try_levels(), without the level at which the programs are restricted too. */
static uint32_t try_as_user(const struct user_mode *user, const struct permission_page *page,
                            const struct permission_statement *statement)
{
    for (unsigned int level = 1; level <= PERMISSION_PAGE_LEVELS; level++) {
        uint64_t entry = *page->entries[level];

        permission_write_entry(page, level, (entry & ~statement->clear) | statement->set);
        for (unsigned int i = 0; i < 3; i++) {
            uint32_t outcome = access_as_user(user, page, i);

            if (outcome != statement->outcomes[i]) {
                return 0x1000000 | 1u << 20 | level << 16 | i << 12 | outcome;
            }
        }
        permission_write_entry(page, level, entry);
    }
    return PERMISSION_ALL_AS_STATED;
}

CLAIM(level_3_is_refused_what_any_level_withholds)
{
    SKIP_WITHOUT_PROCESSOR();

    static const struct permission_statement statements[] = {
        {0, 0, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, PERMISSION_ALLOWED}},
        {ENTRY_P, 0, {0x04, 0x06, 0x14}},
        {ENTRY_RW, 0, {PERMISSION_ALLOWED, 0x07, PERMISSION_ALLOWED}},
        {ENTRY_US, 0, {0x05, 0x07, 0x15}},
        {0, ENTRY_XD, {PERMISSION_ALLOWED, PERMISSION_ALLOWED, 0x15}},
    };
    struct user_mode user;
    struct permission_page page;
    uint32_t result = PERMISSION_ALL_AS_STATED;
    uint64_t *programs = NULL;
    uint64_t cr0 = dd_read_cr0();

    CLAIM_OK(permission_page_open(&page, 1));
    CLAIM_OK(user_mode_open(&user, paging_place(PERMISSION_PLACE + 1, 0)));
    programs = world_frame_pointer(user.frames[0]);
    programs[STORE_OFFSET / 8] = STORE_PROGRAM;
    page.bench.words[2] = 0x81CD; /* int $USER_MODE_LEAVE */
    for (unsigned int i = 0; i < 2 * sizeof statements / sizeof statements[0] && result == 0; i++) {
        dd_write_cr0(i % 2 == 0 ? cr0 : cr0 & ~CR0_WP); /* does not count at level 3 */
        result = try_as_user(&user, &page, &statements[i / 2]);
    }
    dd_write_cr0(cr0);
    user_mode_close(&user);
    CLAIM_EQUAL(result, PERMISSION_ALL_AS_STATED);
    CLAIM_OK(permission_page_close(&page));
}
