/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's PCI reports against the monitor's list. Both are in order of
 * addresses, so they are gone through side by side.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/protocol.h"
#include "sim/pci/report/pci_report.h"
#include "sim/world/qemu.h"

static bool starts_with(const char *text, const char *word)
{
    size_t length = strlen(word);

    return strncmp(text, word, length) == 0 && text[length] == ' ';
}

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return text + (*text == '\n');
}

/*
 * The next report in the text, as a string of its own, and *text behind it; NULL if there is none.
 * It starts with the first line that names a function, or with its end if there are none.
 */
static char *take_report(const char **text)
{
    const char *start = *text;
    const char *end = NULL;

    while (*start != '\0' && !starts_with(start, KPROTOCOL_PCI) &&
           !starts_with(start, KPROTOCOL_END)) {
        start = next_line(start);
    }
    if (*start == '\0') {
        return NULL;
    }
    end = start;
    while (*end != '\0' && !starts_with(end, KPROTOCOL_END)) {
        end = next_line(end);
    }
    *text = next_line(end);
    return strndup(start, (size_t)(*text - start));
}

static int differ(struct sim_error *error, struct sim_pci_address address, unsigned int report,
                  const char *what)
{
    return sim_error_set(error, "PCI report %u: function %s %s", report,
                         sim_pci_address_text(address, SIM_PCI_SEGMENTS_SHOWN).text, what);
}

static int compare_ids(const struct sim_qemu_function *listed, const struct sim_pci_found *found,
                       unsigned int report, struct sim_error *error)
{
    unsigned int vendor = found->bytes[0] | (unsigned int)found->bytes[1] << 8;
    unsigned int device = found->bytes[2] | (unsigned int)found->bytes[3] << 8;

    if (vendor == listed->vendor && device == listed->device) {
        return 0;
    }
    return sim_error_set(error, "PCI report %u: function %s is %04x:%04x, QEMU says %04x:%04x",
                         report, sim_pci_address_text(listed->address, SIM_PCI_SEGMENTS_SHOWN).text,
                         vendor, device, listed->vendor, listed->device);
}

static int compare_report(const struct sim_qemu_outcome *outcome,
                          const struct sim_pci_report *report, unsigned int number,
                          struct sim_error *error)
{
    size_t i = 0;

    for (; i < outcome->function_count && i < report->count; i++) {
        const struct sim_qemu_function *listed = &outcome->functions[i];
        const struct sim_pci_found *found = &report->functions[i];
        int order = sim_pci_address_compare(listed->address, found->address);

        if (order < 0) {
            return differ(error, listed->address, number, "is missing");
        }
        if (order > 0) {
            return differ(error, found->address, number, "is not in QEMU's list");
        }
        if (compare_ids(listed, found, number, error) != 0) {
            return -1;
        }
    }
    if (i < outcome->function_count) {
        return differ(error, outcome->functions[i].address, number, "is missing");
    }
    if (i < report->count) {
        return differ(error, report->functions[i].address, number, "is not in QEMU's list");
    }
    return 0;
}

int sim_qemu_compare_pci(const struct sim_qemu_outcome *outcome, struct sim_error *error)
{
    const char *rest = outcome->console;
    unsigned int number = 0;
    char *text = NULL;

    if (!outcome->held) {
        return sim_error_set(error, "the kernel did not hold, so QEMU was not asked for its list");
    }
    while ((text = take_report(&rest)) != NULL) {
        struct sim_pci_report report = {0};
        int status = sim_pci_report_read(&report, text, error);

        number++;
        if (status == 0) {
            status = compare_report(outcome, &report, number, error);
        }
        sim_pci_report_free(&report);
        free(text);
        if (status != 0) {
            return -1;
        }
    }
    if (number == 0) {
        return sim_error_set(error, "no PCI report on the console");
    }
    return (int)number;
}
