/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `drydock pci` with many dumps: each is replayed in a process of its own, and a
 * row of a table says what came of it. The rows come in the order of the dumps and
 * nothing in them depends on time, so that two runs print the same. What is wrong
 * with a dump is printed to standard error before its row.
 *
 * A worker's answer is a line "VERDICT FUNCTIONS" and then remarks.
 */
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/pci.h"
#include "sim/pci/dump/sysfs_tree.h"
#include "sim/util/workers.h"

#define PROGRESS_COLUMNS 60

/* What came of a dump. */
enum verdict {
    AGREES,
    DIFFERS,
    UNUSABLE,
    DIED, /* the process that replayed it */
    VERDICTS
};

static const char *const verdict_names[VERDICTS] = {"agrees", "DIFFERS", "unusable", "DIED"};

/* The dumps, and what came of them. */
struct table {
    const struct cli_pci_options *options;
    char **dumps;
    size_t count;
    size_t verdicts[VERDICTS];
    uintmax_t functions;
    size_t rows;
    bool shows_progress;
};

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool cli_pci_is_folder_of_dumps(const char *path)
{
    return is_folder(path) && !sim_sysfs_is_tree(path);
}

static int add_dump(struct table *table, const char *path)
{
    char **larger = reallocarray(table->dumps, table->count + 1, sizeof *larger);

    if (larger == NULL) {
        return -1;
    }
    table->dumps = larger;
    table->dumps[table->count] = strdup(path);
    return table->dumps[table->count++] == NULL ? -1 : 0;
}

/* Names that dumps have; what is in the file does not depend on its name. */
static int is_dump(const struct dirent *entry)
{
    static const char *const ends[] = {".lspci",   ".tar",    ".tgz",     ".tar.gz",
                                       ".tar.bz2", ".tar.xz", ".tar.zst", ".ecam"};
    size_t length = strlen(entry->d_name);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);

        if (length > end && strcmp(entry->d_name + length - end, ends[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Add the dumps in a folder, in the order of their names. */
static int add_folder(struct table *table, const char *folder, struct sim_error *error)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_dump, alphasort);
    int result = 0;

    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];

        if (snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path &&
            add_dump(table, path) != 0) {
            result = sim_error_set(error, "%s: out of memory", folder);
        }
        free(entries[i]);
    }
    free(entries);
    if (count <= 0) {
        return sim_error_set(error, "%s: no dump in this folder (no name ends in .lspci)", folder);
    }
    return result;
}

static int add_argument(struct table *table, const char *path, struct sim_error *error)
{
    if (cli_pci_is_folder_of_dumps(path)) {
        return add_folder(table, path, error);
    }
    return add_dump(table, path) == 0 ? 0 : sim_error_set(error, "%s: out of memory", path);
}

/* In a process of its own: replay a dump. */
static void replay(void *context, size_t number, FILE *answer)
{
    const struct table *table = context;
    const char *dump = table->dumps[number];
    struct sim_pci_verdict verdict;
    struct sim_error error;

    if (cli_pci_replay(dump, table->options, &verdict, &error) != 0) {
        (void)fprintf(answer, "%d 0\n%s\n", UNUSABLE, error.text);
        return;
    }
    (void)fprintf(answer, "%d %zu\n", verdict.differences == 0 ? AGREES : DIFFERS,
                  verdict.guest.ecam.count);
    cli_pci_print_remarks(answer, dump, &verdict);
    sim_pci_verdict_free(&verdict);
}

static void clear_progress(const struct table *table)
{
    if (table->shows_progress) {
        (void)fprintf(stderr, "\r%*s\r", PROGRESS_COLUMNS, "");
    }
}

static void show_progress(void *context, size_t done)
{
    const struct table *table = context;

    if (table->shows_progress) {
        (void)fprintf(stderr, "\r%zu of %zu dumps replayed", done, table->count);
    }
}

static void print_row(struct table *table, enum verdict verdict, uintmax_t functions,
                      const char *dump)
{
    char number[24] = "-";

    if (verdict == AGREES || verdict == DIFFERS) {
        (void)snprintf(number, sizeof number, "%" PRIuMAX, functions);
    }
    if (table->rows++ == 0) {
        (void)printf("verdict   functions  dump\n");
    }
    (void)printf("%-8s %10s  %s\n", verdict_names[verdict], number, dump);
    (void)fflush(stdout);
    table->verdicts[verdict]++;
    table->functions += functions;
}

/* Print what came of a dump. */
static void take(void *context, size_t number, const struct sim_worker_answer *answer)
{
    struct table *table = context;
    const char *dump = table->dumps[number];
    char *end = NULL;
    unsigned long verdict = strtoul(answer->text, &end, 10);
    uintmax_t functions = strtoumax(end, &end, 10);

    clear_progress(table);
    if (answer->signal != 0) {
        (void)fprintf(stderr, "%s: the process that replayed it died: %s\n", dump,
                      strsignal(answer->signal));
    } else if (answer->status != 0 || *end != '\n' || verdict >= DIED) {
        (void)fprintf(stderr, "%s: the process that replayed it gave up with status %d\n", dump,
                      answer->status);
    } else {
        (void)fputs(end + 1, stderr);
        print_row(table, (enum verdict)verdict, functions, dump);
        return;
    }
    print_row(table, DIED, 0, dump);
}

/* The last line, and the exit status. */
static int sum_up(const struct table *table, enum sim_workers_end end)
{
    clear_progress(table);
    (void)printf("%zu dumps: %zu agree, %zu differ, %zu unusable; %" PRIuMAX " functions\n",
                 table->rows, table->verdicts[AGREES], table->verdicts[DIFFERS],
                 table->verdicts[UNUSABLE] + table->verdicts[DIED], table->functions);
    if (end == SIM_WORKERS_INTERRUPTED) {
        (void)fprintf(stderr, "interrupted: %zu of %zu dumps are not in the table\n",
                      table->count - table->rows, table->count);
        return CLI_UNUSABLE;
    }
    if (table->verdicts[UNUSABLE] + table->verdicts[DIED] > 0) {
        return CLI_UNUSABLE;
    }
    return table->verdicts[DIFFERS] > 0 ? CLI_DIFFERS : CLI_AGREES;
}

static int make_table(struct table *table, size_t count, char *const *dumps)
{
    struct sim_workers workers = {.jobs = table->options->jobs,
                                  .context = table,
                                  .work = replay,
                                  .take = take,
                                  .progress = show_progress};
    enum sim_workers_end end = SIM_WORKERS_DONE;
    struct sim_error error;
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        result = add_argument(table, dumps[i], &error);
    }
    if (result == 0) {
        workers.count = table->count;
        sim_pci_kernel_prepare(table->options->kernel);
        result = sim_workers_run(&workers, &end, &error);
        sim_pci_kernel_free(table->options->kernel);
    }
    if (result != 0) {
        clear_progress(table);
        (void)fprintf(stderr, "%s\n", error.text);
        return CLI_UNUSABLE;
    }
    return sum_up(table, end);
}

int cli_pci_replay_many(size_t count, char *const *dumps, const struct cli_pci_options *options)
{
    struct table table = {.options = options, .shows_progress = isatty(STDERR_FILENO) == 1};
    int status = make_table(&table, count, dumps);

    for (size_t i = 0; i < table.count; i++) {
        free(table.dumps[i]);
    }
    free(table.dumps);
    return status;
}
