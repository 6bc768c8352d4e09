/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages in the order in which they were first written, found by hash. Numbers
 * link them, not pointers: a snapshot copies the pages in use and brings them
 * back, whatever has become of the others since. Most are never written: all of
 * them are mapped, and the kernel gives memory to those that are.
 */
#include "sim/pci/bus/pci_memory.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE   4096u
#define CHAINS 1024u

/* What a page is the memory of. */
struct key {
    struct sim_pci_address function;
    unsigned int bar;
    uint64_t number;
};

struct page {
    struct key key;
    uint32_t next; /* in its chain, counted from 1; 0: none */
    uint8_t bytes[PAGE];
};

struct sim_pci_memory {
    uint32_t count;
    uint32_t chains[CHAINS]; /* first page of each, counted from 1; 0: none */
    struct page pages[SIM_PCI_MEMORY_PAGES];
};

struct sim_pci_memory *sim_pci_memory_new(void)
{
    void *memory = mmap(NULL, sizeof(struct sim_pci_memory), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void sim_pci_memory_free(struct sim_pci_memory *memory)
{
    if (memory != NULL) {
        (void)munmap(memory, sizeof *memory);
    }
}

static struct key key_of(struct sim_pci_place place)
{
    return (struct key){place.function, place.bar, place.offset / PAGE};
}

static uint32_t chain_of(const struct key *key)
{
    uint64_t mixed = key->number ^ (uint64_t)key->bar << 56 ^ (uint64_t)key->function.bus << 48 ^
                     (uint64_t)key->function.device << 43 ^ (uint64_t)key->function.function << 40 ^
                     (uint64_t)key->function.segment << 20;

    return (uint32_t)(mixed * UINT64_C(0x9E3779B97F4A7C15) >> 54) % CHAINS;
}

static bool is_same(const struct key *left, const struct key *right)
{
    return left->number == right->number && left->bar == right->bar &&
           sim_pci_address_compare(left->function, right->function) == 0;
}

/* The page's number counted from 1, 0: it was never written. */
static uint32_t find(const struct sim_pci_memory *memory, const struct key *key)
{
    uint32_t at = memory->chains[chain_of(key)];

    while (at != 0 && !is_same(&memory->pages[at - 1].key, key)) {
        at = memory->pages[at - 1].next;
    }
    return at;
}

static uint32_t find_or_add(struct sim_pci_memory *memory, const struct key *key)
{
    uint32_t at = find(memory, key);
    uint32_t *chain = &memory->chains[chain_of(key)];

    if (at == 0 && memory->count < SIM_PCI_MEMORY_PAGES) {
        struct page *page = &memory->pages[memory->count++];

        memset(page->bytes, 0, sizeof page->bytes);
        page->key = *key;
        page->next = *chain;
        *chain = memory->count;
        at = memory->count;
    }
    return at;
}

static uint8_t read_byte(const struct sim_pci_memory *memory, struct sim_pci_place place)
{
    struct key key = key_of(place);
    uint32_t at = find(memory, &key);

    return at == 0 ? 0 : memory->pages[at - 1].bytes[place.offset % PAGE];
}

static bool write_byte(struct sim_pci_memory *memory, struct sim_pci_place place, uint8_t byte)
{
    struct key key = key_of(place);
    uint32_t at = find_or_add(memory, &key);

    if (at != 0) {
        memory->pages[at - 1].bytes[place.offset % PAGE] = byte;
    }
    return at != 0;
}

uint32_t sim_pci_memory_read(const struct sim_pci_memory *memory, struct sim_pci_place place,
                             unsigned int width)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)read_byte(memory, place) << 8 * i;
        place.offset++;
    }
    return value;
}

bool sim_pci_memory_write(struct sim_pci_memory *memory, struct sim_pci_place place,
                          unsigned int width, uint32_t value)
{
    bool written = true;

    for (unsigned int i = 0; i < width; i++) {
        written = write_byte(memory, place, (uint8_t)(value >> 8 * i)) && written;
        place.offset++;
    }
    return written;
}

void sim_pci_memory_clear(struct sim_pci_memory *memory, struct sim_pci_address function)
{
    for (uint32_t i = 0; i < memory->count; i++) {
        if (sim_pci_address_compare(memory->pages[i].key.function, function) == 0) {
            memset(memory->pages[i].bytes, 0, PAGE);
        }
    }
}

size_t sim_pci_memory_used(const void *memory)
{
    const struct sim_pci_memory *used = memory;

    return offsetof(struct sim_pci_memory, pages) + used->count * sizeof(struct page);
}

size_t sim_pci_memory_size(void)
{
    return sizeof(struct sim_pci_memory);
}
