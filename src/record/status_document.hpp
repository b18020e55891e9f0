// The document status.json, made of a RunState. Pure: reads no file and no clock.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"
#include "model/run_event.hpp"

#include <functional>
#include <string>

namespace headway {

struct RunState;

// One JSON object with a trailing newline; every field is there, null where it is not known. What
// runs is told as of the newest event.
std::string status_document(const RunState& state, const SecretSet& secrets);
// The same in pieces of about 64 KiB, each given to `take`: the document of a large run is never in
// memory as a whole.
void write_status_document(const RunState& state,
                           const SecretSet& secrets,
                           const std::function<void(std::string_view)>& take);

// How likely the time left exceeds `room` (may be negative), 0 to 1. Taken as two halves of normal
// distributions that meet in the median and have the estimate's 10 % and 90 % quantiles.
double risk_of_exceeding(const RemainingEstimate& remaining, Nanos room);

}  // namespace headway
