// PhaseVerdict: why a worker came back from a phase of a run. Nothing else.
#pragma once

namespace headway {

// What the worker that came back has to do.
enum class PhaseVerdict {
  idle,     // sleep: there is nothing to do for it at the moment
  changed,  // look which phase it is now
  ended,    // it has the lead, and every task is done
  handed,   // it has the lead, and the other phase goes on with the rest
};

}  // namespace headway
