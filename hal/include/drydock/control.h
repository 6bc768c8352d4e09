/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Control registers whose meaning is more than a set of bits: CR2, CR3, CR8, XCR0.
 *
 * Other bits of control registers are changed with register.h.
 *
 * Spec: [SDM 3A] 2.5, 2.6.
 */
#ifndef DRYDOCK_CONTROL_H
#define DRYDOCK_CONTROL_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** What bits 11:0 of CR3 are. */
enum dd_cr3_format {
    DD_CR3_PLAIN,     /**< CR4.PCIDE = 0: cache control of the highest table */
    DD_CR3_WITH_PCID, /**< CR4.PCIDE = 1: a process-context identifier */
};

/** Contents of CR3. Spec: [SDM 3A] 4.5.2, tables 4-12 and 4-13. */
struct dd_cr3 {
    dd_paddr root; /**< the PML4 or PML5 table, a multiple of 4096 */
    uint16_t pcid; /**< 0..4095; 0 with DD_CR3_PLAIN */
    uint8_t cache; /**< PWT is bit 0, PCD bit 1; 0 with DD_CR3_WITH_PCID */
    uint8_t lam;   /**< linear-address masking of user pointers: LAM_U57 is bit 0, LAM_U48 bit 1 */
};

/** What loading CR3 does to translations of its PCID. Spec: [SDM 3A] 4.10.4.1. */
enum dd_cr3_flush {
    DD_CR3_FLUSH, /**< they are invalidated, but not the global ones */
    DD_CR3_KEEP,  /**< they stay: bit 63; only with DD_CR3_WITH_PCID */
};

/**
 * Make a value of CR3.
 *
 * @param contents       read, not kept
 * @param format         see above
 * @param physical_bits  width of physical addresses, 32..52
 * @param[out] value     as CR3 reads: bit 63 is 0
 * @retval DD_OK     *value is valid
 * @retval DD_EALIGN the root is not a multiple of 4096; *value untouched, as after all failures
 * @retval DD_EARG   the root has more than physical_bits bits, a member is out of range or not of
 *                   this format, or no such width
 *
 * Spec: [SDM 3A] 4.5.2, tables 4-12 and 4-13.
 */
DD_MUST_CHECK enum dd_status dd_cr3_encode(const struct dd_cr3 *contents, enum dd_cr3_format format,
                                           unsigned int physical_bits, uint64_t *value);

/** Read a value of CR3; bit 63 does not count. Spec: [SDM 3A] 4.5.2, tables 4-12 and 4-13. */
void dd_cr3_decode(uint64_t value, enum dd_cr3_format format, struct dd_cr3 *contents);

/** The format that CR4.PCIDE asks for now. */
enum dd_cr3_format dd_cr3_format(void);

/** Contents of CR3 now. Spec: [SDM 3A] 2.5. */
void dd_cr3_read(struct dd_cr3 *contents);

/**
 * Load CR3.
 *
 * @param contents       read, not kept
 * @param flush          what to do with what the TLB holds
 * @param physical_bits  width of physical addresses, 32..52
 * @retval DD_OK      loaded
 * @retval DD_EALIGN  see dd_cr3_encode(); nothing loaded, as after all failures
 * @retval DD_EARG    see dd_cr3_encode(), for the format CR4.PCIDE asks for
 * @retval DD_ENOTSUP DD_CR3_KEEP while CR4.PCIDE is 0
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
DD_MUST_CHECK enum dd_status dd_cr3_load(const struct dd_cr3 *contents, enum dd_cr3_flush flush,
                                         unsigned int physical_bits);

/** Address of the last page fault, canonical for the width in use. Spec: [SDM 3A] 4.7. */
dd_vaddr dd_cr2_read(void);

/** Class of interrupts, with all below, that the processor holds back: 0 none … 15. CR8. */
unsigned int dd_priority_class_read(void);

/**
 * Hold back interrupts of a class and of those below.
 *
 * @param priority_class  0 (none) .. 15: upper four bits of a vector
 * @retval DD_OK    done
 * @retval DD_EARG  not a class; nothing changed
 *
 * Spec: [SDM 3A] 10.8.6.
 */
DD_MUST_CHECK enum dd_status dd_priority_class_write(unsigned int priority_class);

/** The rules XSETBV enforces between components of XCR0. Spec: [SDM 1] 13.3; [AMD64 v2] 11.5.2. */
enum dd_xcr0_rule {
    DD_XCR0_RULE_NONE,          /**< all are kept */
    DD_XCR0_RULE_X87,           /**< X87 is always set */
    DD_XCR0_RULE_AVX_NEEDS_SSE, /**< AVX is not without SSE */
    DD_XCR0_RULE_MPX_PAIR,      /**< BNDREG and BNDCSR go together */
    DD_XCR0_RULE_AVX512_TRIPLE, /**< OPMASK, ZMM_HI256 and HI16_ZMM go together */
    DD_XCR0_RULE_AVX512_NEEDS_AVX,
    DD_XCR0_RULE_AMX_PAIR, /**< TILECFG and TILEDATA go together */
    DD_XCR0_RULE_RESERVED, /**< a reserved bit is set */
};

/** The first rule that a value of XCR0 breaks. */
enum dd_xcr0_rule dd_xcr0_check(uint64_t xcr0);

/** A few English words that say what a rule asks for; never NULL. */
const char *dd_xcr0_rule_text(enum dd_xcr0_rule rule);

#endif
