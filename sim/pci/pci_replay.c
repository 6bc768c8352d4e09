/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stages one after the other. The second opinion is libpci's; functions it
 * does not read, or a file it refuses, are compared with the bytes of the dump,
 * and the notes say so.
 */
#include "sim/pci/pci_replay.h"

#include <stdlib.h>

#include "sim/pci/pci_compare.h"
#include "sim/pci/pci_dump_report.h"
#include "sim/pci/pci_listing.h"
#include "sim/pci/pci_oracle.h"
#include "sim/pci/pci_reach.h"

/* A text of a verdict while it is written. */
enum {
    DIFFERENCES,
    UNREACHABLE,
    NOTES,
    LISTING,
    TEXTS
};

struct texts {
    FILE *files[TEXTS];
    size_t lengths[TEXTS];
};

static int open_texts(struct texts *texts, struct sim_pci_verdict *verdict)
{
    char **places[TEXTS] = {&verdict->difference_text, &verdict->unreachable_text,
                            &verdict->note_text, &verdict->listing};
    int result = 0;

    for (int i = 0; i < TEXTS; i++) {
        texts->files[i] = open_memstream(places[i], &texts->lengths[i]);
        result = texts->files[i] == NULL ? -1 : result;
    }
    return result;
}

/* After this the texts are in the verdict. */
static int close_texts(const struct texts *texts)
{
    int result = 0;

    for (int i = 0; i < TEXTS; i++) {
        if (texts->files[i] == NULL || fclose(texts->files[i]) != 0) {
            result = -1;
        }
    }
    return result;
}

static void note_troubles(const struct sim_pci_verdict *verdict, FILE *notes)
{
    enum sim_pci_segments segments = sim_pci_topology_segments(&verdict->topology);

    for (size_t i = 0; i < verdict->guest.ecam.trouble_count; i++) {
        const struct sim_pci_trouble *trouble = &verdict->guest.ecam.troubles[i];

        (void)fprintf(notes, "%s: the library reports %s\n",
                      sim_pci_address_text(trouble->address, segments).text, trouble->text);
    }
}

static void note_unread(const struct sim_pci_verdict *verdict, const struct sim_pci_report *libpci,
                        FILE *notes)
{
    enum sim_pci_segments segments = sim_pci_topology_segments(&verdict->topology);

    for (size_t i = 0; i < verdict->topology.count; i++) {
        struct sim_pci_address address = verdict->topology.functions[i].address;

        if (sim_pci_report_find(libpci, address) == NULL) {
            (void)fprintf(notes,
                          "%s: libpci does not read it; compared with the dump's own bytes\n",
                          sim_pci_address_text(address, segments).text);
        }
    }
}

static int compare(struct sim_pci_verdict *verdict, const struct texts *texts,
                   struct sim_error *error)
{
    struct sim_pci_report dump = {.count = 0};
    struct sim_pci_report libpci = {.count = 0};
    const struct sim_pci_comparison comparison = {&verdict->topology, &verdict->guest, &libpci,
                                                  &dump};
    struct sim_error refusal;

    if (sim_pci_report_dump(&verdict->dump, &dump, error) != 0) {
        return -1;
    }
    if (sim_pci_oracle_ask(&verdict->dump, &libpci, &refusal) == 0) {
        note_unread(verdict, &libpci, texts->files[NOTES]);
    } else {
        (void)fprintf(texts->files[NOTES], "%s; compared with the dump's own bytes\n",
                      refusal.text);
    }
    verdict->differences = sim_pci_compare(&comparison, texts->files[DIFFERENCES]);
    sim_pci_report_free(&libpci);
    sim_pci_report_free(&dump);
    return 0;
}

/* The stages after the model, for a guest that may not have got to the end. */
static int judge(struct sim_pci_verdict *verdict, const char *kernel, const struct texts *texts,
                 struct sim_error *error)
{
    sim_pci_reach_judge(&verdict->topology);
    verdict->unreachable = sim_pci_reach_print(&verdict->topology, texts->files[UNREACHABLE]);
    if (sim_pci_guest_run(&verdict->topology, kernel, &verdict->guest, error) != 0) {
        return -1;
    }
    note_troubles(verdict, texts->files[NOTES]);
    sim_pci_list_numeric(&verdict->guest.ecam, sim_pci_topology_segments(&verdict->topology),
                         texts->files[LISTING]);
    if (verdict->guest.failed) {
        (void)fprintf(texts->files[DIFFERENCES], "%s\n", verdict->guest.failure.text);
        verdict->differences = 1;
        return 0;
    }
    return compare(verdict, texts, error);
}

int sim_pci_replay_file(const char *dump, const char *kernel, struct sim_pci_verdict *verdict,
                        struct sim_error *error)
{
    struct sim_pci_verdict reached = {.differences = 0};
    struct texts texts;
    int result;

    if (sim_dump_read(dump, &reached.dump, error) != 0) {
        return -1;
    }
    if (sim_dump_check_capabilities(&reached.dump, error) != 0 ||
        sim_pci_topology_init(&reached.topology, &reached.dump, error) != 0) {
        sim_dump_free(&reached.dump);
        return -1;
    }
    result = open_texts(&texts, &reached) == 0 ? judge(&reached, kernel, &texts, error) : 0;
    if (close_texts(&texts) != 0) {
        result = sim_error_set(error, "%s: no memory for what was found", dump);
    }
    if (result != 0) {
        sim_pci_verdict_free(&reached);
        return -1;
    }
    *verdict = reached;
    return 0;
}

void sim_pci_verdict_free(struct sim_pci_verdict *verdict)
{
    free(verdict->difference_text);
    free(verdict->unreachable_text);
    free(verdict->note_text);
    free(verdict->listing);
    sim_pci_guest_free(&verdict->guest);
    sim_pci_topology_free(&verdict->topology);
    sim_dump_free(&verdict->dump);
    *verdict = (struct sim_pci_verdict){.differences = 0};
}
