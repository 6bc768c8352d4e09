/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the parts of drydock-bench share: time, and lines of the report.
 */
#ifndef DRYDOCK_TESTS_BENCH_H
#define DRYDOCK_TESTS_BENCH_H

/** Processor time of this thread in seconds: other programs on the machine do not count. */
double bench_seconds(void);

/** Processor time in seconds of the processes that were started and have ended. */
double bench_children_seconds(void);

/**
 * Print a line: what, nanoseconds for each of @p count things, and how many times faster that is
 * than the baseline.
 *
 * @param baseline  nanoseconds of the baseline; 0: this is the baseline
 * @return nanoseconds for each
 */
double bench_report(const char *what, double seconds, double count, double baseline);

/** The parts. */
void bench_paging(void);
void bench_machine(const char *image);

/** Isolated tests in a second, and loads through each MMU. */
void bench_isolation(void);

/** Whole boots, beside QEMU's of the machine that the dump is of. */
void bench_boot(const char *image, const char *dump, const char *machine_arguments);

/** Replay of the dumps of the corpus, or of @p dump if there is none. */
void bench_pci(const char *dump);

/** Enumeration of a machine in memory, beside libpci's. */
void bench_scan(void);

/** Accesses of the permission matrix in a second. */
void bench_permission(void);

#endif
