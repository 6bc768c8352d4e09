/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points in time; see deadline.h. */
#include "sim/util/deadline.h"

#include <limits.h>
#include <time.h>

static long long milliseconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

sim_deadline sim_deadline_in(unsigned int seconds)
{
    return milliseconds_now() + seconds * 1000LL;
}

int sim_deadline_left(sim_deadline deadline)
{
    long long left = deadline - milliseconds_now();

    if (left <= 0) {
        return 0;
    }
    return left > INT_MAX ? INT_MAX : (int)left;
}
