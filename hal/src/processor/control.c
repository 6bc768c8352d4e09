/* SPDX-License-Identifier: MIT */
/*
 * CR3 has two formats, and which one counts is a bit of another register: with
 * CR4.PCIDE its low 12 bits are a process-context identifier, without they are cache
 * control. Reading it with the wrong one, or writing back what was read in the wrong
 * one, loses the identifier; so the format is an argument here, and asked of the
 * processor where the processor's own CR3 is meant.
 */
#include "drydock/control.h"

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"

enum {
    PAGE = 4096,
    PCID_MAX = 4095,
    PHYSICAL_BITS_MIN = 32,
    PHYSICAL_BITS_MAX = 52,
    TWO_BITS = 3
};

static bool is_of_format(const struct dd_cr3 *contents, enum dd_cr3_format format)
{
    if (contents->lam > TWO_BITS) {
        return false;
    }
    if (format == DD_CR3_WITH_PCID) {
        return contents->pcid <= PCID_MAX && contents->cache == 0;
    }
    return contents->pcid == 0 && contents->cache <= TWO_BITS;
}

enum dd_status dd_cr3_encode(const struct dd_cr3 *contents, enum dd_cr3_format format,
                             unsigned int physical_bits, uint64_t *value)
{
    if (physical_bits < PHYSICAL_BITS_MIN || physical_bits > PHYSICAL_BITS_MAX ||
        contents->root.raw >> physical_bits != 0 || !is_of_format(contents, format)) {
        return DD_EARG;
    }
    if (!dd_is_aligned(contents->root.raw, PAGE)) {
        return DD_EALIGN;
    }
    *value = contents->root.raw | (uint64_t)contents->lam << DD_CR3_LAM_U57_LO |
             (uint64_t)contents->cache << DD_CR3_PWT_LO | contents->pcid;
    return DD_OK;
}

void dd_cr3_decode(uint64_t value, enum dd_cr3_format format, struct dd_cr3 *contents)
{
    *contents = (struct dd_cr3){
        .root = dd_paddr_from(value & DD_BITS(DD_CR3_ADDRESS)),
        .lam = (uint8_t)(value >> DD_CR3_LAM_U57_LO & TWO_BITS),
    };
    if (format == DD_CR3_WITH_PCID) {
        contents->pcid = (uint16_t)DD_GET(value, DD_CR3_PCID);
    } else {
        contents->cache = (uint8_t)(value >> DD_CR3_PWT_LO & TWO_BITS);
    }
}

enum dd_cr3_format dd_cr3_format(void)
{
    return DD_GET(dd_read_cr4(), DD_CR4_PCIDE) != 0 ? DD_CR3_WITH_PCID : DD_CR3_PLAIN;
}

void dd_cr3_read(struct dd_cr3 *contents)
{
    dd_cr3_decode(dd_read_cr3(), dd_cr3_format(), contents);
}

enum dd_status dd_cr3_load(const struct dd_cr3 *contents, enum dd_cr3_flush flush,
                           unsigned int physical_bits)
{
    enum dd_cr3_format format = dd_cr3_format();
    uint64_t value = 0;
    enum dd_status status = dd_cr3_encode(contents, format, physical_bits, &value);

    if (status != DD_OK) {
        return status;
    }
    if (flush == DD_CR3_KEEP && format != DD_CR3_WITH_PCID) {
        return DD_ENOTSUP;
    }
    dd_write_cr3(DD_SET(value, DD_CR3_NO_FLUSH, flush == DD_CR3_KEEP));
    return DD_OK;
}

dd_vaddr dd_cr2_read(void)
{
    return dd_vaddr_from(dd_read_cr2());
}

unsigned int dd_priority_class_read(void)
{
    return (unsigned int)DD_GET(dd_read_cr8(), DD_CR8_PRIORITY);
}

enum dd_status dd_priority_class_write(unsigned int priority_class)
{
    if (priority_class > DD_GET(UINT64_MAX, DD_CR8_PRIORITY)) {
        return DD_EARG;
    }
    dd_write_cr8(priority_class);
    return DD_OK;
}

#define XCR0_MPX (DD_BITS(DD_XCR0_BNDREG) | DD_BITS(DD_XCR0_BNDCSR))
#define XCR0_AVX512 \
    (DD_BITS(DD_XCR0_OPMASK) | DD_BITS(DD_XCR0_ZMM_HI256) | DD_BITS(DD_XCR0_HI16_ZMM))
#define XCR0_AMX (DD_BITS(DD_XCR0_TILECFG) | DD_BITS(DD_XCR0_TILEDATA))
#define XCR0_RESERVED                                                \
    (DD_BITS(DD_XCR0_RESERVED_8) | DD_BITS(DD_XCR0_RESERVED_16_10) | \
     DD_BITS(DD_XCR0_RESERVED_61_20) | DD_BITS(DD_XCR0_RESERVED_63))

static bool is_in_part(uint64_t value, uint64_t mask)
{
    return (value & mask) != 0 && (value & mask) != mask;
}

enum dd_xcr0_rule dd_xcr0_check(uint64_t xcr0)
{
    if ((xcr0 & XCR0_RESERVED) != 0) {
        return DD_XCR0_RULE_RESERVED;
    }
    if (DD_GET(xcr0, DD_XCR0_X87) == 0) {
        return DD_XCR0_RULE_X87;
    }
    if (DD_GET(xcr0, DD_XCR0_AVX) != 0 && DD_GET(xcr0, DD_XCR0_SSE) == 0) {
        return DD_XCR0_RULE_AVX_NEEDS_SSE;
    }
    if (is_in_part(xcr0, XCR0_MPX)) {
        return DD_XCR0_RULE_MPX_PAIR;
    }
    if (is_in_part(xcr0, XCR0_AVX512)) {
        return DD_XCR0_RULE_AVX512_TRIPLE;
    }
    if ((xcr0 & XCR0_AVX512) != 0 && DD_GET(xcr0, DD_XCR0_AVX) == 0) {
        return DD_XCR0_RULE_AVX512_NEEDS_AVX;
    }
    if (is_in_part(xcr0, XCR0_AMX)) {
        return DD_XCR0_RULE_AMX_PAIR;
    }
    return DD_XCR0_RULE_NONE;
}

const char *dd_xcr0_rule_text(enum dd_xcr0_rule rule)
{
    switch (rule) {
    case DD_XCR0_RULE_NONE:
        return "all rules are kept";
    case DD_XCR0_RULE_X87:
        return "X87 must be set";
    case DD_XCR0_RULE_AVX_NEEDS_SSE:
        return "AVX needs SSE";
    case DD_XCR0_RULE_MPX_PAIR:
        return "BNDREG and BNDCSR must be equal";
    case DD_XCR0_RULE_AVX512_TRIPLE:
        return "OPMASK, ZMM_HI256 and HI16_ZMM must be equal";
    case DD_XCR0_RULE_AVX512_NEEDS_AVX:
        return "AVX-512 needs AVX";
    case DD_XCR0_RULE_AMX_PAIR:
        return "TILECFG and TILEDATA must be equal";
    case DD_XCR0_RULE_RESERVED:
        return "a reserved bit is set";
    }
    return "no rule";
}
