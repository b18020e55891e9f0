// The subcommands: one function each makes the command with its flags. Knows no argument parsing.
#pragma once

#include "cli/command.hpp"

#include <vector>

namespace headway::cli {

Command list_command();      // headway
Command init_command();      // headway init
Command validate_command();  // headway validate
Command plan_command();      // headway plan
Command run_command();       // headway run
Command resume_command();    // headway resume
Command status_command();    // headway status
Command runs_command();      // headway runs
Command show_command();      // headway show
Command logs_command();      // headway logs
Command history_command();   // headway history
Command compare_command();   // headway compare
Command report_command();    // headway report
Command stats_command();     // headway stats
Command simulate_command();  // headway simulate
Command why_command();       // headway why
Command explain_command();   // headway explain
Command gate_command();      // headway gate
Command hooks_command();     // headway hooks
Command backtest_command();  // headway backtest
Command commit_command();    // headway commit
Command doctor_command();    // headway doctor
// headway checkpoint
Command checkpoint_command();
Command diagnose_command();  // headway diagnose
Command lane_command();      // headway lane
// headway completion; `table` must outlive it.
Command completion_command(const std::vector<Command>& table);

// Commands of the contract that are not built yet: refused by name.
std::vector<Command> missing_commands();

}  // namespace headway::cli
