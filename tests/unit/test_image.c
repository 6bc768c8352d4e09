/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/boot/image*.c: a real image, and that image with every header field made hostile. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/boot/image.h"
#include "tests/unit/machine_case.h"

static const char path_template[] = "/tmp/drydock-image-XXXXXX";
static char path[sizeof path_template];
static uint8_t *bytes; /* the guest's file, to be spoiled */
static size_t size;
static uint8_t ram[0x500000];
static const struct sim_memory memory = {.bytes = ram, .size = sizeof ram};
static struct sim_error error;

static void read_guest(void)
{
    FILE *file = fopen(UNIT_GUEST, "rb");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(size);
    ck_assert_uint_eq(fread(bytes, 1, size, file), size);
    (void)fclose(file);
    memset(ram, 0xEE, sizeof ram);
}

static void forget_guest(void)
{
    free(bytes);
    (void)unlink(path);
}

/* Opens the spoiled file, places it and looks things up. Returns -1 if it is refused. */
static int load_spoiled(size_t length)
{
    FILE *file = NULL;
    struct sim_image *image = NULL;
    char text[64];
    uint64_t address = 0;
    int result = 0;

    memcpy(path, path_template, sizeof path);
    file = fdopen(mkstemp(path), "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    error.text[0] = '\0';
    image = sim_image_open(path, &error);
    (void)unlink(path);
    if (image == NULL) {
        return -1;
    }
    result = sim_image_place(image, &memory, 0x100000, &error);
    (void)sim_image_find_symbol(image, "no such symbol", &address);
    sim_image_name_address(image, 0x401010, text, sizeof text);
    sim_image_find_line(image, 0x401010, text, sizeof text);
    sim_image_close(image);
    return result;
}

static void check_refused(const char *part)
{
    ck_assert_int_eq(load_spoiled(size), -1);
    ck_assert_msg(strstr(error.text, part) != NULL, "\"%s\" lacks \"%s\"", error.text, part);
    ck_assert_int_eq(ram[0], 0xEE);
    ck_assert_int_eq(memcmp(ram, ram + 1, sizeof ram - 1), 0);
}

static Elf64_Phdr *first_segment(void)
{
    Elf64_Ehdr *header = (void *)bytes;

    return (void *)(bytes + header->e_phoff);
}

START_TEST(segments_are_placed_and_the_rest_of_them_is_zero)
{
    Elf64_Phdr *segments = first_segment();
    Elf64_Ehdr *header = (void *)bytes;
    unsigned int sum = 0;

    ck_assert_msg(load_spoiled(size) == 0, "%s", error.text);
    for (unsigned int i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *segment = &segments[i];

        if (segment->p_type != PT_LOAD) {
            continue;
        }
        ck_assert_mem_eq(ram + segment->p_paddr, bytes + segment->p_offset, segment->p_filesz);
        for (uint64_t j = segment->p_filesz; j < segment->p_memsz; j++) {
            sum += ram[segment->p_paddr + j];
        }
    }
    ck_assert_uint_eq(sum, 0);
    ck_assert_uint_eq(ram[0x3FFFFF], 0xEE);
}
END_TEST

START_TEST(symbols_and_lines_are_found)
{
    struct sim_image *image = sim_image_open(UNIT_GUEST, &error);
    uint64_t address = 0;
    char text[64];

    ck_assert_msg(image != NULL, "%s", error.text);
    ck_assert(sim_image_find_symbol(image, "guest_weigh", &address));
    sim_image_name_address(image, address, text, sizeof text);
    ck_assert_str_eq(text, "guest_weigh");
    sim_image_name_address(image, address + 3, text, sizeof text);
    ck_assert_str_eq(text, "guest_weigh+0x3");
    sim_image_find_line(image, address, text, sizeof text);
    ck_assert_str_eq(text, "guest.c:22");
    ck_assert(sim_image_find_symbol(image, "guest_handler_plain", &address));
    sim_image_find_line(image, address, text, sizeof text);
    ck_assert_str_eq(text, "handlers.S:27");
    ck_assert(sim_image_find_symbol(image, "guest_user_privileged", &address));
    sim_image_name_address(image, address + 1, text, sizeof text); /* it is one byte long */
    ck_assert_str_eq(text, "");
    sim_image_name_address(image, 0x10, text, sizeof text);
    ck_assert_str_eq(text, "");
    sim_image_name_address(image, UINT64_MAX, text, sizeof text);
    ck_assert_str_eq(text, "");
    sim_image_find_line(image, UINT64_MAX, text, sizeof text);
    ck_assert_str_eq(text, "");
    ck_assert(!sim_image_find_symbol(image, "guest_record", &address)); /* data */
    ck_assert_uint_eq(sim_image_end(image) % 4096, 0);
    sim_image_close(image);
}
END_TEST

START_TEST(files_that_are_no_image_are_refused)
{
    static const char *const paths[] = {"/nonexistent", "/tmp", "/dev/null", "CMakeLists.txt"};

    ck_assert_ptr_null(sim_image_open(paths[_i], &error));
    ck_assert_int_eq(strncmp(error.text, paths[_i], strlen(paths[_i])), 0);
}
END_TEST

START_TEST(every_truncation_is_survived)
{
    for (size_t length = 0; length < size; length += length < 400 ? 1 : 509) {
        (void)load_spoiled(length);
    }
    ck_assert_int_eq(load_spoiled(63), -1);
    ck_assert_int_eq(load_spoiled(0x1100), -1); /* in the middle of the code */
}
END_TEST

START_TEST(kernels_in_other_forms_are_refused_by_their_names)
{
    memset(bytes, 0, size);
    memcpy(bytes, "MZ", 2);
    check_refused("a program for UEFI");
    memcpy(bytes + 0x202, "HdrS", 4); /* a bzImage may be such a program too */
    check_refused("a bzImage: what can be run is the vmlinux in it");
    ck_assert_int_eq(load_spoiled(0x205), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "a program for UEFI"));
    memcpy(bytes, "\x1F\x8B", 2);
    bytes[0x202] = 0;
    check_refused("compressed by gzip");
}
END_TEST

START_TEST(header_fields_that_do_not_fit_are_refused)
{
    Elf64_Ehdr *header = (void *)bytes;

    header->e_ident[EI_CLASS] = ELFCLASS32;
    check_refused("malformed ELF header");
    header->e_ident[EI_CLASS] = 3;
    check_refused("ELF32 or ELF64");
    header->e_ident[EI_CLASS] = ELFCLASS64;
    header->e_ident[EI_DATA] = ELFDATA2MSB;
    check_refused("little-endian");
    header->e_ident[EI_DATA] = ELFDATA2LSB;
    header->e_ident[0] = 'E';
    check_refused("not an ELF file");
    header->e_ident[0] = 0x7F;
    header->e_machine = EM_AARCH64;
    check_refused("machine 183 is not x86-64");
    header->e_machine = EM_X86_64;
    header->e_machine = EM_386;
    check_refused("machine 3 is not x86-64");
    header->e_machine = EM_X86_64;
    header->e_type = ET_REL;
    check_refused("type 1 is not an executable");
    header->e_type = ET_EXEC;
    header->e_phentsize = 32;
    check_refused("program headers of 32 bytes");
    header->e_phentsize = 56;
    header->e_phnum = 0;
    check_refused("nothing to load");
}
END_TEST

/* It is placed where its headers say; relocations are its own business. */
START_TEST(a_static_pie_is_taken_and_one_with_an_interpreter_refused)
{
    Elf64_Ehdr *header = (void *)bytes;
    Elf64_Phdr *segments = first_segment();

    header->e_type = ET_DYN;
    ck_assert_msg(load_spoiled(size) == 0, "%s", error.text);
    memset(ram, 0xEE, sizeof ram);
    segments[header->e_phnum - 1].p_type = PT_INTERP;
    check_refused("needs a dynamic linker (link with -static)");
}
END_TEST

START_TEST(more_segments_than_a_loader_keeps_are_refused)
{
    Elf64_Ehdr *header = NULL;
    const Elf64_Phdr segment = *first_segment();
    size_t begin = (size + 7) & ~(size_t)7;

    bytes = realloc(bytes, begin + 129 * sizeof segment);
    ck_assert_ptr_nonnull(bytes);
    header = (void *)bytes;
    header->e_phoff = begin;
    header->e_phnum = 129;
    for (size_t i = 0; i < 129; i++) {
        memcpy(bytes + begin + i * sizeof segment, &segment, sizeof segment);
    }
    size = begin + 129 * sizeof segment;
    check_refused("more than 128 segments to load");
    header->e_phnum = 128;
    ck_assert_msg(load_spoiled(size) == 0, "%s", error.text);
    for (size_t i = 0; i < 128; i++) {
        ((Elf64_Phdr *)(void *)(bytes + begin))[i].p_memsz = 0x10000;
    }
    memset(ram, 0xEE, sizeof ram);
    check_refused("its segments together are larger than RAM");
}
END_TEST

START_TEST(segments_that_do_not_fit_are_refused)
{
    static const struct {
        size_t field; /* of Elf64_Phdr */
        uint64_t value;
        const char *text;
    } cases[] = {
        {offsetof(Elf64_Phdr, p_offset), 0x7FFFFFFF, "beyond the end of the file"},
        {offsetof(Elf64_Phdr, p_offset), UINT64_MAX - 8, "beyond the end of the file"},
        {offsetof(Elf64_Phdr, p_filesz), UINT64_MAX, "beyond the end of the file"},
        {offsetof(Elf64_Phdr, p_filesz), 0x1001, "impossible sizes"},
        {offsetof(Elf64_Phdr, p_memsz), 1, "impossible sizes"},
        {offsetof(Elf64_Phdr, p_memsz), UINT64_MAX, "impossible sizes"},
        {offsetof(Elf64_Phdr, p_memsz), 0x100001, "does not fit RAM"},
        {offsetof(Elf64_Phdr, p_paddr), 0xFFFFF, "below 0x100000"},
        {offsetof(Elf64_Phdr, p_paddr), 0, "below 0x100000"},
        {offsetof(Elf64_Phdr, p_paddr), 0x4FFFFF, "does not fit RAM"},
        {offsetof(Elf64_Phdr, p_paddr), 0x500000, "does not fit RAM"},
        {offsetof(Elf64_Phdr, p_paddr), UINT64_MAX, "impossible sizes"},
        {offsetof(Elf64_Phdr, p_paddr), UINT64_MAX - 8192, "does not fit RAM"},
    };

    memcpy((uint8_t *)first_segment() + cases[_i].field, &cases[_i].value, sizeof(uint64_t));
    check_refused(cases[_i].text);
}
END_TEST

START_TEST(the_last_byte_of_ram_may_be_used)
{
    Elf64_Phdr *segment = first_segment();

    segment->p_paddr = 0x100000;
    segment->p_memsz = 0x400000;
    ck_assert_msg(load_spoiled(size) == 0, "%s", error.text);
    segment->p_memsz++;
    ck_assert_int_eq(load_spoiled(size), -1);
}
END_TEST

static void spoil_each(size_t begin, size_t end, size_t step, uint8_t value)
{
    for (size_t at = begin; at < end; at += step) {
        uint8_t original = bytes[at];

        bytes[at] = value;
        (void)load_spoiled(size);
        bytes[at] = original;
    }
}

/* No byte of the headers may make the loader crash, whatever its value. */
START_TEST(any_byte_of_the_headers_may_be_hostile)
{
    static const uint8_t values[] = {0x00, 0x80, 0xFF};
    const Elf64_Ehdr header = *(const Elf64_Ehdr *)(const void *)bytes;

    spoil_each(0, sizeof header, 1, values[_i]);
    spoil_each(header.e_phoff, header.e_phoff + (size_t)header.e_phnum * 56, 1, values[_i]);
    spoil_each(header.e_shoff, size, 5, values[_i]);
}
END_TEST

START_TEST(hostile_bytes_anywhere_are_survived)
{
    unsigned int seed = 1u + (unsigned int)_i;

    for (unsigned int round = 0; round < 200; round++) {
        size_t at = (size_t)rand_r(&seed) % size;
        uint8_t original = bytes[at];

        bytes[at] = (uint8_t)rand_r(&seed);
        (void)load_spoiled(size);
        bytes[at] = original;
    }
}
END_TEST

/* The header of the first section of this type, or of this name if there is one. */
static Elf64_Shdr *find_section(unsigned int type, const char *name)
{
    const Elf64_Ehdr *header = (const void *)bytes;
    Elf64_Shdr *sections = (void *)(bytes + header->e_shoff);
    const char *names = (const char *)bytes + sections[header->e_shstrndx].sh_offset;

    for (unsigned int i = 0; i < header->e_shnum; i++) {
        if (name == NULL ? sections[i].sh_type == type
                         : strcmp(names + sections[i].sh_name, name) == 0) {
            return &sections[i];
        }
    }
    ck_abort_msg("the guest has no section %u %s", type, name);
    return NULL;
}

/* Append what a section is to consist of; its header is found again, for the file has moved. */
static void replace_section(unsigned int type, const char *name, const void *data, size_t length)
{
    size_t begin = (size + 15) & ~(size_t)15;

    bytes = realloc(bytes, begin + length);
    ck_assert_ptr_nonnull(bytes);
    memset(bytes + size, 0, begin - size);
    memcpy(bytes + begin, data, length);
    size = begin + length;
    find_section(type, name)->sh_offset = begin;
    find_section(type, name)->sh_size = length;
}

/* Every symbol has the same address and all of a long string table as its name. */
START_TEST(long_names_that_symbols_share_are_survived)
{
    const size_t count = 100000;
    const size_t length = 8 << 20;
    Elf64_Sym *symbols = calloc(count, sizeof *symbols);
    char *names = malloc(length);
    Elf64_Shdr *sections = NULL;

    ck_assert(symbols != NULL && names != NULL);
    memset(names, 'a', length);
    names[length - 1] = _i == 0 ? '\0' : 'a'; /* a table that does not end is malformed */
    for (size_t i = 0; i < count; i++) {
        symbols[i].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
        symbols[i].st_name = (Elf64_Word)(i % 16);
        symbols[i].st_value = 0x401000;
        symbols[i].st_shndx = 1;
    }
    replace_section(SHT_SYMTAB, NULL, symbols, count * sizeof *symbols);
    replace_section(SHT_STRTAB, ".strtab", names, length);
    sections = (void *)(bytes + ((const Elf64_Ehdr *)(const void *)bytes)->e_shoff);
    ck_assert_uint_ne(sections[1].sh_flags & SHF_EXECINSTR, 0);
    ck_assert_msg(load_spoiled(size) == 0, "%s", error.text);
    free(symbols);
    free(names);
}
END_TEST

/* A line table for one file: a row for each of ROWS bytes of code. [DWARF 4] 6.2. */
static size_t write_lines(uint8_t *to, uint64_t address, size_t rows)
{
    static const uint8_t begin[] = {
        0, 0,   0,   0,   4, 0,  24, 0, 0, 0,                /* lengths and version */
        1, 1,   1,   0,   1, 10, 0,  1, 1, 1, 1, 0, 0, 0, 1, /* how opcodes are encoded */
        0, 'a', '.', 'c', 0, 0,  0,  0, 0,                   /* no folders, one file */
        0, 9,   2,                                           /* DW_LNE_set_address */
    };
    static const uint8_t end[] = {2, 1, 0, 1, 1}; /* DW_LNS_advance_pc 1, DW_LNE_end_sequence */
    size_t length = sizeof begin + 8 + rows + sizeof end;
    uint32_t counted = (uint32_t)length - 4;

    memcpy(to, begin, sizeof begin);
    memcpy(to, &counted, sizeof counted);
    memcpy(to + sizeof begin, &address, sizeof address);
    memset(to + sizeof begin + 8, 11, rows); /* next address, same line */
    memcpy(to + length - sizeof end, end, sizeof end);
    return length;
}

/* Write a compilation unit that has nothing but a line table. [DWARF 4] 7.5.1.1. */
static void write_unit(uint8_t to[16], uint32_t lines)
{
    static const uint8_t begin[] = {12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1};

    memcpy(to, begin, sizeof begin);
    memcpy(to + sizeof begin, &lines, sizeof lines);
}

/* The line at 0x500001 if the last unit has it, and SHARING units before it share a long table. */
static void find_line_after(size_t sharing, char text[64])
{
    static const uint8_t abbreviations[] = {1, 0x11, 0, 0x10, 0x17, 0, 0, 0};
    static uint8_t lines[8192];
    static uint8_t units[100][16];
    size_t first = write_lines(lines, 0x600000, 4000);
    size_t second = write_lines(lines + first, 0x500000, 4);
    struct sim_image *image = NULL;
    FILE *file = NULL;

    for (size_t i = 0; i < sharing; i++) {
        write_unit(units[i], 0);
    }
    write_unit(units[sharing], (uint32_t)first);
    replace_section(SHT_PROGBITS, ".debug_abbrev", abbreviations, sizeof abbreviations);
    replace_section(SHT_PROGBITS, ".debug_line", lines, first + second);
    replace_section(SHT_PROGBITS, ".debug_info", units, 16 * (sharing + 1));
    memcpy(path, path_template, sizeof path);
    file = fdopen(mkstemp(path), "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    image = sim_image_open(path, &error);
    ck_assert_msg(image != NULL, "%s", error.text);
    sim_image_find_line(image, 0x500001, text, 64);
    sim_image_close(image);
}

START_TEST(units_that_share_a_line_table_cannot_fill_the_memory)
{
    char text[64];

    find_line_after(2, text);
    ck_assert_str_eq(text, "a.c:1");
    find_line_after(99, text); /* many more rows than the file has bytes */
    ck_assert_uint_lt(size, 396000);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(a_machine_refuses_an_image_and_keeps_its_ram)
{
    machine_case_open();
    ck_assert_int_eq(sim_machine_load(machine, "CMakeLists.txt", &error), -1);
    ck_assert_uint_eq(sim_machine_image_end(machine), 0x100000);
    machine_case_load();
    ck_assert_uint_gt(sim_machine_image_end(machine), 0x402000);
    machine_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("image");
    TCase *good = tcase_create("good");
    TCase *hostile = tcase_create("hostile");

    tcase_add_checked_fixture(good, read_guest, forget_guest);
    tcase_add_test(good, segments_are_placed_and_the_rest_of_them_is_zero);
    tcase_add_test(good, symbols_and_lines_are_found);
    tcase_add_test(good, the_last_byte_of_ram_may_be_used);
    tcase_add_test(good, a_machine_refuses_an_image_and_keeps_its_ram);
    suite_add_tcase(suite, good);

    tcase_add_checked_fixture(hostile, read_guest, forget_guest);
    tcase_add_loop_test(hostile, files_that_are_no_image_are_refused, 0, 4);
    tcase_add_test(hostile, every_truncation_is_survived);
    tcase_add_test(hostile, kernels_in_other_forms_are_refused_by_their_names);
    tcase_add_test(hostile, header_fields_that_do_not_fit_are_refused);
    tcase_add_test(hostile, a_static_pie_is_taken_and_one_with_an_interpreter_refused);
    tcase_add_test(hostile, more_segments_than_a_loader_keeps_are_refused);
    tcase_add_loop_test(hostile, segments_that_do_not_fit_are_refused, 0, 13);
    tcase_add_loop_test(hostile, any_byte_of_the_headers_may_be_hostile, 0, 3);
    tcase_add_loop_test(hostile, hostile_bytes_anywhere_are_survived, 0, 4);
    tcase_add_loop_test(hostile, long_names_that_symbols_share_are_survived, 0, 2);
    tcase_add_test(hostile, units_that_share_a_line_table_cannot_fill_the_memory);
    tcase_set_timeout(hostile, 40);
    suite_add_tcase(suite, hostile);
    return suite;
}
