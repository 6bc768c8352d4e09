/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The handles of mmio.h and what its macros choose from.
 *
 * Twelve types: ro, wo and rw of 8, 16, 32 and 64 bits. DD_MMIO_OF_READABLE(reg, verb)
 * is the function dd_mmio_KIND_verb for the type of `reg`, if that can be read, and
 * so on; a type that is not listed does not compile.
 */
#ifndef DRYDOCK_MMIO_HANDLE_H
#define DRYDOCK_MMIO_HANDLE_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/arch/insn.h"
#include "drydock/attributes.h"
#include "drydock/field.h"
#include "drydock/status.h"

/** When DD_MMIO_POLL() is done, and when it gives up. */
struct dd_mmio_condition {
    uint64_t mask;     /**< bits that count */
    uint64_t expected; /**< what they are to be; no bit outside the mask */
    uint32_t polls;    /**< reads at most, 1 or more */
};

/**
 * What DD_MMIO_POLL() does, for any width.
 *
 * @param address     of the register
 * @param bytes       its width: 1, 2, 4 or 8
 * @param condition   what to wait for
 * @param[out] value  what the last read gave
 * @retval DD_OK        the condition holds in *value
 * @retval DD_ETIMEOUT  it held in none of the reads; *value untouched, as after all failures
 * @retval DD_EARG      no polls at all, no such width, or expected bits outside the mask or the
 *                      register; nothing was read
 *
 * Spec: [SDM 3A] 8.1.1, 8.2.2.
 */
DD_MUST_CHECK enum dd_status dd_mmio_poll(dd_vaddr address, unsigned int bytes,
                                          const struct dd_mmio_condition *condition,
                                          uint64_t *value);

/* What a kind that can be read has. */
#define DD_MMIO_READABLE(kind, bits)                                                            \
    static inline uint##bits##_t dd_mmio_##kind##_read(struct dd_mmio_##kind reg)               \
    {                                                                                           \
        return dd_mmio_read##bits(reg.address);                                                 \
    }                                                                                           \
    static inline struct dd_mmio_ro##bits dd_mmio_##kind##_read_only(struct dd_mmio_##kind reg) \
    {                                                                                           \
        return (struct dd_mmio_ro##bits){reg.address};                                          \
    }                                                                                           \
    DD_MUST_CHECK static inline enum dd_status dd_mmio_##kind##_poll(                           \
        struct dd_mmio_##kind reg, const struct dd_mmio_condition *condition,                   \
        uint##bits##_t *value)                                                                  \
    {                                                                                           \
        uint64_t last = 0;                                                                      \
        enum dd_status status = dd_mmio_poll(reg.address, (bits) / 8, condition, &last);        \
        if (status == DD_OK) {                                                                  \
            *value = (uint##bits##_t)last;                                                      \
        }                                                                                       \
        return status;                                                                          \
    }

/* What a kind that can be written has. */
#define DD_MMIO_WRITABLE(kind, bits)                                                             \
    static inline void dd_mmio_##kind##_write(struct dd_mmio_##kind reg, uint##bits##_t value)   \
    {                                                                                            \
        dd_mmio_write##bits(reg.address, value);                                                 \
    }                                                                                            \
    static inline struct dd_mmio_wo##bits dd_mmio_##kind##_write_only(struct dd_mmio_##kind reg) \
    {                                                                                            \
        return (struct dd_mmio_wo##bits){reg.address};                                           \
    }

/* What a kind that can be read and written has besides. */
#define DD_MMIO_BOTH(kind, bits)                                                               \
    static inline void dd_mmio_##kind##_replace(struct dd_mmio_##kind reg, uint64_t mask,      \
                                                uint64_t value)                                \
    {                                                                                          \
        uint64_t old = dd_mmio_read##bits(reg.address);                                        \
        dd_mmio_write##bits(reg.address, (uint##bits##_t)((old & ~mask) | (value & mask)));    \
    }                                                                                          \
    static inline void dd_mmio_##kind##_update(struct dd_mmio_##kind reg, uint##bits##_t mask, \
                                               uint##bits##_t value)                           \
    {                                                                                          \
        dd_mmio_##kind##_replace(reg, mask, value);                                            \
    }                                                                                          \
    static inline void dd_mmio_##kind##_set(struct dd_mmio_##kind reg, uint##bits##_t mask)    \
    {                                                                                          \
        dd_mmio_##kind##_replace(reg, mask, mask);                                             \
    }                                                                                          \
    static inline void dd_mmio_##kind##_clear(struct dd_mmio_##kind reg, uint##bits##_t mask)  \
    {                                                                                          \
        dd_mmio_##kind##_replace(reg, mask, 0);                                                \
    }

#define DD_MMIO_WIDTH(bits)          \
    struct dd_mmio_ro##bits {        \
        dd_vaddr address;            \
    };                               \
    struct dd_mmio_wo##bits {        \
        dd_vaddr address;            \
    };                               \
    struct dd_mmio_rw##bits {        \
        dd_vaddr address;            \
    };                               \
    DD_MMIO_READABLE(ro##bits, bits) \
    DD_MMIO_READABLE(rw##bits, bits) \
    DD_MMIO_WRITABLE(wo##bits, bits) \
    DD_MMIO_WRITABLE(rw##bits, bits) \
    DD_MMIO_BOTH(rw##bits, bits)

DD_MMIO_WIDTH(8)
DD_MMIO_WIDTH(16)
DD_MMIO_WIDTH(32)
DD_MMIO_WIDTH(64)

#undef DD_MMIO_READABLE
#undef DD_MMIO_WRITABLE
#undef DD_MMIO_BOTH
#undef DD_MMIO_WIDTH

/* One access kind of all four widths, as associations of _Generic. */
/* clang-format off */
#define DD_MMIO_KINDS(access, verb)                            \
    struct dd_mmio_##access##8 : dd_mmio_##access##8_##verb,   \
    struct dd_mmio_##access##16 : dd_mmio_##access##16_##verb, \
    struct dd_mmio_##access##32 : dd_mmio_##access##32_##verb, \
    struct dd_mmio_##access##64 : dd_mmio_##access##64_##verb
/* clang-format on */

#define DD_MMIO_OF_READABLE(reg, verb) \
    _Generic((reg), DD_MMIO_KINDS(ro, verb), DD_MMIO_KINDS(rw, verb))
#define DD_MMIO_OF_WRITABLE(reg, verb) \
    _Generic((reg), DD_MMIO_KINDS(wo, verb), DD_MMIO_KINDS(rw, verb))
#define DD_MMIO_OF_BOTH(reg, verb) _Generic((reg), DD_MMIO_KINDS(rw, verb))

/** Bits of a register; a constant expression. */
#define DD_MMIO_BITS(reg)                                                                   \
    _Generic((reg), struct dd_mmio_ro8 : 8, struct dd_mmio_wo8 : 8, struct dd_mmio_rw8 : 8, \
             struct dd_mmio_ro16 : 16, struct dd_mmio_wo16 : 16, struct dd_mmio_rw16 : 16,  \
             struct dd_mmio_ro32 : 32, struct dd_mmio_wo32 : 32, struct dd_mmio_rw32 : 32,  \
             struct dd_mmio_ro64 : 64, struct dd_mmio_wo64 : 64, struct dd_mmio_rw64 : 64)

/* Does nothing at run time; does not compile for a field that the register is too narrow for. */
#define DD_MMIO_CHECK_FIELD(reg, field)                                                \
    ((void)sizeof(struct {                                                             \
        _Static_assert((field##_HI) < DD_MMIO_BITS(reg), "field beyond the register"); \
        char unused;                                                                   \
    }))

#endif
