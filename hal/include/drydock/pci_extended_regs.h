/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers and fields of the capabilities of the extended list that describe a function as such:
 * errors, isolation, translation, virtualization, power, data objects, flits. Offsets are from the
 * capability's first byte. Spec: [PCIe 6] 7.6 to 7.9, 9.3.3 and 10.5.
 */
#ifndef DRYDOCK_PCI_EXTENDED_REGS_H
#define DRYDOCK_PCI_EXTENDED_REGS_H

#define DD_CAPABILITY "drydock/regs/pci_ecap_acs.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_aer.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ari.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ats.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_doe.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_dpa.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_dpc.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_dsn.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_dvsec.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_flit_injection.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_flit_log.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_flit_performance.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_frs.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_hierarchy.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ide.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ide_link.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ide_selective.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ide_address.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_l1ss.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ln_requester.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ltr.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_mpcie.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_multicast.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_nop_flit.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_npem.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_pasid.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_pmux.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_power_budget.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_pri.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_ptm.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_rcec.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_rcilink.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_rclink.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_rcrb.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_readiness.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_rebar.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_sriov.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_tph.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_vc.def"
#include "drydock/pci_cap_fields.inc"

#define DD_CAPABILITY "drydock/regs/pci_ecap_vsec.def"
#include "drydock/pci_cap_fields.inc"

/** IDs of the extended list. Spec: [PCI Code and ID] 3. */
enum dd_pci_extended_id {
    DD_PCI_EXTENDED_ID_AER = 0x0001,
    DD_PCI_EXTENDED_ID_VC = 0x0002,
    DD_PCI_EXTENDED_ID_DSN = 0x0003,
    DD_PCI_EXTENDED_ID_POWER_BUDGET = 0x0004,
    DD_PCI_EXTENDED_ID_RCLINK = 0x0005,
    DD_PCI_EXTENDED_ID_RCILINK = 0x0006,
    DD_PCI_EXTENDED_ID_RCEC = 0x0007,
    DD_PCI_EXTENDED_ID_MFVC = 0x0008,
    DD_PCI_EXTENDED_ID_VC9 = 0x0009, /**< Virtual Channel of a function that also has MFVC */
    DD_PCI_EXTENDED_ID_RCRB = 0x000A,
    DD_PCI_EXTENDED_ID_VSEC = 0x000B,
    DD_PCI_EXTENDED_ID_ACS = 0x000D,
    DD_PCI_EXTENDED_ID_ARI = 0x000E,
    DD_PCI_EXTENDED_ID_ATS = 0x000F,
    DD_PCI_EXTENDED_ID_SRIOV = 0x0010,
    DD_PCI_EXTENDED_ID_MULTICAST = 0x0012,
    DD_PCI_EXTENDED_ID_PRI = 0x0013,
    DD_PCI_EXTENDED_ID_REBAR = 0x0015,
    DD_PCI_EXTENDED_ID_DPA = 0x0016,
    DD_PCI_EXTENDED_ID_TPH = 0x0017,
    DD_PCI_EXTENDED_ID_LTR = 0x0018,
    DD_PCI_EXTENDED_ID_PMUX = 0x001A,
    DD_PCI_EXTENDED_ID_PASID = 0x001B,
    DD_PCI_EXTENDED_ID_LN_REQUESTER = 0x001C,
    DD_PCI_EXTENDED_ID_DPC = 0x001D,
    DD_PCI_EXTENDED_ID_L1SS = 0x001E,
    DD_PCI_EXTENDED_ID_PTM = 0x001F,
    DD_PCI_EXTENDED_ID_MPCIE = 0x0020,
    DD_PCI_EXTENDED_ID_FRS = 0x0021,
    DD_PCI_EXTENDED_ID_READINESS = 0x0022,
    DD_PCI_EXTENDED_ID_DVSEC = 0x0023,
    DD_PCI_EXTENDED_ID_VF_REBAR = 0x0024,
    DD_PCI_EXTENDED_ID_HIERARCHY = 0x0028,
    DD_PCI_EXTENDED_ID_NPEM = 0x0029,
    DD_PCI_EXTENDED_ID_DOE = 0x002E,
    DD_PCI_EXTENDED_ID_IDE = 0x0030,
    DD_PCI_EXTENDED_ID_FLIT_LOG = 0x0032,
    DD_PCI_EXTENDED_ID_FLIT_PERFORMANCE = 0x0033,
    DD_PCI_EXTENDED_ID_FLIT_INJECTION = 0x0034,
    DD_PCI_EXTENDED_ID_NOP_FLIT = 0x0037,
};

#endif
