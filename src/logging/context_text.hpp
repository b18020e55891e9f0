// A context as it stands in each record, rendered once. Knows nothing of rings.
#pragma once

#include "logging/log_record.hpp"
#include "logging/ring_layout.hpp"

namespace headway {

// Fills the slot with what the logger's name, contexts and their attributes come to, in both
// formats, masked. False: it does not fit, or a part of it would have to be cut.
bool render_context_slot(ContextSlot& slot, const LogRecord& context, const SecretSet* secrets);

}  // namespace headway
