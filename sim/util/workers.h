/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Many pieces of work in as many processes as there are processors. Each piece is
 * done in a child process and answers with text; the answers come in the order of
 * the pieces, whatever the order in which they were done.
 */
#ifndef DRYDOCK_SIM_WORKERS_H
#define DRYDOCK_SIM_WORKERS_H

#include <stddef.h>
#include <stdio.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"

/** More processes at once are refused by nobody and help nobody. */
#define SIM_WORKERS_MAX 1024u

/** What came of a piece of work. */
struct sim_worker_answer {
    const char *text; /**< what it wrote, if only a part; a string, the caller's no longer */
    int signal;       /**< that ended the process, 0: none */
    int status;       /**< exit status: 0 if the work came to its end */
};

/** The pieces of work. */
struct sim_workers {
    size_t count;
    unsigned int jobs; /**< at most so many at once, 1..SIM_WORKERS_MAX */
    void *context;     /**< for the functions below */

    /** Does a piece, in a child process. */
    void (*work)(void *context, size_t piece, FILE *answer);
    /** Gets the answer of a piece, after those of all pieces before it. */
    void (*take)(void *context, size_t piece, const struct sim_worker_answer *answer);
    /** Is told whenever a piece is done, before its answer is taken; may be NULL. */
    void (*progress)(void *context, size_t done);
};

/** How it ended. */
enum sim_workers_end {
    SIM_WORKERS_DONE,
    SIM_WORKERS_INTERRUPTED, /**< by SIGINT or SIGTERM: the pieces after the last taken are not done */
};

/** As many as there are processors that this process may use. */
unsigned int sim_workers_processors(void);

/**
 * Have all pieces done.
 *
 * @param[out] end    why it came back; untouched on failure
 * @param[out] error  no process could be started, or there is no memory
 * @return 0 or -1; no child process is left in any case
 */
SIM_MUST_CHECK int sim_workers_run(const struct sim_workers *workers, enum sim_workers_end *end,
                                   struct sim_error *error);

#endif
