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
DD_INSN_CONTRACT(dd_ins8, void, uint16_t, uint8_t *, size_t);
DD_INSN_CONTRACT(dd_ins16, void, uint16_t, uint16_t *, size_t);
DD_INSN_CONTRACT(dd_ins32, void, uint16_t, uint32_t *, size_t);
DD_INSN_CONTRACT(dd_outs8, void, uint16_t, const uint8_t *, size_t);
DD_INSN_CONTRACT(dd_outs16, void, uint16_t, const uint16_t *, size_t);
DD_INSN_CONTRACT(dd_outs32, void, uint16_t, const uint32_t *, size_t);

/* Memory-mapped I/O */
DD_INSN_CONTRACT(dd_mmio_read8, uint8_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_read16, uint16_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_read32, uint32_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_read64, uint64_t, dd_vaddr);
DD_INSN_CONTRACT(dd_mmio_write8, void, dd_vaddr, uint8_t);
DD_INSN_CONTRACT(dd_mmio_write16, void, dd_vaddr, uint16_t);
DD_INSN_CONTRACT(dd_mmio_write32, void, dd_vaddr, uint32_t);
DD_INSN_CONTRACT(dd_mmio_write64, void, dd_vaddr, uint64_t);

/* Memory */
DD_INSN_CONTRACT(dd_stos64, void, volatile uint64_t *, uint64_t, size_t);

/* Control registers */
DD_INSN_CONTRACT(dd_read_cr0, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr2, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr3, uint64_t, void);
DD_INSN_CONTRACT(dd_read_cr4, uint64_t, void);
DD_INSN_CONTRACT(dd_write_cr0, void, uint64_t);
DD_INSN_CONTRACT(dd_write_cr3, void, uint64_t);
DD_INSN_CONTRACT(dd_write_cr4, void, uint64_t);
DD_INSN_CONTRACT(dd_write_cr2, void, uint64_t);
DD_INSN_CONTRACT(dd_read_cr8, uint64_t, void);
DD_INSN_CONTRACT(dd_write_cr8, void, uint64_t);
DD_INSN_CONTRACT(dd_clts, void, void);
DD_INSN_CONTRACT(dd_smsw, uint16_t, void);
DD_INSN_CONTRACT(dd_lmsw, void, uint16_t);
DD_INSN_CONTRACT(dd_xgetbv, uint64_t, uint32_t);
DD_INSN_CONTRACT(dd_xsetbv, void, uint32_t, uint64_t);

/* Flags, protection keys, MXCSR */
DD_INSN_CONTRACT(dd_read_rflags, uint64_t, void);
DD_INSN_CONTRACT(dd_write_rflags, void, uint64_t);
DD_INSN_CONTRACT(dd_stac, void, void);
DD_INSN_CONTRACT(dd_clac, void, void);
DD_INSN_CONTRACT(dd_rdpkru, uint32_t, void);
DD_INSN_CONTRACT(dd_wrpkru, void, uint32_t);
DD_INSN_CONTRACT(dd_stmxcsr, uint32_t, void);
DD_INSN_CONTRACT(dd_ldmxcsr, void, uint32_t);

/* Extended processor state */
DD_INSN_CONTRACT(dd_fxsave, void, struct dd_fxsave_area *);
DD_INSN_CONTRACT(dd_fxrstor, void, const struct dd_fxsave_area *);
DD_INSN_CONTRACT(dd_xsave, void, void *, size_t, uint64_t);
DD_INSN_CONTRACT(dd_xsaveopt, void, void *, size_t, uint64_t);
DD_INSN_CONTRACT(dd_xrstor, void, const void *, size_t, uint64_t);
DD_INSN_CONTRACT(dd_xsaves, void, void *, size_t, uint64_t);
DD_INSN_CONTRACT(dd_xrstors, void, const void *, size_t, uint64_t);

/* Debug registers */
DD_INSN_CONTRACT(dd_read_dr0, uint64_t, void);
DD_INSN_CONTRACT(dd_read_dr1, uint64_t, void);
DD_INSN_CONTRACT(dd_read_dr2, uint64_t, void);
DD_INSN_CONTRACT(dd_read_dr3, uint64_t, void);
DD_INSN_CONTRACT(dd_read_dr6, uint64_t, void);
DD_INSN_CONTRACT(dd_read_dr7, uint64_t, void);
DD_INSN_CONTRACT(dd_write_dr0, void, uint64_t);
DD_INSN_CONTRACT(dd_write_dr1, void, uint64_t);
DD_INSN_CONTRACT(dd_write_dr2, void, uint64_t);
DD_INSN_CONTRACT(dd_write_dr3, void, uint64_t);
DD_INSN_CONTRACT(dd_write_dr6, void, uint64_t);
DD_INSN_CONTRACT(dd_write_dr7, void, uint64_t);

/* Model-specific registers */
DD_INSN_CONTRACT(dd_rdmsr, uint64_t, uint32_t);
DD_INSN_CONTRACT(dd_wrmsr, void, uint32_t, uint64_t);
DD_INSN_CONTRACT(dd_rdpmc, uint64_t, uint32_t);

/* Translation caches */
DD_INSN_CONTRACT(dd_invlpg, void, dd_vaddr);
DD_INSN_CONTRACT(dd_invpcid, void, uint64_t, const struct dd_invpcid_descriptor *);
DD_INSN_CONTRACT(dd_invlpgb, void, uint64_t, uint32_t, uint32_t);
DD_INSN_CONTRACT(dd_tlbsync, void, void);
DD_INSN_CONTRACT(dd_invlpga, void, dd_vaddr, uint32_t);

/* Descriptor tables */
DD_INSN_CONTRACT(dd_lgdt, void, const struct dd_table_register *);
DD_INSN_CONTRACT(dd_sgdt, void, struct dd_table_register *);
DD_INSN_CONTRACT(dd_lidt, void, const struct dd_table_register *);
DD_INSN_CONTRACT(dd_sidt, void, struct dd_table_register *);
DD_INSN_CONTRACT(dd_ltr, void, uint16_t);
DD_INSN_CONTRACT(dd_str, uint16_t, void);
DD_INSN_CONTRACT(dd_lldt, void, uint16_t);
DD_INSN_CONTRACT(dd_sldt, uint16_t, void);

/* Segment registers */
DD_INSN_CONTRACT(dd_read_cs, uint16_t, void);
DD_INSN_CONTRACT(dd_read_ss, uint16_t, void);
DD_INSN_CONTRACT(dd_write_cs, void, uint16_t);
DD_INSN_CONTRACT(dd_write_ss, void, uint16_t);
DD_INSN_CONTRACT(dd_write_ds, void, uint16_t);
DD_INSN_CONTRACT(dd_write_es, void, uint16_t);
DD_INSN_CONTRACT(dd_read_ds, uint16_t, void);
DD_INSN_CONTRACT(dd_read_es, uint16_t, void);
DD_INSN_CONTRACT(dd_read_fs, uint16_t, void);
DD_INSN_CONTRACT(dd_read_gs, uint16_t, void);
DD_INSN_CONTRACT(dd_write_fs, void, uint16_t);
DD_INSN_CONTRACT(dd_write_gs, void, uint16_t);
DD_INSN_CONTRACT(dd_rdfsbase, uint64_t, void);
DD_INSN_CONTRACT(dd_rdgsbase, uint64_t, void);
DD_INSN_CONTRACT(dd_wrfsbase, void, uint64_t);
DD_INSN_CONTRACT(dd_wrgsbase, void, uint64_t);
DD_INSN_CONTRACT(dd_swapgs, void, void);

/* Interrupts and waiting */
DD_INSN_CONTRACT(dd_int3, void, void);
DD_INSN_CONTRACT(dd_cli, void, void);
DD_INSN_CONTRACT(dd_sti, void, void);
DD_INSN_CONTRACT(dd_hlt, void, void);
DD_INSN_CONTRACT(dd_pause, void, void);
DD_INSN_CONTRACT(dd_sti_hlt, void, void);
DD_INSN_CONTRACT(dd_ud2, void, void);
DD_INSN_CONTRACT(dd_nop, void, void);
DD_INSN_CONTRACT(dd_bochs_breakpoint, void, void);
DD_INSN_CONTRACT(dd_monitor, void, dd_vaddr, uint32_t, uint32_t);
DD_INSN_CONTRACT(dd_mwait, void, uint32_t, uint32_t);
#ifndef DD_INT
#error "DD_INT(vector) is missing"
#endif

/* Order and caches */
DD_INSN_CONTRACT(dd_mfence, void, void);
DD_INSN_CONTRACT(dd_lfence, void, void);
DD_INSN_CONTRACT(dd_sfence, void, void);
DD_INSN_CONTRACT(dd_clflush, void, dd_vaddr);
DD_INSN_CONTRACT(dd_clflushopt, void, dd_vaddr);
DD_INSN_CONTRACT(dd_clwb, void, dd_vaddr);
DD_INSN_CONTRACT(dd_wbinvd, void, void);
DD_INSN_CONTRACT(dd_invd, void, void);

/* Time and random numbers */
DD_INSN_CONTRACT(dd_rdtsc, uint64_t, void);
DD_INSN_CONTRACT(dd_rdtscp, uint64_t, uint32_t *);
DD_INSN_CONTRACT(dd_rdrand, bool, uint64_t *);
DD_INSN_CONTRACT(dd_rdseed, bool, uint64_t *);

/* Identification */
DD_INSN_CONTRACT(dd_cpuid, struct dd_cpuid, uint32_t, uint32_t);
DD_INSN_CONTRACT(dd_read_rip, dd_vaddr, void);

#undef DD_INSN_CONTRACT

#endif
