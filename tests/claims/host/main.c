/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hosted world: runs claims against the library compiled for this process,
 * under sanitizers, with the simulated machine behind the seam.
 *
 *   claims-host DUMP [PART]   every claim, or those whose name contains PART;
 *                             DUMP is the machine's PCI bus
 *
 * Every claim runs in a child process with a machine of its own, so that one
 * that crashes, hangs or leaks takes no other with it. The parent prints the
 * result lines of kernel/protocol.h; what a child said on standard error is
 * passed on, and its essence becomes the text of the failure.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/protocol.h"
#include "tests/claims/claim.h"
#include "tests/claims/host/host_world.h"

enum {
    CLAIM_SECONDS = 10,
    STATUS_BROKEN_WORLD = 70
};

static void print_result(const char *name, const struct claim_result *result)
{
    printf("%s %s %s %s\n", KPROTOCOL_CLAIM, name, claim_outcome_name(result->outcome),
           result->text);
}

/* An instruction of the library did not complete: the claim ends here. */
static void fail_on_stop(void *context, const struct sim_result *stopped)
{
    struct claim_result result = {.outcome = CLAIM_FAILURE};

    sim_result_describe(stopped, result.text, sizeof result.text);
    print_result(context, &result);
    (void)fflush(stdout);
    _exit(EXIT_SUCCESS);
}

/* Runs in the child. Ends through exit(), so that the leak check runs. */
static void run_in_child(unsigned int index, const char *dump)
{
    struct claim_result result = {.outcome = CLAIM_ERROR};
    struct sim_error error;

    (void)alarm(CLAIM_SECONDS);
    if (host_world_open(dump, fail_on_stop, (void *)claims[index].name, &error) != 0) {
        (void)fprintf(stderr, "%s\n", error.text);
        _exit(STATUS_BROKEN_WORLD); /* without the leak check: what was opened is not closed */
    }
    result = claim_run(index);
    host_world_close();
    print_result(claims[index].name, &result);
    exit(EXIT_SUCCESS);
}

/* The line of a sanitizer's report that says what happened, or the first line there is. */
static void find_essence(int file, char *essence, size_t size)
{
    char line[1024];
    FILE *stream = fdopen(file, "r");

    essence[0] = '\0';
    if (stream == NULL) {
        return;
    }
    rewind(stream);
    while (fgets(line, sizeof line, stream) != NULL) {
        bool tells = strstr(line, "runtime error:") != NULL || strstr(line, "SUMMARY:") != NULL;

        (void)fputs(line, stderr);
        if (essence[0] == '\0' || tells) {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(essence, size, "%s", line);
        }
    }
    (void)fclose(stream);
}

static void report_death(const char *name, int status, const char *essence)
{
    struct claim_result result = {.outcome = CLAIM_FAILURE};

    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_BROKEN_WORLD) {
        result.outcome = CLAIM_ERROR;
        (void)snprintf(result.text, sizeof result.text, "%s", essence);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        (void)snprintf(result.text, sizeof result.text, "did not end within %d s", CLAIM_SECONDS);
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(result.text, sizeof result.text, "ended by signal %d (%s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    } else {
        (void)snprintf(result.text, sizeof result.text, "%s", essence);
    }
    print_result(name, &result);
}

/*
 * The child's result line waits in a memory file until it has ended well: a
 * leak found at its exit still makes the claim fail.
 */
static void run_claim(unsigned int index, const char *dump)
{
    int complaints = memfd_create("stderr", 0);
    int output = memfd_create("stdout", 0);
    char line[1024] = "";
    char essence[256];
    int status = 0;
    pid_t child = 0;

    (void)fflush(stdout);
    child = fork();
    if (child == 0) {
        (void)dup2(complaints, STDERR_FILENO);
        (void)dup2(output, STDOUT_FILENO);
        run_in_child(index, dump);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("claims-host");
        exit(EXIT_FAILURE);
    }
    find_essence(complaints, essence, sizeof essence);
    if (status == 0 && pread(output, line, sizeof line - 1, 0) > 0) {
        (void)fputs(line, stdout);
    } else {
        report_death(claims[index].name, status, essence);
    }
    (void)close(output);
}

int main(int argc, char **argv)
{
    const char *part = argc > 2 ? argv[2] : "";
    unsigned int count = 0;

    if (argc < 2 || argc > 3) {
        (void)fprintf(stderr, "usage: claims-host DUMP [PART]\n");
        return 2;
    }
    for (unsigned int i = 0; i < claim_count; i++) {
        if (strstr(claims[i].name, part) != NULL) {
            run_claim(i, argv[1]);
            count++;
        }
    }
    printf("%s %u\n", KPROTOCOL_CLAIMS, count);
    return EXIT_SUCCESS;
}
