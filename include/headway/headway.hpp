// Everything a program needs, in one include. Each header also stands alone.
// layer: orchestration
#pragma once

#include "headway/commits.hpp"            // IWYU pragma: export
#include "headway/diagnostics.hpp"        // IWYU pragma: export
#include "headway/executor.hpp"           // IWYU pragma: export
#include "headway/hooks.hpp"              // IWYU pragma: export
#include "headway/lanes.hpp"              // IWYU pragma: export
#include "headway/logging.hpp"            // IWYU pragma: export
#include "headway/owned.hpp"              // IWYU pragma: export
#include "headway/quality.hpp"            // IWYU pragma: export
#include "headway/result.hpp"             // IWYU pragma: export
#include "headway/status.hpp"             // IWYU pragma: export
#include "headway/task_body.hpp"          // IWYU pragma: export
#include "headway/task_graph.hpp"         // IWYU pragma: export
#include "headway/task_graph_record.hpp"  // IWYU pragma: export
#include "headway/timing.hpp"             // IWYU pragma: export
#include "headway/types.hpp"              // IWYU pragma: export
