#pragma once

#include "convert.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

/// Ids are compared byte for byte. Where two that people read as one are different customers, the caller is
/// told: N_KEY_CASE (they differ only by the case of ASCII letters), N_KEY_UNICODE (only by Unicode normal
/// form).
std::vector<Note> key_notes(const CodedColumn& ids);

}  // namespace tenure::python
