/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access rights. A page is what its entries make of it: writable if R/W is 1 in
 * all of them, a user page if U/S is, executable if XD is 0 in all. What that
 * allows depends on who asks and on CR0.WP, CR4.SMEP, CR4.SMAP, EFER.NXE and,
 * for data, on the page's protection key: in PKRU for user pages, in IA32_PKRS for
 * others. An access is refused if any one of these refuses it. [SDM 3A] 4.6.
 */
#include "sim/mmu/mmu_internal.h"

uint32_t mmu_access_error(const struct sim_cpu *cpu, struct sim_access access)
{
    bool has_xd = (cpu->cr4 & CR4_PAE) != 0 && (cpu->efer & EFER_NXE) != 0;
    uint32_t error_code = 0;

    if (access.kind == SIM_ACCESS_WRITE) {
        error_code |= ERROR_WR;
    }
    if (access.mode == SIM_MODE_USER) {
        error_code |= ERROR_US;
    }
    if (access.kind == SIM_ACCESS_FETCH && (has_xd || (cpu->cr4 & CR4_SMEP) != 0)) {
        error_code |= ERROR_ID;
    }
    return error_code;
}

/* Whether writes of this mode need R/W = 1. */
static bool obeys_read_only(const struct sim_cpu *cpu, struct sim_access access)
{
    return access.mode == SIM_MODE_USER || (cpu->cr0 & CR0_WP) != 0;
}

/* Whether SMEP or SMAP keeps the supervisor off user pages. */
static enum sim_walk_cause supervisor_guard(const struct sim_cpu *cpu, struct sim_access access)
{
    bool ac = access.mode == SIM_MODE_SUPERVISOR && (cpu->rflags & RFLAGS_AC) != 0;

    if (access.kind == SIM_ACCESS_FETCH) {
        return (cpu->cr4 & CR4_SMEP) != 0 ? SIM_CAUSE_SMEP : SIM_CAUSE_NONE;
    }
    return (cpu->cr4 & CR4_SMAP) != 0 && !ac ? SIM_CAUSE_SMAP : SIM_CAUSE_NONE;
}

/* PKRU and IA32_PKRS have two bits a key: AD, then WD. [SDM 3A] 4.6.2. */
static bool key_forbids(const struct sim_cpu *cpu, const struct sim_rights *rights,
                        struct sim_access access)
{
    bool is_user = rights->supervisor == 0;
    uint32_t keys = is_user ? cpu->pkru : cpu->pkrs;
    uint32_t disabled = keys >> (2 * (rights->key & 0xFu)) & 3u;

    if ((cpu->efer & EFER_LMA) == 0 || (cpu->cr4 & (is_user ? CR4_PKE : CR4_PKS)) == 0 ||
        access.kind == SIM_ACCESS_FETCH) {
        return false;
    }
    return (disabled & 1u) != 0 || ((disabled & 2u) != 0 && access.kind == SIM_ACCESS_WRITE &&
                                    obeys_read_only(cpu, access));
}

static struct sim_verdict find_cause(const struct sim_cpu *cpu, const struct sim_rights *rights,
                                     struct sim_access access)
{
    if (access.mode == SIM_MODE_USER && rights->supervisor != 0) {
        return (struct sim_verdict){SIM_CAUSE_SUPERVISOR_ONLY, rights->supervisor, 0};
    }
    if (access.mode != SIM_MODE_USER && rights->supervisor == 0) {
        enum sim_walk_cause cause = supervisor_guard(cpu, access);

        if (cause != SIM_CAUSE_NONE) {
            return (struct sim_verdict){cause, rights->leaf, 0};
        }
    }
    if (access.kind == SIM_ACCESS_FETCH && rights->no_execute != 0 && (cpu->efer & EFER_NXE) != 0) {
        return (struct sim_verdict){SIM_CAUSE_NO_EXECUTE, rights->no_execute, 0};
    }
    if (access.kind == SIM_ACCESS_WRITE && rights->read_only != 0 && obeys_read_only(cpu, access)) {
        return (struct sim_verdict){SIM_CAUSE_READ_ONLY, rights->read_only, 0};
    }
    if (key_forbids(cpu, rights, access)) {
        return (struct sim_verdict){SIM_CAUSE_PROTECTION_KEY, rights->leaf, 0};
    }
    return (struct sim_verdict){SIM_CAUSE_NONE, 0, 0};
}

struct sim_verdict sim_mmu_check_rights(const struct sim_cpu *cpu, const struct sim_rights *rights,
                                        struct sim_access access)
{
    struct sim_verdict verdict = {SIM_CAUSE_NONE, 0, 0};

    if ((cpu->cr0 & CR0_PG) == 0) {
        return verdict;
    }
    verdict = find_cause(cpu, rights, access);
    if (verdict.cause != SIM_CAUSE_NONE) {
        verdict.error_code = ERROR_P | mmu_access_error(cpu, access);
        if (key_forbids(cpu, rights, access)) {
            verdict.error_code |= ERROR_PK; /* also when it was not the first obstacle */
        }
    }
    return verdict;
}
