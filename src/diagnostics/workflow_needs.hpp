// WorkflowNeeds: what a workflow asks of its machine: CPUs, memory, programs, scripts. Pure: from
// the workflow and what its history says. Knows nothing of what the machine has.
#pragma once

#include "model/workflow.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// One program that stages start.
struct ToolNeed {
  std::string name;                 // as in PATH: "git"
  std::vector<std::string> stages;  // keys, in the order of the file
  // A stage that is part of the lane, and must succeed, cannot without it.
  bool is_certain = false;
  std::string path;       // PATH of the first such stage; empty: this process's
  std::string directory;  // of that stage, absolute
};

// One file that a stage starts, or gives to an interpreter.
struct ScriptNeed {
  std::string file;   // absolute
  std::string shown;  // as written
  std::string stage;
  std::string interpreter;  // "bash"; empty: it is started itself
  bool is_certain = false;
  bool may_be_made = false;  // the stage needs others, which may make it
};

// The stage that wants most of something.
struct MostOf {
  std::string stage;
  double amount = 0;  // 0: nobody says
};

// What the workflow asks for. Without a workflow everything is empty: the machine alone is looked
// at.
struct WorkflowNeeds {
  std::string file;       // as opened; empty: there is no workflow
  std::string directory;  // absolute
  std::string name, lane;
  std::vector<std::string> problems;  // mistakes in the file: it cannot run
  int stages = 0;
  int jobs = 0;  // stages at once at most, as asked for; 0: as the machine allows
  MostOf cpus;
  MostOf declared_memory;  // bytes
  MostOf peak_memory;      // bytes, seen in earlier runs
  std::vector<ToolNeed> tools;
  std::vector<ScriptNeed> scripts;
  std::vector<std::string> secrets;  // names and globs under `secrets:`

  bool is_there() const noexcept { return !file.empty(); }
};

// What `lane` of the workflow (or the default one) asks for; stages outside the lane never count as
// certain. `peaks`: the largest memory of each stage in earlier runs, in bytes, by key.
WorkflowNeeds needs_of(const Workflow& workflow,
                       const Lane& lane,
                       const std::map<std::string, std::int64_t>& peaks);

}  // namespace headway
