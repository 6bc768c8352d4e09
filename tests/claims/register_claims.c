/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about registers as values. Those about single fields are in register_field_claims.c. */
#include "drydock/arch/insn.h"
#include "drydock/control.h"
#include "drydock/pat.h"
#include "drydock/register.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

/* Whether the library refuses to change any bit that is not software's, both ways. */
static bool refuses_other_bits(enum dd_register reg)
{
    uint64_t others = ~dd_register_writable(reg);

    for (unsigned int bit = 0; bit < 64; bit++) {
        uint64_t mask = others & UINT64_C(1) << bit;

        if (mask != 0 && (dd_register_update(reg, mask, 0) != DD_EARG ||
                          dd_register_update(reg, 0, mask) != DD_EARG)) {
            return false;
        }
    }
    return true;
}

CLAIM(reserved_and_read_only_fields_are_refused)
{
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    for (unsigned int i = 0; i < DD_REGISTER_COUNT; i++) {
        enum dd_register reg = (enum dd_register)i;

        CLAIM_TRUE(!dd_register_exists(&cpu, reg) || refuses_other_bits(reg));
    }
}

CLAIM(registers_are_named_as_the_manuals_do)
{
    CLAIM_TEXT(dd_register_name(DD_REGISTER_CR0), "CR0");
    CLAIM_TEXT(dd_register_name(DD_REGISTER_EFER), "IA32_EFER");
    CLAIM_TEXT(dd_register_name(DD_REGISTER_GHCB), "GHCB");
    CLAIM_TEXT(dd_register_name(DD_REGISTER_COUNT), "no register");
}

/* What a register has set, the processor has. */
CLAIM(bits_that_cpuid_lacks_are_not_in_the_registers)
{
    struct dd_cpu cpu;
    uint64_t value = 0;

    dd_cpu_read(&cpu);
    CLAIM_OK(dd_register_read(DD_REGISTER_CR4, &value));
    CLAIM_EQUAL(value & ~dd_register_supported(&cpu, DD_REGISTER_CR4), 0);
    CLAIM_TRUE((value & 0x20) != 0);
    CLAIM_OK(dd_register_read(DD_REGISTER_EFER, &value));
    CLAIM_EQUAL(value & ~dd_register_supported(&cpu, DD_REGISTER_EFER), 0x400); /* LMA */
    CLAIM_OK(dd_register_read(DD_REGISTER_CR0, &value));
    CLAIM_EQUAL(value & 0x80000011, 0x80000011); /* PG, ET, PE */
}

CLAIM(cr3_is_read_and_loaded_as_its_fields)
{
    struct dd_cpu cpu;
    struct dd_cr3 contents;
    struct dd_cr3 wrong;
    uint64_t before = dd_read_cr3();

    dd_cpu_read(&cpu);
    dd_cr3_read(&contents);
    CLAIM_EQUAL(contents.root.raw, before & 0x000FFFFFFFFFF000);
    CLAIM_OK(dd_cr3_load(&contents, DD_CR3_FLUSH, cpu.physical_bits));
    CLAIM_EQUAL(dd_read_cr3(), before);
    wrong = contents;
    wrong.root.raw += 8;
    CLAIM_STATUS(dd_cr3_load(&wrong, DD_CR3_FLUSH, cpu.physical_bits), DD_EALIGN);
    wrong.root.raw = UINT64_C(1) << 52;
    CLAIM_STATUS(dd_cr3_load(&wrong, DD_CR3_FLUSH, cpu.physical_bits), DD_EARG);
    CLAIM_EQUAL(dd_read_cr3(), before);
}

/* [SDM 3A] 4.10.1, 4.10.4.1: all 12 bits, none lost by reading and writing back. */
CLAIM(cr3_keeps_its_process_context_identifier)
{
    struct dd_cpu cpu;
    struct dd_cr3 contents;
    uint64_t before = dd_read_cr3();

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_PCID), "the processor has no PCID");
    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_PCIDE), 0));
    dd_cr3_read(&contents);
    contents.pcid = 0xABC;
    CLAIM_OK(dd_cr3_load(&contents, DD_CR3_FLUSH, cpu.physical_bits));
    CLAIM_EQUAL(dd_read_cr3() & 0xFFF, 0xABC);
    dd_cr3_read(&contents);
    CLAIM_EQUAL(contents.pcid, 0xABC);
    CLAIM_OK(dd_cr3_load(&contents, DD_CR3_KEEP, cpu.physical_bits));
    CLAIM_EQUAL(dd_read_cr3(), before | 0xABC);
    contents.pcid = 0;
    CLAIM_OK(dd_cr3_load(&contents, DD_CR3_FLUSH, cpu.physical_bits));
    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, 0, DD_BITS(DD_CR4_PCIDE)));
    CLAIM_EQUAL(dd_read_cr3(), before);
}

/* [SDM 3A] 10.8.6.1: CR8 is bits 7:4 of the local APIC's task priority. */
CLAIM(the_priority_class_is_the_task_priority)
{
    unsigned int before = dd_priority_class_read();

    CLAIM_OK(dd_priority_class_write(9));
    CLAIM_EQUAL(dd_priority_class_read(), 9);
    CLAIM_STATUS(dd_priority_class_write(16), DD_EARG);
    CLAIM_EQUAL(dd_read_cr8(), 9);
    CLAIM_OK(dd_priority_class_write(before));
}

/* [SDM 3A] 4.7. */
CLAIM(the_address_of_a_page_fault_is_in_cr2)
{
    dd_vaddr nowhere = dd_vaddr_from(world_spare_region().raw + 0xABC123);

    CLAIM_EQUAL(world_load64(nowhere).vector, 14);
    CLAIM_EQUAL(dd_cr2_read().raw, nowhere.raw);
}

/* [SDM 3A] 2.5, 4.1.2, 9.8.5: #GP on a processor, and nothing changes. */
CLAIM(bits_that_64_bit_code_needs_cannot_be_turned_off)
{
    uint64_t cr0 = dd_read_cr0();
    uint64_t cr4 = dd_read_cr4();
    uint64_t efer = dd_rdmsr(0xC0000080);

    CLAIM_STATUS(dd_register_update(DD_REGISTER_CR0, 0, 0x1), DD_EARG);        /* PE */
    CLAIM_STATUS(dd_register_update(DD_REGISTER_CR0, 0, 0x80000000), DD_EARG); /* PG */
    CLAIM_STATUS(dd_register_update(DD_REGISTER_CR4, 0, 0x20), DD_EARG);       /* PAE */
    CLAIM_STATUS(dd_register_write(DD_REGISTER_CR4, cr4 ^ 0x1000), DD_EARG);   /* LA57 */
    CLAIM_STATUS(dd_register_update(DD_REGISTER_EFER, 0, 0x100), DD_EARG);     /* LME */
    CLAIM_EQUAL(dd_read_cr0(), cr0);
    CLAIM_EQUAL(dd_read_cr4(), cr4);
    CLAIM_EQUAL(dd_rdmsr(0xC0000080), efer);
}

/* [SDM 1] 13.3. */
CLAIM(xcr0_takes_only_what_its_rules_allow)
{
    uint64_t cr4 = dd_read_cr4();
    struct dd_cpu cpu;
    uint64_t before = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_cpu_has(&cpu, DD_CPU_XSAVE), "the processor has no XSAVE");
    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_OSXSAVE), 0));
    CLAIM_OK(dd_register_read(DD_REGISTER_XCR0, &before));
    CLAIM_STATUS(dd_register_write(DD_REGISTER_XCR0, 0x2), DD_EARG);
    CLAIM_STATUS(dd_register_update(DD_REGISTER_XCR0, 0, 0x1), DD_EARG);
    CLAIM_STATUS(dd_register_write(DD_REGISTER_XCR0, 0x5), DD_EARG);
    CLAIM_STATUS(dd_register_write(DD_REGISTER_XCR0, 0xE3), DD_EARG);
    CLAIM_EQUAL(dd_xgetbv(0), before);
    CLAIM_OK(dd_register_write(DD_REGISTER_XCR0, 0x3));
    CLAIM_EQUAL(dd_xgetbv(0), 0x3);
    CLAIM_OK(dd_register_write(DD_REGISTER_XCR0, before));
    dd_write_cr4(cr4);
}

/* [SDM 3A] 11.12.2; table 11-12: entries 0 to 3 after reset. */
CLAIM(the_page_attribute_table_is_eight_types)
{
    struct dd_pat pat;
    struct dd_pat changed;

    CLAIM_OK(dd_pat_read(&pat));
    CLAIM_EQUAL(pat.entry[0], 6);
    CLAIM_EQUAL(pat.entry[3], 0);
    changed = pat;
    changed.entry[7] = DD_CACHE_WRITE_COMBINING;
    CLAIM_OK(dd_pat_write(&changed));
    CLAIM_EQUAL(dd_rdmsr(0x277) >> 56, 1);
    changed.entry[6] = (enum dd_cache_type)2;
    CLAIM_STATUS(dd_pat_write(&changed), DD_EARG);
    CLAIM_OK(dd_pat_write(&pat));
    CLAIM_OK(dd_pat_read(&changed));
    CLAIM_EQUAL(changed.entry[7], pat.entry[7]);
}

/* [SDM 1] 10.2.3: 1F80H after reset. */
/* [SDM 3B] 15.3.2.2: "Writing 1s to any of these registers causes a general-protection exception". */
CLAIM(a_machine_check_bank_takes_only_zero)
{
    struct dd_cpu cpu;
    uint64_t value = 1;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_register_exists(&cpu, DD_REGISTER_MC_STATUS), "no machine-check bank");
    CLAIM_STATUS(dd_register_write(DD_REGISTER_MC_STATUS, UINT64_C(1) << 63), DD_EARG);
    CLAIM_OK(dd_register_write(DD_REGISTER_MC_STATUS, 0));
    CLAIM_OK(dd_register_read(DD_REGISTER_MC_STATUS, &value));
    CLAIM_EQUAL(value, 0);
}

/* [SDM 3A] 10.12.5, figure 10-27: the processor would raise #GP. */
CLAIM(modes_of_the_local_apic_follow_the_arrows)
{
    struct dd_cpu cpu;
    uint64_t before = 0;
    uint64_t after = 0;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(!dd_register_exists(&cpu, DD_REGISTER_APIC_BASE), "no local APIC");
    CLAIM_OK(dd_register_read(DD_REGISTER_APIC_BASE, &before));
    CLAIM_STATUS(dd_register_write(DD_REGISTER_APIC_BASE, (before & ~UINT64_C(0x800)) | 0x400),
                 DD_EARG);
    CLAIM_OK(dd_register_read(DD_REGISTER_APIC_BASE, &after));
    CLAIM_EQUAL(after, before);
}

CLAIM(mxcsr_starts_with_all_exceptions_masked)
{
    uint64_t cr4 = dd_read_cr4();
    uint64_t value = 0;

    CLAIM_OK(dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_OSFXSR), 0));
    CLAIM_OK(dd_register_read(DD_REGISTER_MXCSR, &value));
    CLAIM_EQUAL(value, 0x1F80);
    CLAIM_OK(dd_register_update(DD_REGISTER_MXCSR, DD_BITS(DD_MXCSR_FZ), DD_BITS(DD_MXCSR_ZM)));
    CLAIM_EQUAL(dd_stmxcsr(), 0x9D80);
    CLAIM_STATUS(dd_register_write(DD_REGISTER_MXCSR, 0x10001F80), DD_EARG);
    CLAIM_OK(dd_register_write(DD_REGISTER_MXCSR, value));
    dd_write_cr4(cr4);
}

/* [SDM 3B] 17.17.3. */
CLAIM(the_time_stamp_counter_can_be_set)
{
    uint64_t before = dd_rdtsc();
    uint64_t after = 0;
    struct dd_cpu cpu;

    dd_cpu_read(&cpu);
    CLAIM_SKIP_IF(cpu.hypervisor_text[0] == 'T' && cpu.hypervisor_text[1] == 'C',
                  "TCG ignores writes to the counter");
    CLAIM_OK(dd_register_write(DD_REGISTER_TSC, UINT64_C(0x123400000000)));
    after = dd_rdtsc();
    CLAIM_OK(dd_register_write(DD_REGISTER_TSC, before));
    CLAIM_EQUAL(after >> 32, 0x1234);
}

/* [SDM 2B] WRMSR: #GP for an address that is not canonical. */
CLAIM(bases_of_fs_and_gs_are_canonical)
{
    uint64_t before = dd_rdmsr(0xC0000100);

    CLAIM_STATUS(dd_register_write(DD_REGISTER_FS_BASE, 0x8000000000000000), DD_ECANONICAL);
    CLAIM_STATUS(dd_register_write(DD_REGISTER_KERNEL_GS_BASE, 0x8000000000000000), DD_ECANONICAL);
    CLAIM_EQUAL(dd_rdmsr(0xC0000100), before);
    CLAIM_OK(dd_register_write(DD_REGISTER_FS_BASE, 0xFFFF800000001000));
    CLAIM_EQUAL(dd_rdmsr(0xC0000100), 0xFFFF800000001000);
    CLAIM_OK(dd_register_write(DD_REGISTER_FS_BASE, before));
}
