# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the lint tests: the files of the tree, and how a rule reports.
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

# sources FOLDER… -name PATTERN…: every file of the tree below these folders, sorted.
sources() { find "$@" -type f | sort; }

c_files() { sources "$@" -name '*.c'; }
h_files() { sources "$@" -name '*.h'; }

problems=0
problem() {
  printf '%s\n' "$*"
  problems=$((problems + 1))
}

# Ends a lint test: silence would hide that a rule looked at nothing.
finish() { # files looked at
  [ "$1" -gt 0 ] || problem "no file was checked: the rule is broken"
  printf '%d files checked, %d problems\n' "$1" "$problems"
  [ "$problems" = 0 ]
}
