/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drydock-bench: speed as ratios within one run. Absolute times depend on the
 * machine and its load; compare the last column, not the one before.
 */
#include "tests/bench/bench.h"

int main(void)
{
    bench_machine(DRYDOCK_IMAGE);
    bench_isolation();
    bench_boot(DRYDOCK_IMAGE, DRYDOCK_DUMP, DRYDOCK_MACHINE);
    bench_pci(DRYDOCK_DUMP);
    bench_scan();
    bench_permission();
    return 0;
}
