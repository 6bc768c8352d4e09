/* SPDX-License-Identifier: MIT */
/*
 * The tables of regs/ as data, for register.c: an array of fields for each register
 * of register_list.def, under its name.
 */
#include "register_tables.h"

#define F(name, hi, lo, access) {#name, hi, lo, DD_FIELD_##access},

static const struct dd_register_field fields_CR0[] = {
#include "drydock/regs/cr0.def"
};
static const struct dd_register_field fields_CR2[] = {
#include "drydock/regs/cr2.def"
};
static const struct dd_register_field fields_CR4[] = {
#include "drydock/regs/cr4.def"
};
static const struct dd_register_field fields_CR8[] = {
#include "drydock/regs/cr8.def"
};
static const struct dd_register_field fields_XCR0[] = {
#include "drydock/regs/xcr0.def"
};
static const struct dd_register_field fields_RFLAGS[] = {
#include "drydock/regs/rflags.def"
};
static const struct dd_register_field fields_MXCSR[] = {
#include "drydock/regs/mxcsr.def"
};
static const struct dd_register_field fields_PKRU[] = {
#include "drydock/regs/pkru.def"
};
static const struct dd_register_field fields_DR0[] = {
#include "drydock/regs/dr0.def"
};
static const struct dd_register_field fields_DR1[] = {
#include "drydock/regs/dr1.def"
};
static const struct dd_register_field fields_DR2[] = {
#include "drydock/regs/dr2.def"
};
static const struct dd_register_field fields_DR3[] = {
#include "drydock/regs/dr3.def"
};
static const struct dd_register_field fields_DR6[] = {
#include "drydock/regs/dr6.def"
};
static const struct dd_register_field fields_DR7[] = {
#include "drydock/regs/dr7.def"
};
static const struct dd_register_field fields_TSC[] = {
#include "drydock/regs/tsc.def"
};
static const struct dd_register_field fields_APIC_BASE[] = {
#include "drydock/regs/apic_base.def"
};
static const struct dd_register_field fields_FEATURE_CONTROL[] = {
#include "drydock/regs/feature_control.def"
};
static const struct dd_register_field fields_TSC_ADJUST[] = {
#include "drydock/regs/tsc_adjust.def"
};
static const struct dd_register_field fields_SPEC_CTRL[] = {
#include "drydock/regs/spec_ctrl.def"
};
static const struct dd_register_field fields_PRED_CMD[] = {
#include "drydock/regs/pred_cmd.def"
};
static const struct dd_register_field fields_MTRRCAP[] = {
#include "drydock/regs/mtrrcap.def"
};
static const struct dd_register_field fields_SYSENTER_CS[] = {
#include "drydock/regs/sysenter_cs.def"
};
static const struct dd_register_field fields_SYSENTER_ESP[] = {
#include "drydock/regs/sysenter_esp.def"
};
static const struct dd_register_field fields_SYSENTER_EIP[] = {
#include "drydock/regs/sysenter_eip.def"
};
static const struct dd_register_field fields_MCG_CAP[] = {
#include "drydock/regs/mcg_cap.def"
};
static const struct dd_register_field fields_MCG_STATUS[] = {
#include "drydock/regs/mcg_status.def"
};
static const struct dd_register_field fields_MCG_CTL[] = {
#include "drydock/regs/mcg_ctl.def"
};
static const struct dd_register_field fields_MISC_ENABLE[] = {
#include "drydock/regs/misc_enable.def"
};
static const struct dd_register_field fields_DEBUGCTL[] = {
#include "drydock/regs/debugctl.def"
};
static const struct dd_register_field fields_MTRR_PHYSBASE[] = {
#include "drydock/regs/mtrr_physbase.def"
};
static const struct dd_register_field fields_MTRR_PHYSMASK[] = {
#include "drydock/regs/mtrr_physmask.def"
};
static const struct dd_register_field fields_MTRR_FIX[] = {
#include "drydock/regs/mtrr_fix.def"
};
static const struct dd_register_field fields_PAT[] = {
#include "drydock/regs/pat.def"
};
static const struct dd_register_field fields_MTRR_DEF_TYPE[] = {
#include "drydock/regs/mtrr_def_type.def"
};
static const struct dd_register_field fields_MC_CTL[] = {
#include "drydock/regs/mc_ctl.def"
};
static const struct dd_register_field fields_MC_STATUS[] = {
#include "drydock/regs/mc_status.def"
};
static const struct dd_register_field fields_MC_ADDR[] = {
#include "drydock/regs/mc_addr.def"
};
static const struct dd_register_field fields_MC_MISC[] = {
#include "drydock/regs/mc_misc.def"
};
static const struct dd_register_field fields_VMX_BASIC[] = {
#include "drydock/regs/vmx_basic.def"
};
static const struct dd_register_field fields_U_CET[] = {
#include "drydock/regs/u_cet.def"
};
static const struct dd_register_field fields_S_CET[] = {
#include "drydock/regs/s_cet.def"
};
static const struct dd_register_field fields_PL0_SSP[] = {
#include "drydock/regs/pl0_ssp.def"
};
static const struct dd_register_field fields_PL1_SSP[] = {
#include "drydock/regs/pl1_ssp.def"
};
static const struct dd_register_field fields_PL2_SSP[] = {
#include "drydock/regs/pl2_ssp.def"
};
static const struct dd_register_field fields_PL3_SSP[] = {
#include "drydock/regs/pl3_ssp.def"
};
static const struct dd_register_field fields_INTERRUPT_SSP_TABLE[] = {
#include "drydock/regs/interrupt_ssp_table.def"
};
static const struct dd_register_field fields_TSC_DEADLINE[] = {
#include "drydock/regs/tsc_deadline.def"
};
static const struct dd_register_field fields_PKRS[] = {
#include "drydock/regs/pkrs.def"
};
static const struct dd_register_field fields_XSS[] = {
#include "drydock/regs/xss.def"
};
static const struct dd_register_field fields_EFER[] = {
#include "drydock/regs/efer.def"
};
static const struct dd_register_field fields_STAR[] = {
#include "drydock/regs/star.def"
};
static const struct dd_register_field fields_LSTAR[] = {
#include "drydock/regs/lstar.def"
};
static const struct dd_register_field fields_CSTAR[] = {
#include "drydock/regs/cstar.def"
};
static const struct dd_register_field fields_FMASK[] = {
#include "drydock/regs/fmask.def"
};
static const struct dd_register_field fields_FS_BASE[] = {
#include "drydock/regs/fs_base.def"
};
static const struct dd_register_field fields_GS_BASE[] = {
#include "drydock/regs/gs_base.def"
};
static const struct dd_register_field fields_KERNEL_GS_BASE[] = {
#include "drydock/regs/kernel_gs_base.def"
};
static const struct dd_register_field fields_TSC_AUX[] = {
#include "drydock/regs/tsc_aux.def"
};
static const struct dd_register_field fields_VM_CR[] = {
#include "drydock/regs/vm_cr.def"
};
static const struct dd_register_field fields_VM_HSAVE_PA[] = {
#include "drydock/regs/vm_hsave_pa.def"
};
static const struct dd_register_field fields_GHCB[] = {
#include "drydock/regs/ghcb.def"
};

#undef F

const struct register_table dd_register_tables[DD_REGISTER_COUNT] = {
#define R(name, text, source, number, feature, other) \
    [DD_REGISTER_##name] = {fields_##name, sizeof fields_##name / sizeof fields_##name[0]},
#include "drydock/register_list.def"
#undef R
};
