/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF executable says with its program headers which bytes of the file go to
 * which physical address. Any number in a header may be hostile. libelf reads
 * 32-bit and 64-bit files alike.
 */
#include "sim/boot/image_internal.h"

#include <gelf.h>
#include <inttypes.h>
#include <string.h>

#define NOTES_MAX_BYTES (UINT64_C(1) << 20) /* more are not read: hostile headers share a file */

enum {
    NOTES_MAX = 16 /* headers of type PT_NOTE that are looked at */
};

bool image_is_elf(const struct sim_image *image)
{
    return image->size >= SELFMAG && memcmp(image->bytes, ELFMAG, SELFMAG) == 0;
}

/* The two kinds of ELF files that a PC runs. */
struct format {
    unsigned char class;
    enum sim_width width;
    unsigned int machine;
    const char *machine_name;
    size_t header_size, segment_size;
};

static const struct format formats[] = {
    {ELFCLASS32, SIM_WIDTH_32, EM_386, "i386", sizeof(Elf32_Ehdr), sizeof(Elf32_Phdr)},
    {ELFCLASS64, SIM_WIDTH_64, EM_X86_64, "x86-64", sizeof(Elf64_Ehdr), sizeof(Elf64_Phdr)},
};

static const struct format *find_format(const struct sim_image *image, struct sim_error *error)
{
    const unsigned char *identity = (const unsigned char *)image->bytes;

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (image->size >= formats[i].header_size && identity[EI_CLASS] == formats[i].class &&
            identity[EI_DATA] == ELFDATA2LSB && identity[EI_VERSION] == EV_CURRENT) {
            return &formats[i];
        }
    }
    (void)sim_error_set(error, "%s: not a whole little-endian ELF32 or ELF64 file", image->path);
    return NULL;
}

static size_t header_count(const struct sim_image *image)
{
    size_t count = 0;

    return elf_getphdrnum(image->elf, &count) == 0 ? count : 0;
}

static bool needs_interpreter(const struct sim_image *image)
{
    GElf_Phdr header;

    for (size_t i = 0; i < header_count(image); i++) {
        if (gelf_getphdr(image->elf, (int)i, &header) != NULL && header.p_type == PT_INTERP) {
            return true;
        }
    }
    return false;
}

static int check_header(const struct sim_image *image, const struct format *format,
                        struct sim_error *error)
{
    GElf_Ehdr header;

    if (gelf_getehdr(image->elf, &header) == NULL || header.e_version != EV_CURRENT ||
        header.e_ehsize != format->header_size) {
        return sim_error_set(error, "%s: malformed ELF header", image->path);
    }
    if (header.e_machine != format->machine) {
        return sim_error_set(error, "%s: machine %u is not %s", image->path, header.e_machine,
                             format->machine_name);
    }
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
        return sim_error_set(error, "%s: type %u is not an executable", image->path, header.e_type);
    }
    if (header.e_phentsize != format->segment_size) {
        return sim_error_set(error, "%s: program headers of %u bytes", image->path,
                             header.e_phentsize);
    }
    if (needs_interpreter(image)) {
        return sim_error_set(error, "%s: needs a dynamic linker (link with -static)", image->path);
    }
    return 0;
}

static int check_segment(const struct sim_image *image, const struct sim_image_segment *segment,
                         struct sim_error *error)
{
    if (segment->file_offset > image->size ||
        segment->file_size > image->size - segment->file_offset) {
        return sim_error_set(error, "%s: segment %zu lies beyond the end of the file", image->path,
                             segment->number);
    }
    if (segment->file_size > segment->size || segment->physical > UINT64_MAX - 4096 ||
        segment->size > UINT64_MAX - 4096 - segment->physical) {
        return sim_error_set(error, "%s: segment %zu has impossible sizes", image->path,
                             segment->number);
    }
    return 0;
}

static int add_segment(struct sim_image *image, size_t number, const GElf_Phdr *header,
                       struct sim_error *error)
{
    struct sim_image_segment segment = {
        .number = number,
        .physical = header->p_paddr,
        .linear = header->p_vaddr,
        .size = header->p_memsz,
        .file_offset = header->p_offset,
        .file_size = header->p_filesz,
    };

    if (header->p_type != PT_LOAD || header->p_memsz == 0) {
        return 0;
    }
    if (check_segment(image, &segment, error) != 0) {
        return -1;
    }
    if (image->segment_count == SIM_IMAGE_MAX_SEGMENTS) {
        return sim_error_set(error, "%s: more than %u segments to load", image->path,
                             SIM_IMAGE_MAX_SEGMENTS);
    }
    image->segments[image->segment_count++] = segment;
    return 0;
}

static int read_segments(struct sim_image *image, struct sim_error *error)
{
    GElf_Phdr header;

    for (size_t i = 0; i < header_count(image); i++) {
        if (gelf_getphdr(image->elf, (int)i, &header) == NULL) {
            return sim_error_set(error, "%s: truncated in program header %zu", image->path, i);
        }
        if (add_segment(image, i, &header, error) != 0) {
            return -1;
        }
    }
    if (image->segment_count == 0) {
        return sim_error_set(error, "%s: nothing to load", image->path);
    }
    return 0;
}

int image_read_elf(struct sim_image *image, struct sim_error *error)
{
    const struct format *format = find_format(image, error);

    if (format == NULL) {
        return -1;
    }
    image->width = format->width;
    (void)elf_version(EV_CURRENT);
    image->elf = elf_memory(image->bytes, image->size);
    if (image->elf == NULL) {
        return sim_error_set(error, "%s: malformed ELF file", image->path);
    }
    if (check_header(image, format, error) != 0) {
        return -1;
    }
    return read_segments(image, error);
}

bool sim_image_entry(const struct sim_image *image, uint64_t *physical)
{
    GElf_Ehdr header;

    if (image->elf == NULL || gelf_getehdr(image->elf, &header) == NULL) {
        return false;
    }
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct sim_image_segment *segment = &image->segments[i];

        if (header.e_entry >= segment->linear && header.e_entry - segment->linear < segment->size) {
            *physical = segment->physical + (header.e_entry - segment->linear);
            return true;
        }
    }
    return false;
}

/* Look through the notes of one header. */
static bool find_in_notes(Elf_Data *notes, const char *owner, uint32_t type,
                          struct sim_image_note *note)
{
    const uint8_t *bytes = notes->d_buf;
    size_t wanted = strlen(owner) + 1;
    size_t at = 0;
    size_t name = 0;
    size_t descriptor = 0;
    GElf_Nhdr header;

    while ((at = gelf_getnote(notes, at, &header, &name, &descriptor)) != 0) {
        if (header.n_type == type && header.n_namesz == wanted &&
            memcmp(bytes + name, owner, wanted) == 0) {
            *note = (struct sim_image_note){bytes + descriptor, header.n_descsz};
            return true;
        }
    }
    return false;
}

bool sim_image_find_note(const struct sim_image *image, const char *owner, uint32_t type,
                         struct sim_image_note *note)
{
    size_t seen = 0;
    GElf_Phdr header;

    for (size_t i = 0; image->elf != NULL && i < header_count(image) && seen < NOTES_MAX; i++) {
        Elf_Data *notes = NULL;

        if (gelf_getphdr(image->elf, (int)i, &header) == NULL || header.p_type != PT_NOTE ||
            header.p_filesz > NOTES_MAX_BYTES || header.p_offset > image->size) {
            continue;
        }
        seen++;
        notes = elf_getdata_rawchunk(image->elf, (int64_t)header.p_offset, header.p_filesz,
                                     header.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
        if (notes != NULL && find_in_notes(notes, owner, type, note)) {
            return true;
        }
    }
    return false;
}
