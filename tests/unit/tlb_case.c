/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/tlb_case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint8_t ram[RAM_BYTES];
struct sim_memory memory = {.bytes = ram, .size = RAM_BYTES};
struct sim_cpu cpu;
struct sim_findings findings;
struct sim_tlb *tlb;

static void describe(void *context, uint64_t rip, char *text, size_t size)
{
    (void)snprintf(text, size, "%s+0x%" PRIx64, (const char *)context, rip);
}

static void open_tlb(struct sim_findings *list)
{
    static char module[] = "code";
    struct sim_tlb_names names = {describe, module};

    memset(ram, 0, sizeof ram);
    cpu = (struct sim_cpu){
        .cr0 = 0x80010033, .cr3 = 0x1000, .cr4 = 0x6A0, .efer = 0xD01, .physical_bits = 40};
    set(PML4E, 0x2007);
    set(PDPTE, 0x3007);
    set(PDE, 0x4007);
    set(PTE, 0x9007);
    tlb = sim_tlb_create(&memory, list, &names);
    ck_assert_ptr_nonnull(tlb);
}

void tlb_case_open(void)
{
    open_tlb(NULL);
}

void tlb_case_open_with_audit(void)
{
    open_tlb(&findings);
}

void tlb_case_close(void)
{
    sim_tlb_destroy(tlb);
    sim_findings_free(&findings);
}

void set(uint64_t physical, uint64_t value)
{
    memcpy(ram + physical, &value, sizeof value);
}

uint64_t get(uint64_t physical)
{
    uint64_t value = 0;

    memcpy(&value, ram + physical, sizeof value);
    return value;
}

void guest_write(uint64_t physical, uint64_t value, uint64_t rip)
{
    sim_tlb_note_write(tlb, physical, 8, rip);
    set(physical, value);
}

void settle(void)
{
    bool is_changed = sim_tlb_settle(tlb);

    (void)is_changed;
}

struct sim_tlb_result translate_as(uint64_t linear, enum sim_access_kind kind,
                                   enum sim_access_mode mode)
{
    return sim_tlb_translate(tlb, &cpu, (struct sim_access){linear, kind, mode}, 0x700);
}

struct sim_tlb_result translate(uint64_t linear, enum sim_access_kind kind)
{
    return translate_as(linear, kind, SIM_MODE_SUPERVISOR);
}

uint64_t read_at(uint64_t linear)
{
    struct sim_tlb_result result = translate(linear, SIM_ACCESS_READ);

    return result.walk.outcome == SIM_WALK_MAPPED ? result.walk.physical : UINT64_MAX;
}

void flush(enum sim_tlb_flush_kind kind, uint16_t pcid, uint64_t linear)
{
    struct sim_tlb_flush what = {.kind = kind, .linear = linear, .pcid = pcid, .requested = true};

    sim_tlb_flush(tlb, &cpu, &what, 0x800);
}

void invlpg(uint64_t linear)
{
    flush(SIM_TLB_ADDRESS, 0, linear);
}

void load_cr3(uint64_t value)
{
    if ((value >> 63) == 0) {
        flush(SIM_TLB_PCID, (uint16_t)(value & 0xFFF), 0);
    }
    cpu.cr3 = value & ~(UINT64_C(1) << 63);
}

void check_finding(size_t count, const char *const parts[])
{
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_int_eq(findings.list[0].kind, SIM_FINDING_TLB);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(strstr(findings.list[0].text, parts[i]) != NULL, "\"%s\" is not in \"%s\"",
                      parts[i], findings.list[0].text);
    }
}

void check_clean(void)
{
    size_t left = sim_tlb_audit(tlb, &cpu);

    ck_assert_msg(findings.count == 0, "%s", findings.count == 0 ? "" : findings.list[0].text);
    ck_assert_uint_eq(left, 0);
}
