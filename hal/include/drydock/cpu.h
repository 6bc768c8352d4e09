/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the processor is and has: CPUID as values.
 *
 * dd_cpu_read() executes CPUID once for each leaf and keeps what a kernel asks
 * for again and again; dd_cpu_has() is then a bit test. A leaf above the last one
 * the processor names is not asked for, since Intel's processors answer it with
 * the data of their last basic leaf.
 *
 * Some bits follow the kernel's own settings (OSXSAVE, OSPKE, APIC, MONITOR): read
 * again after changing those.
 *
 * Spec: [SDM 2A] CPUID.
 */
#ifndef DRYDOCK_CPU_H
#define DRYDOCK_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/insn_types.h"

/** Features: DD_CPU_SMAP and so on, one for each line of cpu_feature.def. */
enum dd_cpu_feature {
#define C(name, leaf, subleaf, reg, bit) DD_CPU_##name,
#include "drydock/cpu_feature.def"
#undef C
    DD_CPU_FEATURE_COUNT
};

enum dd_cpu_vendor {
    DD_CPU_VENDOR_OTHER,
    DD_CPU_VENDOR_INTEL,
    DD_CPU_VENDOR_AMD,
    DD_CPU_VENDOR_HYGON,
    DD_CPU_VENDOR_ZHAOXIN, /**< also what was Centaur and VIA before */
};

/** Where one processor stands among the others. See dd_cpu_read(). */
struct dd_cpu_topology {
    uint32_t apic_id;      /**< 32 bits if CPUID tells so many, else the initial 8 */
    uint8_t thread_bits;   /**< low bits of the ID that number threads of one core */
    uint8_t package_shift; /**< bits of the ID below the package's number */
    uint32_t core_id;      /**< inside its package */
    uint32_t thread_id;    /**< inside its core */
    uint32_t package_id;
};

/** Sizes of the area that XSAVE writes, in bytes; all 0 without XSAVE. */
struct dd_cpu_xsave {
    uint64_t xcr0;         /**< components that XCR0 may have */
    uint64_t xss;          /**< components that IA32_XSS may have; 0 without XSAVES */
    uint32_t size;         /**< for the components XCR0 had when this was read */
    uint32_t size_max;     /**< for all of `xcr0` */
    uint32_t size_compact; /**< of XSAVES, for XCR0 and IA32_XSS; 0 without XSAVEC and XSAVES */
};

/** A processor. Plain data; filled in by dd_cpu_read(). */
struct dd_cpu {
    uint64_t features[(DD_CPU_FEATURE_COUNT + 63) / 64]; /**< use dd_cpu_has() */
    uint32_t last_leaf;                                  /**< last basic leaf */
    uint32_t last_extended_leaf;                         /**< 8000xxxxH, or 0 if there is none */

    enum dd_cpu_vendor vendor;
    char vendor_text[13];     /**< "GenuineIntel" */
    char hypervisor_text[13]; /**< "KVMKVMKVM"; empty without a hypervisor */
    char brand[49];           /**< without spaces at its ends; empty if the processor has none */
    uint16_t family;          /**< display family: 6, 15H, 19H … */
    uint16_t model;           /**< display model */
    uint8_t stepping;

    uint8_t physical_bits; /**< width of physical addresses: MAXPHYADDR */
    uint8_t linear_bits;   /**< widest linear addresses: 32, 48 or 57 */
    uint16_t line_size;    /**< bytes that CLFLUSH flushes; 0 without CLFLUSH */

    uint64_t tsc_hz;     /**< frequency of the time-stamp counter; 0 if CPUID does not tell */
    uint64_t crystal_hz; /**< of the core crystal clock, which drives the APIC timer; 0: likewise */

    uint16_t invlpgb_count_max; /**< additional pages one INVLPGB can name; 0 without it */
    uint32_t nasid;             /**< address-space identifiers of SVM; 0 without it */
    uint8_t encryption_bit;     /**< of page-table entries, with SME or SEV; else 0 */
    uint8_t encryption_lost;    /**< bits physical addresses lose when it is on */

    struct dd_cpu_xsave xsave;
    struct dd_cpu_topology topology;
};

/**
 * Learn everything about the processor that executes this.
 *
 * @param[out] cpu  what CPUID says
 *
 * Family and model are the displayed ones. Widths that CPUID does not tell are 36 bits of physical
 * addresses with PAE, else 32, and 48 bits of linear ones with Intel 64, else 32. The frequency of
 * the counter comes from leaf 15H, with leaf 16H where Intel left the crystal's out. The topology
 * comes from leaf 1FH, 0BH, 8000001EH with 80000008H, or 04H with 01H, the first that exists.
 *
 * Spec: [SDM 2A] CPUID; [SDM 3A] 4.1.4, 8.9.3; [SDM 3B] 18.7.3; [AMD64 v3] appendix E.
 */
void dd_cpu_read(struct dd_cpu *cpu);

/** Executes CPUID, or answers as some processor would. */
typedef struct dd_cpuid dd_cpu_source(const void *context, uint32_t leaf, uint32_t subleaf);

/**
 * The same for a processor that is elsewhere, or recorded.
 *
 * @param source   called with leaves up to those that 0 and 80000000H name, and with 80000000H and
 *                 40000000H
 * @param context  passed on to it
 */
void dd_cpu_read_from(struct dd_cpu *cpu, dd_cpu_source *source, const void *context);

/** Whether the processor has a feature; false for a value that is none. */
static inline bool dd_cpu_has(const struct dd_cpu *cpu, enum dd_cpu_feature feature)
{
    return (unsigned int)feature < DD_CPU_FEATURE_COUNT &&
           (cpu->features[(unsigned int)feature / 64] >> ((unsigned int)feature % 64) & 1) != 0;
}

/**
 * Whether the processor that executes this has a feature: one question to CPUID, where a struct
 * dd_cpu is not at hand. That takes up to three CPUIDs; dd_cpu_read() takes some forty, and each is
 * an exit where a hypervisor runs the kernel.
 *
 * @param feature  which; false for a value that is none
 *
 * Spec: [SDM 2A] CPUID; [AMD64 v3] appendix E.
 */
bool dd_cpu_ask(enum dd_cpu_feature feature);

/**
 * Name of a feature as the manuals spell it.
 *
 * @return a static string such as "SMAP"; "no feature" for a value that is none; never NULL
 */
const char *dd_cpu_feature_name(enum dd_cpu_feature feature);

#endif
