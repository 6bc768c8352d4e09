/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time, and lines of the report. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

double bench_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_children_seconds(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

double bench_report(const char *what, double seconds, double count, double baseline)
{
    double each = seconds / count * 1e9;

    if (baseline > 0) {
        printf("  %-46s %10.2f ns %8.1f x\n", what, each, baseline / each);
    } else {
        printf("  %-46s %10.2f ns     base\n", what, each);
    }
    return each;
}
