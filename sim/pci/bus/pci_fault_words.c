/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in words, and back. Words and numbers are those of scripts of faults in
 * the machine (sim/machine/inject.h).
 */
#include <inttypes.h>
#include <string.h>

#include "sim/machine/inject_internal.h"
#include "sim/pci/dump/dump.h"
#include "sim/pci/bus/pci_fault.h"

/* What stands after the slot. */
enum operand {
    COUNT,
    OFFSET,
    OFFSET_BYTES,
    BAR_BYTES,
    TIME,
};

static const struct word {
    const char *name;
    enum operand operand;
} words[] = {
    [SIM_PCI_FAULT_GONE] = {"gone", COUNT},        [SIM_PCI_FAULT_BACK] = {"back", COUNT},
    [SIM_PCI_FAULT_DROP] = {"drop", COUNT},        [SIM_PCI_FAULT_ONES] = {"ones", OFFSET_BYTES},
    [SIM_PCI_FAULT_LOSE] = {"lose", OFFSET_BYTES}, [SIM_PCI_FAULT_LOOP] = {"loop", OFFSET},
    [SIM_PCI_FAULT_ASTRAY] = {"astray", OFFSET},   [SIM_PCI_FAULT_SIZE] = {"size", BAR_BYTES},
    [SIM_PCI_FAULT_DELAY] = {"delay", TIME},
};

#define KINDS (sizeof words / sizeof words[0])

static int check_range(const struct sim_pci_fault *fault, struct sim_error *error)
{
    switch (words[fault->kind].operand) {
    case OFFSET:
    case OFFSET_BYTES:
        if (fault->offset >= SIM_CONFIG_SIZE) {
            return sim_error_set(error, "offset 0x%x is past the end of configuration space",
                                 fault->offset);
        }
        if (words[fault->kind].operand == OFFSET_BYTES &&
            (fault->bytes == 0 || fault->bytes > SIM_CONFIG_SIZE - fault->offset)) {
            return sim_error_set(error, "%" PRIu64 " bytes do not fit configuration space",
                                 fault->bytes);
        }
        return 0;
    case BAR_BYTES:
        if (fault->bar >= SIM_DUMP_BARS) {
            return sim_error_set(error, "base address %u: there are 0 to 5, and 6 is the ROM",
                                 fault->bar);
        }
        return fault->bytes == 0 || (fault->bytes & (fault->bytes - 1)) != 0
                   ? sim_error_set(error, "the size %" PRIu64 " is not a power of two",
                                   fault->bytes)
                   : 0;
    case TIME:
        return fault->nanoseconds > SIM_PCI_FAULT_MAX_DELAY
                   ? sim_error_set(error, "the delay is longer than a minute")
                   : 0;
    default:
        return 0;
    }
}

int sim_pci_faults_add(struct sim_pci_faults *faults, const struct sim_pci_fault *fault,
                       struct sim_error *error)
{
    if (faults->count == SIM_PCI_FAULTS_MAX) {
        return sim_error_set(error, "more than %u faults", SIM_PCI_FAULTS_MAX);
    }
    if (check_range(fault, error) != 0) {
        return -1;
    }
    faults->list[faults->count++] = *fault;
    return 0;
}

static int take_kind(struct inject_line *line, enum sim_pci_fault_kind *kind)
{
    const char *word = inject_take(line, "what goes wrong");

    for (size_t i = 0; word != NULL && i < KINDS; i++) {
        if (strcmp(word, words[i].name) == 0) {
            *kind = (enum sim_pci_fault_kind)i;
            return 0;
        }
    }
    return word == NULL ? -1 : sim_error_set(line->error, "\"%s\" is no fault", word);
}

static int take_operands(struct inject_line *line, struct sim_pci_fault *fault)
{
    switch (words[fault->kind].operand) {
    case COUNT:
        return inject_take_number(line, "the number of accesses", &fault->count);
    case OFFSET:
        return inject_take_small_number(line, "the offset", &fault->offset);
    case OFFSET_BYTES:
        return inject_take_small_number(line, "the offset", &fault->offset) != 0
                   ? -1
                   : inject_take_number(line, "the number of bytes", &fault->bytes);
    case BAR_BYTES:
        return inject_take_small_number(line, "the base address", &fault->bar) != 0
                   ? -1
                   : inject_take_number(line, "the size", &fault->bytes);
    case TIME:
        return inject_take_number(line, "the time", &fault->nanoseconds);
    default:
        return 0;
    }
}

static int parse(struct inject_line *line, struct sim_pci_fault *fault)
{
    if (inject_split(line) != 0 || take_kind(line, &fault->kind) != 0 ||
        inject_take_function(line, &fault->function) != 0 || take_operands(line, fault) != 0) {
        return -1;
    }
    return line->next == line->count
               ? 0
               : sim_error_set(line->error, "\"%s\" is too much", line->words[line->next]);
}

int sim_pci_faults_parse(struct sim_pci_faults *faults, const char *text, struct sim_error *error)
{
    struct sim_error cause = {""};
    struct inject_line line = {.error = &cause};
    struct sim_pci_fault fault = {.kind = SIM_PCI_FAULT_GONE};

    if (strlen(text) >= sizeof line.text) {
        return sim_error_set(error, "%.32s…: too long", text);
    }
    memcpy(line.text, text, strlen(text) + 1);
    if (parse(&line, &fault) != 0 || sim_pci_faults_add(faults, &fault, &cause) != 0) {
        return sim_error_set(error, "%s: %s", text, cause.text);
    }
    return 0;
}

static void print_operands(const struct sim_pci_fault *fault, FILE *file)
{
    switch (words[fault->kind].operand) {
    case COUNT:
        (void)fprintf(file, " %" PRIu64, fault->count);
        break;
    case OFFSET:
        (void)fprintf(file, " 0x%x", fault->offset);
        break;
    case OFFSET_BYTES:
        (void)fprintf(file, " 0x%x %" PRIu64, fault->offset, fault->bytes);
        break;
    case BAR_BYTES:
        (void)fprintf(file, " %u 0x%" PRIx64, fault->bar, fault->bytes);
        break;
    case TIME:
        (void)fprintf(file, " %" PRIu64, fault->nanoseconds);
        break;
    default:
        break;
    }
}

void sim_pci_faults_print(const struct sim_pci_faults *faults, FILE *file)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct sim_pci_fault *fault = &faults->list[i];

        (void)fprintf(file, "%s %s", words[fault->kind].name,
                      sim_pci_address_text(fault->function, SIM_PCI_SEGMENTS_SHOWN).text);
        print_operands(fault, file);
        (void)fprintf(file, ": %s, %" PRIu64 " of %" PRIu64 " accesses\n",
                      fault->struck > 0 ? "struck" : "did not strike", fault->struck, fault->seen);
    }
}
