/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `drydock verify`, the main job: the matrix of claims and worlds, the replay
 * of all dumps there are, and one line that says whether all is well.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/replay_folder.h"
#include "sim/util/error.h"
#include "sim/world/matrix.h"
#include "sim/world/process.h"
#include "sim/world/world.h"

static const char usage[] =
    "usage: drydock verify [--worlds LIST] [--only PART] [--no-replay] [--corpus FOLDER]\n"
    "                      [--json FILE]\n"
    "\n"
    "Runs every claim in every world and prints the matrix, then replays the dumps of\n"
    "fixtures/pci-dumps and of the corpus, then a verdict.\n"
    "\n"
    "  --worlds LIST    only these, separated by commas: host, guest-gcc, guest-clang,\n"
    "                   machine-gcc, machine-clang, machine-intel, machine-amd, qemu-gcc,\n"
    "                   qemu-clang\n"
    "  --only PART      only claims whose name contains PART\n"
    "  --no-replay      leave out the dumps\n"
    "  --corpus FOLDER  more dumps; default: $DRYDOCK_PCI_CORPUS if it is set (empty: none), else\n"
    "                   shared/pci-dumps beside the project, if it is there\n"
    "  --json FILE      write the results there as well\n"
    "\n"
    "Exit status: 0 all is well, 1 a claim or a replay failed, two worlds disagree, or a claim\n"
    "ran in none of all worlds, 2 wrong usage.\n";

struct options {
    const char *worlds; /* NULL: all */
    const char *part;
    const char *corpus; /* NULL: none */
    const char *json;   /* NULL: none */
    bool replay;
};

/* A column and what runs in it: a file beside this program. */
static const struct {
    const char *name;
    const char *file;
    void (*run)(struct sim_matrix *matrix, int world, const char *file,
                const struct sim_world_options *options);
    enum sim_processor processor;
    const char *command_line;
} worlds[] = {
    {"host", "claims-host", sim_world_run_host, SIM_PROCESSOR_EXECUTED, ""},
    {"guest-gcc", "kernel-gcc.elf", sim_world_run_guest, SIM_PROCESSOR_EXECUTED, ""},
    {"guest-clang", "kernel-clang.elf", sim_world_run_guest, SIM_PROCESSOR_EXECUTED, ""},
    {"machine-gcc", "kernel-gcc.elf", sim_world_run_machine, SIM_PROCESSOR_EXECUTED, "claims"},
    {"machine-clang", "kernel-clang.elf", sim_world_run_machine, SIM_PROCESSOR_EXECUTED, "claims"},
    {"machine-intel", "kernel-gcc.elf", sim_world_run_machine, SIM_PROCESSOR_INTEL, "claims"},
    {"machine-amd", "kernel-gcc.elf", sim_world_run_machine, SIM_PROCESSOR_AMD, "claims la57"},
    {"qemu-gcc", "kernel-gcc.elf", sim_world_run_qemu, SIM_PROCESSOR_EXECUTED, ""},
    {"qemu-clang", "kernel-clang.elf", sim_world_run_qemu, SIM_PROCESSOR_EXECUTED, ""},
};

enum {
    WORLDS = sizeof worlds / sizeof worlds[0]
};

static int misused(const char *complaint, const char *what)
{
    (void)fprintf(stderr, "drydock verify: %s%s\n\n%s", complaint, what, usage);
    return CLI_UNUSABLE;
}

/* Whether a list of names separated by commas has this one. */
static bool list_has(const char *list, const char *name)
{
    size_t length = strlen(name);

    while (*list != '\0') {
        size_t item = strcspn(list, ",");

        if (item == length && strncmp(list, name, length) == 0) {
            return true;
        }
        list += item + (list[item] == ',');
    }
    return false;
}

/* The first name of a list that is no world's, NULL if there is none. Not re-entrant. */
static const char *find_unknown_world(const char *list)
{
    static char name[32];

    while (*list != '\0') {
        size_t item = strcspn(list, ",");
        bool known = false;

        (void)snprintf(name, sizeof name, "%.*s", (int)(item < sizeof name ? item : sizeof name),
                       list);
        for (int i = 0; i < WORLDS; i++) {
            known = known || strcmp(worlds[i].name, name) == 0;
        }
        if (!known) {
            return name;
        }
        list += item + (list[item] == ',');
    }
    return NULL;
}

/* A person who waits is told for what. */
static void say_progress(const char *what, const char *name)
{
    if (isatty(STDERR_FILENO)) {
        (void)fprintf(stderr, "%s%s\n", what, name);
    }
}

static void run_worlds(struct sim_matrix *matrix, const struct options *options, const char *folder)
{
    struct sim_world_options world_options = {
        .part = options->part,
        .dump = DRYDOCK_FIXTURES "/qemu-q35-claims.lspci",
        .machine_arguments = DRYDOCK_FIXTURES "/machines/qemu-q35-claims.args",
    };
    char file[PATH_MAX + 32];

    for (int i = 0; i < WORLDS; i++) {
        if (options->worlds == NULL || list_has(options->worlds, worlds[i].name)) {
            say_progress("running the claims in ", worlds[i].name);
            (void)snprintf(file, sizeof file, "%s/%s", folder, worlds[i].file);
            world_options.processor = worlds[i].processor;
            world_options.command_line = worlds[i].command_line;
            worlds[i].run(matrix, sim_matrix_add_world(matrix, worlds[i].name), file,
                          &world_options);
        }
    }
}

/* Everything that was found out. */
struct results {
    struct sim_matrix *matrix;
    bool has_all_worlds; /* then a claim that ran in none is a fault */
    struct replay_totals fixtures, corpus;
    bool fixtures_replayed, corpus_replayed;
};

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* A corpus keeps the dumps that have hexadecimal rows in a folder of their own. */
static struct replay_totals replay_corpus(const char *folder, const char *kernel)
{
    char hex[PATH_MAX];

    (void)snprintf(hex, sizeof hex, "%s/hex", folder);
    return replay_folder("corpus", is_folder(hex) ? hex : folder, kernel);
}

static void run_replays(struct results *results, const struct options *options, const char *folder)
{
    char kernel[PATH_MAX + 32];

    (void)snprintf(kernel, sizeof kernel, "%s/kernel-gcc.elf", folder);
    results->fixtures = replay_folder("fixtures", DRYDOCK_FIXTURES, kernel);
    results->fixtures_replayed = true;
    if (options->corpus == NULL) {
        (void)printf("corpus: skipped, no folder of dumps (--corpus or DRYDOCK_PCI_CORPUS)\n");
        return;
    }
    results->corpus = replay_corpus(options->corpus, kernel);
    results->corpus_replayed = true;
}

static bool is_complete(const struct results *results)
{
    return !results->has_all_worlds ||
           (sim_matrix_count(results->matrix, SIM_MATRIX_NOWHERE) == 0 &&
            sim_matrix_count(results->matrix, SIM_MATRIX_RAN_LISTED) == 0);
}

static bool is_well(const struct results *results)
{
    struct sim_matrix_totals totals = sim_matrix_totals(results->matrix);

    return is_complete(results) && totals.bad == 0 && totals.disagreements == 0 &&
           totals.success > 0 &&
           (!results->fixtures_replayed || replay_is_well(&results->fixtures)) &&
           (!results->corpus_replayed || replay_is_well(&results->corpus));
}

static void print_verdict(const struct results *results)
{
    struct sim_matrix_totals totals = sim_matrix_totals(results->matrix);

    if (totals.success == 0 && totals.bad == 0) {
        (void)printf("\nNothing was verified: every claim was skipped.");
    }
    (void)printf("\n%s: %u claims: %u ok, %u skipped, %u bad, %u disagreements",
                 is_well(results) ? "verified" : "FAILED", totals.claims, totals.success,
                 totals.skip, totals.bad, totals.disagreements);
    if (results->has_all_worlds) {
        (void)printf("; %u ran nowhere, %u of them listed",
                     sim_matrix_count(results->matrix, SIM_MATRIX_NOWHERE) +
                         sim_matrix_count(results->matrix, SIM_MATRIX_NOWHERE_LISTED),
                     sim_matrix_count(results->matrix, SIM_MATRIX_NOWHERE_LISTED));
    }
    if (results->fixtures_replayed) {
        (void)printf("; dumps: %u of %u", results->fixtures.agree + results->corpus.agree,
                     results->fixtures.dumps + results->corpus.dumps);
    }
    (void)printf("\n");
}

static json_t *replay_json(bool replayed, const struct replay_totals *totals)
{
    if (!replayed) {
        return json_null();
    }
    return json_pack("{s:i, s:i, s:i, s:i, s:i}", "dumps", (int)totals->dumps, "agree",
                     (int)totals->agree, "refused", (int)totals->refused, "accepted",
                     (int)totals->accepted, "functions", (int)totals->functions);
}

static int write_json(const struct results *results, FILE *file)
{
    json_t *json = json_pack("{s:b, s:o, s:o, s:o}", "well", (int)is_well(results), "matrix",
                             sim_matrix_json(results->matrix), "fixtures",
                             replay_json(results->fixtures_replayed, &results->fixtures), "corpus",
                             replay_json(results->corpus_replayed, &results->corpus));
    int written = json == NULL ? -1 : json_dumpf(json, file, JSON_INDENT(2));

    json_decref(json);
    return written == 0 && fputc('\n', file) != EOF ? 0 : -1;
}

static void run_everything(struct results *results, const struct options *options,
                           const char *folder)
{
    run_worlds(results->matrix, options, folder);
    results->has_all_worlds = options->worlds == NULL;
    sim_matrix_print(stdout, results->matrix);
    if (results->has_all_worlds) {
        sim_matrix_print_nowhere(stdout, results->matrix);
    }
    (void)fflush(stdout);
    if (options->replay) {
        run_replays(results, options, folder);
    }
    print_verdict(results);
}

/* Open the report before anything runs, so that a wrong name costs no time. */
static int open_json(const struct options *options, FILE **json)
{
    *json = options->json == NULL ? NULL : fopen(options->json, "we");
    if (options->json != NULL && *json == NULL) {
        (void)fprintf(stderr, "drydock verify: cannot write %s: %s\n", options->json,
                      strerror(errno));
        return -1;
    }
    return 0;
}

static int close_json(const struct options *options, const struct results *results, FILE *json)
{
    bool written = json == NULL || write_json(results, json) == 0;

    if ((json == NULL || fclose(json) == 0) && written) {
        return 0;
    }
    (void)fprintf(stderr, "drydock verify: %s could not be written\n", options->json);
    return -1;
}

static int verify_chosen(struct results *results, const struct options *options, const char *folder)
{
    FILE *json = NULL;

    if (open_json(options, &json) != 0) {
        return CLI_UNUSABLE;
    }
    run_everything(results, options, folder);
    if (close_json(options, results, json) != 0) {
        return CLI_UNUSABLE;
    }
    return is_well(results) ? CLI_AGREES : CLI_DIFFERS;
}

static int verify(const struct options *options)
{
    struct results results = {.matrix = sim_matrix_create()};
    struct sim_error error;
    char folder[PATH_MAX];
    int status = CLI_UNUSABLE;

    if (results.matrix == NULL || sim_process_own_folder(folder, sizeof folder, &error) != 0) {
        (void)fprintf(stderr, "drydock verify: %s\n",
                      results.matrix == NULL ? "no memory" : error.text);
    } else if (sim_matrix_choose(results.matrix, options->part) == 0) {
        (void)fprintf(stderr, "drydock verify: no claim has \"%s\" in its name\n", options->part);
    } else {
        status = verify_chosen(&results, options, folder);
    }
    sim_matrix_destroy(results.matrix);
    return status;
}

/* The corpus if none was named: it is not part of the project, so it may be missing. */
static const char *default_corpus(void)
{
    static const char beside[] = DRYDOCK_FIXTURES "/../../../shared/pci-dumps";
    const char *named = getenv("DRYDOCK_PCI_CORPUS");

    if (named != NULL) {
        return *named != '\0' ? named : NULL;
    }
    return is_folder(beside) ? beside : NULL;
}

int cli_verify(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"worlds", required_argument, NULL, 'w'},
        {"only", required_argument, NULL, 'o'},
        {"no-replay", no_argument, NULL, 'n'},
        {"corpus", required_argument, NULL, 'c'},
        {"json", required_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.part = "", .corpus = default_corpus(), .replay = true};
    const char *unknown = NULL;
    int option = 0;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        switch (option) {
        case 'w':
            options.worlds = optarg;
            break;
        case 'o':
            options.part = optarg;
            break;
        case 'n':
            options.replay = false;
            break;
        case 'c':
            options.corpus = optarg;
            break;
        case 'j':
            options.json = optarg;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            return CLI_AGREES;
        case ':':
            return misused("a value is missing after ", argv[optind - 1]);
        default:
            return misused("unknown option ", cli_refused_option(argv).text);
        }
    }
    if (optind < argc) {
        return misused("unexpected argument ", argv[optind]);
    }
    unknown = options.worlds == NULL ? NULL : find_unknown_world(options.worlds);
    if (unknown != NULL || (options.worlds != NULL && *options.worlds == '\0')) {
        return misused("there is no such world: ",
                       unknown == NULL || *unknown == '\0' ? "\"\"" : unknown);
    }
    if (options.replay && options.corpus != NULL && !is_folder(options.corpus)) {
        return misused("there is no such folder of dumps: ", options.corpus);
    }
    return verify(&options);
}
