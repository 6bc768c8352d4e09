/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Formats of the entries of 4-level and 5-level paging, one for each table of the manual.
 *
 * What a bit means depends on the level the entry stands at: bit 7 is PAT in a
 * PTE, PS in a PDE or PDPTE and reserved in a PML4E or PML5E; bit 12 is PAT in a 2-MByte
 * or 1-GByte page and part of the address elsewhere.
 *
 * Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20.
 */
#ifndef DRYDOCK_PAGING_REGS_H
#define DRYDOCK_PAGING_REGS_H

#define DD_REGISTER       "drydock/regs/pml5e.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pml4e.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pdpte_1g.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pdpte.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pde_2m.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pde.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pte.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#endif
