#include <tenure/tenure.hpp>

std::string_view version_of_second_unit() { return tenure::version; }
