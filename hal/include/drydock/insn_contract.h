/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The contract of drydock/arch/insn.h: every architecture folder that claims to
 * be x86-64, or to stand in for it, has these functions with these signatures.
 * Including this file fails to compile when one is missing or differs.
 */
#ifndef DRYDOCK_INSN_CONTRACT_H
#define DRYDOCK_INSN_CONTRACT_H

#include "drydock/arch/insn.h"

#define DD_INSN_CONTRACT(function, result, ...)                                    \
    _Static_assert(_Generic(&(function), result(*)(__VA_ARGS__) : 1, default : 0), \
                   "signature of " #function)

/* Port I/O */
DD_INSN_CONTRACT(dd_in8, uint8_t, uint16_t);
DD_INSN_CONTRACT(dd_in16, uint16_t, uint16_t);
DD_INSN_CONTRACT(dd_in32, uint32_t, uint16_t);
DD_INSN_CONTRACT(dd_out8, void, uint16_t, uint8_t);
DD_INSN_CONTRACT(dd_out16, void, uint16_t, uint16_t);
DD_INSN_CONTRACT(dd_out32, void, uint16_t, uint32_t);

/* Memory-mapped I/O */
DD_INSN_CONTRACT(dd_mmio_read8, uint8_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_read16, uint16_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_read32, uint32_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_write8, void, dd_vaddr, uint8_t);
DD_INSN_CONTRACT(dd_mmio_write16, void, dd_vaddr, uint16_t);
DD_INSN_CONTRACT(dd_mmio_write32, void, dd_vaddr, uint32_t);

/* Control registers */
DD_INSN_CONTRACT(dd_read_cr0, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr2, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr3, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr4, uint64_t, void);
DD_INSN_CONTRACT(dd_write_cr0, void, uint64_t);
DD_INSN_CONTRACT(dd_write_cr3, void, uint64_t);
DD_INSN_CONTRACT(dd_write_cr4, void, uint64_t);

/* Model-specific registers */
DD_INSN_CONTRACT(dd_rdmsr, uint64_t, uint32_t);
DD_INSN_CONTRACT(dd_wrmsr, void, uint32_t, uint64_t);

/* Translation caches */
DD_INSN_CONTRACT(dd_invlpg, void, dd_vaddr);

/* Descriptor tables */
DD_INSN_CONTRACT(dd_lgdt, void, const struct dd_table_register *);
DD_INSN_CONTRACT(dd_sgdt, void, struct dd_table_register *);
DD_INSN_CONTRACT(dd_lidt, void, const struct dd_table_register *);
DD_INSN_CONTRACT(dd_sidt, void, struct dd_table_register *);
DD_INSN_CONTRACT(dd_ltr, void, uint16_t);
DD_INSN_CONTRACT(dd_str, uint16_t, void);

/* Segment registers */
DD_INSN_CONTRACT(dd_read_cs, uint16_t, void);
DD_INSN_CONTRACT(dd_read_ss, uint16_t, void);
DD_INSN_CONTRACT(dd_write_cs, void, uint16_t);
DD_INSN_CONTRACT(dd_write_ss, void, uint16_t);
DD_INSN_CONTRACT(dd_write_ds, void, uint16_t);
DD_INSN_CONTRACT(dd_write_es, void, uint16_t);

/* Interrupts and waiting */
DD_INSN_CONTRACT(dd_int3, void, void);
DD_INSN_CONTRACT(dd_cli, void, void);
DD_INSN_CONTRACT(dd_sti, void, void);
DD_INSN_CONTRACT(dd_hlt, void, void);
DD_INSN_CONTRACT(dd_pause, void, void);

/* Identification */
DD_INSN_CONTRACT(dd_cpuid, struct dd_cpuid, uint32_t, uint32_t);

#undef DD_INSN_CONTRACT

#endif
