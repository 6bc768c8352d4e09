/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stages one after the other. The second opinion is libpci's. What it does not
 * take, or would read otherwise because it is damaged, is written once more as lspci
 * would have printed it; functions it does not read are compared with the bytes of
 * the dump, and the notes say so.
 */
#include "sim/pci/report/pci_replay.h"

#include <stdlib.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/report/pci_compare.h"
#include "sim/pci/report/pci_dump_report.h"
#include "sim/pci/report/pci_listing.h"
#include "sim/pci/report/pci_oracle.h"
#include "sim/pci/bus/pci_reach.h"

/* A text of a verdict while it is written. */
enum {
    DIFFERENCES,
    UNREACHABLE,
    NOTES,
    FAULTS,
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
                            &verdict->note_text, &verdict->fault_text, &verdict->listing};
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

/* Ask libpci about the file; whether it read all functions of it. */
static bool ask_about_file(const struct sim_dump *dump, struct sim_pci_report *libpci, FILE *notes)
{
    struct sim_error refusal;

    if (dump->form != SIM_DUMP_LSPCI || dump->remarks != NULL) {
        return false;
    }
    if (sim_pci_oracle_ask(dump, libpci, &refusal) != 0) {
        (void)fprintf(notes, "%s; it was asked about what could be read\n", refusal.text);
        return false;
    }
    if (libpci->count < dump->count) {
        sim_pci_report_free(libpci);
        return false;
    }
    return true;
}

/* Ask libpci about the file, or if that is not as lspci prints it, about what was read of it. */
static void ask_libpci(const struct sim_pci_verdict *verdict, struct sim_pci_report *libpci,
                       FILE *notes)
{
    struct sim_error refusal;

    if (ask_about_file(&verdict->dump, libpci, notes)) {
        return;
    }
    if (sim_pci_oracle_ask_again(&verdict->dump, libpci, &refusal) == 0) {
        note_unread(verdict, libpci, notes);
    } else {
        (void)fprintf(notes, "%s; compared with the dump's own bytes\n", refusal.text);
    }
}

static int compare(struct sim_pci_verdict *verdict, const struct texts *texts,
                   struct sim_error *error)
{
    struct sim_pci_report dump = {.count = 0};
    struct sim_pci_report libpci = {.count = 0};
    const struct sim_pci_comparison comparison = {&verdict->topology, &verdict->guest, &libpci,
                                                  &dump};

    if (sim_pci_report_dump(&verdict->dump, &dump, error) != 0) {
        return -1;
    }
    ask_libpci(verdict, &libpci, texts->files[NOTES]);
    verdict->differences = sim_pci_compare(&comparison, texts->files[DIFFERENCES]);
    sim_pci_report_free(&libpci);
    sim_pci_report_free(&dump);
    return 0;
}

/* Inject the faults, if there are any, and let the guest run. */
static int run_guest(struct sim_pci_verdict *verdict, struct sim_pci_kernel *kernel,
                     struct sim_pci_faults *faults, FILE *texts, struct sim_error *error)
{
    struct sim_error cause;

    if (faults != NULL && sim_pci_faults_apply(&verdict->topology, faults, &cause) != 0) {
        return sim_error_set(error, "%s: %s", verdict->dump.path, cause.text);
    }
    if (sim_pci_guest_run(&verdict->topology, kernel, &verdict->guest, error) != 0) {
        return -1;
    }
    if (faults != NULL) {
        sim_pci_faults_print(faults, texts);
    }
    return 0;
}

/* The stages after the model, for a guest that may not have got to the end. */
static int judge(struct sim_pci_verdict *verdict, struct sim_pci_kernel *kernel,
                 struct sim_pci_faults *faults, const struct texts *texts, struct sim_error *error)
{
    sim_pci_reach_judge(&verdict->topology);
    verdict->unreachable = sim_pci_reach_print(&verdict->topology, texts->files[UNREACHABLE]);
    if (run_guest(verdict, kernel, faults, texts->files[FAULTS], error) != 0) {
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

/* Say where a capability list of the dump loops: what enumerates it must see that for itself. */
static int remark_loop(struct sim_dump *dump, struct sim_error *error)
{
    struct sim_error loop;
    char *remarks = NULL;

    if (sim_dump_check_capabilities(dump, &loop) == 0) {
        return 0;
    }
    if (asprintf(&remarks, "%s%s\n", dump->remarks == NULL ? "" : dump->remarks, loop.text) < 0) {
        return sim_error_set(error, "%s: out of memory", dump->path);
    }
    free(dump->remarks);
    dump->remarks = remarks;
    return 0;
}

int sim_pci_replay(struct sim_dump *dump, struct sim_pci_kernel *kernel,
                   struct sim_pci_verdict *verdict, struct sim_error *error)
{
    return sim_pci_replay_with(dump, kernel, NULL, verdict, error);
}

int sim_pci_replay_with(struct sim_dump *dump, struct sim_pci_kernel *kernel,
                        struct sim_pci_faults *faults, struct sim_pci_verdict *verdict,
                        struct sim_error *error)
{
    struct sim_pci_verdict reached = {.dump = *dump};
    struct texts texts;
    int result;

    if (remark_loop(&reached.dump, error) != 0 ||
        sim_pci_topology_init(&reached.topology, &reached.dump, error) != 0) {
        sim_dump_free(&reached.dump);
        return -1;
    }
    result = open_texts(&texts, &reached) == 0 ? judge(&reached, kernel, faults, &texts, error) : 0;
    if (close_texts(&texts) != 0) {
        result = sim_error_set(error, "%s: no memory for what was found", reached.dump.path);
    }
    if (result != 0) {
        sim_pci_verdict_free(&reached);
        return -1;
    }
    *verdict = reached;
    return 0;
}

int sim_pci_replay_file(const char *dump, struct sim_pci_kernel *kernel,
                        struct sim_pci_verdict *verdict, struct sim_error *error)
{
    const struct sim_dump_options options = {0};
    struct sim_dump opened;

    return sim_dump_open(dump, &options, &opened, error) == 0
               ? sim_pci_replay(&opened, kernel, verdict, error)
               : -1;
}

void sim_pci_verdict_free(struct sim_pci_verdict *verdict)
{
    free(verdict->difference_text);
    free(verdict->unreachable_text);
    free(verdict->note_text);
    free(verdict->fault_text);
    free(verdict->listing);
    sim_pci_guest_free(&verdict->guest);
    sim_pci_topology_free(&verdict->topology);
    sim_dump_free(&verdict->dump);
    *verdict = (struct sim_pci_verdict){.differences = 0};
}
