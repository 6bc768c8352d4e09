/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See boot_case.h. */
#include "tests/unit/boot_case.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>

_Alignas(16) uint8_t boot_file[BOOT_CASE_SIZE];
struct sim_memory boot_memory;
struct sim_error boot_error;

/* A note with the 32-bit entry 0x200020, and the tables that sections need. */
static void fill_contents(void)
{
    static const uint32_t note[] = {4, 4, 18, 0x006E6558 /* "Xen" */, 0x200020};
    static const char names[] = "\0.text\0.symtab\0.strtab\0.shstrtab";
    static const char strings[] = "\0start";

    memset(boot_file, 0, sizeof boot_file);
    for (size_t i = 0x100; i < 0x200; i++) {
        boot_file[i] = (uint8_t)i;
    }
    memcpy(boot_file + BOOT_CASE_NOTE, note, sizeof note);
    memcpy(boot_file + 0x280, strings, sizeof strings);
    memcpy(boot_file + 0x2A0, names, sizeof names);
}

/* Sections: name, type, flags, address, offset, size, link, and size of an entry. */
static const uint32_t sections[5][8] = {
    {0},
    {1, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0x200000, 0x100, 0x100, 0, 0},
    {7, SHT_SYMTAB, 0, 0, BOOT_CASE_SYMBOLS, 0, 3, 0},
    {15, SHT_STRTAB, 0, 0, 0x280, 7, 0, 0},
    {23, SHT_STRTAB, 0, 0, 0x2A0, 33, 0, 0},
};

static void make_64(void)
{
    Elf64_Ehdr *header = (void *)boot_file;
    Elf64_Phdr *segments = (void *)(boot_file + sizeof *header);
    Elf64_Sym *symbols = (void *)(boot_file + BOOT_CASE_SYMBOLS);
    Elf64_Shdr *to = (void *)(boot_file + BOOT_CASE_SECTIONS);

    *header = (Elf64_Ehdr){{0x7F, 'E', 'L', 'F', 2, 1, 1},
                           2,
                           62,
                           1,
                           0x200010,
                           64,
                           BOOT_CASE_SECTIONS,
                           0,
                           64,
                           56,
                           2,
                           64,
                           5,
                           4};
    segments[0] = (Elf64_Phdr){1, 7, 0x100, 0x200000, 0x200000, 0x100, 0x180, 0x1000};
    segments[1] = (Elf64_Phdr){4, 4, BOOT_CASE_NOTE, 0, 0, 20, 20, 4};
    symbols[1] = (Elf64_Sym){1, 0x12, 0, 1, 0x200010, 4}; /* a global function of .text */
    for (size_t i = 0; i < 5; i++) {
        const uint32_t *from = sections[i];

        to[i] = (Elf64_Shdr){from[0], from[1], from[2], from[3], from[4],
                             from[5], from[6], 0,       1,       from[7]};
    }
    to[2].sh_size = 2 * sizeof *symbols;
    to[2].sh_entsize = sizeof *symbols;
}

static void make_32(void)
{
    Elf32_Ehdr *header = (void *)boot_file;
    Elf32_Phdr *segments = (void *)(boot_file + sizeof *header);
    Elf32_Sym *symbols = (void *)(boot_file + BOOT_CASE_SYMBOLS);
    Elf32_Shdr *to = (void *)(boot_file + BOOT_CASE_SECTIONS);

    *header = (Elf32_Ehdr){{0x7F, 'E', 'L', 'F', 1, 1, 1},
                           2,
                           3,
                           1,
                           0x200010,
                           52,
                           BOOT_CASE_SECTIONS,
                           0,
                           52,
                           32,
                           2,
                           40,
                           5,
                           4};
    segments[0] = (Elf32_Phdr){1, 0x100, 0x200000, 0x200000, 0x100, 0x180, 7, 0x1000};
    segments[1] = (Elf32_Phdr){4, BOOT_CASE_NOTE, 0, 0, 20, 20, 4, 4};
    symbols[1] = (Elf32_Sym){1, 0x200010, 4, 0x12, 0, 1};
    for (size_t i = 0; i < 5; i++) {
        const uint32_t *from = sections[i];

        to[i] = (Elf32_Shdr){from[0], from[1], from[2], from[3], from[4],
                             from[5], from[6], 0,       1,       from[7]};
    }
    to[2].sh_size = 2 * sizeof *symbols;
    to[2].sh_entsize = sizeof *symbols;
}

void boot_case_make(enum sim_width width)
{
    fill_contents();
    if (width == SIM_WIDTH_64) {
        make_64();
    } else {
        make_32();
    }
}

void boot_case_drop_note(void)
{
    bool is_64 = boot_file[4] == 2;

    boot_file[is_64 ? 56 : 44] = 1; /* e_phnum */
}

void boot_case_add_multiboot(size_t offset, uint32_t flags, const uint32_t *fields)
{
    const uint32_t header[] = {0x1BADB002, flags, 0u - 0x1BADB002u - flags};

    memcpy(boot_file + offset, header, sizeof header);
    if (fields != NULL) {
        memcpy(boot_file + offset + sizeof header, fields, 5 * sizeof fields[0]);
    }
}

void boot_case_move(uint32_t address, uint32_t size)
{
    const uint32_t pvh_entry = address + 0x20;

    memcpy(boot_file + BOOT_CASE_NOTE + 16, &pvh_entry, sizeof pvh_entry);
    if (boot_file[4] == 2) {
        Elf64_Ehdr *header = (void *)boot_file;
        Elf64_Phdr *segment = (void *)(boot_file + sizeof *header);

        header->e_entry = address + 0x10;
        segment->p_vaddr = segment->p_paddr = address;
        segment->p_memsz = size;
    } else {
        Elf32_Ehdr *header = (void *)boot_file;
        Elf32_Phdr *segment = (void *)(boot_file + sizeof *header);

        header->e_entry = address + 0x10;
        segment->p_vaddr = segment->p_paddr = address;
        segment->p_memsz = size;
    }
}

void boot_case_make_ram(uint64_t size)
{
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    ck_assert_ptr_ne(bytes, MAP_FAILED);
    boot_memory = (struct sim_memory){.bytes = bytes, .size = size};
}

void boot_case_free_ram(void)
{
    (void)munmap(boot_memory.bytes, boot_memory.size);
}

int boot_case_boot(const struct sim_boot_request *request, struct sim_boot_entry *entry)
{
    int result = -1;
    struct sim_image *image =
        sim_image_open_bytes("folder/kernel", boot_file, sizeof boot_file, &boot_error);

    if (image != NULL) {
        result = sim_boot_prepare(image, &boot_memory, request, entry, &boot_error);
        sim_image_close(image);
    }
    return result;
}

struct sim_boot_entry boot_case_succeed(const struct sim_boot_request *request)
{
    struct sim_boot_entry entry = {0};

    ck_assert_msg(boot_case_boot(request, &entry) == 0, "%s", boot_error.text);
    return entry;
}

void boot_case_refuse(const struct sim_boot_request *request, const char *part)
{
    struct sim_boot_entry entry = {.rip = 0x1234};

    ck_assert_int_eq(boot_case_boot(request, &entry), -1);
    ck_assert_msg(strncmp(boot_error.text, "folder/kernel: ", 15) == 0 &&
                      strstr(boot_error.text, part) != NULL,
                  "\"%s\" lacks \"%s\"", boot_error.text, part);
    ck_assert_uint_eq(entry.rip, 0x1234);
    ck_assert_int_eq(memcmp(boot_memory.bytes, boot_memory.bytes + 1, boot_memory.size - 1), 0);
    ck_assert_uint_eq(boot_memory.bytes[0], 0);
}

uint32_t ram32(uint64_t address)
{
    uint32_t value = 0;

    ck_assert_uint_le(address, boot_memory.size - sizeof value);
    memcpy(&value, boot_memory.bytes + address, sizeof value);
    return value;
}

uint64_t ram64(uint64_t address)
{
    return ram32(address) | (uint64_t)ram32(address + 4) << 32;
}
