/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols of executable code, from the file's symbol table, sorted by address.
 * An address belongs to the last symbol at or below it, unless that symbol or
 * its section ends before.
 */
#include "sim/boot/image_internal.h"

#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a symbol names code, and the section it is in. */
static bool is_code(const struct sim_image *image, const GElf_Sym *symbol, GElf_Shdr *header)
{
    unsigned char type = GELF_ST_TYPE(symbol->st_info);
    Elf_Scn *section = NULL;

    if ((type != STT_FUNC && type != STT_NOTYPE) || symbol->st_shndx == SHN_UNDEF ||
        symbol->st_shndx >= SHN_LORESERVE) {
        return false;
    }
    section = elf_getscn(image->elf, symbol->st_shndx);
    return section != NULL && gelf_getshdr(section, header) != NULL &&
           (header->sh_flags & SHF_EXECINSTR) != 0;
}

/* A symbol table and its string table, which ends in a NUL as every string table has to. */
struct tables {
    Elf_Data *symbols;
    const char *names;
    size_t names_size;
};

/* Reads symbol number @p index of a table; whether it is one of ours. */
static bool read_symbol(const struct sim_image *image, const struct tables *tables, int index,
                        struct image_symbol *symbol)
{
    GElf_Sym raw;
    GElf_Shdr section;

    if (gelf_getsym(tables->symbols, index, &raw) == NULL || raw.st_name >= tables->names_size ||
        !is_code(image, &raw, &section)) {
        return false;
    }
    symbol->address = raw.st_value;
    symbol->size = raw.st_size;
    symbol->end = raw.st_size != 0 ? raw.st_value + raw.st_size : section.sh_addr + section.sh_size;
    symbol->name = tables->names + raw.st_name;
    return symbol->name[0] != '\0';
}

/* Names are not read here: hostile ones share all of a long string table. */
static int by_address(const void *left, const void *right)
{
    const struct image_symbol *a = left;
    const struct image_symbol *b = right;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    if (a->size != b->size) {
        return a->size < b->size ? -1 : 1;
    }
    return (a->name > b->name) - (a->name < b->name);
}

/* Finds the tables; how many symbols there are, 0 if one of the two is missing or malformed. */
static size_t find_tables(const struct sim_image *image, struct tables *tables)
{
    GElf_Shdr header = {.sh_type = SHT_NULL};
    Elf_Scn *section = NULL;
    const Elf_Data *names = NULL;
    size_t symbol_size =
        image->elf == NULL ? 0 : gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT); /* 16 or 24 */

    if (symbol_size == 0) {
        return 0;
    }
    do {
        section = elf_nextscn(image->elf, section);
    } while (section != NULL &&
             (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB));
    tables->symbols = elf_getdata(section, NULL);
    names = section == NULL ? NULL : elf_getdata(elf_getscn(image->elf, header.sh_link), NULL);
    if (tables->symbols == NULL || names == NULL || names->d_buf == NULL || names->d_size == 0) {
        return 0;
    }
    tables->names = names->d_buf;
    tables->names_size = names->d_size;
    return tables->names[names->d_size - 1] == '\0' ? tables->symbols->d_size / symbol_size : 0;
}

int image_read_symbols(struct sim_image *image)
{
    struct tables tables;
    size_t count = find_tables(image, &tables);

    if (count == 0) {
        return 0;
    }
    image->symbols = calloc(count, sizeof image->symbols[0]);
    if (image->symbols == NULL) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (read_symbol(image, &tables, (int)i, &image->symbols[image->symbol_count])) {
            image->symbol_count++;
        }
    }
    qsort(image->symbols, image->symbol_count, sizeof image->symbols[0], by_address);
    return 0;
}

bool sim_image_find_symbol(const struct sim_image *image, const char *name, uint64_t *address)
{
    for (size_t i = 0; i < image->symbol_count; i++) {
        if (strcmp(image->symbols[i].name, name) == 0) {
            *address = image->symbols[i].address;
            return true;
        }
    }
    return false;
}

/* One more symbol with the name that is looked for. */
static void note_found(enum sim_image_found *found, uint64_t *linear, uint64_t address)
{
    if (*found == SIM_IMAGE_NONE) {
        *linear = address;
        *found = SIM_IMAGE_ONE;
    } else if (*linear != address) {
        *found = SIM_IMAGE_SEVERAL;
    }
}

enum sim_image_found sim_image_find_code(const struct sim_image *image, const char *name,
                                         uint64_t *linear)
{
    enum sim_image_found found = SIM_IMAGE_NONE;

    for (size_t i = 0; i < image->symbol_count; i++) {
        if (strcmp(image->symbols[i].name, name) == 0) {
            note_found(&found, linear, image->symbols[i].address);
        }
    }
    return found;
}

/* Not worth a table of its own: the file's is searched. */
enum sim_image_found sim_image_find_object(const struct sim_image *image, const char *name,
                                           uint64_t *linear)
{
    enum sim_image_found found = SIM_IMAGE_NONE;
    struct tables tables;
    size_t count = find_tables(image, &tables);

    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;

        if (gelf_getsym(tables.symbols, (int)i, &symbol) != NULL &&
            symbol.st_name < tables.names_size && symbol.st_shndx != SHN_UNDEF &&
            symbol.st_shndx < SHN_LORESERVE && strcmp(tables.names + symbol.st_name, name) == 0) {
            note_found(&found, linear, symbol.st_value);
        }
    }
    return found;
}

bool sim_image_physical(const struct sim_image *image, uint64_t linear, uint64_t *physical)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct sim_image_segment *segment = &image->segments[i];

        if (linear >= segment->linear && linear - segment->linear < segment->size) {
            *physical = segment->physical + (linear - segment->linear);
            return true;
        }
    }
    return false;
}

void sim_image_name_address(const struct sim_image *image, uint64_t address, char *text,
                            size_t size)
{
    const struct image_symbol *found = NULL;

    for (size_t i = 0; i < image->symbol_count && image->symbols[i].address <= address; i++) {
        found = &image->symbols[i];
    }
    if (found == NULL || address >= found->end) {
        text[0] = '\0';
    } else if (address == found->address) {
        (void)snprintf(text, size, "%s", found->name);
    } else {
        (void)snprintf(text, size, "%s+0x%" PRIx64, found->name, address - found->address);
    }
}
