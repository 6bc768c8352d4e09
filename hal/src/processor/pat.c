/* SPDX-License-Identifier: MIT */
/*
 * IA32_PAT has a byte for each of eight memory types. Five of the eight encodings
 * exist in the MTRRs too; the PAT adds UC-, which gives way to a write-combining MTRR.
 * A byte that is none of the six raises #GP when it is written.
 */
#include "drydock/pat.h"

#include "drydock/arch/insn.h"
#include "drydock/msr_regs.h"
#include "memory_type.h"

enum {
    ENTRIES = 8
};

enum dd_status dd_pat_encode(const struct dd_pat *pat, uint64_t *value)
{
    uint64_t result = 0;

    for (unsigned int i = 0; i < ENTRIES; i++) {
        if (!memory_type_is_valid_in_pat((uint64_t)pat->entry[i])) {
            return DD_EARG;
        }
        result |= (uint64_t)pat->entry[i] << (8 * i);
    }
    *value = result;
    return DD_OK;
}

enum dd_status dd_pat_decode(uint64_t value, struct dd_pat *pat)
{
    for (unsigned int i = 0; i < ENTRIES; i++) {
        if (!memory_type_is_valid_in_pat(value >> (8 * i) & 0xFF)) {
            return DD_EMALFORMED;
        }
    }
    for (unsigned int i = 0; i < ENTRIES; i++) {
        pat->entry[i] = (enum dd_cache_type)(value >> (8 * i) & 0xFF);
    }
    return DD_OK;
}

enum dd_status dd_pat_read(struct dd_pat *pat)
{
    return dd_pat_decode(dd_rdmsr(DD_MSR_PAT), pat);
}

enum dd_status dd_pat_write(const struct dd_pat *pat)
{
    uint64_t value = 0;
    enum dd_status status = dd_pat_encode(pat, &value);

    if (status == DD_OK) {
        dd_wrmsr(DD_MSR_PAT, value);
    }
    return status;
}
