/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of words. The n-th word is what lspci prints for the value n; spellings of
 * several versions stand side by side, separated by `|`. An empty word is a value
 * that nothing is printed for. Words with a value and doubtful bits of their own
 * stand in lists of another form.
 *
 * Spec: the fields are those of [PCIe 6] 7.5.3 unless the list says otherwise.
 */
#include "sim/pci/text/text_words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "sim/pci/text/text_number.h"

/* A word for several values: those that differ from one in doubtful bits. */
struct word {
    const char *text;
    uint64_t value, doubt;
};

struct sim_text_words {
    const char *name;
    const char *const *by_value; /* ends with NULL */
    const struct word *words;    /* ends with text NULL */
};

#define LIST(name, ...) static const char *const name[] = {__VA_ARGS__, NULL}

LIST(devsel, "fast", "medium", "slow", "??");
LIST(phantom, "0", "1", "3", "7");
LIST(aux_current, "0mA", "55mA", "100mA", "160mA", "220mA", "270mA", "320mA", "375mA");
LIST(latency_l0s, "<64ns", "<128ns", "<256ns", "<512ns", "<1us", "<2us", "<4us", "unlimited");
LIST(latency_l1, "<1us", "<2us", "<4us", "<8us", "<16us", "<32us", "<64us", "unlimited");
LIST(aspm_support, "not supported|unknown", "L0s", "L1|unknown", "L0s L1");
LIST(aspm, "Disabled", "L0s Enabled", "L1 Enabled", "L0s L1 Enabled");
LIST(rcb, "64", "128");
LIST(speed, "unknown", "2.5GT/s", "5GT/s|5.0GT/s", "8GT/s|8.0GT/s", "16GT/s|16.0GT/s", "32GT/s",
     "64GT/s", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown",
     "unknown", "unknown");
LIST(old_speed, "unknown", "2.5Gb/s", "5Gb/s|5.0Gb/s", "unknown", "unknown", "unknown", "unknown",
     "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown",
     "unknown");
LIST(target_speed, "2.5GT/s|Unknown", "2.5GT/s", "5GT/s|5.0GT/s", "8GT/s|8.0GT/s",
     "16GT/s|16.0GT/s", "32GT/s", "64GT/s", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown",
     "Unknown", "Unknown", "Unknown", "Unknown");
LIST(indicator, "Unknown", "On", "Blink", "Off");
LIST(timeout_range, "Not Supported", "Range A", "Range B", "Range AB", "Unknown", "Unknown",
     "Range BC", "Range ABC", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown",
     "Range BCD", "Range ABCD");
LIST(timeout_value, "50us to 50ms", "50us to 100us", "1ms to 10ms", "Unknown", "Unknown",
     "16ms to 55ms", "65ms to 210ms", "Unknown", "Unknown", "260ms to 900ms", "1s to 3.5s",
     "Unknown", "Unknown", "4s to 13s", "17s to 64s", "Unknown");
LIST(obff, "Not Supported", "Via message", "Via WAKE#", "Via message/WAKE#");
LIST(obff_enable, "Disabled", "Via message A", "Via message B", "Via WAKE#");
LIST(emergency, "Not Supported", "Dev Specific", "Form Factor Dev Specific", "Reserved");
LIST(ln_system, "Not Supported", "64byte cachelines", "128byte cachelines", "Reserved");
LIST(deemphasis, "-6dB", "-3.5dB");
LIST(preset, "-6dB de-emphasis, 0dB preshoot", "-3.5dB de-emphasis, 0dB preshoot",
     "-4.4dB de-emphasis, 0dB preshoot", "-2.5dB de-emphasis, 0dB preshoot",
     "0dB de-emphasis, 0dB preshoot", "0dB de-emphasis, 1.9dB preshoot",
     "0dB de-emphasis, 2.5dB preshoot", "-6.0dB de-emphasis, 3.5dB preshoot",
     "-3.5dB de-emphasis, 3.5dB preshoot", "0dB de-emphasis, 3.5dB preshoot", "Unknown", "Unknown",
     "Unknown", "Unknown", "Unknown", "Unknown");
LIST(margin, "Normal Operating Range", "800-1200mV(full-swing)/400-700mV(half-swing)",
     "200-400mV(full-swing)/100-200mV(half-swing)", "200-400mV(full-swing)/100-200mV(half-swing)",
     "200-400mV(full-swing)/100-200mV(half-swing)", "200-400mV(full-swing)/100-200mV(half-swing)",
     "Unknown", "Unknown");
LIST(crosslink, "unsupported", "Upstream Port", "Downstream Port", "incomplete");
LIST(component, "Link Down - Not Determined", "Link Down - Not Present", "Link Down - Present",
     "Reserved", "Link Up - Present", "Link Up - Present and DRS Received", "Reserved", "Reserved");
LIST(port_type, "Endpoint", "Legacy Endpoint", "", "", "Root Port", "Upstream Port",
     "Downstream Port", "PCI-Express to PCI/PCI-X Bridge|PCI/PCI-X Bridge",
     "PCI/PCI-X to PCI-Express Bridge", "Root Complex Integrated Endpoint",
     "Root Complex Event Collector");
/* Spec: [HT 3.1] 7.5.5, 7.5.7 */
LIST(ht_width, "8bit", "16bit", "[2]", "32bit", "2bit", "4bit", "[6]", "N/C");
LIST(ht_frequency, "200MHz", "300MHz", "400MHz", "500MHz", "600MHz", "800MHz", "1.0GHz", "1.2GHz",
     "1.4GHz", "1.6GHz", "[a]", "[b]", "[c]", "[d]", "[e]", "Vend");
/* Spec: [AGP 3.0] 6.1.2: the rate bits mean other rates in AGP 3.0 mode */
LIST(agp_rate, "<none>", "x1", "x2", "x1,x2", "x4", "x1,x4", "x2,x4", "x1,x2,x4");
LIST(agp3_rate, "<none>", "x4", "x8", "x4,x8", "x16", "x4,x16", "x8,x16", "x4,x8,x16");
/* Spec: [PCI-X 2.0] 7.2.3, 7.2.4, 8.6.2 */
LIST(outstanding, "1", "2", "3", "4", "8", "12", "16", "32");
LIST(complexity, "simple", "bridge");
LIST(secondary_clock, "conv", "66MHz", "100MHz", "133MHz", "?4", "?5", "?6", "?7");
/* Spec: [SATA 3.0] 10.3: the registers are counted in doublewords from 0 */
LIST(sata_bar, "", "", "", "", "0", "1", "2", "3", "4", "5");
LIST(vc_select, "Fixed", "WRR32", "WRR64", "WRR128", "??4", "??5", "??6", "??7");
LIST(port_select, "Fixed", "WRR32", "WRR64", "WRR128", "TWRR128", "WRR256", "??6", "??7");
LIST(vc_clock, "100ns", "??1", "??2", "??3");
LIST(element, "Config", "Egress", "Internal");
LIST(link_type, "MemMapped", "Config");
LIST(usage_mode, "PCI Express", "Training Set Messages", "Alternate Protocol Negotiation",
     "Unknown", "Unknown", "Unknown", "Unknown", "Unknown");
LIST(link_behavior, "Full Equalization required", "Equalization bypass to highest rate support",
     "No Equalization Needed", "Modified TS1/TS2 Ordered Sets supported");
LIST(resizable, "1MB", "2MB", "4MB", "8MB", "16MB", "32MB", "64MB", "128MB", "256MB", "512MB",
     "1GB", "2GB", "4GB", "8GB", "16GB", "32GB", "64GB", "128GB", "256GB", "512GB", "1TB", "2TB",
     "4TB", "8TB", "16TB", "32TB", "64TB", "128TB", "256TB", "512TB", "1PB", "2PB", "4PB", "8PB",
     "16PB", "32PB", "64PB", "128PB", "256PB", "512PB", "1EB", "2EB", "4EB", "8EB");
LIST(l0p_exit, "Less than 1us", "1us to less than 2us", "2us to less than 4us",
     "4us to less than 8us", "8us to less than 16us", "16us to less than 32us", "32us-64us",
     "More than 64us");
LIST(width, "x1", "x2", "x4", "x8", "x16", "Unknown (5)", "Unknown (6)", "Dynamic");
LIST(range_type, "Volatile", "Non-volatile", "CDAT");
LIST(range_class, "DRAM", "Storage", "CDAT");
LIST(interleave, "0", "256", "4096", "512", "1024", "2048", "8192", "16384");
LIST(range_timeout, "1s", "4s", "16s", "64s", "256s", "1024s", "4096s", "16384s");
LIST(locator, "empty", "component registers", "BAR virtualization", "CXL device registers",
     "CPMU registers");
LIST(virtio, "", "CommonCfg", "Notify", "ISR", "DeviceCfg", "", "", "", "SharedMemory");

/* The bits below the highest are not printed. Spec: [PCIe 6] 7.5.3.18 */
static const struct word supported_speeds[] = {
    {"2.5GT/s", 0x01, 0x00},    {"2.5-5GT/s", 0x03, 0x01},  {"2.5-8GT/s", 0x07, 0x03},
    {"2.5-16GT/s", 0x0F, 0x07}, {"2.5-32GT/s", 0x1F, 0x0F}, {"2.5-64GT/s", 0x3F, 0x1F},
    {"RsvdP", 0x00, 0x7F},      {"Unknown", 0x00, 0x00},    {NULL, 0, 0}};
/* Interrupt pins: letters. Spec: [PCI 3.0] 6.2.4 */
static const struct word pins[] = {{"?", 0, 0}, {"A", 1, 0}, {"B", 2, 0},
                                   {"C", 3, 0}, {"D", 4, 0}, {NULL, 0, 0}};

#define BY_VALUE(name)    \
    {                     \
#name, name, NULL \
    }
#define BY_WORD(name)     \
    {                     \
#name, NULL, name \
    }
static const struct sim_text_words lists[] = {
    BY_VALUE(devsel),
    BY_VALUE(phantom),
    BY_VALUE(aux_current),
    BY_VALUE(latency_l0s),
    BY_VALUE(latency_l1),
    BY_VALUE(aspm_support),
    BY_VALUE(aspm),
    BY_VALUE(rcb),
    BY_VALUE(speed),
    BY_VALUE(target_speed),
    BY_VALUE(indicator),
    BY_VALUE(timeout_range),
    BY_VALUE(timeout_value),
    BY_VALUE(obff),
    BY_VALUE(obff_enable),
    BY_VALUE(emergency),
    BY_VALUE(ln_system),
    BY_VALUE(deemphasis),
    BY_VALUE(preset),
    BY_VALUE(margin),
    BY_VALUE(crosslink),
    BY_VALUE(component),
    BY_VALUE(port_type),
    BY_VALUE(ht_width),
    BY_VALUE(ht_frequency),
    BY_VALUE(agp_rate),
    BY_VALUE(agp3_rate),
    BY_VALUE(outstanding),
    BY_VALUE(complexity),
    BY_VALUE(secondary_clock),
    BY_VALUE(vc_select),
    BY_VALUE(port_select),
    BY_VALUE(vc_clock),
    BY_VALUE(element),
    BY_VALUE(link_type),
    BY_VALUE(usage_mode),
    BY_VALUE(link_behavior),
    BY_VALUE(resizable),
    BY_VALUE(range_type),
    BY_VALUE(range_class),
    BY_VALUE(interleave),
    BY_VALUE(range_timeout),
    BY_VALUE(locator),
    BY_VALUE(l0p_exit),
    BY_VALUE(width),
    BY_VALUE(virtio),
    BY_VALUE(sata_bar),
    BY_VALUE(old_speed),
    BY_WORD(supported_speeds),
    BY_WORD(pins),
};

const struct sim_text_words *sim_text_words_find(const char *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, name) == 0) {
            return &lists[i];
        }
    }
    return NULL;
}

void sim_text_candidate_add(struct sim_text_candidates *candidates, uint64_t value, uint64_t doubt)
{
    if (candidates->count++ == 0) {
        candidates->value = value;
    }
    candidates->doubt |= doubt | (value ^ candidates->value);
}

/* How much of a text a word takes, white space for a blank; 0 if it is something else. */
static size_t word_length(const char *word, size_t size, const char *at, const char *end)
{
    const char *begin = at;

    for (size_t i = 0; i < size; i++) {
        if (at == end || (word[i] == ' ' ? !sim_text_is_blank(*at) : *at != word[i])) {
            return 0;
        }
        at++;
        while (word[i] == ' ' && at < end && sim_text_is_blank(*at)) {
            at++;
        }
    }
    return at == end || at == begin || !isalnum((unsigned char)at[-1]) ||
                   !isalnum((unsigned char)*at)
               ? (size_t)(at - begin)
               : 0;
}

/* The longest of several spellings that a text begins with. */
static size_t longest_spelling(const char *spellings, const char *at, const char *end)
{
    size_t longest = 0;

    while (true) {
        size_t size = strcspn(spellings, "|");
        size_t length = word_length(spellings, size, at, end);

        longest = length > longest ? length : longest;
        if (spellings[size] == '\0') {
            return longest;
        }
        spellings += size + 1;
    }
}

/* Take a word: it counts if it is longer than those before, or as long. */
static void offer(struct sim_text_candidates *candidates, size_t *longest, size_t length,
                  const struct word *word)
{
    if (length == 0 || length < *longest) {
        return;
    }
    if (length > *longest) {
        *candidates = (struct sim_text_candidates){.count = 0};
        *longest = length;
    }
    sim_text_candidate_add(candidates, word->value, word->doubt);
}

bool sim_text_words_match(const struct sim_text_words *words, const char **at, const char *end,
                          struct sim_text_candidates *candidates)
{
    size_t longest = 0;

    if (words == NULL) {
        return false;
    }
    for (size_t i = 0; words->by_value != NULL && words->by_value[i] != NULL; i++) {
        struct word word = {words->by_value[i], i, 0};

        offer(candidates, &longest, longest_spelling(word.text, *at, end), &word);
    }
    for (const struct word *word = words->words; word != NULL && word->text != NULL; word++) {
        offer(candidates, &longest, longest_spelling(word->text, *at, end), word);
    }
    *at += longest;
    return longest > 0;
}
