/* SPDX-License-Identifier: MIT */
/*
 * CPUID is a table of 16-byte rows, leaves, some of them with subleaves. Leaf 0
 * says which is the last basic one, 80000000H the last extended one; in between
 * everything a processor does not know is 0. Beyond them Intel's processors
 * answer with the last basic leaf, whatever was asked, so nothing that is read
 * there means anything. That is why every read goes through ask().
 */
#include "drydock/cpu.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/field.h"
#include "cpu_leaf.h"

struct feature {
    uint32_t leaf;
    uint8_t subleaf;
    uint8_t word; /* 0 EAX, 1 EBX, 2 ECX, 3 EDX */
    uint8_t bit;
    const char *name;
};

enum {
    EAX,
    EBX,
    ECX,
    EDX
};

static const struct feature features[] = {
#define C(name, leaf, subleaf, reg, bit) {leaf, subleaf, reg, bit, #name},
#include "drydock/cpu_feature.def"
#undef C
};

#define LEAF_HYPERVISOR 0x40000000u
#define LEAF_EXTENDED   0x80000000u

static bool has_leaf(const struct cpu_reader *reader, uint32_t leaf)
{
    if (leaf < LEAF_HYPERVISOR) {
        return leaf <= reader->cpu->last_leaf;
    }
    return leaf <= reader->cpu->last_extended_leaf;
}

struct dd_cpuid dd_cpu_leaf(const struct cpu_reader *reader, uint32_t leaf, uint32_t subleaf)
{
    if (!has_leaf(reader, leaf)) {
        return (struct dd_cpuid){0, 0, 0, 0};
    }
    return reader->source(reader->context, leaf, subleaf);
}

/* Leaf 7 says itself how many subleaves it has. [SDM 2A] CPUID, 07H. */
static bool has_subleaf(const struct cpu_reader *reader, uint32_t leaf, uint32_t subleaf)
{
    return leaf != 7 || subleaf == 0 || subleaf <= dd_cpu_leaf(reader, leaf, 0).eax;
}

/* The leaf with a feature; zeros if the processor has no such leaf. */
static struct dd_cpuid leaf_of(const struct cpu_reader *reader, const struct feature *feature)
{
    return has_subleaf(reader, feature->leaf, feature->subleaf)
               ? dd_cpu_leaf(reader, feature->leaf, feature->subleaf)
               : (struct dd_cpuid){0, 0, 0, 0};
}

static uint64_t bit_of(const struct dd_cpuid *leaf, const struct feature *feature)
{
    const uint32_t words[] = {leaf->eax, leaf->ebx, leaf->ecx, leaf->edx};

    return words[feature->word] >> feature->bit & 1;
}

static void read_features(const struct cpu_reader *reader)
{
    struct dd_cpuid current = {0, 0, 0, 0};
    const struct feature *last = NULL;

    for (unsigned int i = 0; i < DD_CPU_FEATURE_COUNT; i++) {
        const struct feature *feature = &features[i];

        if (last == NULL || feature->leaf != last->leaf || feature->subleaf != last->subleaf) {
            current = leaf_of(reader, feature);
            last = feature;
        }
        reader->cpu->features[i / 64] |= bit_of(&current, feature) << (i % 64);
    }
}

/* Four characters, the first in the lowest byte. */
static void put_text(char *text, uint32_t word)
{
    for (unsigned int i = 0; i < 4; i++) {
        text[i] = (char)(word >> (8 * i) & 0xFF);
    }
}

static bool is_text(const char *text, const char *expected)
{
    size_t i = 0;

    while (expected[i] != '\0' && text[i] == expected[i]) {
        i++;
    }
    return text[i] == expected[i];
}

static enum dd_cpu_vendor find_vendor(const char *text)
{
    static const struct {
        const char *text;
        enum dd_cpu_vendor vendor;
    } vendors[] = {
        {"GenuineIntel", DD_CPU_VENDOR_INTEL},   {"AuthenticAMD", DD_CPU_VENDOR_AMD},
        {"HygonGenuine", DD_CPU_VENDOR_HYGON},   {"  Shanghai  ", DD_CPU_VENDOR_ZHAOXIN},
        {"CentaurHauls", DD_CPU_VENDOR_ZHAOXIN},
    };

    for (size_t i = 0; i < sizeof vendors / sizeof vendors[0]; i++) {
        if (is_text(text, vendors[i].text)) {
            return vendors[i].vendor;
        }
    }
    return DD_CPU_VENDOR_OTHER;
}

static uint32_t last_extended(const struct cpu_reader *reader)
{
    uint32_t extended = reader->source(reader->context, LEAF_EXTENDED, 0).eax;

    return extended >> 16 == LEAF_EXTENDED >> 16 ? extended : 0;
}

/* EBX, EDX, ECX: the order of the letters in leaf 0. */
static void read_limits(const struct cpu_reader *reader)
{
    struct dd_cpu *cpu = reader->cpu;
    struct dd_cpuid leaf = reader->source(reader->context, 0, 0);

    cpu->last_leaf = leaf.eax;
    put_text(cpu->vendor_text, leaf.ebx);
    put_text(cpu->vendor_text + 4, leaf.edx);
    put_text(cpu->vendor_text + 8, leaf.ecx);
    cpu->vendor = find_vendor(cpu->vendor_text);
    cpu->last_extended_leaf = last_extended(reader);
}

/* EBX, ECX, EDX here. The leaf has no bound to be checked: a feature bit says that it is there. */
static void read_hypervisor(const struct cpu_reader *reader)
{
    struct dd_cpuid leaf;

    if (!dd_cpu_has(reader->cpu, DD_CPU_HYPERVISOR)) {
        return;
    }
    leaf = reader->source(reader->context, LEAF_HYPERVISOR, 0);
    put_text(reader->cpu->hypervisor_text, leaf.ebx);
    put_text(reader->cpu->hypervisor_text + 4, leaf.ecx);
    put_text(reader->cpu->hypervisor_text + 8, leaf.edx);
}

/* Signature of leaf 1: the extended parts count only where the manual says. [SDM 2A] CPUID, 01H. */
static void read_signature(const struct cpu_reader *reader)
{
    uint32_t signature = dd_cpu_leaf(reader, 1, 0).eax;
    uint32_t family = signature >> 8 & 0xF;
    uint32_t model = signature >> 4 & 0xF;

    if (family == 6 || family == 15) {
        model |= (signature >> 16 & 0xF) << 4;
    }
    if (family == 15) {
        family += signature >> 20 & 0xFF;
    }
    reader->cpu->family = (uint16_t)family;
    reader->cpu->model = (uint16_t)model;
    reader->cpu->stepping = (uint8_t)(signature & 0xF);
}

static void trim(char *text, size_t size)
{
    size_t start = 0;
    size_t length = 0;

    while (text[start] == ' ') {
        start++;
    }
    while (start + length < size && text[start + length] != '\0') {
        text[length] = text[start + length];
        length++;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    text[length] = '\0';
}

static void read_brand(const struct cpu_reader *reader)
{
    char *brand = reader->cpu->brand;
    char *next = brand;

    for (uint32_t leaf = 0x80000002; leaf <= 0x80000004 && has_leaf(reader, 0x80000004); leaf++) {
        struct dd_cpuid part = dd_cpu_leaf(reader, leaf, 0);

        put_text(next, part.eax);
        put_text(next + 4, part.ebx);
        put_text(next + 8, part.ecx);
        put_text(next + 12, part.edx);
        next += 16;
    }
    trim(brand, sizeof reader->cpu->brand - 1);
}

void dd_cpu_read_from(struct dd_cpu *cpu, dd_cpu_source *source, const void *context)
{
    const struct cpu_reader reader = {cpu, source, context};

    *cpu = (struct dd_cpu){.vendor = DD_CPU_VENDOR_OTHER};
    read_limits(&reader);
    read_features(&reader);
    read_hypervisor(&reader);
    read_signature(&reader);
    read_brand(&reader);
    dd_cpu_read_properties(&reader);
    dd_cpu_read_topology(&reader);
}

static struct dd_cpuid execute(const void *context, uint32_t leaf, uint32_t subleaf)
{
    (void)context;
    return dd_cpuid(leaf, subleaf);
}

void dd_cpu_read(struct dd_cpu *cpu)
{
    dd_cpu_read_from(cpu, execute, NULL);
}

bool dd_cpu_ask(enum dd_cpu_feature feature)
{
    struct dd_cpu limits = {.last_leaf = 0};
    const struct cpu_reader reader = {&limits, execute, NULL};
    struct dd_cpuid leaf;

    if ((unsigned int)feature >= DD_CPU_FEATURE_COUNT) {
        return false;
    }
    if (features[feature].leaf < LEAF_EXTENDED) {
        limits.last_leaf = dd_cpuid(0, 0).eax;
    } else {
        limits.last_extended_leaf = last_extended(&reader);
    }
    leaf = leaf_of(&reader, &features[feature]);
    return bit_of(&leaf, &features[feature]) != 0;
}

const char *dd_cpu_feature_name(enum dd_cpu_feature feature)
{
    return (unsigned int)feature < DD_CPU_FEATURE_COUNT ? features[feature].name : "no feature";
}
