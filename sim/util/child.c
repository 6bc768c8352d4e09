/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Child processes; see child.h. */
#include "sim/util/child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

int sim_child_output_append(struct sim_child_output *output, const char *bytes, size_t length)
{
    if (length > SIM_CHILD_MAX_OUTPUT - output->length) {
        length = SIM_CHILD_MAX_OUTPUT - output->length;
    }
    if (output->length + length + 1 > output->capacity) {
        size_t capacity = 2 * (output->length + length + 1);
        char *larger = realloc(output->text, capacity);

        if (larger == NULL) {
            return -1;
        }
        output->text = larger;
        output->capacity = capacity;
    }
    memcpy(output->text + output->length, bytes, length);
    for (size_t i = 0; i < length; i++) {
        char *byte = &output->text[output->length++];

        if (*byte == '\0') {
            *byte = '?';
        }
    }
    output->text[output->length] = '\0';
    return 0;
}

bool sim_child_reap(pid_t child, sim_deadline deadline, int *status)
{
    static const struct timespec pause = {.tv_nsec = 2000000};
    bool killed = false;

    while (waitpid(child, status, WNOHANG) == 0) {
        if (!killed && sim_deadline_left(deadline) == 0) {
            (void)kill(child, SIGKILL);
            killed = true;
        }
        (void)nanosleep(&pause, NULL);
    }
    return killed;
}
