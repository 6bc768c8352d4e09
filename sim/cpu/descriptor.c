/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of descriptors lie in pieces because the 80286 had 24-bit bases and
 * 16-bit limits. Positions are those of [SDM 3A] figures 3-8, 5-8, 6-8 and 8-4.
 */
#include "sim/cpu/descriptor.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/util/text.h"

/* Type bits of code and data segments. [SDM 3A] table 3-1. */
enum segment_type {
    TYPE_WRITABLE = 2, /* of data; readable, of code */
    TYPE_EXPAND_DOWN = 4,
    TYPE_CONFORMING = 4,
    TYPE_CODE = 8,
};

/* Bits hi..lo of a value. */
static uint64_t field(uint64_t value, unsigned int hi, unsigned int lo)
{
    return (value >> lo) & (UINT64_MAX >> (63 - (hi - lo)));
}

struct sim_descriptor sim_descriptor_decode(uint64_t low)
{
    struct sim_descriptor descriptor = {
        .base = field(low, 39, 16) | field(low, 63, 56) << 24,
        .limit = (uint32_t)(field(low, 15, 0) | field(low, 51, 48) << 16),
        .type = (unsigned int)field(low, 43, 40),
        .code_or_data = field(low, 44, 44) != 0,
        .dpl = (unsigned int)field(low, 46, 45),
        .present = field(low, 47, 47) != 0,
        .l = field(low, 53, 53) != 0,
        .db = field(low, 54, 54) != 0,
    };

    if (field(low, 55, 55) != 0) { /* G: the limit counts pages */
        descriptor.limit = descriptor.limit << 12 | 0xFFF;
    }
    return descriptor;
}

struct sim_descriptor sim_descriptor_decode_system(uint64_t low, uint64_t high)
{
    struct sim_descriptor descriptor = sim_descriptor_decode(low);

    descriptor.base |= field(high, 31, 0) << 32;
    descriptor.upper_type = (unsigned int)field(high, 44, 40);
    return descriptor;
}

bool sim_descriptor_is_code(const struct sim_descriptor *descriptor)
{
    return descriptor->code_or_data && (descriptor->type & TYPE_CODE) != 0;
}

static const char *system_name(unsigned int type, enum sim_descriptor_mode mode)
{
    static const char *const legacy[16] = {
        [0x1] = "available 16-bit TSS",
        [0x2] = "LDT",
        [0x3] = "busy 16-bit TSS",
        [0x4] = "16-bit call gate",
        [0x5] = "task gate",
        [0x6] = "16-bit interrupt gate",
        [0x7] = "16-bit trap gate",
        [0x9] = "available 32-bit TSS",
        [0xB] = "busy 32-bit TSS",
        [0xC] = "32-bit call gate",
        [0xE] = "32-bit interrupt gate",
        [0xF] = "32-bit trap gate",
    };
    static const char *const ia32e[16] = {
        [SIM_TYPE_LDT] = "LDT",
        [SIM_TYPE_TSS] = "available 64-bit TSS",
        [SIM_TYPE_BUSY_TSS] = "busy 64-bit TSS",
        [SIM_TYPE_CALL_GATE] = "call gate",
        [SIM_TYPE_INTERRUPT_GATE] = "interrupt gate",
        [SIM_TYPE_TRAP_GATE] = "trap gate",
    };
    const char *name = NULL;

    if (type < 16) {
        name = mode == SIM_DESCRIPTORS_IA32E ? ia32e[type] : legacy[type];
    }
    return name;
}

static void describe_code(const struct sim_descriptor *descriptor, enum sim_descriptor_mode mode,
                          char *text, size_t size)
{
    const char *width = descriptor->db ? "32-bit" : "16-bit";

    if (mode == SIM_DESCRIPTORS_IA32E && descriptor->l) {
        width = descriptor->db ? "impossible (both L and D)" : "64-bit";
    }
    (void)snprintf(text, size, "%s code segment%s", width,
                   (descriptor->type & TYPE_CONFORMING) != 0 ? ", conforming" : "");
}

static void describe_data(const struct sim_descriptor *descriptor, char *text, size_t size)
{
    (void)snprintf(text, size, "%s data segment%s",
                   (descriptor->type & TYPE_WRITABLE) != 0 ? "writable" : "read-only",
                   (descriptor->type & TYPE_EXPAND_DOWN) != 0 ? ", expand-down" : "");
}

static void describe_system(const struct sim_descriptor *descriptor, enum sim_descriptor_mode mode,
                            char *text, size_t size)
{
    const char *name = system_name(descriptor->type, mode);

    if (name == NULL) {
        (void)snprintf(text, size, "system descriptor of reserved type 0x%x", descriptor->type);
    } else {
        (void)snprintf(text, size, "%s", name);
    }
}

/* In 64-bit mode base and limit of code and data segments mean nothing. [SDM 3A] 3.2.4. */
void sim_descriptor_describe(const struct sim_descriptor *descriptor, enum sim_descriptor_mode mode,
                             char *text, size_t size)
{
    bool flat = descriptor->base == 0 && descriptor->limit == UINT32_MAX;

    if (sim_descriptor_is_code(descriptor)) {
        describe_code(descriptor, mode, text, size);
    } else if (descriptor->code_or_data) {
        describe_data(descriptor, text, size);
    } else {
        describe_system(descriptor, mode, text, size);
    }
    if (!flat && !(mode == SIM_DESCRIPTORS_IA32E && descriptor->code_or_data)) {
        sim_text_append(text, size, " at 0x%" PRIx64 ", limit 0x%" PRIx32, descriptor->base,
                        descriptor->limit);
    }
    sim_text_append(text, size, ", DPL %u%s", descriptor->dpl,
                    descriptor->present ? "" : ", not present");
}

struct sim_gate sim_gate_decode(enum sim_descriptor_mode mode, uint64_t low, uint64_t high)
{
    struct sim_gate gate = {
        .handler = field(low, 15, 0) | field(low, 63, 48) << 16,
        .selector = (uint16_t)field(low, 31, 16),
        .type = (unsigned int)field(low, 44, 40),
        .dpl = (unsigned int)field(low, 46, 45),
        .present = field(low, 47, 47) != 0,
    };

    if (mode == SIM_DESCRIPTORS_IA32E) {
        gate.handler |= field(high, 31, 0) << 32;
        gate.ist = (unsigned int)field(low, 34, 32);
    }
    return gate;
}

void sim_gate_describe(const struct sim_gate *gate, enum sim_descriptor_mode mode, char *text,
                       size_t size)
{
    const char *name = system_name(gate->type, mode);

    if (name == NULL) {
        (void)snprintf(text, size, "gate of reserved type 0x%x", gate->type);
    } else {
        (void)snprintf(text, size, "%s", name);
    }
    sim_text_append(text, size, " to 0x%x:0x%" PRIx64 ", DPL %u", gate->selector, gate->handler,
                    gate->dpl);
    if (gate->ist != 0) {
        sim_text_append(text, size, ", IST %u", gate->ist);
    }
    if (!gate->present) {
        sim_text_append(text, size, ", not present");
    }
}

enum sim_descriptor_mode sim_descriptor_mode_of(const struct sim_cpu *cpu)
{
    return (cpu->efer & 0x400) != 0 ? SIM_DESCRIPTORS_IA32E : SIM_DESCRIPTORS_LEGACY; /* LMA */
}
