/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the simulator knows about a processor and its RAM, as plain data: the
 * input of the page walker and of exception delivery, and what the engine is
 * asked to become after a delivery.
 */
#ifndef DRYDOCK_SIM_CPU_H
#define DRYDOCK_SIM_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Which pages of RAM have been written since somebody last looked. */
struct sim_dirty_pages {
    bool *is_dirty; /**< by page number */
    uint32_t *list; /**< the page numbers, in order of their first write */
    size_t count;
};

/** Physical RAM from address 0. */
struct sim_memory {
    uint8_t *bytes;
    uint64_t size;
    struct sim_dirty_pages *dirty; /**< NULL: nobody wants to know */
};

/** Note that the page of RAM at a physical address is written. */
static inline void sim_memory_mark_dirty(const struct sim_memory *memory, uint64_t physical)
{
    uint32_t page = (uint32_t)(physical >> 12);

    if (memory->dirty != NULL && !memory->dirty->is_dirty[page]) {
        memory->dirty->is_dirty[page] = true;
        memory->dirty->list[memory->dirty->count++] = page;
    }
}

/** GDTR, IDTR, or the part of LDTR and TR that is a table. Spec: [SDM 3A] 2.4. */
struct sim_table {
    uint64_t base;  /**< linear address */
    uint32_t limit; /**< size in bytes, minus one */
};

/** Width of code or stack, from the segment in use. Spec: [SDM 3A] 3.4.5, 5.2.1. */
enum sim_width {
    SIM_WIDTH_64, /**< a code segment with L = 1 in IA-32e mode */
    SIM_WIDTH_32, /**< D/B = 1 */
    SIM_WIDTH_16, /**< D/B = 0 */
};

/** Segment registers as instructions number them. Spec: [SDM 2] 3.1.1.3, Sreg. */
enum sim_segment_register {
    SIM_SEGMENT_ES,
    SIM_SEGMENT_CS,
    SIM_SEGMENT_SS,
    SIM_SEGMENT_DS,
    SIM_SEGMENT_FS,
    SIM_SEGMENT_GS,
};

/** The registers address translation and exception delivery depend on. Spec: [SDM 3A] 2.1.1. */
struct sim_cpu {
    uint64_t rip, rsp, rflags;
    uint64_t cr0, cr2, cr3, cr4;
    uint64_t efer;
    uint32_t pkru, pkrs; /**< rights by protection key: of user pages, of supervisor pages */
    uint16_t cs, ss;     /**< selectors; CS bits 1:0 are the CPL */
    uint16_t tr, ldtr;
    enum sim_width code;  /**< of CS */
    enum sim_width stack; /**< of SS; SIM_WIDTH_64 if code is */
    uint64_t code_base;   /**< linear address of the segment in CS; 0 in 64-bit code */
    struct sim_table gdt, idt, ldt, tss;
    unsigned int physical_bits; /**< MAXPHYADDR */
    bool has_pdptes;            /**< `pdpte` is valid; if not, walks read the PDPTEs in memory */
    uint64_t pdpte[4];          /**< registers for PAE paging. Spec: [SDM 3A] 4.4.1 */
};

/** Where an event comes from; decides DPL check, EXT bit and severity. Spec: [SDM 3A] 6.3, 6.4. */
enum sim_event_source {
    SIM_SOURCE_EXCEPTION, /**< found by the processor while executing */
    SIM_SOURCE_SOFTWARE,  /**< INT n, INT3 or INTO */
    SIM_SOURCE_INT1,      /**< INT1: no DPL check */
    SIM_SOURCE_INTERRUPT, /**< from the interrupt controller */
    SIM_SOURCE_NMI,       /**< vector 2 from the NMI pin or the local APIC */
};

/** An exception or an interrupt that waits for delivery. Spec: [SDM 3A] 6.3, 6.4. */
struct sim_exception {
    unsigned int vector; /**< 0..255 */
    uint32_t error_code; /**< only if has_error_code */
    bool has_error_code;
    enum sim_event_source source;
    uint8_t length; /**< of INT n and the like in bytes: a fault on the way is at the instruction */
};

/** Whether the processor pushes an error code for an exception. Spec: [SDM 3A] table 6-1. */
static inline bool sim_vector_has_error_code(unsigned int vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21;
}

/** Linear address of the instruction at RIP, which is an offset into CS. Spec: [SDM 3A] 3.4. */
static inline uint64_t sim_cpu_linear_rip(const struct sim_cpu *cpu)
{
    return cpu->code == SIM_WIDTH_64 ? cpu->rip : (cpu->code_base + cpu->rip) & UINT32_MAX;
}

/** Current privilege level, 0..3. Spec: [SDM 3A] 5.5. */
static inline unsigned int sim_cpu_privilege(const struct sim_cpu *cpu)
{
    return cpu->cs & 3u;
}

#endif
