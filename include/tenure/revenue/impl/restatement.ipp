#include "../restatement.hpp"

namespace tenure {

TENURE_INLINE std::string_view name_of(Restated reason) noexcept {
  switch (reason) {
    case Restated::late:
      return "late";
    case Restated::corrected:
      return "corrected";
    case Restated::deleted:
      break;
  }
  return "deleted";
}

}  // namespace tenure
