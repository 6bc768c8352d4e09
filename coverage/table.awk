# SPDX-License-Identifier: MIT
# Reads coverage/thresholds, then an lcov .info file; prints a line per file and checks the thresholds.
# .info records: DA:line,count  FNDA:count,name  BRDA:line,block,branch,taken
function percent(hit, all) { return all ? 100 * hit / all : 100 }
function row(name, n) {
  printf "%-44s %6.1f %% %5d  %6.1f %% %4d  %6.1f %% %5d\n", name, percent(hit[n, "lines"], all[n, "lines"]), all[n, "lines"],
    percent(hit[n, "functions"], all[n, "functions"]), all[n, "functions"], percent(hit[n, "branches"], all[n, "branches"]), all[n, "branches"]
}
function count(metric, was_hit,   folder) {
  folder = file
  sub(/\/.*/, "", folder)
  all[file, metric]++; all[folder, metric]++
  if (was_hit) { hit[file, metric]++; hit[folder, metric]++ }
}
FNR == NR { if ($0 !~ /^#/ && NF == 3) { wanted[++rules] = $1 SUBSEP $2; least[rules] = $3 } next }
/^SF:/ { file = substr($0, 4); sub(root, "", file); files[++n] = file }
/^DA:/ { split(substr($0, 4), f, ","); count("lines", f[2] > 0) }
/^FNDA:/ { split(substr($0, 6), f, ","); count("functions", f[1] > 0) }
/^BRDA:/ { split(substr($0, 6), f, ","); count("branches", f[4] != "-" && f[4] > 0) }
END {
  printf "%-44s %14s  %13s  %14s\n", "file", "lines", "functions", "branches"
  for (i = 1; i <= n; i++) row(files[i], files[i])
  row("hal, all files", "hal"); row("sim, all files", "sim")
  for (i = 1; i <= rules; i++) {
    split(wanted[i], w, SUBSEP)
    p = percent(hit[w[1], w[2]], all[w[1], w[2]])
    bad = p < least[i] || !all[w[1], w[2]]
    printf "%s: %s %s %.1f %%, at least %s %%\n", bad ? "MISSED" : "reached", w[1], w[2], p, least[i]
    failed += bad
  }
  if (!rules) { print "no threshold was read"; failed = 1 }
  exit failed > 0
}
