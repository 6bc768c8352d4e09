/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF executable says with its program headers which bytes of the file go to
 * which physical address. All of them are checked against the file and against
 * RAM before the first byte is copied; any number in a header may be hostile.
 */
#include "sim/image_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int file, char *bytes, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t count = read(file, bytes + done, size - done);

        if (count == 0 || (count < 0 && errno != EINTR)) {
            return -1;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return 0;
}

static int read_open_file(struct sim_image *image, int file, struct sim_error *error)
{
    struct stat status;

    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return sim_error_set(error, "%s: not a regular file", image->path);
    }
    if (status.st_size <= 0 || (uint64_t)status.st_size > SIM_IMAGE_MAX_BYTES) {
        return sim_error_set(error, "%s: %jd bytes is not the size of an image", image->path,
                             (intmax_t)status.st_size);
    }
    image->size = (size_t)status.st_size;
    image->bytes = malloc(image->size);
    if (image->bytes == NULL) {
        return sim_error_set(error, "%s: out of memory", image->path);
    }
    if (read_all(file, image->bytes, image->size) != 0) {
        return sim_error_set(error, "%s: cannot be read", image->path);
    }
    return 0;
}

static int read_file(struct sim_image *image, struct sim_error *error)
{
    int file = open(image->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int result = -1;

    if (file < 0) {
        return sim_error_set(error, "%s: %s", image->path, strerror(errno));
    }
    result = read_open_file(image, file, error);
    (void)close(file);
    return result;
}

static int check_identity(const struct sim_image *image, struct sim_error *error)
{
    const unsigned char *identity = (const unsigned char *)image->bytes;

    if (image->size < sizeof(Elf64_Ehdr) || memcmp(identity, ELFMAG, SELFMAG) != 0) {
        return sim_error_set(error, "%s: not an ELF file", image->path);
    }
    if (identity[EI_CLASS] != ELFCLASS64 || identity[EI_DATA] != ELFDATA2LSB ||
        identity[EI_VERSION] != EV_CURRENT) {
        return sim_error_set(error, "%s: not a little-endian ELF64 file", image->path);
    }
    return 0;
}

static int check_header(const struct sim_image *image, struct sim_error *error)
{
    GElf_Ehdr header;

    if (gelf_getehdr(image->elf, &header) == NULL || header.e_version != EV_CURRENT ||
        header.e_ehsize != sizeof(Elf64_Ehdr)) {
        return sim_error_set(error, "%s: malformed ELF header", image->path);
    }
    if (header.e_machine != EM_X86_64) {
        return sim_error_set(error, "%s: machine %u is not x86-64", image->path, header.e_machine);
    }
    if (header.e_type != ET_EXEC) {
        return sim_error_set(error, "%s: not a fixed-address executable (link with -no-pie)",
                             image->path);
    }
    if (header.e_phentsize != sizeof(Elf64_Phdr)) {
        return sim_error_set(error, "%s: program headers of %u bytes", image->path,
                             header.e_phentsize);
    }
    return 0;
}

static size_t segment_count(const struct sim_image *image)
{
    size_t count = 0;

    return elf_getphdrnum(image->elf, &count) == 0 ? count : 0;
}

/* Whether header number @p index is one that puts bytes into memory. */
static bool loads(const struct sim_image *image, size_t index, GElf_Phdr *segment)
{
    return gelf_getphdr(image->elf, (int)index, segment) != NULL && segment->p_type == PT_LOAD &&
           segment->p_memsz != 0;
}

static int check_segments(const struct sim_image *image, struct sim_error *error)
{
    size_t count = segment_count(image);
    size_t loaded = 0;
    GElf_Phdr segment;

    for (size_t i = 0; i < count; i++) {
        if (gelf_getphdr(image->elf, (int)i, &segment) == NULL) {
            return sim_error_set(error, "%s: truncated in program header %zu", image->path, i);
        }
        if (!loads(image, i, &segment)) {
            continue;
        }
        if (segment.p_offset > image->size || segment.p_filesz > image->size - segment.p_offset) {
            return sim_error_set(error, "%s: segment %zu lies beyond the end of the file",
                                 image->path, i);
        }
        if (segment.p_filesz > segment.p_memsz || segment.p_paddr > UINT64_MAX - 4096 ||
            segment.p_memsz > UINT64_MAX - 4096 - segment.p_paddr) {
            return sim_error_set(error, "%s: segment %zu has impossible sizes", image->path, i);
        }
        loaded++;
    }
    if (loaded == 0) {
        return sim_error_set(error, "%s: nothing to load", image->path);
    }
    return 0;
}

static int open_image(struct sim_image *image, struct sim_error *error)
{
    if (image->path == NULL) {
        return sim_error_set(error, "out of memory");
    }
    if (read_file(image, error) != 0 || check_identity(image, error) != 0) {
        return -1;
    }
    (void)elf_version(EV_CURRENT);
    image->elf = elf_memory(image->bytes, image->size);
    if (image->elf == NULL || check_header(image, error) != 0 ||
        check_segments(image, error) != 0) {
        return image->elf == NULL ? sim_error_set(error, "%s: malformed ELF file", image->path)
                                  : -1;
    }
    if (image_read_symbols(image) != 0) {
        return sim_error_set(error, "%s: out of memory", image->path);
    }
    return 0;
}

struct sim_image *sim_image_open(const char *path, struct sim_error *error)
{
    struct sim_image *image = calloc(1, sizeof *image);

    if (image == NULL) {
        (void)sim_error_set(error, "out of memory");
        return NULL;
    }
    image->path = strdup(path);
    if (open_image(image, error) != 0) {
        sim_image_close(image);
        return NULL;
    }
    return image;
}

void sim_image_close(struct sim_image *image)
{
    if (image == NULL) {
        return;
    }
    free(image->lines.rows);
    free(image->symbols);
    (void)dwarf_end(image->dwarf);
    (void)elf_end(image->elf);
    free(image->bytes);
    free(image->path);
    free(image);
}

static int check_place(const struct sim_image *image, const struct sim_memory *memory,
                       uint64_t lowest, struct sim_error *error)
{
    GElf_Phdr segment;

    for (size_t i = 0; i < segment_count(image); i++) {
        if (!loads(image, i, &segment)) {
            continue;
        }
        if (segment.p_paddr < lowest) {
            return sim_error_set(error,
                                 "%s: segment %zu at 0x%" PRIx64 " is below 0x%" PRIx64
                                 ", which belongs to the machine",
                                 image->path, i, segment.p_paddr, lowest);
        }
        if (segment.p_paddr > memory->size || segment.p_memsz > memory->size - segment.p_paddr) {
            return sim_error_set(error,
                                 "%s: segment %zu, 0x%" PRIx64 " bytes at 0x%" PRIx64
                                 ", does not fit RAM of 0x%" PRIx64 " bytes",
                                 image->path, i, segment.p_memsz, segment.p_paddr, memory->size);
        }
    }
    return 0;
}

int sim_image_place(const struct sim_image *image, const struct sim_memory *memory, uint64_t lowest,
                    struct sim_error *error)
{
    GElf_Phdr segment;

    if (check_place(image, memory, lowest, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < segment_count(image); i++) {
        if (loads(image, i, &segment)) {
            uint8_t *to = memory->bytes + segment.p_paddr;

            memcpy(to, image->bytes + segment.p_offset, segment.p_filesz);
            memset(to + segment.p_filesz, 0, segment.p_memsz - segment.p_filesz);
        }
    }
    return 0;
}

uint64_t sim_image_end(const struct sim_image *image)
{
    uint64_t end = 0;
    GElf_Phdr segment;

    for (size_t i = 0; i < segment_count(image); i++) {
        if (loads(image, i, &segment) && segment.p_paddr + segment.p_memsz > end) {
            end = segment.p_paddr + segment.p_memsz;
        }
    }
    return (end + 4095) & ~UINT64_C(4095);
}
