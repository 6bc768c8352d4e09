/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Numbers and fields of the model-specific registers: DD_MSR_PAT, DD_PAT_PA0_HI, DD_PAT_PA0_LO and so
 * on. EFER is in cr_regs.h, those of the local APIC are in apic_regs.h.
 *
 * Spec: [SDM 4] 2.1, table 2-2; those from C0010000H up: [AMD64 v2] appendix A.
 */
#ifndef DRYDOCK_MSR_REGS_H
#define DRYDOCK_MSR_REGS_H

#include <stdint.h>

#include "drydock/apic_regs.h"
#include "drydock/cr_regs.h"

#define DD_MSR_TSC                 UINT32_C(0x10)
#define DD_MSR_FEATURE_CONTROL     UINT32_C(0x3A)
#define DD_MSR_TSC_ADJUST          UINT32_C(0x3B)
#define DD_MSR_SPEC_CTRL           UINT32_C(0x48)
#define DD_MSR_PRED_CMD            UINT32_C(0x49)
#define DD_MSR_MTRRCAP             UINT32_C(0xFE)
#define DD_MSR_SYSENTER_CS         UINT32_C(0x174)
#define DD_MSR_SYSENTER_ESP        UINT32_C(0x175)
#define DD_MSR_SYSENTER_EIP        UINT32_C(0x176)
#define DD_MSR_MCG_CAP             UINT32_C(0x179)
#define DD_MSR_MCG_STATUS          UINT32_C(0x17A)
#define DD_MSR_MCG_CTL             UINT32_C(0x17B)
#define DD_MSR_MISC_ENABLE         UINT32_C(0x1A0)
#define DD_MSR_DEBUGCTL            UINT32_C(0x1D9)
#define DD_MSR_MTRR_FIX64K_00000   UINT32_C(0x250)
#define DD_MSR_MTRR_FIX16K_80000   UINT32_C(0x258)
#define DD_MSR_MTRR_FIX16K_A0000   UINT32_C(0x259)
#define DD_MSR_MTRR_FIX4K_C0000    UINT32_C(0x268)
#define DD_MSR_MTRR_FIX4K_C8000    UINT32_C(0x269)
#define DD_MSR_MTRR_FIX4K_D0000    UINT32_C(0x26A)
#define DD_MSR_MTRR_FIX4K_D8000    UINT32_C(0x26B)
#define DD_MSR_MTRR_FIX4K_E0000    UINT32_C(0x26C)
#define DD_MSR_MTRR_FIX4K_E8000    UINT32_C(0x26D)
#define DD_MSR_MTRR_FIX4K_F0000    UINT32_C(0x26E)
#define DD_MSR_MTRR_FIX4K_F8000    UINT32_C(0x26F)
#define DD_MSR_PAT                 UINT32_C(0x277)
#define DD_MSR_MTRR_DEF_TYPE       UINT32_C(0x2FF)
#define DD_MSR_VMX_BASIC           UINT32_C(0x480)
#define DD_MSR_U_CET               UINT32_C(0x6A0)
#define DD_MSR_S_CET               UINT32_C(0x6A2)
#define DD_MSR_PL0_SSP             UINT32_C(0x6A4)
#define DD_MSR_PL1_SSP             UINT32_C(0x6A5)
#define DD_MSR_PL2_SSP             UINT32_C(0x6A6)
#define DD_MSR_PL3_SSP             UINT32_C(0x6A7)
#define DD_MSR_INTERRUPT_SSP_TABLE UINT32_C(0x6A8)
#define DD_MSR_PKRS                UINT32_C(0x6E1)
#define DD_MSR_XSS                 UINT32_C(0xDA0)
#define DD_MSR_STAR                UINT32_C(0xC0000081)
#define DD_MSR_LSTAR               UINT32_C(0xC0000082)
#define DD_MSR_CSTAR               UINT32_C(0xC0000083)
#define DD_MSR_FMASK               UINT32_C(0xC0000084)
#define DD_MSR_FS_BASE             UINT32_C(0xC0000100)
#define DD_MSR_GS_BASE             UINT32_C(0xC0000101)
#define DD_MSR_KERNEL_GS_BASE      UINT32_C(0xC0000102)
#define DD_MSR_TSC_AUX             UINT32_C(0xC0000103)
#define DD_MSR_VM_CR               UINT32_C(0xC0010114)
#define DD_MSR_VM_HSAVE_PA         UINT32_C(0xC0010117)
#define DD_MSR_GHCB                UINT32_C(0xC0010130)

/** One of the variable ranges, 0 .. IA32_MTRRCAP.VCNT - 1. */
#define DD_MSR_MTRR_PHYSBASE(range) (UINT32_C(0x200) + 2 * (uint32_t)(range))
#define DD_MSR_MTRR_PHYSMASK(range) (UINT32_C(0x201) + 2 * (uint32_t)(range))

/** One of the machine-check banks, 0 .. IA32_MCG_CAP.COUNT - 1. */
#define DD_MSR_MC_CTL(bank)    (UINT32_C(0x400) + 4 * (uint32_t)(bank))
#define DD_MSR_MC_STATUS(bank) (UINT32_C(0x401) + 4 * (uint32_t)(bank))
#define DD_MSR_MC_ADDR(bank)   (UINT32_C(0x402) + 4 * (uint32_t)(bank))
#define DD_MSR_MC_MISC(bank)   (UINT32_C(0x403) + 4 * (uint32_t)(bank))

#define DD_REGISTER       "drydock/regs/tsc.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/feature_control.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/tsc_adjust.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/spec_ctrl.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pred_cmd.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mtrrcap.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/sysenter_cs.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/sysenter_esp.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/sysenter_eip.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mcg_cap.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mcg_status.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mcg_ctl.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/misc_enable.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/debugctl.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mtrr_physbase.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mtrr_physmask.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mtrr_fix.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pat.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mtrr_def_type.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mc_ctl.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mc_status.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mc_addr.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/mc_misc.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/vmx_basic.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/u_cet.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/s_cet.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pl0_ssp.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pl1_ssp.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pl2_ssp.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pl3_ssp.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/interrupt_ssp_table.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/tsc_deadline.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pkrs.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/xss.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/star.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/lstar.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/cstar.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/fmask.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/fs_base.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/gs_base.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/kernel_gs_base.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/tsc_aux.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/vm_cr.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/vm_hsave_pa.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/ghcb.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#endif
