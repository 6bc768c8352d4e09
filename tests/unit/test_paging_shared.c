/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that another processor marks at the last moment. [SDM 3A] 4.8: A is bit 5, D is bit 6.
 *
 * Tables are in memory that can be seen twice. Where the library writes an entry for the first time,
 * its view is read-only: the write faults, the other processor marks the entry through the second
 * view, and the write is done again. That is between the read and the write of the entry, however
 * the compiler arranged them.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drydock/paging_split.h"
#include "tests/unit/paging_case.h"

enum {
    PAGE = 4096,
    BYTES = 16 * PAGE
};

static struct {
    unsigned char *view;
    unsigned char *second_view;
    uint64_t used; /* bytes handed out */
    struct dd_paging_memory paging;
    /* The entry that will be marked. */
    unsigned char *table; /* as the library sees it; NULL: none */
    size_t offset;        /* of the entry in both views */
    unsigned int marks;   /* made so far */
} memory;

static enum dd_status alloc_frame(void *context, dd_paddr *frame)
{
    (void)context;
    if (memory.used == BYTES) {
        return DD_ENOMEM;
    }
    *frame = dd_paddr_from(memory.used);
    memory.used += PAGE;
    return DD_OK;
}

static void free_frame(void *context, dd_paddr frame)
{
    (void)context;
    (void)frame;
}

static void mark(int number, siginfo_t *info, void *context)
{
    uint64_t entry = 0;

    (void)context;
    if (memory.table == NULL || (uintptr_t)info->si_addr - (uintptr_t)memory.table >= PAGE) {
        (void)signal(number, SIG_DFL);
        return;
    }
    memcpy(&entry, &memory.second_view[memory.offset], sizeof entry);
    entry |= 0x60;
    memcpy(&memory.second_view[memory.offset], &entry, sizeof entry);
    memory.marks++;
    (void)mprotect(memory.table, PAGE, PROT_READ | PROT_WRITE);
}

static void open_memory(void)
{
    struct sigaction action = {.sa_sigaction = mark, .sa_flags = SA_SIGINFO};
    FILE *file = tmpfile();
    void *views[2] = {NULL, NULL};

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ftruncate(fileno(file), BYTES), 0);
    for (int i = 0; i < 2; i++) {
        views[i] = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
        ck_assert_ptr_ne(views[i], MAP_FAILED);
    }
    (void)fclose(file);
    memset(&memory, 0, sizeof memory);
    memory.view = views[0];
    memory.second_view = views[1];
    memory.paging = (struct dd_paging_memory){.alloc = alloc_frame,
                                              .free = free_frame,
                                              .window = dd_vaddr_of(views[0]),
                                              .window_bytes = BYTES};
    ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);
    fake_reset();
    ck_assert_int_eq(dd_paging_create(&space, &memory.paging), DD_OK);
    dd_tlb_pending_init(&pending);
}

static void close_memory(void)
{
    (void)munmap(memory.view, BYTES);
    (void)munmap(memory.second_view, BYTES);
}

/* The entry of a level for address 0, in a view: all indices are 0. */
static uint64_t entry_at_0(unsigned int level)
{
    uint64_t entry = space.root.raw;

    for (unsigned int at = space.format.levels; at >= level; at--) {
        memcpy(&entry, &memory.second_view[entry & 0x000FFFFFFFFFF000], sizeof entry);
    }
    return entry;
}

/* The next write to the table of a level for address 0 is preceded by marks in its first entry. */
static void mark_before_the_next_write(unsigned int level)
{
    memory.offset =
        (size_t)((level < space.format.levels ? entry_at_0(level + 1) : space.root.raw) &
                 0x000FFFFFFFFFF000);
    memory.table = memory.view + memory.offset;
    ck_assert_int_eq(mprotect(memory.table, PAGE, PROT_READ), 0);
}

START_TEST(marks_set_at_the_last_moment_outlive_protection_of_a_page)
{
    struct dd_paging_change change = {DD_MAP_RIGHTS, 0};

    ck_assert_int_eq(map_page(0, 3 * K, DD_PAGE_4K, DD_MAP_WRITE), DD_OK);
    mark_before_the_next_write(1);
    ck_assert_int_eq(dd_paging_protect_page(&space, dd_vaddr_from(0), DD_PAGE_4K, change, &pending),
                     DD_OK);
    ck_assert_uint_eq(memory.marks, 1);
    ck_assert_uint_eq(entry_at_0(1), 0x8000000000003061);
}
END_TEST

START_TEST(marks_set_at_the_last_moment_outlive_protection_of_a_range)
{
    struct dd_paging_protection protection = {{DD_MAP_RIGHTS, 0}, DD_PARTLY_REFUSE};

    ck_assert_int_eq(map_range(0, 3 * K, 5 * K, DD_MAP_WRITE), DD_OK);
    mark_before_the_next_write(1);
    ck_assert_int_eq(dd_paging_protect_range(&space, dd_vaddr_from(0), 5 * K, protection, &pending),
                     DD_OK);
    ck_assert_uint_eq(memory.marks, 1);
    ck_assert_uint_eq(entry_at_0(1), 0x8000000000003061);
}
END_TEST

START_TEST(marks_set_at_the_last_moment_are_in_the_entry_that_was_unmapped)
{
    struct dd_paging_entry was = {.state = DD_PAGING_EMPTY};

    ck_assert_int_eq(map_range(0, 3 * K, 2 * K, DD_MAP_WRITE), DD_OK);
    mark_before_the_next_write(1);
    ck_assert_int_eq(
        _i == 0 ? dd_paging_unmap_page(&space, dd_vaddr_from(0), DD_PAGE_4K, &pending, &was)
                : dd_paging_clear(&space, dd_vaddr_from(0), DD_PAGE_4K, &pending, &was),
        DD_OK);
    ck_assert_uint_eq(memory.marks, 1);
    ck_assert_uint_eq(was.raw, 0x8000000000003063);
    ck_assert_uint_eq(was.flags & (DD_MAP_ACCESSED | DD_MAP_DIRTY), DD_MAP_ACCESSED | DD_MAP_DIRTY);
    ck_assert_uint_eq(entry_at_0(1), 0);
}
END_TEST

START_TEST(marks_set_at_the_last_moment_are_in_all_pages_of_one_that_was_split)
{
    ck_assert_int_eq(map_page(0, 2 * M, DD_PAGE_2M, DD_MAP_WRITE), DD_OK);
    mark_before_the_next_write(2);
    ck_assert_int_eq(dd_paging_split(&space, dd_vaddr_from(0), DD_PAGE_2M, &pending), DD_OK);
    ck_assert_uint_eq(memory.marks, 1);
    for (size_t i = 0; i < 512; i++) {
        uint64_t entry = 0;

        memcpy(&entry, &memory.view[(entry_at_0(2) & 0x000FFFFFFFFFF000) + i * 8], sizeof entry);
        ck_assert_uint_eq(entry, 0x8000000000400063 + i * K);
    }
}
END_TEST

/* Whoever says that there is no other processor gets plain stores. */
START_TEST(entries_of_an_exclusive_space_are_written_as_they_were_read)
{
    struct dd_paging_entry was = {.state = DD_PAGING_EMPTY};

    space.exclusive = true;
    ck_assert_int_eq(map_range(0, 3 * K, 2 * K, DD_MAP_WRITE), DD_OK);
    mark_before_the_next_write(1);
    ck_assert_int_eq(dd_paging_unmap_page(&space, dd_vaddr_from(0), DD_PAGE_4K, &pending, &was),
                     DD_OK);
    ck_assert_uint_eq(memory.marks, 1);
    ck_assert_uint_eq(was.raw, 0x8000000000003003);
    ck_assert_uint_eq(entry_at_0(1), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("paging_shared");
    TCase *marks = tcase_create("marks");

    tcase_add_checked_fixture(marks, open_memory, close_memory);
    tcase_add_test(marks, marks_set_at_the_last_moment_outlive_protection_of_a_page);
    tcase_add_test(marks, marks_set_at_the_last_moment_outlive_protection_of_a_range);
    tcase_add_loop_test(marks, marks_set_at_the_last_moment_are_in_the_entry_that_was_unmapped, 0,
                        2);
    tcase_add_test(marks, marks_set_at_the_last_moment_are_in_all_pages_of_one_that_was_split);
    tcase_add_test(marks, entries_of_an_exclusive_space_are_written_as_they_were_read);
    suite_add_tcase(suite, marks);
    return suite;
}
