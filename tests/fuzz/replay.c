/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver without libFuzzer: runs the target on every file of the folders
 * given, in the order of their names, and twice, so that what one run leaves
 * behind would be seen by the next.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/util/file.h"
#include "tests/fuzz/fuzz.h"

static int run_file(const char *path)
{
    const struct sim_file_limit limit = {1, "an input"};
    struct sim_file file;
    struct sim_error error;

    if (sim_file_read(path, &limit, &file, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        return -1;
    }
    printf("%s\n", path);
    (void)fflush(stdout);
    fuzz_one((const uint8_t *)file.bytes, file.size);
    fuzz_one((const uint8_t *)file.bytes, file.size);
    sim_file_free(&file);
    return 0;
}

static int run_entry(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);

    if (name[0] == '.') {
        return 0;
    }
    if (length < 0 || (size_t)length >= sizeof path) {
        (void)fprintf(stderr, "%s: a name that is too long\n", folder);
        return -1;
    }
    return run_file(path);
}

static int run_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    int status = 0;

    if (count < 3) { /* "." and ".." and at least one input */
        (void)fprintf(stderr, "%s: no folder with inputs\n", folder);
        status = -1;
    }
    for (int i = 0; i < count; i++) {
        status = run_entry(folder, entries[i]->d_name) == 0 ? status : -1;
        free(entries[i]);
    }
    free(entries);
    return status;
}

int main(int argc, char **argv)
{
    int status = argc < 2 ? -1 : 0;

    for (int i = 1; i < argc; i++) {
        status = run_folder(argv[i]) == 0 ? status : -1;
    }
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
