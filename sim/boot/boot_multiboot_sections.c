/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot hands the section headers of an ELF image on, so that a kernel finds
 * its own symbols. Sections that no segment loads are copied too, and sh_addr
 * in the copy of their headers says where to. An image whose sections are larger
 * than its file, or too large for RAM, does without: they are optional.
 */
#include <gelf.h>
#include <string.h>

#include "sim/boot/boot_internal.h"
#include "sim/boot/image_internal.h"

enum {
    ALIGNMENT = 16,
};

static uint64_t align(uint64_t size)
{
    return (size + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
}

/* Whether section number @p index has bytes in the file that are in no segment. */
static bool is_extra(const struct sim_image *image, size_t index, GElf_Shdr *header)
{
    Elf_Scn *section = elf_getscn(image->elf, index);

    return section != NULL && gelf_getshdr(section, header) != NULL &&
           (header->sh_flags & SHF_ALLOC) == 0 && header->sh_type != SHT_NULL &&
           header->sh_type != SHT_NOBITS && header->sh_size > 0;
}

/* Bytes of the extra sections; UINT64_MAX if one is not in the file or all are larger than it. */
static uint64_t extra_size(const struct sim_image *image, size_t count)
{
    uint64_t sum = 0;
    uint64_t size = 0;
    GElf_Shdr header;

    for (size_t i = 0; i < count; i++) {
        if (!is_extra(image, i, &header)) {
            continue;
        }
        if (header.sh_offset > image->size || header.sh_size > image->size - header.sh_offset) {
            return UINT64_MAX;
        }
        sum += header.sh_size;
        size += align(header.sh_size);
        if (sum > image->size) {
            return UINT64_MAX;
        }
    }
    return size;
}

/* The headers as they are in the file; how many, 0 if they are not all in it. */
static size_t find_headers(const struct sim_image *image, GElf_Ehdr *header, size_t *names)
{
    size_t count = 0;
    size_t size = gelf_fsize(image->elf, ELF_T_SHDR, 1, EV_CURRENT);

    if (gelf_getehdr(image->elf, header) == NULL || header->e_shentsize != size ||
        elf_getshdrnum(image->elf, &count) != 0 || elf_getshdrstrndx(image->elf, names) != 0 ||
        header->e_shoff > image->size || count > (image->size - header->e_shoff) / size) {
        return 0;
    }
    return count;
}

static bool loaded_by_elf(const struct boot_plan *plan)
{
    return plan->segments == plan->image->segments && plan->image->elf != NULL;
}

void boot_plan_sections(struct boot_plan *plan, struct boot_sections *sections)
{
    GElf_Ehdr header;
    size_t names = 0;
    size_t count = loaded_by_elf(plan) ? find_headers(plan->image, &header, &names) : 0;
    uint64_t size = count > 0 ? extra_size(plan->image, count) : UINT64_MAX;
    uint64_t address = 0;

    if (size == UINT64_MAX ||
        boot_plan_find(plan, BOOT_UPWARDS_FROM_IMAGE, align(count * header.e_shentsize) + size,
                       &address) != 0) {
        return;
    }
    sections->count = (uint32_t)count;
    sections->header_size = header.e_shentsize;
    sections->names = (uint32_t)names;
    sections->headers = address;
}

/* sh_addr of a header in the copy: 4 bytes in ELF32, 8 in ELF64. */
static void store_address(const struct boot_plan *plan, uint64_t header, uint64_t address)
{
    if (plan->image->width == SIM_WIDTH_64) {
        boot_store(plan, header + offsetof(Elf64_Shdr, sh_addr), &address, sizeof(Elf64_Addr));
    } else {
        boot_store(plan, header + offsetof(Elf32_Shdr, sh_addr), &address, sizeof(Elf32_Addr));
    }
}

void boot_write_sections(const struct boot_plan *plan, const struct boot_sections *sections)
{
    const struct sim_image *image = plan->image;
    size_t headers_size = (size_t)sections->count * sections->header_size;
    uint64_t to = sections->headers + align(headers_size);
    GElf_Ehdr header;
    GElf_Shdr section;

    if (sections->count == 0 || gelf_getehdr(image->elf, &header) == NULL) {
        return;
    }
    boot_store(plan, sections->headers, image->bytes + header.e_shoff, headers_size);
    for (size_t i = 0; i < sections->count; i++) {
        if (is_extra(image, i, &section)) {
            boot_store(plan, to, image->bytes + section.sh_offset, section.sh_size);
            store_address(plan, sections->headers + i * sections->header_size, to);
            to += align(section.sh_size);
        }
    }
}
