/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of devices at I/O ports: handles like those of mmio.h.
 *
 * struct dd_port_ro8 can only be read, struct dd_port_wo8 only written, struct
 * dd_port_rw8 both; likewise 16 and 32. What is not allowed does not compile:
 *
 *     static const struct dd_port_ro8 line_status = {0x3FD};
 *
 *     if ((DD_PORT_READ(line_status) & 1) != 0) …
 *     DD_PORT_WRITE(line_status, 0);   error: no association for struct dd_port_ro8
 *
 * Every access is one IN or OUT of exactly the register's width, in program order
 * with all other accesses of the program. String forms are in insn.h.
 *
 * Spec: [SDM 1] 19.3, 19.6; [SDM 2A] IN, [SDM 2B] OUT.
 *
 * The macros evaluate each argument once.
 */
#ifndef DRYDOCK_PORT_H
#define DRYDOCK_PORT_H

#include <stdint.h>

#include "drydock/arch/insn.h"

/**
 * DD_PORT_READ(reg): the contents of a register, a number of its width.
 *
 * @param reg  read-only or read-write
 */
#define DD_PORT_READ(reg) DD_PORT_OF_READABLE(reg, read)(reg)

/**
 * DD_PORT_WRITE(reg, value): give a register new contents.
 *
 * @param reg    write-only or read-write
 * @param value  a number of its width
 */
#define DD_PORT_WRITE(reg, value) DD_PORT_OF_WRITABLE(reg, write)(reg, value)

/** DD_PORT_READ_ONLY(reg): a handle of the same register that cannot write; @p reg can read. */
#define DD_PORT_READ_ONLY(reg) DD_PORT_OF_READABLE(reg, read_only)(reg)

/** DD_PORT_WRITE_ONLY(reg): a handle of the same register that cannot read; @p reg can write. */
#define DD_PORT_WRITE_ONLY(reg) DD_PORT_OF_WRITABLE(reg, write_only)(reg)

/* What a kind that can be read has. */
#define DD_PORT_READABLE(kind, bits)                                                            \
    static inline uint##bits##_t dd_port_##kind##_read(struct dd_port_##kind reg)               \
    {                                                                                           \
        return dd_in##bits(reg.port);                                                           \
    }                                                                                           \
    static inline struct dd_port_ro##bits dd_port_##kind##_read_only(struct dd_port_##kind reg) \
    {                                                                                           \
        return (struct dd_port_ro##bits){reg.port};                                             \
    }

/* What a kind that can be written has. */
#define DD_PORT_WRITABLE(kind, bits)                                                             \
    static inline void dd_port_##kind##_write(struct dd_port_##kind reg, uint##bits##_t value)   \
    {                                                                                            \
        dd_out##bits(reg.port, value);                                                           \
    }                                                                                            \
    static inline struct dd_port_wo##bits dd_port_##kind##_write_only(struct dd_port_##kind reg) \
    {                                                                                            \
        return (struct dd_port_wo##bits){reg.port};                                              \
    }

#define DD_PORT_WIDTH(bits)          \
    struct dd_port_ro##bits {        \
        uint16_t port;               \
    };                               \
    struct dd_port_wo##bits {        \
        uint16_t port;               \
    };                               \
    struct dd_port_rw##bits {        \
        uint16_t port;               \
    };                               \
    DD_PORT_READABLE(ro##bits, bits) \
    DD_PORT_READABLE(rw##bits, bits) \
    DD_PORT_WRITABLE(wo##bits, bits) \
    DD_PORT_WRITABLE(rw##bits, bits)

DD_PORT_WIDTH(8)
DD_PORT_WIDTH(16)
DD_PORT_WIDTH(32)

#undef DD_PORT_READABLE
#undef DD_PORT_WRITABLE
#undef DD_PORT_WIDTH

/* One access kind of all three widths, as associations of _Generic. */
/* clang-format off */
#define DD_PORT_KINDS(access, verb)                            \
    struct dd_port_##access##8 : dd_port_##access##8_##verb,   \
    struct dd_port_##access##16 : dd_port_##access##16_##verb, \
    struct dd_port_##access##32 : dd_port_##access##32_##verb
/* clang-format on */

#define DD_PORT_OF_READABLE(reg, verb) \
    _Generic((reg), DD_PORT_KINDS(ro, verb), DD_PORT_KINDS(rw, verb))
#define DD_PORT_OF_WRITABLE(reg, verb) \
    _Generic((reg), DD_PORT_KINDS(wo, verb), DD_PORT_KINDS(rw, verb))

#endif
