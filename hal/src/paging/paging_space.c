/* SPDX-License-Identifier: MIT */
/*
 * Address spaces as a whole. Paging is a tree of tables of 512 entries with its
 * root in CR3; nine bits of the linear address select the entry at each of 4 or
 * 5 levels, and an entry either references the table of the next level or maps a
 * page. [SDM 3A] 4.5.4. How wide a physical address is, whether 1-GByte pages
 * exist, how many levels there are and whether bit 63 may be used differ between
 * processors and modes; all is asked once and kept in the handle.
 */
#include "drydock/paging_space.h"

#include "drydock/arch/insn.h"
#include "drydock/cpu.h"
#include "drydock/cr_regs.h"
#include "paging_frames.h"

enum {
    CPUID_PHYSICAL_WIDTH_LO = 0, /* EAX of 80000008H. [SDM 2A] CPUID */
    CPUID_PHYSICAL_WIDTH_HI = 7,
    PHYSICAL_WIDTH_DEFAULT = 36, /* without leaf 80000008H. [SDM 3A] 4.1.4 */
    PHYSICAL_WIDTH_MAX = 52,
    ENCRYPTION_BIT_MIN = 12,
    ENCRYPTION_BIT_MAX = 51,
};

static const uint32_t cpuid_extended_max = 0x80000000;
static const uint32_t cpuid_address_sizes = 0x80000008;

/* Bit 63 of the operand of MOV to CR3: keep the TLB. [SDM 3A] 4.10.4.1. */
#define CR3_KEEP (UINT64_C(1) << 63)

/* Asked alone: all of struct dd_cpu would take some forty CPUIDs for each address space. */
static uint8_t physical_width(void)
{
    uint64_t width = PHYSICAL_WIDTH_DEFAULT;

    if (dd_cpuid(cpuid_extended_max, 0).eax >= cpuid_address_sizes) {
        width = DD_GET(dd_cpuid(cpuid_address_sizes, 0).eax, CPUID_PHYSICAL_WIDTH);
    }
    return (uint8_t)(width < PHYSICAL_WIDTH_MAX ? width : PHYSICAL_WIDTH_MAX);
}

static struct dd_address_space describe(dd_paddr root, const struct dd_paging_memory *memory)
{
    uint64_t cr4 = dd_read_cr4();

    return (struct dd_address_space){
        .root = root,
        .format = {.levels = DD_GET(cr4, DD_CR4_LA57) != 0 ? 5 : 4,
                   .physical_width = physical_width(),
                   .no_execute = DD_GET(dd_rdmsr(DD_MSR_EFER), DD_EFER_NXE) != 0,
                   .pages_1g = dd_cpu_ask(DD_CPU_PAGE1GB)},
        .pcid_enabled = DD_GET(cr4, DD_CR4_PCIDE) != 0,
        .has_invpcid = dd_cpu_ask(DD_CPU_INVPCID),
        .memory = memory,
    };
}

enum dd_status dd_paging_create(struct dd_address_space *space,
                                const struct dd_paging_memory *memory)
{
    dd_paddr root = {0};
    enum dd_status status = dd_paging_frame_alloc(memory, &root);

    if (status != DD_OK) {
        return status;
    }
    dd_paging_frame_clear(memory, dd_paging_memory_unlinked(memory, root), DD_TABLE_ENTRIES);
    *space = describe(root, memory);
    return DD_OK;
}

void dd_paging_current(struct dd_address_space *space, const struct dd_paging_memory *memory)
{
    uint64_t cr3 = dd_read_cr3();

    *space = describe(dd_paddr_from(cr3 & DD_BITS(DD_CR3_ADDRESS)), memory);
    if (space->pcid_enabled) {
        space->pcid = (uint16_t)(cr3 & DD_TLB_PCID_MAX);
    }
}

enum dd_status dd_paging_set_encryption(struct dd_address_space *space,
                                        enum dd_encryption encryption, unsigned int bit)
{
    struct dd_paging_format format = space->format;
    uint64_t mask = 0;

    if ((unsigned int)encryption > DD_ENCRYPTION_CLEARED ||
        (encryption != DD_ENCRYPTION_NONE &&
         (bit < ENCRYPTION_BIT_MIN || bit > ENCRYPTION_BIT_MAX))) {
        return DD_EARG;
    }
    format.encryption = encryption;
    format.encryption_bit = encryption != DD_ENCRYPTION_NONE ? (uint8_t)bit : 0;
    mask = dd_paging_encryption_mask(&format);
    if (encryption == DD_ENCRYPTION_CLEARED && (space->root.raw & mask) != 0) {
        return DD_EARG;
    }
    space->root = dd_paddr_from(space->root.raw & ~mask);
    space->format = format;
    return DD_OK;
}

enum dd_status dd_paging_set_pcid(struct dd_address_space *space, uint16_t pcid)
{
    if (pcid > DD_TLB_PCID_MAX) {
        return DD_EARG;
    }
    if (!space->pcid_enabled) {
        return DD_ENOTSUP;
    }
    space->pcid = pcid;
    return DD_OK;
}

/* Tables, the root among them, are in encrypted memory if there is a C-bit. [AMD64 v2] 7.10.2 */
static uint64_t cr3_of(const struct dd_address_space *space)
{
    uint64_t encrypted = space->format.encryption == DD_ENCRYPTION_SET
                             ? dd_paging_encryption_mask(&space->format)
                             : 0;

    return space->root.raw | encrypted | (space->pcid_enabled ? space->pcid : 0);
}

void dd_paging_activate(const struct dd_address_space *space)
{
    dd_write_cr3(cr3_of(space));
}

enum dd_status dd_paging_activate_keep(const struct dd_address_space *space)
{
    if (!space->pcid_enabled) {
        return DD_ENOTSUP;
    }
    dd_write_cr3(cr3_of(space) | CR3_KEEP);
    return DD_OK;
}
